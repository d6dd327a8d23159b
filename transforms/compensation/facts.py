"""What all rules start from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from transforms.frames import stacked


@dataclass(frozen=True)
class Facts:
    """Recognised cases, decisions on surveyed households, and the survey of those that have several rows."""

    cases: pl.DataFrame
    decisions: pl.DataFrame
    survey: pl.DataFrame

    def map(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Facts:
        """The facts with each of the frames changed."""
        return Facts(change(self.cases), change(self.decisions), change(self.survey))

    @staticmethod
    def stacked(parts: Sequence[Facts]) -> Facts:
        """The facts of all parts."""
        if len(parts) == 1:
            return parts[0]
        return Facts(
            stacked(part.cases for part in parts),
            stacked(part.decisions for part in parts),
            stacked(part.survey for part in parts),
        )
