"""Text from outside as a spreadsheet can hold it: never a formula, never a character that XML refuses."""

from __future__ import annotations

import re

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

LONGEST_CELL_TEXT = 32_767
"""In UTF-16 units, as Excel counts: a character beyond the first plane is two."""
_BYTES_PER_UNIT = 2
_REFUSED_BY_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TEXT_FORMAT = "@"


def spreadsheet_text(text: str, longest: int = LONGEST_CELL_TEXT) -> str:
    """The text without the characters that a workbook can't hold, cut to the length that a cell can."""
    kept = _REFUSED_BY_XML.sub("", text)
    encoded = kept.encode("utf-16-le")
    if len(encoded) <= longest * _BYTES_PER_UNIT:
        return kept
    return encoded[: longest * _BYTES_PER_UNIT].decode("utf-16-le", "ignore")


def make_text(cell: Cell, text: str) -> None:
    """Put text into a cell as text, whatever it begins with; it stays text when it is edited."""
    cell.value = spreadsheet_text(text)
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT


def text_cell(sheet: Worksheet, text: str) -> Cell:
    """A new cell with the text, to be appended to a sheet."""
    cell = WriteOnlyCell(sheet)
    make_text(cell, text)
    return cell
