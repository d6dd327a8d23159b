"""The second calculator's incentives, one claim at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from schemas.policy import PolicyFile
from tests.transforms.second_investment_law import (
    FAILS,
    GRANTED,
    HELD,
    IN_REWARDS,
    Records,
    Row,
    choice,
    must,
    reaches,
    value,
    worst,
)
from tests.transforms.second_investment_rewards import (
    AGENCY,
    Law,
    Reward,
    agency_amount,
    agency_reward,
    recipient_of,
    waits_for_review,
)

TAX, INFRASTRUCTURE, AGENCIES, DECIDER, JOBS, DESIGN = (
    "第九条", "第十条", "第十二条", "第十三条", "第十五条", "第十七条",
)  # fmt: skip
ONCE_A_YEAR = (TAX, INFRASTRUCTURE)
OF_A_WHOLE_YEAR = (TAX, INFRASTRUCTURE, JOBS)
LAST_OPERATING_YEAR = {"years_3_to_5": 5, "years_3_to_7": 7}
DESIGN_SIZES = ("large", "medium", "small")
NOT_KNOWN: Row = dict.fromkeys(("is_key_supported", "total_investment_10k_yuan"))


@dataclass
class Claim:
    """A row of the incentives."""

    claim_id: str
    project_id: str
    article: str
    amount: Fraction | None
    outcome: str
    recipient: str


def claims_of(records: Records, law: Law) -> tuple[list[Claim], list[Reward]]:
    """Every claim, and the rewards of agencies that follow from the claims under 第十二条."""
    projects = {row["project_id"]: row for row in records["projects"]}
    introducers = {row["introducer_id"]: row for row in records["introducers"]}
    claims: list[Claim] = []
    rewards: list[Reward] = []
    asked: set[tuple[str, str, int | None]] = set()
    for row in sorted(records["incentive_claims"], key=lambda r: (r["year"], r["claim_id"])):
        article, project = row["article"], projects.get(row["project_id"])
        introducer = None if project is None else introducers.get(project["introducer_id"])
        recipient = recipient_of(row, "claim")
        if article == AGENCIES:
            amount = None if project is None else agency_amount(project, law)
            outcome = worst(must(row["on_schedule"]), _is_agency(project, introducer))
            if introducer is not None:
                recipient = recipient_of(introducer, "introducer")
        else:
            amount, outcome = _article(row, project, law)
        what = row["project_id"], article, row["year"] if article in ONCE_A_YEAR else None
        if outcome != FAILS and what in asked:
            outcome = FAILS
        if outcome != FAILS:
            asked.add(what)
        if article == AGENCIES and outcome == GRANTED and project is not None and introducer is not None:
            rewards.append(agency_reward(project, introducer, law))
            amount, outcome = None, IN_REWARDS
        claims.append(Claim(row["claim_id"], row["project_id"], article, amount, outcome, recipient))
    return claims, rewards


def _is_agency(project: Row | None, introducer: Row | None) -> str:
    if project is not None and project["introducer_id"] is None:
        return FAILS
    return HELD if introducer is None else must(introducer["introducer_kind"] == AGENCY)


def _article(claim: Row, project: Row | None, law: Law) -> tuple[Fraction | None, str]:
    """Amount and outcome; without its project a claim can only fail by what it says itself."""
    article, last_day, policy = claim["article"], dt.date(claim["year"], 12, 31), law.incentives
    general = [_is_in_force(policy, last_day)]
    if article in OF_A_WHOLE_YEAR:
        general += [
            GRANTED if last_day <= law.as_of else HELD,
            waits_for_review(policy, article, last_day),
        ]
    own = {TAX: _tax, INFRASTRUCTURE: _tax, DECIDER: _decider, JOBS: _jobs, DESIGN: _design}[article]
    amount, conditions = own(claim, NOT_KNOWN if project is None else project, policy, last_day)
    if project is None:
        return None, worst(HELD, *general, *conditions)
    produced = project["in_production_on"]
    if article not in OF_A_WHOLE_YEAR:
        general += (
            [FAILS]
            if produced is None
            else [
                _is_in_force(policy, produced),
                waits_for_review(policy, article, produced),
            ]
        )
    least = value(policy, "least_fixed_investment", last_day)
    general += [
        must(project["verification"] == "已核实"),
        must(not project["has_violation"]),
        must(reaches(project["fixed_investment_10k_yuan"], least)),
    ]
    return amount, worst(*general, *conditions)


def _is_in_force(policy: PolicyFile, on: dt.date) -> str:
    return must(value(policy, "least_fixed_investment", on) is not None)


def _is_of(project: Row, industry: str) -> str:
    return HELD if project is NOT_KNOWN else must(project["industry"] == industry)


Judged = tuple[Fraction | None, list[str]]


def _tax(claim: Row, project: Row, policy: PolicyFile, on: dt.date) -> Judged:
    if claim["article"] == TAX:
        conditions = [
            must(project["is_key_supported"]),
            must(reaches(claim["committed_years"], value(policy, "committed_years", on))),
        ]
    else:
        conditions = [
            _is_of(project, "交通电力水利邮政广电"),
            must(reaches(claim["core_revenue_share"], value(policy, "core_revenue_share", on))),
        ]
    share, is_in_years = _share_of_year(claim, policy, on)
    tax = claim["local_income_tax"]
    conditions += [must(is_in_years), HELD if tax is None else GRANTED]
    return (None if share is None or tax is None else Fraction(tax) * share), conditions


def _share_of_year(claim: Row, policy: PolicyFile, on: dt.date) -> tuple[Fraction | None, bool | None]:
    """The share of the tax in the claim's operating year; None and False where there is none."""
    first_years = value(policy, "first_years", on)
    last = choice(policy, "later_years", on)
    if claim["operating_since"] is None or first_years is None or last is None:
        return None, None
    operating_year = claim["year"] - claim["operating_since"].year + 1
    if not 1 <= operating_year <= LAST_OPERATING_YEAR[last]:
        return None, False
    is_first = operating_year <= first_years
    return value(policy, "first_years_share" if is_first else "later_years_share", on), True


