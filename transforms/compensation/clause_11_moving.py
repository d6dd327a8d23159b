"""Clause 十一: the moving allowance of a household, and what is decided case by case instead."""

from __future__ import annotations

import polars as pl

from schemas.compensation import Status
from schemas.compensation_items import MOVING_BUSINESS, MOVING_RESIDENCE, SPECIAL_DECISION
from schemas.compensation_policy import CompensationParameter as Named
from transforms import wording
from transforms.compensation.cases import BUSINESS, RESIDENCE, SIGNED, source
from transforms.compensation.collecting import collected
from transforms.compensation.households import by_kind
from transforms.compensation.items import NONE_OF_IT, ONE, STATUS, Statement, given, state
from transforms.money import MONEY
from transforms.policy import Policy

_ON = pl.col("effective_on")
MOVING_SUBJECT, RULING_SUBJECT = "搬迁补偿", "补偿决定"


def moving_allowances(cases: pl.LazyFrame, decisions: pl.DataFrame, policy: Policy) -> list[Statement]:
    """`moving_residence` and `moving_business`, unless a decision stands in for them.

    Refused to a household that was set up after the freeze (决定 六).
    """
    replaced = decisions.filter(pl.col("subject") == MOVING_SUBJECT)["home"].unique()
    is_frozen = pl.col("is_after_freeze")
    return [
        state(
            by_kind(cases, use).filter(~pl.col("home").is_in(replaced.implode()), is_frozen.is_not_null()),
            item,
            quantity=pl.when("is_exchanged")
            .then(policy.number(Named.MOVES_FOR_EXCHANGE, _ON))
            .otherwise(policy.number(Named.MOVES_FOR_MONEY, _ON)),
            unit="次",
            rate=policy.number(rate, _ON),
            rate_unit="元/次",
            factor=pl.when(is_frozen).then(NONE_OF_IT).otherwise(ONE),
            clause=pl.when(is_frozen).then(pl.lit("决定 六")).otherwise(pl.lit(item.clause)),
            note=pl.when(is_frozen).then(pl.lit("立户晚于征收冻结日期，不予补助：")).otherwise(pl.lit("")),
        )
        for use, item, rate in (
            (RESIDENCE, MOVING_RESIDENCE, Named.MOVING_RESIDENCE),
            (BUSINESS, MOVING_BUSINESS, Named.MOVING_BUSINESS),
        )
    ]


def special_decisions(
    cases: pl.LazyFrame, decisions: pl.DataFrame, held_homes: pl.Series
) -> tuple[Statement, pl.Series]:
    """`special_decision` lines, and their `status`: a moving decision is owed once any building is signed.

    Decisions of one household, building and status are one line, each a term of its sum. A decision on a
    building that is not the household's is held; one on an unknown household waits without a line.
    """
    signed = (
        cases.filter(pl.col("home").is_in(decisions["home"].unique().implode()))
        .group_by("home")
        .agg(is_signed=(pl.col("signing_status") == SIGNED).any())
    )
    is_moving = pl.col("subject") == MOVING_SUBJECT
    rows = (
        decisions.lazy()
        .join(signed, on="home", how="inner")
        .with_columns(
            status=pl.when(pl.col("is_misplaced") | pl.col("home").is_in(held_homes.implode()))
            .then(pl.lit(Status.HELD, dtype=STATUS))
            .when(is_moving & ~pl.col("is_signed"))
            .then(pl.lit(Status.ESTIMATE, dtype=STATUS))
            .otherwise(pl.lit(Status.OWED, dtype=STATUS))
        )
        .sort("home", "place", "decision_number", nulls_last=True)
        .group_by("home", "place", "status", maintain_order=True)
        .agg(
            amount=pl.col("decided_amount").sum().cast(MONEY),
            working=wording.money(pl.col("decided_amount")).str.join(" + "),
            sources=source().str.join(" "),
            effective_on=pl.col("approved_on").max(),
        )
        .pipe(collected)
    )
    stated = given(
        rows.lazy(),
        SPECIAL_DECISION,
        pl.col("amount"),
        working=lambda: pl.col("working"),
        note="一事一议决定：",
    )
    return stated, rows["status"]
