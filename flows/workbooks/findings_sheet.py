"""The sheet 问题清单: everything that was found, a row each, before a copy's sheets or by itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from flows.workbooks.fixed_archive import FIXED_MOMENT
from flows.workbooks.safe_text import TEXT_FORMAT, spreadsheet_text, text_cell
from schemas.sheet import ERROR, WARNING
from schemas.sheets import FINDINGS_TITLE

_COLOURS = {ERROR: "#FF8080", WARNING: "#FFEB84"}
_HEADER_COLOUR, _HEADER_INK = "#1F3864", "#FFFFFF"


def _solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=_openpyxl_colour(colour), end_color=_openpyxl_colour(colour))


def _openpyxl_colour(colour: str) -> str:
    return colour.replace("#", "FF")


FILLS = {severity: _solid(colour) for severity, colour in _COLOURS.items()}
ERROR_FILL, WARNING_FILL = FILLS[ERROR], FILLS[WARNING]
SEVERITY_NAMES = {ERROR: "错误", WARNING: "提醒"}
LISTED_HEADERS = ("工作表", "行号", "列", "表头", "值", "级别", "说明")
_A4 = 9
_WIDTHS = (16, 8, 6, 18, 26, 8, 80)
_HEADER_FONT = Font(bold=True, color=_openpyxl_colour(_HEADER_INK))
_HEADER_FILL = _solid(_HEADER_COLOUR)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LEVEL_PLACE = LISTED_HEADERS.index("级别")
MOST_LISTED = 1_048_574
"""Excel's 1 048 576 rows without the header and the row that says how many are left out."""


def add_findings_sheet(book: Workbook, findings: pl.DataFrame) -> None:
    """Put the list at the front of a workbook."""
    sheet: Worksheet = book.create_sheet(FINDINGS_TITLE, 0)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)
    for place, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([text_cell(sheet, header) for header in LISTED_HEADERS])
    for cell in sheet[1]:
        cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
    for row, (severity, values) in enumerate(_rows(findings), start=2):
        sheet.append([value if isinstance(value, int) else text_cell(sheet, value or "") for value in values])
        sheet.cell(row, _LEVEL_PLACE + 1).fill = FILLS.get(severity, WARNING_FILL)
        sheet.cell(row, len(LISTED_HEADERS)).alignment = _WRAPPED
    sheet.auto_filter.ref = f"A1:G{min(findings.height, MOST_LISTED) + 1}"
    if left_out := _left_out(findings):
        sheet.append([text_cell(sheet, left_out)])


def write_findings_alone(findings: pl.DataFrame, target: Path) -> None:
    """Write a workbook that has only the list; row by row, for the largest uploads come to this."""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        book.set_properties({"created": FIXED_MOMENT})
        sheet = book.add_worksheet(FINDINGS_TITLE)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.autofilter(0, 0, min(findings.height, MOST_LISTED), len(LISTED_HEADERS) - 1)
        heading = book.add_format({"bold": True, "font_color": _HEADER_INK, "bg_color": _HEADER_COLOUR})
        text = book.add_format({"num_format": TEXT_FORMAT, "valign": "top"})
        levels = {
            name: book.add_format({"bg_color": colour, "valign": "top"}) for name, colour in _COLOURS.items()
        }
        for place, (header, width) in enumerate(zip(LISTED_HEADERS, _WIDTHS, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, header, heading)
        for row, (severity, values) in enumerate(_rows(findings), start=1):
            for place, value in enumerate(values):
                if isinstance(value, int):
                    sheet.write_number(row, place, value)
                elif value:
                    style = levels.get(severity) if place == _LEVEL_PLACE else text
                    sheet.write_string(row, place, spreadsheet_text(value), style)
        if left_out := _left_out(findings):
            sheet.write_string(MOST_LISTED + 1, 0, left_out)


def _rows(findings: pl.DataFrame) -> Iterator[tuple[str, Sequence[str | int | None]]]:
    """The severity, and what stands in each column of the list."""
    level = pl.col("severity").replace(SEVERITY_NAMES)
    name = pl.col("sheet")
    listed = findings.head(MOST_LISTED).select(
        "severity",
        pl.when(name.str.strip_chars() == name).then(name).otherwise("「" + name + "」").alias("sheet"),
        "row_number",
        "column_letter",
        "header",
        "value",
        level.alias("level"),
        "message",
    )
    return ((severity, values) for severity, *values in listed.iter_rows())


def _left_out(findings: pl.DataFrame) -> str:
    left_out = findings.height - MOST_LISTED
    return f"另有 {left_out} 条未列出，请先改正以上各条。" if left_out > 0 else ""
