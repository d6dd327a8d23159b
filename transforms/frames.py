"""Frames one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import polars as pl


def stacked(
    frames: Iterable[pl.DataFrame], *, how: Literal["vertical", "vertical_relaxed", "diagonal"] = "vertical"
) -> pl.DataFrame:
    """The rows of all frames, in one chunk.

    Polars leaves each frame's rows in a chunk of their own. A filter may empty the first of them, and over
    such columns `concat_str` and `format` panic.
    """
    frames = list(frames)
    filled = [frame for frame in frames if frame.height]
    if len(filled) == 1 and all(frame.schema == filled[0].schema for frame in frames):
        return filled[0].rechunk()
    return pl.concat(frames, how=how).rechunk()


def has_repeats(rows: pl.DataFrame) -> bool:
    """Whether two rows are the same in all columns, null and null too.

    Where one column alone has no value twice, which is quickly seen, no two rows are the same.
    """
    is_each_repeated = all(column.n_unique() < rows.height for column in rows)
    return is_each_repeated and (rows.width == 1 or bool(rows.is_duplicated().any()))


def only(rows: pl.DataFrame, mask: pl.Series) -> pl.DataFrame:
    """The rows that are meant, without a copy where all are."""
    return rows if mask.all() else rows.filter(mask)


def looked_up(
    frame: pl.DataFrame, found: pl.DataFrame, on: Sequence[str], found_on: Sequence[str] | None = None
) -> pl.DataFrame:
    """A left join to at most one row each, without a copy of the frame's own columns.

    Raises polars' ShapeError where `found` has several rows for a key.
    """
    keys = frame.select(on)
    rows = keys.join(found, left_on=on, right_on=found_on or on, how="left", maintain_order="left")
    return frame.hstack(rows.drop(on))
