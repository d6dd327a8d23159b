"""Clause 六: the reward for signing and moving out in time, once per household."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import SIGNING_REWARD
from schemas.compensation_policy import CompensationParameter as Named
from transforms.compensation.cases import OWNER_MISSING, RESIDENCE, SIGNED, TITLE_UNCLEAR
from transforms.compensation.items import ONE, state
from transforms.policy import Policy


def signing_reward(cases: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`signing_reward` of households with a compensated residence whose buildings were all in time.

    A building of unclear title leaves it waiting rather than lost; a household with businesses alone gets
    none (八(3)), one set up after the freeze neither (决定 六).
    """
    is_in_time = (
        (pl.col("signing_status") == SIGNED)
        & (pl.col("signed_on") <= pl.col("deadline_on"))
        & (pl.col("vacated_on") <= pl.col("deadline_on"))
    ).fill_null(value=False)
    is_unclear = pl.col("signing_status").is_in([TITLE_UNCLEAR, OWNER_MISSING])
    households = (
        cases.filter(~pl.col("is_refused") & ~pl.col("is_after_freeze"))
        .group_by("household_id", maintain_order=True)
        .agg(
            has_residence=(pl.col("use") == RESIDENCE).any(),
            is_in_time=(is_in_time | is_unclear).all() & is_in_time.any(),
            effective_on=pl.col("effective_on").filter(is_in_time).min(),
        )
        .filter(pl.col("has_residence") & pl.col("is_in_time"))
        .with_columns(building_id=pl.lit(value=None, dtype=pl.String))
    )
    return state(
        households,
        SIGNING_REWARD,
        quantity=ONE,
        unit="户",
        rate=policy.number(Named.SIGNING_REWARD, pl.col("effective_on")),
        rate_unit="元/户",
    )
