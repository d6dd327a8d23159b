"""The blank workbooks that clerks fill in, written from the sheet classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.workbooks.instructions import VOID_COLUMN, write_instructions
from flows.workbooks.validations import validation_of
from schemas.columns import Column, Kind
from schemas.housing import HOUSING_SHEETS
from schemas.investment import INVESTMENT_SHEETS
from schemas.sheet import Sheet

TEMPLATES: dict[str, Sequence[type[Sheet]]] = {
    "房屋征收数据模板": HOUSING_SHEETS,
    "招商引资数据模板": INVESTMENT_SHEETS,
}
GUIDED_ROWS = 2000
"""How many rows below the header have drop-downs, limits and messages."""
EXAMPLE_NOTE = "示例，填报前请删除"
_HEADER_ROW, _EXAMPLE_ROW = 0, 1
_ROW_HEIGHT, _HEADER_HEIGHT = 18, 26
_NOTE_SIZE = {"x_scale": 1.2, "y_scale": 0.4}
_FIRST_WIDE_LETTER = "\u2e80"
"""Chinese letters and full-width signs, which take two places, come from here on."""
_A4 = 9
_CREATED = datetime(2021, 1, 7, tzinfo=UTC)
"""Fixed, so that the same classes give the same bytes."""
_TEXT_KINDS = frozenset(
    {Kind.IDENTIFIER, Kind.TEXT, Kind.NAME, Kind.ID_NUMBER, Kind.CREDIT_CODE, Kind.ACCOUNT}
)
_EXAMPLE_STYLE = {"italic": True, "font_color": "#808080"}
_HEADER_STYLE = {"bold": True, "border": 1, "align": "center", "valign": "vcenter"}
_REQUIRED_STYLE = _HEADER_STYLE | {"font_color": "#FFFFFF", "bg_color": "#C00000"}
_OPTIONAL_STYLE = _HEADER_STYLE | {"font_color": "#1F3864", "bg_color": "#DDEBF7"}


def write_templates(out: Path) -> list[Path]:
    """Write the two blank workbooks into a folder, which is made when missing; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    return [_write_template(out / f"{title}.xlsx", title, sheets) for title, sheets in TEMPLATES.items()]


def _write_template(path: Path, title: str, sheets: Sequence[type[Sheet]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": title, "created": _CREATED.replace(tzinfo=None)})
        write_instructions(book, title, sheets)
        for sheet in sheets:
            _write_sheet(book, sheet)
    return path


def _write_sheet(book: xlsxwriter.Workbook, sheet: type[Sheet]) -> None:
    page = book.add_worksheet(sheet.title)
    required, optional = book.add_format(_REQUIRED_STYLE), book.add_format(_OPTIONAL_STYLE)
    for place, column in enumerate((*sheet.columns.values(), VOID_COLUMN)):
        style = {"num_format": number_format(column)}
        page.set_column(place, place, _width(column), book.add_format(style))
        page.write_string(_HEADER_ROW, place, column.header, required if column.required else optional)
        if column.unit:
            page.write_comment(_HEADER_ROW, place, f"单位：{column.unit}", _NOTE_SIZE)
        page.data_validation(_EXAMPLE_ROW, place, GUIDED_ROWS, place, validation_of(column))
        _write_example(page, place, column, book.add_format(style | _EXAMPLE_STYLE))
    page.write_comment(_EXAMPLE_ROW, 0, EXAMPLE_NOTE, _NOTE_SIZE)
    page.set_default_row(_ROW_HEIGHT)
    page.set_row(_HEADER_ROW, _HEADER_HEIGHT)
    page.freeze_panes(_HEADER_ROW + 1, 0)
    _set_up_print(page, sheet)


def number_format(column: Column) -> str:
    """The number format of a column's cells."""
    if column.kind in _TEXT_KINDS:
        return "@"
    if column.kind is Kind.DECIMAL:
        return "#,##0." + "0" * column.scale
    return {Kind.INTEGER: "0", Kind.DATE: "yyyy-mm-dd"}.get(column.kind, "General")


def _width(column: Column) -> float:
    """Wide enough for header and example, where a Chinese character takes two."""
    longest = max(sum(2 if letter >= _FIRST_WIDE_LETTER else 1 for letter in text) for text in _shown(column))
    return min(max(longest + 4, 11), 40)


def _shown(column: Column) -> tuple[str, ...]:
    return (column.header, column.example, *column.choices)


def _write_example(page: Worksheet, place: int, column: Column, style: Format) -> None:
    text = column.example
    if not text:
        page.write_blank(_EXAMPLE_ROW, place, None, style)
    elif column.kind in (Kind.DECIMAL, Kind.INTEGER):
        page.write_number(_EXAMPLE_ROW, place, Decimal(text), style)
    elif column.kind is Kind.DATE:
        page.write_datetime(_EXAMPLE_ROW, place, date.fromisoformat(text), style)
    else:
        page.write_string(_EXAMPLE_ROW, place, text, style)


def _set_up_print(page: Worksheet, sheet: type[Sheet]) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_HEADER_ROW)
    page.set_header(f"&C&14{sheet.title}")
    page.set_footer("&C第 &P 页，共 &N 页")
