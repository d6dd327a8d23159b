"""Clause 六: the reward for signing and moving out in time, once per household."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.compensation_items import SIGNING_REWARD
from schemas.compensation_policy import CompensationParameter as Named
from transforms.compensation.cases import BUSINESS, OWNER_MISSING, RESIDENCE, SIGNED, TITLE_UNCLEAR
from transforms.compensation.items import NONE_OF_IT, ONE, state
from transforms.frames import stacked
from transforms.policy import Policy


def signing_reward(cases: pl.DataFrame, policy: Policy, as_of: date) -> pl.DataFrame:
    """`signing_reward` of households with a compensated residence whose buildings were all in time.

    A building of unclear title leaves it waiting rather than lost. It is refused, with the reason, to a
    household that was late, was set up after the freeze (决定 六) or has businesses alone (八(3)).
    """
    households = _households(cases, as_of)
    has_residence, is_frozen = pl.col("has_residence"), pl.col("is_after_freeze")
    outcomes = (
        ("", "六", ONE, has_residence & ~is_frozen & pl.col("is_in_time")),
        (
            "签约或搬迁晚于签约截止日期，不予奖励：",
            "六",
            NONE_OF_IT,
            has_residence & ~is_frozen & pl.col("is_late"),
        ),
        (
            "立户晚于征收冻结日期，不予奖励：",
            "决定 六",
            NONE_OF_IT,
            has_residence & is_frozen & pl.col("is_in_time"),
        ),
        (
            "只有经营房屋，不享受奖励：",
            "八(3)",
            NONE_OF_IT,
            pl.col("is_business_only") & pl.col("is_in_time"),
        ),
    )
    return stacked(
        [
            state(
                households.filter(applies),
                SIGNING_REWARD,
                quantity=ONE,
                unit="户",
                rate=policy.number(Named.SIGNING_REWARD, pl.col("effective_on")),
                rate_unit="元/户",
                factor=factor,
                clause=clause,
                note=note,
            )
            for note, clause, factor, applies in outcomes
        ]
    )


def _households(cases: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """A row per household with a compensated building: whether all were in time, or any was late."""
    deadline = pl.col("deadline_on")
    is_signed = pl.col("signing_status") == SIGNED
    is_in_time = (
        is_signed & (pl.col("signed_on") <= deadline) & (pl.col("vacated_on") <= deadline)
    ).fill_null(value=False)
    vacated_or_today = pl.coalesce("vacated_on", pl.lit(as_of))
    is_late = is_signed & ((pl.col("signed_on") > deadline) | (vacated_or_today > deadline))
    is_unclear = pl.col("signing_status").is_in([TITLE_UNCLEAR, OWNER_MISSING])
    return (
        cases.filter(~pl.col("is_refused"))
        .group_by("household_id", maintain_order=True)
        .agg(
            has_residence=(pl.col("use") == RESIDENCE).any(),
            is_business_only=(pl.col("use") == BUSINESS).any() & (pl.col("use") != RESIDENCE).all(),
            is_after_freeze=pl.col("is_after_freeze").any(),
            is_in_time=(is_in_time | is_unclear).all() & is_in_time.any(),
            is_late=is_late.any(),
            sources=pl.col("sources").str.join(" "),
            effective_on=pl.col("effective_on").filter(is_signed).min(),
        )
        .with_columns(building_id=pl.lit(value=None, dtype=pl.String))
    )
