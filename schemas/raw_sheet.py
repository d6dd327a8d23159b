"""A sheet as it stands in a workbook, before anything is understood of it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

BLANK, TEXT, NUMBER, BOOLEAN, DATE, ERROR_VALUE, UNCALCULATED, PERCENTAGE = (
    "blank",
    "text",
    "number",
    "boolean",
    "date",
    "error",
    "uncalculated",
    "percent",
)
CELL_KIND = pl.Enum([BLANK, TEXT, NUMBER, BOOLEAN, DATE, ERROR_VALUE, UNCALCULATED, PERCENTAGE])
"""What a cell is, apart from what it shows. A percent is a number in a cell with a percent format."""


@dataclass(frozen=True)
class Merge:
    """A merged range: first and last row as Excel shows them (from 1), first and last column from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True)
class RawSheet:
    """The cells of one sheet.

    `cells` has `row_number` (as Excel shows it, Int64) and for each column j of the sheet, from 0 = A,
    `text_j` (String, null when blank) and `kind_j` (`CELL_KIND`). Rows are in order; wholly empty rows
    may be left out. A number's text is plain decimal at the 15 digits that Excel shows, without exponent
    or trailing zeros (a percent's is the stored fraction, 0.5 for 50 %); a date's `2021-03-05`, with
    ` 14:30:00` behind it when it has a time; a boolean's `TRUE` or `FALSE`; an error's what Excel shows.
    """

    name: str
    cells: pl.DataFrame
    merges: tuple[Merge, ...] = ()
    is_hidden: bool = False

    @property
    def width(self) -> int:
        """How many columns the sheet has."""
        return (self.cells.width - 1) // 2
