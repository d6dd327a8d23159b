"""Clauses 五(二)2 and 十二 on paper: equal months of one item that follow each other, as one line."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from transforms import wording
from transforms.money import MONEY

_ITEM_ALIKE = ("building_id", "item", "item_name", "clause", "basis", "reading", "status", "sources")
_ALTERNATIVE_ALIKE = ("building_id", "item", "reading", "choice")
_MONTH_TEXT = 7
"""Characters of `2023-05`, with which the day that an overdue month begins on starts too."""


def item_runs(items: pl.DataFrame) -> pl.DataFrame:
    """Line items of one household as runs, with the run's `period` and its `basis` in words."""
    return month_runs(items, _ITEM_ALIKE).with_columns(period=run_period(), basis=run_basis())


def alternative_runs(alternatives: pl.DataFrame) -> pl.DataFrame:
    """Alternatives of one household as runs, with the run's `period`; `amount` is that of all its months."""
    return month_runs(alternatives, _ALTERNATIVE_ALIKE).with_columns(period=run_period())


def month_runs(rows: pl.DataFrame, alike: Sequence[str]) -> pl.DataFrame:
    """One row per run, in the order of their first rows.

    A run is rows of equal `alike` columns and `amount` whose `period`s are months without a gap, in any
    order; a row without a period is one by itself. It has the `alike` columns, `first_period`,
    `last_period`, `months` (how many), `month_amount` (元, of one month) and `amount` (元, of all).
    """
    equal = [*alike, "amount"]
    return (
        rows.with_row_index("place")
        .with_columns(month=_month_number())
        .sort("month", "place", nulls_last=True)
        .with_columns(
            # the same number throughout a run: months without a gap rise as fast as their count
            run=pl.when(pl.col("month").is_null())
            .then(pl.col("place"))
            .otherwise(pl.col("month") - pl.int_range(pl.len()).over(equal))
        )
        .group_by(*equal, pl.col("month").is_null().alias("is_single"), "run", maintain_order=True)
        .agg(
            place=pl.col("place").min(),
            first_period=pl.col("period").first(),
            last_period=pl.col("period").last(),
            months=pl.len(),
            total=pl.col("amount").sum().cast(MONEY),
        )
        .sort("place")
        .select(
            *alike,
            "first_period",
            "last_period",
            "months",
            month_amount=pl.col("amount").cast(MONEY),
            amount=pl.col("total"),
        )
    )


def run_period() -> pl.Expr:
    """A run's months: `2021-07 至 2023-06`; by their first day `2023-05-17 起 3 个月`; null without any."""
    first, last = pl.col("first_period"), pl.col("last_period")
    is_by_day = first.str.len_chars() > _MONTH_TEXT
    return (
        pl.when(pl.col("months") == 1)
        .then(first)
        .when(is_by_day)
        .then(pl.format("{} 起 {} 个月", first, "months"))
        .otherwise(pl.format("{} 至 {}", first, last))
    )


def run_basis() -> pl.Expr:
    """A run's arithmetic from one month's `basis`: what a month gives, then how many there are."""
    sum_of_months = wording.equals(
        wording.times(pl.format("{} 个月", "months"), wording.money(pl.col("month_amount"))),
        pl.col("amount"),
    )
    return (
        pl.when(pl.col("months") == 1)
        .then(pl.col("basis"))
        .otherwise(pl.format("每月 {}\n{}", "basis", sum_of_months))
    )


def _month_number() -> pl.Expr:
    """Months since the year 0, so that one month later is one more; null without a period."""
    year = pl.col("period").str.slice(0, 4).cast(pl.Int64)
    return year * 12 + pl.col("period").str.slice(5, 2).cast(pl.Int64)
