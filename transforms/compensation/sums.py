"""Sums over the many small groups that households and buildings are, which are numbered from 0 on."""

from __future__ import annotations

import numpy as np
import polars as pl


def sums_at(numbers: pl.Series, values: pl.Series, height: int) -> pl.Series:
    """For each of so many numbers the sum of the whole values that stand beside it, never null.

    Adding each value in its place takes a tenth of the time of grouping. Raises RuntimeError for nulls.
    """
    sums = np.zeros(height, dtype=np.int64)
    # what has nulls could only be copied, as floats
    np.add.at(sums, *(column.rechunk().to_numpy(allow_copy=False) for column in (numbers, values)))
    return pl.Series(sums)


def stands_in(numbers: pl.Series, height: int) -> pl.Series:
    """For each of so many numbers whether it stands among these."""
    is_among = np.zeros(height, dtype=np.bool_)
    is_among[numbers.to_numpy()] = True
    return pl.Series(is_among)
