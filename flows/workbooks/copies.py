"""The workbook that findings are marked in: the clerk's own, or one of the same cells."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import polars as pl
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ERROR_CODES, MergedCell
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from flows.workbooks.fixed_archive import FIXED_MOMENT
from flows.workbooks.marks import LAST_COLUMN, LAST_ROW, remove_earlier_marks
from flows.workbooks.safe_text import make_text, spreadsheet_text
from schemas.raw_sheet import BOOLEAN, DATE, ERROR_VALUE, NUMBER, PERCENTAGE, Merge, RawSheet
from schemas.sheets import FINDINGS_TITLE

LARGEST_UNPACKED_BYTES = 256 * 1024**2
MOST_RANGE_CELLS = 1_000_000
"""Merged ranges and ranges with a link are made cell by cell when a workbook is opened."""
LONGEST_SHEET_NAME = 31
_ROOM_FOR_NUMBER = 3
"""Names that are the same when cut get a number behind them."""
EARLIEST_YEAR = 1900
"""Excel's first; earlier dates are text."""
_RANGE = re.compile(rb'<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref="([A-Z]+\d+:[A-Z]+\d+)"')
_REFUSED_IN_SHEET_NAMES = re.compile(r"[\\*?:/\[\]]")


class NotCopiedError(ValueError):
    """The workbook is not copied: it is no .xlsx or .xlsm, or opening it would take too much."""


def clerks_workbook(content: bytes) -> tuple[Workbook, dict[str, Worksheet]]:
    """The clerk's own workbook without what an earlier round added, and its worksheets by name.

    Macros are left behind. Raises NotCopiedError, or whatever a damaged workbook makes openpyxl raise.
    """
    _check_size(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what openpyxl leaves out
        book = load_workbook(BytesIO(content))
    for name in book.sheetnames:
        if name.strip() == FINDINGS_TITLE:
            book.remove(book[name])
    for sheet in book.worksheets:
        remove_earlier_marks(sheet)
    if book.calculation is not None:
        book.calculation.fullCalcOnLoad = True  # the values of formulas are not copied
    return book, {sheet.title: sheet for sheet in book.worksheets}


def _check_size(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES:
            raise NotCopiedError(f"larger than {LARGEST_UNPACKED_BYTES} bytes when unpacked")
        if "[Content_Types].xml" not in archive.namelist():
            raise NotCopiedError("no workbook of the kind .xlsx")
        cells = sum(
            _cells_in(reference.decode())
            for part in parts
            if part.filename.startswith("xl/worksheets/")
            for reference in _RANGE.findall(archive.read(part))
        )
    if cells > MOST_RANGE_CELLS:
        raise NotCopiedError(f"merged and linked ranges of {cells} cells, more than {MOST_RANGE_CELLS}")


def _cells_in(reference: str) -> int:
    first_column, first_row, last_column, last_row = range_boundaries(reference)
    return (int(last_row or 0) - int(first_row or 0) + 1) * (
        int(last_column or 0) - int(first_column or 0) + 1
    )


def rebuilt_workbook(sheets: Sequence[RawSheet]) -> tuple[Workbook, dict[str, Worksheet]]:
    """A workbook of the same cells, without formats, and its worksheets by the name they had."""
    book = Workbook()
    book.properties.created = FIXED_MOMENT
    for first in book.worksheets:
        book.remove(first)
    made = {}
    for raw in sheets:
        if raw.name.strip() == FINDINGS_TITLE:
            continue
        sheet = book.create_sheet(_sheet_name(raw.name))
        made[raw.name] = sheet
        if raw.is_hidden:
            sheet.sheet_state = "hidden"
        _fill(sheet, raw)
    return book, made


def _sheet_name(name: str) -> str:
    allowed = _REFUSED_IN_SHEET_NAMES.sub("_", spreadsheet_text(name)).strip("'")
    if len(allowed) > LONGEST_SHEET_NAME:
        return allowed[: LONGEST_SHEET_NAME - _ROOM_FOR_NUMBER]
    return allowed or "_"


def _fill(sheet: Worksheet, raw: RawSheet) -> None:
    for row, column, text, kind in _cells(raw):
        cell = sheet.cell(row, column)
        if isinstance(cell, MergedCell):
            continue
        value = _value(text, kind)
        if isinstance(value, str):
            make_text(cell, value)
        else:
            cell.value = value
        if kind == ERROR_VALUE and text in ERROR_CODES:
            cell.data_type = "e"
        if kind == PERCENTAGE:
            cell.number_format = "0.##%"
    _merge(sheet, raw.merges)


def _merge(sheet: Worksheet, merges: Sequence[Merge]) -> None:
    cells_left = MOST_RANGE_CELLS
    for merge in merges:
        cells_left -= (merge.last_row - merge.first_row + 1) * (merge.last_column - merge.first_column + 1)
        if cells_left < 0:
            return
        sheet.merge_cells(
            start_row=merge.first_row,
            end_row=merge.last_row,
            start_column=merge.first_column + 1,
            end_column=merge.last_column + 1,
        )


def _cells(raw: RawSheet) -> Iterator[tuple[int, int, str, str]]:
    for place in range(min(raw.width, LAST_COLUMN)):
        cells = raw.cells.select("row_number", f"text_{place}", f"kind_{place}").filter(
            pl.col(f"text_{place}").is_not_null() & pl.col("row_number").is_between(1, LAST_ROW)
        )
        for row, text, kind in cells.iter_rows():
            yield row, place + 1, text, kind


def _value(text: str, kind: str) -> str | float | bool | date:
    """What a cell held; text where it can't be read back as what it was."""
    if kind == BOOLEAN:
        return text == "TRUE"
    try:
        if kind in (NUMBER, PERCENTAGE):
            return int(text) if text.isdigit() else float(text)
        if kind == DATE and (moment := datetime.fromisoformat(text)).year >= EARLIEST_YEAR:
            return moment if ":" in text else moment.date()
    except ValueError:
        return text
    return text
