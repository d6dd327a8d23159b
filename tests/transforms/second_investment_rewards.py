"""The second calculator's rewards, one project, unit or listed company at a time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from schemas.policy import PolicyFile
from tests.transforms.second_investment_law import (
    FAILS,
    FOR_DECISION,
    GRANTED,
    HELD,
    Records,
    Row,
    day,
    in_yuan,
    is_reviewed,
    must,
    reaches,
    value,
    worst,
    years_after,
)

UNIT, PERSON, AGENCY, ENVOY, OFFICER = "单位", "自然人", "第三方机构", "招商大使", "产业推介官"
PAID_PER_PROJECT = (PERSON, "企业法人", AGENCY, OFFICER)


@dataclass
class Reward:
    """A row of the rewards; project or year is None where the row has none."""

    introducer_id: str
    project_id: str | None
    year: int | None
    item: str
    amount: Fraction | None
    outcome: str
    recipient: str


@dataclass(frozen=True)
class Law:
    """The three policy files, and the day that stands in for a production that is still to come."""

    rewards: PolicyFile
    incentives: PolicyFile
    officers: PolicyFile
    as_of: dt.date

    def day_of(self, project: Row) -> dt.date:
        """The day whose values a project's rewards are computed by."""
        produced: dt.date | None = project["in_production_on"]
        return produced or self.as_of


def standing(project: Row, rewards: PolicyFile) -> str:
    """Whether the project is verified, lawful, in production under these measures, and in time."""
    produced, landed = project["in_production_on"], project["landed_on"]
    if project["verification"] != "已核实" or project["has_violation"] or produced is None:
        return FAILS
    years = value(rewards, "years_to_production", produced)
    if years is None:
        return FAILS
    if landed is None:
        return HELD
    if reaches(project["fixed_investment_10k_yuan"], value(rewards, "large_project_investment", produced)):
        years = value(rewards, "large_project_years_to_production", produced)
    return GRANTED if years is not None and produced <= years_after(landed, int(years)) else HELD


def recipient_of(party: Row, kind: str) -> str:
    """Who is paid: the ID number, or without one the number of introducer or claim (`kind`)."""
    return str(party["id_number"]) if party["id_number"] is not None else f"{kind} {party[f'{kind}_id']}"


def rewards_of(records: Records, law: Law) -> list[Reward]:
    """Every reward before only the highest is left."""
    introducers = {row["introducer_id"]: row for row in records["introducers"]}
    found: list[Reward] = []
    for project in records["projects"]:
        introducer = introducers.get(project["introducer_id"])
        if introducer is not None and introducer["introducer_kind"] != UNIT:
            found += _of_project(project, introducer, law)
    for introducer in records["introducers"]:
        if introducer["introducer_kind"] == UNIT:
            own = [p for p in records["projects"] if p["introducer_id"] == introducer["introducer_id"]]
            found += _of_unit(introducer, own, law.rewards)
    for code in sorted({project["investor_code"] for project in records["projects"]}):
        company = [p for p in records["projects"] if p["investor_code"] == code]
        found += _of_company(company, introducers, law.rewards)
    return found


def _row(introducer: Row, project: Row | None, item: str, amount: Fraction | None, outcome: str) -> Reward:
    number = introducer["introducer_id"]
    project_id = None if project is None else project["project_id"]
    return Reward(number, project_id, None, item, amount, outcome, recipient_of(introducer, "introducer"))


def _of_project(project: Row, introducer: Row, law: Law) -> list[Reward]:
    kind, on = introducer["introducer_kind"], law.day_of(project)
    fixed, stands = project["fixed_investment_10k_yuan"], standing(project, law.rewards)
    least = must(reaches(fixed, value(law.rewards, "least_rewarded_investment", on)))
    is_unofficial = must(not introducer["is_public_official"])
    if kind == ENVOY:
        is_listed = least == GRANTED
        return [_row(introducer, project, "envoy_reward", None, _for_decision(stands))] if is_listed else []
    found = []
    if kind in PAID_PER_PROJECT:
        rate = value(law.rewards, "introducer_rate", on)
        amount = None if rate is None else in_yuan(fixed) * rate
        outcome = worst(stands, least, is_unofficial)
        found.append(_row(introducer, project, "introducer_reward", amount, outcome))
    if kind == OFFICER and reaches(fixed, value(law.officers, "further_reward_investment", on)):
        outcome = _for_decision(worst(stands, is_unofficial))
        found.append(_row(introducer, project, "further_reward", None, outcome))
    return found


def _for_decision(outcome: str) -> str:
    return outcome if outcome == FAILS else FOR_DECISION


