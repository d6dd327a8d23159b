"""Clause 十一: the moving allowance of a household, and what is decided case by case instead."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import MOVING_BUSINESS, MOVING_RESIDENCE, SPECIAL_DECISION
from schemas.compensation_policy import CompensationParameter as Named
from transforms import wording
from transforms.compensation.cases import BUSINESS, RESIDENCE, SIGNED, source
from transforms.compensation.households import by_kind
from transforms.compensation.items import NONE_OF_IT, ONE, given, no_items, state
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.policy import Policy

_ON = pl.col("effective_on")
MOVING_SUBJECT, RULING_SUBJECT = "搬迁补偿", "补偿决定"


def moving_allowances(cases: pl.DataFrame, decisions: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`moving_residence` and `moving_business`, unless a decision stands in for them.

    Refused to a household that was set up after the freeze (决定 六).
    """
    replaced = decisions.filter(pl.col("subject") == MOVING_SUBJECT).select("household_id").unique()
    return stacked(
        [
            state(
                by_kind(cases, use)
                .join(replaced, on="household_id", how="anti")
                .filter(pl.col("is_after_freeze") == is_frozen),
                item,
                quantity=pl.when("is_exchanged")
                .then(policy.number(Named.MOVES_FOR_EXCHANGE, _ON))
                .otherwise(policy.number(Named.MOVES_FOR_MONEY, _ON)),
                unit="次",
                rate=policy.number(rate, _ON),
                rate_unit="元/次",
                factor=NONE_OF_IT if is_frozen else ONE,
                clause="决定 六" if is_frozen else item.clause,
                note="立户晚于征收冻结日期，不予补助：" if is_frozen else "",
            )
            for use, item, rate in (
                (RESIDENCE, MOVING_RESIDENCE, Named.MOVING_RESIDENCE),
                (BUSINESS, MOVING_BUSINESS, Named.MOVING_BUSINESS),
            )
            for is_frozen in (False, True)
        ]
    )


def special_decisions(
    cases: pl.DataFrame, decisions: pl.DataFrame, held_households: pl.Series
) -> pl.DataFrame:
    """`special_decision` lines, with `status`: a moving decision is owed once any building is signed.

    Decisions of one household, building and status are one line, each a term of its sum. A decision on a
    building that is not the household's is held; one on an unknown household waits without a line.
    """
    households = cases.group_by("household_id").agg(
        is_signed=(pl.col("signing_status") == SIGNED).any(), buildings=pl.col("building_id")
    )
    is_moving = pl.col("subject") == MOVING_SUBJECT
    rows = (
        decisions.join(households, on="household_id", how="inner")
        .with_columns(
            status=pl.when(misplaced() | pl.col("household_id").is_in(held_households.implode()))
            .then(pl.lit("held"))
            .when(is_moving & ~pl.col("is_signed"))
            .then(pl.lit("estimate"))
            .otherwise(pl.lit("owed"))
        )
        .sort("household_id", "building_id", "decision_number", nulls_last=True)
        .group_by("household_id", "building_id", "status", maintain_order=True)
        .agg(
            amount=pl.col("decided_amount").sum().cast(MONEY),
            working=wording.money(pl.col("decided_amount")).str.join(" + "),
            sources=source().str.join(" "),
            effective_on=pl.col("approved_on").max(),
        )
    )
    if rows.is_empty():
        return no_items().with_columns(status=pl.lit(value=None, dtype=pl.String))
    stated = given(rows, SPECIAL_DECISION, pl.col("amount"), working=pl.col("working"), note="一事一议决定：")
    return stated.with_columns(status=rows["status"])


def misplaced() -> pl.Expr:
    """Whether a decision names a building that is not among the household's."""
    return (
        pl.col("building_id").is_not_null() & ~pl.col("building_id").is_in(pl.col("buildings"))
    ).fill_null(value=False)
