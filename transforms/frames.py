"""Frames one below the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import polars as pl


def stacked(
    frames: Iterable[pl.DataFrame], *, how: Literal["vertical", "vertical_relaxed", "diagonal"] = "vertical"
) -> pl.DataFrame:
    """The rows of all frames, in one chunk.

    Polars leaves each frame's rows in a chunk of their own. A filter may empty the first of them, and over
    such columns `concat_str` and `format` panic.
    """
    return pl.concat(frames, how=how).rechunk()
