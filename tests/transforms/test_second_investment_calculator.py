"""The program against the second calculator: rewards, incentives, expenses and reviews of many portfolios."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.policies import Policies, load_policies
from schemas.policy import DatedValue, PolicyFile, ReadingState, Review
from tests.transforms.portfolios import AS_OF_DAYS, Portfolio, frames, full_rows, portfolio, portfolios
from tests.transforms.second_investment_calculator import calculate
from tests.transforms.second_investment_cases import CASES
from tests.transforms.second_investment_officers import reimbursements, reviews
from transforms.granting import grant
from transforms.officers.review import review_officers
from transforms.policy import Policy

POLICIES = Path(__file__).parents[2] / "data" / "policies"
REVIEWED = (
    Review(article="第九条", effective_from=dt.date(2024, 12, 31), number="审查1号"),
    Review(article="第十二条", effective_from=dt.date(2024, 8, 1), number="审查2号"),
    Review(article="第十三条", effective_from=dt.date(2024, 8, 2), number="审查3号"),
    Review(article="第十五条", effective_from=dt.date(2025, 1, 1), number="审查4号"),
    Review(article="第十七条", effective_from=dt.date(2024, 8, 1), number="审查5号"),
)
LATER_VALUES = {
    "unit_rate": "0.0071", "introducer_rate": "0.0033", "listing_reward": "600000",
    "large_project_investment": "10000", "least_rewarded_investment": "6666.67",
    "least_fixed_investment": "5000.01", "committed_years": "15", "core_revenue_share": "69.99",
    "first_years_share": "0.75", "later_years_share": "0.3333", "agency_rate": "0.0041",
    "agency_cap": "400000", "decision_maker_investment": "30000", "decision_maker_reward": "250000.01",
    "local_jobs_above": "750", "local_job_subsidy": "212.5", "design_medium_share": "0.3501",
    "design_medium_investment": "29999.99", "design_medium_cap": "2900000",
}  # fmt: skip
"""Other values of the parameters, from a first of January on."""
LATER = dt.date(2023, 1, 1)
IS_LONG = bool(os.environ.get("LONG_COMPARISON"))
PORTFOLIOS, PROJECTS = (160, 120) if IS_LONG else (8, 50)
EXAMPLES = 300 if IS_LONG else 4
Found = dict[tuple[Any, ...], Any]


@cache
def policies_in_force() -> Policies:
    return load_policies(POLICIES)


def with_choice(policy: PolicyFile, reading: str, choice: str) -> PolicyFile:
    version = policy.readings[reading].versions[-1]
    settled = version.model_copy(
        update={"state": ReadingState.SETTLED, "choice": choice, "decided_by": "纪要1"}
    )
    named = policy.readings[reading].model_copy(update={"versions": (settled,)})
    return policy.model_copy(update={"readings": dict(policy.readings) | {reading: named}})


def with_later_values(policy: PolicyFile) -> PolicyFile:
    parameters = dict(policy.parameters)
    for name in set(parameters) & set(LATER_VALUES):
        later = DatedValue(effective_from=LATER, value=Decimal(LATER_VALUES[name]))
        named = parameters[name]
        parameters[name] = named.model_copy(update={"values": (*named.values, later)})
    return policy.model_copy(update={"parameters": parameters})


def files(
    *,
    highest_per: str = "recipient",
    later_years: str = "years_3_to_5",
    is_reviewed: bool = False,
    has_later_values: bool = False,
) -> tuple[PolicyFile, PolicyFile, PolicyFile]:
    """The files of rewards, incentives and officers under these circumstances."""
    loaded = policies_in_force()
    rewards = with_choice(loaded.rewards.content, "highest_per", highest_per)
    incentives = with_choice(loaded.incentives.content, "later_years", later_years)
    if is_reviewed:
        incentives = incentives.model_copy(update={"reviews": REVIEWED})
    if has_later_values:
        rewards, incentives = with_later_values(rewards), with_later_values(incentives)
    return rewards, incentives, loaded.officers.content


Files = tuple[PolicyFile, PolicyFile, PolicyFile]


def of_program(records: dict[str, pl.DataFrame], law: Files, as_of: dt.date) -> Found:
    """What the program says, by what is compared."""
    rewards, incentives, officers = (Policy(file) for file in law)
    granting = grant(records, rewards, incentives, officers, as_of)
    review = review_officers(records, officers, as_of)
    found: Found = {}
    columns = ("introducer_id", "project_id", "year", "item", "amount", "outcome")
    for *key, amount, outcome in granting.rewards.select(columns).iter_rows():
        found["reward", *key] = (amount, outcome)
    for claim, *result in granting.incentives.select("claim_id", "amount", "outcome").iter_rows():
        found["claim", claim] = tuple(result)
    for invoice, paid in review.expenses.select("invoice_number", "reimbursed").iter_rows():
        found["expense", invoice] = paid
    for *key, met in review.reviews.select("officer_id", "engagement_year", "duty", "met").iter_rows():
        found["review", *key] = met
    return found


def of_calculator(portfolio: Portfolio, law: Files) -> Found:
    """What the second calculator says, by what is compared."""
    records = full_rows(portfolio.records)
    answer = calculate(records, *law, portfolio.as_of)
    found: Found = {("reward", *key): result for key, result in answer.rewards.items()}
    found |= {("claim", claim): result for claim, result in answer.incentives.items()}
    found |= {("expense", invoice): paid for invoice, paid in reimbursements(records, law[2]).items()}
    return found | {("review", *key): met for key, met in reviews(records, law[2], portfolio.as_of).items()}


def assert_alike(place: Portfolio, law: Files) -> None:
    program, calculator = of_program(frames(place.records), law, place.as_of), of_calculator(place, law)
    found = [
        f"{key}: {program.get(key, 'absent')} but {calculator.get(key, 'absent')}"
        for key in sorted({*program, *calculator}, key=str)
        if program.get(key, "absent") != calculator.get(key, "absent")
    ]
    assert not found, "\n".join([f"{len(found)} differences as of {place.as_of}", *found[:30]])


def seeded(seed: int | str) -> Portfolio:
    random = Random(seed)  # noqa: S311 a seeded example, not a secret
    return portfolio(random, random.choice(AS_OF_DAYS), PROJECTS)


@pytest.mark.parametrize("seed", range(PORTFOLIOS))
def test_both_calculators_agree_on_many_portfolios(seed: int) -> None:
    assert_alike(seeded(seed), files(is_reviewed=bool(seed % 2)))


@pytest.mark.parametrize(
    ("circumstance", "law"),
    [
        ("one winner per project", files(highest_per="project")),
        ("one winner per project, reviewed", files(highest_per="project", is_reviewed=True)),
        ("the tax of seven years", files(later_years="years_3_to_7")),
        ("other values later", files(has_later_values=True, is_reviewed=True)),
    ],
)
def test_both_calculators_agree_in_other_circumstances(circumstance: str, law: Files) -> None:
    for number in range(max(1, PORTFOLIOS // 8)):
        assert_alike(seeded(f"{circumstance} {number}"), law)


@pytest.mark.parametrize("name", CASES)
def test_both_calculators_agree_on_a_case_that_once_differed(name: str) -> None:
    place = Portfolio(Random(0), dt.date(2026, 1, 31))  # noqa: S311 a seeded example, not a secret
    place.records |= CASES[name]
    assert_alike(place, files())


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=portfolios(most=8))
def test_both_calculators_agree_on_whatever_hypothesis_thinks_of(place: Portfolio) -> None:
    assert_alike(place, files())


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=portfolios(most=8), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(place: Portfolio, order: Random) -> None:
    records = frames(place.records)
    shuffled = {
        table: frame[order.sample(range(frame.height), frame.height)] for table, frame in records.items()
    }
    assert of_program(shuffled, files(), place.as_of) == of_program(records, files(), place.as_of)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=portfolios(most=8), which=st.integers(0), more=st.sampled_from(["0.01", "5000", "20000"]))
def test_a_larger_investment_never_lowers_a_units_or_an_introducers_amount(
    place: Portfolio, which: int, more: str
) -> None:
    before = paid_for_introducing(of_program(frames(place.records), files(), place.as_of))
    project = place.records["projects"][which % len(place.records["projects"])]
    for kind in ("fixed_investment_10k_yuan", "total_investment_10k_yuan"):
        project[kind] += Decimal(more)
    after = paid_for_introducing(of_program(frames(place.records), files(), place.as_of))
    assert {who: amount for who, amount in before.items() if after.get(who, Decimal(0)) < amount} == {}


def paid_for_introducing(found: Found) -> dict[tuple[str, str], Decimal]:
    """By introducer and kind: for units what is granted, for the others what their projects are worth."""
    amounts: dict[tuple[str, str], Decimal] = {}
    for key, result in found.items():
        is_unit = key[0] == "reward" and key[4] == "unit_reward" and result[1] == "granted"
        if is_unit or (key[0] == "reward" and key[4] == "introducer_reward"):
            place = (key[1], key[4])
            amounts[place] = amounts.get(place, Decimal(0)) + (result[0] or 0)
    return amounts


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=portfolios(most=12), highest_per=st.sampled_from(["recipient", "project"]))
def test_no_official_and_no_second_policy_is_granted(place: Portfolio, highest_per: str) -> None:
    found = of_program(frames(place.records), files(highest_per=highest_per), place.as_of)
    parties = {row["introducer_id"]: row for row in place.records["introducers"]}
    claims = {row["claim_id"]: row for row in place.records["incentive_claims"]}
    granted: dict[tuple[str, str], set[str]] = {}
    for key, result in found.items():
        if key[0] not in {"reward", "claim"} or result[1] != "granted":
            continue
        is_reward = key[0] == "reward"
        party = parties[key[1]] if is_reward else claims[key[1]]
        assert not (is_reward and party["is_public_official"])
        if key[-1] == "unit_reward":
            continue
        project, name = (key[2], key[4]) if is_reward else (party["project_id"], party["article"])
        recipient = "" if highest_per == "project" else party["id_number"] or key[1]
        granted.setdefault((project, recipient), set()).add(name)
    assert [names for names in granted.values() if len(names) > 1] == []


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=portfolios(most=24))
def test_a_year_of_engagement_never_costs_more_than_its_limit(place: Portfolio) -> None:
    policy = policies_in_force().officers
    paid = (
        review_officers(frames(place.records), policy, place.as_of)
        .expenses.filter(pl.col("engagement_year").is_not_null())
        .group_by("officer_id", "engagement_year")
        .agg(pl.col("reimbursed").sum())
    )
    limits = {row["officer_id"]: row["funding_limit"] for row in place.records["promotion_officers"]}
    assert [officer for officer, _, amount in paid.iter_rows() if amount > limits[officer]] == []
