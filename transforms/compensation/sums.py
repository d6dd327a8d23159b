"""Sums over the many small groups that households and buildings are."""

from __future__ import annotations

import polars as pl


def sums_by(rows: pl.LazyFrame, key: str, **values: pl.Expr) -> pl.LazyFrame:
    """A row per number in `key`, sorted, with the sum of each of the values: whole numbers, never null.

    All is summed up in order, and a group's sum is what its last row adds to that of the one before:
    grouping takes twice as long where there are so many groups.
    """
    number = pl.col(key)
    return (
        rows.select(key, **values)
        .sort(key)
        .select(
            key,
            (number != number.shift(-1)).fill_null(value=True).alias("is_last"),
            *(pl.col(name).cum_sum() for name in values),
        )
        .filter("is_last")
        .select(key, *(pl.col(name) - pl.col(name).shift(fill_value=0) for name in values))
    )