def agency_reward(project: Row, introducer: Row, law: Law) -> Reward:
    """The reward of an agency that claims under 第十二条, on schedule."""
    least = value(law.incentives, "least_fixed_investment", law.day_of(project))
    outcome = worst(
        standing(project, law.rewards),
        must(reaches(project["fixed_investment_10k_yuan"], least)),
        must(not introducer["is_public_official"]),
        waits_for_review(law.incentives, "第十二条", project["in_production_on"]),
    )
    return _row(introducer, project, "agency_reward", agency_amount(project, law), outcome)


def agency_amount(project: Row, law: Law) -> Fraction | None:
    """What an agency is worth by the total investment, up to the limit."""
    rate = value(law.incentives, "agency_rate", law.day_of(project))
    cap = value(law.incentives, "agency_cap", law.day_of(project))
    if rate is None or cap is None:
        return None
    return min(in_yuan(project["total_investment_10k_yuan"]) * rate, cap)


def waits_for_review(incentives: PolicyFile, article: str, arises_on: dt.date | None) -> str:
    """Held when it arises since the review rules and no review of the article is there."""
    if arises_on is None:
        return GRANTED
    since = day(incentives, "fair_competition_review_from", arises_on)
    is_free = since is None or arises_on < since or is_reviewed(incentives, article, arises_on)
    return GRANTED if is_free else HELD


def _of_unit(unit: Row, projects: list[dict[str, object]], rewards: PolicyFile) -> list[Reward]:
    found: list[Reward] = []
    target = in_yuan(unit["investment_target_10k_yuan"])
    own: list[Row] = list(projects)
    years = {p["in_production_on"].year for p in own if p["in_production_on"] is not None}
    for year in sorted(years):
        of_year = [p for p in own if p["in_production_on"] and p["in_production_on"].year == year]
        found += _unit_year(unit, target, year, of_year, rewards)
    for project in own:
        if project["in_production_on"] is None:
            found.append(_row(unit, project, "unit_reward", None, FAILS))
    return found


def _unit_year(
    unit: Row, target: Fraction, year: int, projects: list[Row], rewards: PolicyFile
) -> list[Reward]:
    """The year's row over what was in time, and a row for each project that was not, or that fails."""
    is_unofficial = must(not unit["is_public_official"])
    outcomes = [worst(standing(project, rewards), is_unofficial) for project in projects]
    judged = list(zip(projects, outcomes, strict=True))
    in_time = [project for project, outcome in judged if outcome == GRANTED]
    total = sum((in_yuan(p["fixed_investment_10k_yuan"]) for p in in_time), Fraction(0))
    found = []
    if in_time:
        rate = value(rewards, "unit_rate", max(p["in_production_on"] for p in in_time))
        amount = None if rate is None else max(total - target, Fraction(0)) * rate
        found.append(_row(unit, None, "unit_reward", amount, must(total > target)))
    for project, outcome in judged:
        if outcome == HELD:
            rate = value(rewards, "unit_rate", project["in_production_on"])
            more = total + in_yuan(project["fixed_investment_10k_yuan"])
            added = max(more - target, Fraction(0)) - max(total - target, Fraction(0))
            amount = None if rate is None else added * rate
            found.append(_row(unit, project, "unit_reward", amount, HELD))
        if outcome == FAILS:
            found.append(_row(unit, project, "unit_reward", None, FAILS))
    return [replace(row, year=year) for row in found]


def _of_company(
    projects: list[dict[str, object]], introducers: dict[str, dict[str, object]], rewards: PolicyFile
) -> list[Reward]:
    """The reward for a listed company, to the natural person who brought its first landed project."""
    own: list[Row] = list(projects)
    listed = [p["listed_on"] for p in own if p["listed_on"] is not None]
    if not listed:
        return []
    landed = [p for p in own if p["landed_on"] is not None]
    candidates = landed or [p for p in own if _is_person(introducers.get(p["introducer_id"]))]
    if not candidates:
        return []
    first = min(candidates, key=lambda p: (p["landed_on"] or dt.date.min, p["project_id"]))
    introducer = introducers.get(first["introducer_id"])
    if introducer is None or not _is_person(introducer):
        return []
    amount = value(rewards, "listing_reward", min(listed))
    outcome = worst(
        must(not any(p["has_violation"] for p in own)),
        GRANTED if landed else HELD,
        FAILS if amount is None else GRANTED,
    )
    if introducer["is_public_official"]:
        is_due = outcome == GRANTED
        return [_row(introducer, first, "listing_reward", None, FOR_DECISION if is_due else outcome)]
    return [_row(introducer, first, "listing_reward", amount, outcome)]


def _is_person(introducer: Row | None) -> bool:
    return introducer is not None and introducer["introducer_kind"] == PERSON
