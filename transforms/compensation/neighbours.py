"""Rows of one household or building that follow each other: most have no other beside them."""

from __future__ import annotations

import polars as pl


def alone_and_several(rows: pl.LazyFrame, key: str) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The rows that are the only ones of their key, which need no grouping, and the others.

    Rows of the same key must follow each other.
    """
    number = pl.col(key)
    is_alone = (number != number.shift()).fill_null(value=True) & (number != number.shift(-1)).fill_null(
        value=True
    )
    return rows.filter(is_alone), rows.filter(~is_alone)
