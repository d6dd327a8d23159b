"""The sheet 问题清单 of an annotated copy: everything that was found, a row each."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill

from flows.workbooks.safe_text import AnyWorksheet, text_cell
from schemas.sheet import ERROR, WARNING
from schemas.sheets import FINDINGS_TITLE

ERROR_FILL = PatternFill("solid", start_color="FFFF8080", end_color="FFFF8080")
WARNING_FILL = PatternFill("solid", start_color="FFFFEB84", end_color="FFFFEB84")
FILLS = {ERROR: ERROR_FILL, WARNING: WARNING_FILL}
SEVERITY_NAMES = {ERROR: "错误", WARNING: "提醒"}
LISTED_HEADERS = ("工作表", "行号", "列", "表头", "值", "级别", "说明")
_WIDTHS = {"A": 16, "B": 8, "C": 6, "D": 18, "E": 26, "F": 8, "G": 80}
_HEADER_FONT = Font(bold=True, color="FFFFFFFF")
_HEADER_FILL = PatternFill("solid", start_color="FF1F3864", end_color="FF1F3864")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
MOST_LISTED = 1_048_574
"""Excel's 1 048 576 rows without the header and the row that says how many are left out."""


def add_findings_sheet(book: Workbook, findings: pl.DataFrame) -> None:
    """Put the list at the front of a workbook and show it first; it also may be a streamed workbook."""
    sheet = book.create_sheet(FINDINGS_TITLE, 0)
    sheet.freeze_panes = "A2"
    for letter, width in _WIDTHS.items():
        sheet.column_dimensions[letter].width = width
    listed = findings.head(MOST_LISTED)
    sheet.auto_filter.ref = f"A1:G{listed.height + 1}"
    sheet.append(_header_cells(sheet))
    for cells in _rows(sheet, listed):
        sheet.append(cells)
    left_out = findings.height - listed.height
    if left_out:
        sheet.append([text_cell(sheet, f"另有 {left_out} 条未列出，请先改正以上各条。")])


def _header_cells(sheet: AnyWorksheet) -> list[Cell]:
    cells = [text_cell(sheet, header) for header in LISTED_HEADERS]
    for cell in cells:
        cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
    return cells


def _rows(sheet: AnyWorksheet, findings: pl.DataFrame) -> Iterator[list[Cell]]:
    listed = findings.select(
        pl.col("sheet", "row_number", "column_letter", "header", "value", "severity", "message")
    )
    for title, row_number, letter, header, value, severity, message in listed.iter_rows():
        level = text_cell(sheet, SEVERITY_NAMES.get(severity, severity))
        level.fill = FILLS.get(severity, WARNING_FILL)
        explanation = text_cell(sheet, message or "")
        explanation.alignment = _WRAPPED
        yield [
            text_cell(sheet, title or ""),
            WriteOnlyCell(sheet, row_number),
            *(text_cell(sheet, text or "") for text in (letter, header, value)),
            level,
            explanation,
        ]
