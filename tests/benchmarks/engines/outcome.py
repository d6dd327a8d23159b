"""What each engine is asked for: line items and household totals from validated records of a clean town."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import polars as pl

Records = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Outcome:
    """How many line items there are, and `household_id`, `owed`, `estimated` in 分 of each household."""

    lines: int
    totals: pl.DataFrame


class Engine(Protocol):
    """A way to compute the plan. Only `compute` is timed."""

    def prepare(self, records: Records) -> Any:  # noqa: ANN401 each engine has a form of its own
        """The records in the form that the engine takes them in."""

    def compute(self, prepared: Any) -> Any:  # noqa: ANN401
        """Line items and totals, in the engine's own form."""

    def outcome(self, computed: Any) -> Outcome:  # noqa: ANN401
        """The same, to be compared."""


def in_order(totals: pl.DataFrame) -> pl.DataFrame:
    """The totals as they are compared."""
    return totals.select(
        pl.col("household_id").cast(pl.String), pl.col("owed", "estimated").fill_null(0).cast(pl.Float64)
    ).sort("household_id")
