"""The plan as a whole: from the night's records to what each household is owed, and what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.compensation import (
    Alternatives,
    Buildings,
    Households,
    LineItems,
    OpenQuestions,
    Status,
)
from schemas.compensation_policy import CompensationReading
from schemas.housing import HouseholdSurvey, SpecialDecisions
from transforms.compensation.cases import build_cases
from transforms.compensation.clause_05_1_house import attachments, buyback, house_items, value_houses
from transforms.compensation.clause_05_2_exchange import exchange_difference, exchange_questions
from transforms.compensation.clause_05_2_stoppage import business_stoppage, overdue_stoppage
from transforms.compensation.clause_06_signing import signing_reward
from transforms.compensation.clause_08_recognition import not_compensated, recognise
from transforms.compensation.clause_09_assistance import assistance_questions, housing_floor
from transforms.compensation.clause_11_moving import moving_allowances, special_decisions
from transforms.compensation.clause_12_transition import transition_payments
from transforms.compensation.clause_13_status import (
    agreed_amount_questions,
    held_households,
    household_questions,
    title_questions,
    waiting_records,
    with_status,
)
from transforms.compensation.households import with_freeze
from transforms.compensation.known import known_by
from transforms.compensation.questions import no_questions
from transforms.compensation.undecided import Pass, combinations, hold_undecided
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.policy import Policy

_ZERO = pl.lit(0, dtype=MONEY)


@dataclass(frozen=True)
class Settlement:
    """What a night computes of the compensation plan: a frame per table of `schemas.compensation`."""

    line_items: pl.DataFrame
    alternatives: pl.DataFrame
    households: pl.DataFrame
    buildings: pl.DataFrame
    open_questions: pl.DataFrame


def settle(records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date) -> Settlement:
    """All households' settlements from the current records of each housing sheet, by table name.

    Undecided readings are tried in each of their choices: what differs is held, with its alternatives.
    """
    records = known_by(records, as_of)
    passes = {
        choices: _one_pass(records, policy.assuming(dict(choices)), as_of) for choices in combinations(policy)
    }
    shown = next(iter(passes.values()))
    items, alternatives, reading_questions = hold_undecided(passes, policy)
    items, set_off_questions = _hold_set_off(items, policy)
    asked = [shown.questions, waiting_records(records), reading_questions, set_off_questions]
    questions = stacked(asked).sort("household_id", "building_id", "code", nulls_last=False)
    items = items.with_columns(policy_version=policy.version(pl.col("effective_on")))
    questions = _with_waiting(questions, items)
    items = items.sort("household_id", "building_id", "item", "period", "status")
    return Settlement(
        line_items=LineItems.conform(items),
        alternatives=Alternatives.conform(alternatives),
        households=Households.conform(_households(records, items, questions)),
        buildings=Buildings.conform(_buildings(shown.cases, shown.questions)),
        open_questions=OpenQuestions.conform(questions),
    )


def _one_pass(records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date) -> Pass:
    """Everything with one choice for each reading."""
    decisions = records[SpecialDecisions.table]
    cases, register_questions = recognise(build_cases(records, as_of), policy)
    cases, house_questions = value_houses(with_freeze(cases, policy), policy)
    items = stacked(
        [
            not_compensated(cases),
            house_items(cases, policy),
            attachments(cases),
            housing_floor(cases, policy),
            buyback(cases, policy),
            exchange_difference(cases, policy),
            business_stoppage(cases, policy),
            overdue_stoppage(cases, policy, as_of),
            transition_payments(cases, policy, as_of),
            signing_reward(cases, policy, as_of),
            moving_allowances(cases, decisions, policy),
        ]
    )
    questions = stacked(
        [
            register_questions,
            house_questions,
            exchange_questions(cases, policy),
            assistance_questions(cases),
            title_questions(cases, decisions),
        ]
    )
    questions = stacked(
        [
            questions,
            agreed_amount_questions(cases, items, questions),
            household_questions(records[HouseholdSurvey.table]),
        ]
    )
    special = special_decisions(cases, decisions, held_households(questions))
    return Pass(cases, with_status(items, special, cases, questions, decisions), questions)


def _with_waiting(questions: pl.DataFrame, items: pl.DataFrame) -> pl.DataFrame:
    """The questions with the amount that is held on their building, or household where they name none."""
    held = items.filter(pl.col("status") == Status.HELD)
    of_building = (
        held.drop_nulls("building_id").group_by("building_id").agg(on_building=pl.col("amount").sum())
    )
    of_household = held.group_by("household_id").agg(on_household=pl.col("amount").sum())
    waiting = pl.when(pl.col("building_id").is_null()).then("on_household").otherwise("on_building")
    return (
        questions.join(of_building, on="building_id", how="left", maintain_order="left")
        .join(of_household, on="household_id", how="left", maintain_order="left")
        .with_columns(waiting_amount=waiting.fill_null(_ZERO).cast(MONEY))
    )


def _hold_set_off(items: pl.DataFrame, policy: Policy) -> tuple[pl.DataFrame, pl.DataFrame]:
    """While it is undecided whether what is owed either way is set off, households with both are held."""
    if CompensationReading.SET_OFF not in policy.undecided():
        return items, no_questions()
    owed = pl.col("status") == Status.OWED
    paid = (owed & (pl.col("amount") > 0)).any().over("household_id")
    owing = (owed & (pl.col("amount") < 0)).any().over("household_id")
    reading = policy.content.readings[CompensationReading.SET_OFF]
    questions = (
        items.filter(owed & paid & owing)
        .unique("household_id", maintain_order=True)
        .select(
            "household_id",
            building_id=pl.lit(value=None, dtype=pl.String),
            code=pl.lit(CompensationReading.SET_OFF.value),
            clause=pl.lit(reading.clause),
            message=pl.lit(f"{reading.question}，待书面决定后写入政策文件。"),
        )
    )
    held = items.with_columns(
        status=pl.when(owed & paid & owing).then(pl.lit(Status.HELD)).otherwise(pl.col("status"))
    )
    return held, questions


def _households(
    records: Mapping[str, pl.DataFrame], items: pl.DataFrame, questions: pl.DataFrame
) -> pl.DataFrame:
    amount, status = pl.col("amount"), pl.col("status")
    owed = status == Status.OWED

    def total(when: pl.Expr) -> pl.Expr:
        return amount.filter(when).sum().cast(MONEY)

    sums = items.group_by("household_id").agg(
        amount_paid_to=total(owed & (amount > 0)),
        amount_owed_by=-total(owed & (amount < 0)),
        held_amount=total(status == Status.HELD),
        estimated_amount=total(status == Status.ESTIMATE),
        has_held=(status == Status.HELD).any(),
        has_estimate=(status == Status.ESTIMATE).any(),
    )
    asked = questions.drop_nulls("household_id").group_by("household_id").len("open_questions")
    owners = (
        records[HouseholdSurvey.table]
        .sort("household_id", "building_id")
        .group_by("household_id", maintain_order=True)
        .agg(pl.col("owner_name").first())
    )
    amounts = ["amount_paid_to", "amount_owed_by", "held_amount", "estimated_amount"]
    # a household without any item has nothing to be the worst of: its open questions speak for it
    held = pl.col("has_held").fill_null(pl.col("open_questions") > 0)
    return (
        owners.join(sums, on="household_id", how="left")
        .join(asked, on="household_id", how="left")
        .with_columns(
            *(pl.col(name).fill_null(_ZERO).cast(MONEY) for name in amounts),
            open_questions=pl.col("open_questions").fill_null(0).cast(pl.Int64),
        )
        .with_columns(
            net_amount=(pl.col("amount_paid_to") - pl.col("amount_owed_by")).cast(MONEY),
            status=pl.when(held)
            .then(pl.lit(Status.HELD))
            .when(pl.col("has_estimate").fill_null(value=False))
            .then(pl.lit(Status.ESTIMATE))
            .otherwise(pl.lit(Status.OWED)),
        )
        .sort("household_id")
    )


def _buildings(cases: pl.DataFrame, questions: pl.DataFrame) -> pl.DataFrame:
    recognition_codes = ["not_in_register", "no_own_yard", "not_habitable", "no_imagery", "use_differs"]
    doubts = (
        questions.filter(pl.col("code").is_in(recognition_codes))
        .group_by("building_id")
        .agg(doubt=pl.col("message").str.join(""))
    )
    recognised = pl.col("outcome").is_not_null()
    return (
        cases.join(doubts, on="building_id", how="left")
        .select(
            "building_id",
            "household_id",
            "use",
            compensable_area_m2="area_m2",
            excess_area_m2="excess_m2",
            eligible=pl.when("is_refused")
            .then(pl.lit(value=False))
            .when(pl.col("doubt").is_null())
            .then(pl.lit(value=True)),
            reason=pl.when("is_refused")
            .then(pl.format("认定不予补偿（{}）", "minute_number"))
            .when(recognised)
            .then(pl.format("认定予以补偿（{}）", "minute_number"))
            .when(pl.col("doubt").is_not_null())
            .then(pl.col("doubt"))
            .when(pl.col("use").is_in(["住宅", "经营"]))
            .then(pl.lit("影像登记相符"))
            .otherwise(pl.lit("按评估补偿，无须登记")),
        )
        .sort("building_id")
    )
