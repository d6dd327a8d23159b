"""Lazy frames made real, as the rules need them: in the order of their rows, each column in one piece."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def collected(rows: pl.LazyFrame) -> pl.DataFrame:
    """The rows.

    By the engine that works on whole columns: the streaming one hands on pieces, of which the first may be
    empty, and over such columns `concat_str` and `format` panic.
    """
    return rows.collect(engine="in-memory").rechunk()


def all_collected(frames: Sequence[pl.LazyFrame]) -> list[pl.DataFrame]:
    """The rows of each of the frames; what they have in common is worked out once."""
    return pl.collect_all(frames, engine="in-memory")
