"""The second calculator's promotion officers: what is reimbursed, and which duties were met."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from schemas.policy import PolicyFile
from tests.transforms.second_investment_law import Records, Row, anniversary, reaches, value

DELEGATION, CONTACT = "组织考察", "月度联络"
Period = tuple[dt.date, dt.date]
ReviewKey = tuple[str, int | None, str]


def engagement_years(officer: Row) -> list[Period]:
    """First and last day of each year of engagement, from anniversary to anniversary."""
    start, until = officer["engaged_on"], officer["engaged_until"]
    years: list[Period] = []
    while anniversary(start, len(years)) <= until:
        first = anniversary(start, len(years))
        following = anniversary(start, len(years) + 1)
        years.append((first, min(following - dt.timedelta(days=1), until)))
    return years


def reimbursements(records: Records, policy: PolicyFile) -> dict[str, Decimal]:
    """What is paid of each invoice."""
    officers = {row["officer_id"]: row for row in records["promotion_officers"]}
    paid: dict[str, Decimal] = {}
    left = {
        (number, year): officer["funding_limit"]
        for number, officer in officers.items()
        for year in range(len(engagement_years(officer)))
    }
    for row in sorted(records["officer_expenses"], key=lambda r: (r["spent_on"], r["invoice_number"])):
        officer = officers.get(row["officer_id"])
        is_of_policy = value(policy, "funding_least", row["spent_on"]) is not None
        years = engagement_years(officer) if officer is not None and is_of_policy else []
        paid[row["invoice_number"]] = Decimal(0)
        for year, period in enumerate(years):
            if _is_in(row["spent_on"], period):
                place = (row["officer_id"], year)
                paid[row["invoice_number"]] = min(row["expense_amount"], left[place])
                left[place] -= paid[row["invoice_number"]]
    return paid


def reviews(records: Records, policy: PolicyFile, as_of: dt.date) -> dict[ReviewKey, bool | None]:
    """Whether each duty was met; None where it can't be said yet."""
    found: dict[ReviewKey, bool | None] = {}
    for officer in records["promotion_officers"]:
        number = officer["officer_id"]
        own = [row for row in records["officer_activities"] if row["officer_id"] == number]
        for year, period in enumerate(engagement_years(officer), start=1):
            if period[0] > as_of:
                continue
            visits = [
                row for row in own if row["activity_kind"] == DELEGATION and _is_in(row["held_on"], period)
            ]
            found[number, year, "delegations"] = _yet(_delegations(visits, policy, period), period, as_of)
            found[number, year, "signed_projects"] = _yet(_signed(visits, policy, period), period, as_of)
        term = officer["engaged_on"], officer["engaged_until"]
        landed = _landed(officer, records, policy, term)
        found[number, None, "landed_projects"] = _yet(landed, term, as_of)
        found[number, None, "monthly_contact"] = _contacts(own, policy, term, as_of)
        found[number, None, "age"] = _age(officer, policy)
        found[number, None, "one_per_province"] = _province(officer, records, policy)
    return found


def _is_in(day: dt.date, period: Period) -> bool:
    return period[0] <= day <= period[1]


def _yet(is_met: bool | None, period: Period, as_of: dt.date) -> bool | None:
    """What is not met while the period still runs can still be met."""
    return None if not is_met and period[1] > as_of else is_met


def _delegations(visits: list[dict[str, object]], policy: PolicyFile, period: Period) -> bool | None:
    """Whether enough delegations were large enough; None while an unknown size could do it."""
    companies = value(policy, "companies_per_delegation", period[1])
    least = value(policy, "delegations_per_year", period[1])
    sizes: list[int | None] = [row["companies"] for row in list[Row](visits)]
    is_met = reaches(sum(bool(reaches(size, companies)) for size in sizes), least)
    return None if not is_met and None in sizes else is_met


def _signed(visits: list[dict[str, object]], policy: PolicyFile, period: Period) -> bool | None:
    """Whether the delegations signed enough together; None while a number that isn't known could do it."""
    signed: list[int | None] = [row["signed_projects"] for row in list[Row](visits)]
    is_met = reaches(sum(n or 0 for n in signed), value(policy, "signed_projects_per_year", period[1]))
    return None if not is_met and None in signed else is_met


def _landed(officer: Row, records: Records, policy: PolicyFile, term: Period) -> bool | None:
    above = value(policy, "landed_project_investment_above", term[1])
    if officer["introducer_id"] is None or above is None:
        return None
    brought = [
        row
        for row in records["projects"]
        if row["introducer_id"] == officer["introducer_id"]
        and row["landed_on"] is not None
        and _is_in(row["landed_on"], term)
        and Fraction(row["total_investment_10k_yuan"]) > above
    ]
    return reaches(len(brought), value(policy, "landed_projects_per_term", term[1]))


def _contacts(own: list[dict[str, object]], policy: PolicyFile, term: Period, as_of: dt.date) -> bool | None:
    """Whether each month of the engagement that has ended had its contact; None before one has."""
    contacts: list[Row] = [row for row in own if row["activity_kind"] == CONTACT]
    month, is_met = term[0].replace(day=1), []
    while month <= term[1]:
        following = (month + dt.timedelta(days=31)).replace(day=1)
        part = max(month, term[0]), min(following - dt.timedelta(days=1), term[1])
        least = value(policy, "contacts_per_month", part[1])
        if part[1] <= as_of and least is not None:
            is_met.append(sum(_is_in(row["held_on"], part) for row in contacts) >= least)
        month = following
    return all(is_met) if is_met else None


def _province(officer: Row, records: Records, policy: PolicyFile) -> bool | None:
    """Whether the province has no more officers than the limit."""
    most = value(policy, "officers_per_province", officer["engaged_until"])
    here = [row for row in records["promotion_officers"] if row["province"] == officer["province"]]
    return None if most is None else len(here) <= most


def _age(officer: Row, policy: PolicyFile) -> bool | None:
    born, engaged = officer["born_on"], officer["engaged_on"]
    most = value(policy, "age_most", engaged)
    if born is None or most is None:
        return None
    age = engaged.year - born.year - ((engaged.month, engaged.day) < (born.month, born.day))
    return Fraction(age) <= most
