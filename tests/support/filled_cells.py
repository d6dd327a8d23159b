"""A raw sheet as a test wants to state it."""

from __future__ import annotations

from flows.reading.positions import column_letters
from schemas.raw_sheet import BLANK, RawSheet


def filled_cells(sheet: RawSheet) -> dict[str, tuple[str, str | None]]:
    """Kind and text by reference (`C4`) of all cells that are not blank, in the order of rows."""
    return {
        f"{column_letters(column)}{row['row_number']}": (row[f"kind_{column}"], row[f"text_{column}"])
        for row in sheet.cells.iter_rows(named=True)
        for column in range(sheet.width)
        if row[f"kind_{column}"] != BLANK
    }
