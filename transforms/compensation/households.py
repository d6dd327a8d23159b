"""What the per-household clauses need to know of a household: a row each, over all its buildings."""

from __future__ import annotations

import polars as pl

from schemas.compensation_policy import CompensationParameter as Named
from transforms.compensation.cases import EXCHANGE_METHOD, SIGNED
from transforms.policy import Policy


def with_freeze(cases: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The cases with `is_after_freeze` (决定 六): the household was set up after the freeze."""
    since = pl.col("household_since").max().over("household_id")
    frozen = since > policy.day(Named.FREEZE_ON, pl.col("effective_on"))
    return cases.with_columns(is_after_freeze=frozen.any().over("household_id"))


def by_kind(cases: pl.DataFrame, use: str) -> pl.DataFrame:
    """Households with a compensated building of a use: whether one is signed or exchanged, and the freeze.

    `effective_on` is the first signing among them, or the as-of date. Exchanges that are only intended
    count while nothing of the kind is signed.
    """
    signed = pl.col("signing_status") == SIGNED
    exchanged = pl.col("method") == EXCHANGE_METHOD
    return (
        cases.filter((pl.col("use") == use) & ~pl.col("is_refused"))
        .group_by("household_id", maintain_order=True)
        .agg(
            sources=pl.col("sources").str.join(" "),
            is_after_freeze=pl.col("is_after_freeze").any(),
            is_signed=signed.any(),
            is_exchanged=pl.when(signed.any()).then((signed & exchanged).any()).otherwise(exchanged.any()),
            effective_on=pl.when(signed.any())
            .then(pl.col("effective_on").filter(signed).min())
            .otherwise(pl.col("effective_on").max()),
        )
        .with_columns(building_id=pl.lit(value=None, dtype=pl.String))
    )
