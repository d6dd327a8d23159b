"""Where a cell is, as people write it, and how far a sheet may reach."""

from __future__ import annotations

import re

from flows.reading.limits import LAST_COLUMN, LAST_ROW, ReadingLimits
from flows.reading.unreadable import damaged, too_large

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")


def cell_position(reference: str) -> tuple[int, int]:
    """`C7` as row 7 and column 2.

    Raises:
        UnreadableWorkbook: no sheet has such a cell.
    """
    match = _REFERENCE.fullmatch(reference)
    column = -1
    for letter in match[1].upper() if match else "":
        column = (column + 1) * 26 + ord(letter) - ord("A")
    row = int(match[2]) if match else 0
    if not (0 < row <= LAST_ROW and 0 <= column < LAST_COLUMN):
        raise damaged("cell reference")
    return row, column


def column_letters(column: int) -> str:
    """2 as `C`."""
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return letters


def check_reach(sheet_name: str, last_row: int, column_count: int, limits: ReadingLimits) -> None:
    """Refuse a sheet whose far corner lies so far out that the cells before it can't be held.

    Raises:
        UnreadableWorkbook: it does.
    """
    if last_row * column_count > limits.cells:
        corner = f"{column_letters(column_count - 1)}{last_row}"
        raise too_large(f"工作表“{sheet_name}”的内容一直延伸到 {corner} 附近，超过可读取的范围。", "reach")