def _decider(claim: Row, project: Row, policy: PolicyFile, on: dt.date) -> Judged:
    agreed = claim["agreed_investment_10k_yuan"]
    invested = claim["invested_within_three_years_10k_yuan"]
    is_large = reaches(project["total_investment_10k_yuan"], value(policy, "decision_maker_investment", on))
    is_invested = None if agreed is None or invested is None else invested >= agreed
    return value(policy, "decision_maker_reward", on), [must(is_large), must(is_invested)]


def _jobs(claim: Row, _: Row, policy: PolicyFile, on: dt.date) -> Judged:
    jobs = claim["local_jobs"]
    limit, each = value(policy, "local_jobs_above", on), value(policy, "local_job_subsidy", on)
    if jobs is None or limit is None or each is None:
        return None, [HELD]
    return jobs * each, [must(jobs > limit)]


def _design(claim: Row, project: Row, policy: PolicyFile, on: dt.date) -> Judged:
    is_tourism, fee = _is_of(project, "文化旅游"), claim["design_fee"]
    if project is NOT_KNOWN:
        return None, [HELD]
    for size in DESIGN_SIZES:
        least = value(policy, f"design_{size}_investment", on)
        if least is None:
            return None, [is_tourism, HELD]
        if reaches(project["total_investment_10k_yuan"], least):
            share, cap = (
                value(policy, f"design_{size}_share", on),
                value(policy, f"design_{size}_cap", on),
            )
            if fee is None or share is None or cap is None:
                return None, [is_tourism, HELD]
            return min(Fraction(fee) * share, cap), [is_tourism]
    return None, [is_tourism, FAILS]
