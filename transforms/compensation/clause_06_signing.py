"""Clause 六: the reward for signing and moving out in time, once per household."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.compensation_items import SIGNING_REWARD
from schemas.compensation_policy import CompensationParameter as Named
from transforms.compensation.cases import (
    BUSINESS,
    IS_UNCLEAR,
    RESIDENCE,
    SIGNED,
)
from transforms.compensation.households import NO_PLACE, by_home
from transforms.compensation.items import NONE_OF_IT, ONE, Statement, state
from transforms.policy import Policy


def signing_reward(cases: pl.LazyFrame, policy: Policy, as_of: date) -> Statement:
    """`signing_reward` of households with a compensated residence whose buildings were all in time.

    A building of unclear title leaves it waiting rather than lost. It is refused, with the reason, to a
    household that was late, was set up after the freeze (决定 六) or has businesses alone (八(3)).
    """
    has_residence, is_frozen = pl.col("has_residence"), pl.col("is_after_freeze")
    is_rewarded = has_residence & ~is_frozen & pl.col("is_in_time")
    refusals = (
        ("签约或搬迁晚于签约截止日期，不予奖励：", "六", has_residence & ~is_frozen & pl.col("is_late")),
        ("立户晚于征收冻结日期，不予奖励：", "决定 六", has_residence & is_frozen & pl.col("is_in_time")),
        ("只有经营房屋，不享受奖励：", "八(3)", pl.col("is_business_only") & pl.col("is_in_time")),
    )
    note, clause, is_refused = pl.lit(""), pl.lit("六"), pl.lit(value=False)
    for reason, by_clause, applies in refusals:
        note = pl.when(applies).then(pl.lit(reason)).otherwise(note)
        clause = pl.when(applies).then(pl.lit(by_clause)).otherwise(clause)
        is_refused = is_refused | applies
    return state(
        _households(cases, as_of).filter(is_rewarded | is_refused),
        SIGNING_REWARD,
        quantity=ONE,
        unit="户",
        rate=policy.number(Named.SIGNING_REWARD, pl.col("effective_on")),
        rate_unit="元/户",
        factor=pl.when(is_rewarded).then(ONE).otherwise(NONE_OF_IT),
        clause=clause,
        note=note,
    )


def _households(cases: pl.LazyFrame, as_of: date) -> pl.LazyFrame:
    """A row per household with a compensated building: whether all were in time, or any was late."""
    deadline = pl.col("deadline_on")
    is_signed = pl.col("signing_status") == SIGNED
    is_in_time = (
        is_signed & (pl.col("signed_on") <= deadline) & (pl.col("vacated_on") <= deadline)
    ).fill_null(value=False)
    vacated_or_today = pl.coalesce("vacated_on", pl.lit(as_of))
    is_late = is_signed & ((pl.col("signed_on") > deadline) | (vacated_or_today > deadline))
    is_unclear = IS_UNCLEAR
    return by_home(
        cases.filter(~pl.col("is_refused")).select(
            "home",
            "sources",
            "is_after_freeze",
            has_residence=pl.col("use") == RESIDENCE,
            has_business=pl.col("use") == BUSINESS,
            is_in_time=is_in_time,
            is_in_time_or_unclear=is_in_time | is_unclear,
            is_late=is_late.fill_null(value=False),
            effective_on=pl.when(is_signed).then("effective_on"),
        ),
        pl.col("sources").str.join(" "),
        pl.col("has_residence", "has_business", "is_after_freeze", "is_in_time", "is_late").any(),
        pl.col("is_in_time_or_unclear").all(),
        pl.col("effective_on").min(),
    ).with_columns(
        place=NO_PLACE,
        is_business_only=pl.col("has_business") & ~pl.col("has_residence"),
        is_in_time=pl.col("is_in_time") & pl.col("is_in_time_or_unclear"),
    )
