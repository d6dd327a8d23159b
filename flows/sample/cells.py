"""Cells that are something else than their column is meant to hold, and the rows made of values and cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class NumericCell:
    """A number typed where the column holds text, or a date as year and month."""

    value: float


@dataclass(frozen=True)
class TextCell:
    """Text exactly as typed, whatever the column holds."""

    text: str


@dataclass(frozen=True)
class BooleanCell:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True)
class PercentCell:
    """A fraction in a cell with a percent format: 0.5 shows as 50%."""

    fraction: float


@dataclass(frozen=True)
class FormulaCell:
    """A formula with the result stored beside it; an empty result was never calculated."""

    formula: str
    result: str | float


Cell = NumericCell | TextCell | BooleanCell | PercentCell | FormulaCell
Value = str | bool | int | Decimal | date | Cell
Record = dict[str, Value | None]
"""One row by field name; a field that is missing or None is an empty cell."""
