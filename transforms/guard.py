"""The stage's own check of large frames: what pandera would say of them, at the price of a glance."""

from __future__ import annotations

import polars as pl

from schemas.table import Table


def guarded(table: type[Table], frame: pl.DataFrame, key: pl.DataFrame | None) -> pl.DataFrame:
    """The frame's columns in the table's order, checked. Raises pandera's SchemaErrors on a bug.

    `key` identifies the rows as the table's key does, and lies sorted. So that keys are unique is seen from
    neighbours, and pandera is asked only when something is amiss. There is none where other checks see that.
    """
    return table.conform(frame, is_unique=key is None or not _has_equal_neighbours(key))


def _has_equal_neighbours(key: pl.DataFrame) -> bool:
    same = pl.all_horizontal(pl.all().eq_missing(pl.all().shift()))
    return bool(key.select(same.slice(1).any()).item())
