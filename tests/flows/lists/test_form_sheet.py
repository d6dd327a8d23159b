"""A form keeps text as text, numbers its parts, and makes rows as high as they need to be."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from flows.lists import form_sheet
from flows.lists.form_rows import can_be_put_in
from flows.lists.form_sheet import Block, Cell, FormSheet
from flows.lists.print_layout import CellStyle, PrintedBook

BLOCKS = (Block("名称", "name", 0, 1), Block("金额", "amount", 2, 2, CellStyle.AMOUNT))
ROWS = pl.DataFrame({"name": ["甲" * 30, None], "amount": [Decimal("1.50"), Decimal("-2.00")]})


def drawn(*, rows: int = 0, text: str = "文字") -> Worksheet:
    book = PrintedBook(date(2024, 6, 30))
    sheet = FormSheet(book, "表", (10, 10, 12))
    sheet.add_text(text, "title")
    sheet.add_table("无", BLOCKS, ROWS.clear())
    sheet.add_table("甲表", BLOCKS, ROWS)
    sheet.add_heading("乙")
    sheet.add_cells([Cell(text, 0, 2, "total")])
    for _ in range(rows):
        sheet.add_text(text)
    sheet.set_up_print(foot_left="左", foot_right="右")
    found: Worksheet = openpyxl.load_workbook(io.BytesIO(book.content()))["表"]
    return found


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "https://example.org", "0012"])
def test_text_is_written_as_text_whatever_it_begins_with(text: str) -> None:
    sheet = drawn(text=text)
    for place in ("A1", "A7"):
        assert (sheet[place].value, sheet[place].data_type) == (text, "s")
        assert sheet[place].hyperlink is None


def test_parts_are_numbered_and_a_table_without_rows_is_none() -> None:
    sheet = drawn()
    assert [sheet[f"A{row}"].value for row in range(1, 6)] == ["文字", "一、甲表", "名称", "甲" * 30, None]
    assert sheet["A6"].value == "二、乙"


def test_a_table_stands_on_the_columns_of_the_grid_and_amounts_are_numbers() -> None:
    sheet = drawn()
    assert {str(merged) for merged in sheet.merged_cells.ranges} >= {"A3:B3", "A4:B4", "A1:C1"}
    assert (sheet["C4"].value, sheet["C5"].value) == (1.5, -2)


def test_a_row_is_as_high_as_its_longest_text() -> None:
    sheet = drawn()
    heights = [round(sheet.row_dimensions[row].height or 0) for row in (4, 5)]
    assert heights == [4 * 16, 16]


@pytest.mark.parametrize(("rows", "height"), [(60, 1), (90, 0)])
def test_it_is_one_page_of_a4_while_it_can_be_read_and_always_one_page_wide(rows: int, height: int) -> None:
    sheet = drawn(rows=rows)
    page = sheet.page_setup
    assert (page.paperSize, page.orientation) == (9, "portrait")
    assert (page.fitToWidth or 1, 1 if page.fitToHeight is None else page.fitToHeight) == (1, height)
    assert sheet.print_title_rows == "$1:$2"


TEXTS = (Block("甲", "a", 0, 0), Block("乙", "b", 1, 2, CellStyle.CENTRED))
LONG = pl.DataFrame(
    {
        "a": ["头", "=1+1", " <&> ", None, "", "一" * 30, "二\n三", "尾"],
        "b": ["头", "一" * 400, None, "x", "", "短", "y" * 50, "尾"],
    }
)


def of_long_table(rows: pl.DataFrame) -> Worksheet:
    book = PrintedBook(date(2024, 6, 30))
    sheet = FormSheet(book, "表", (10, 10, 12))
    sheet.add_text("文字", "title")
    for _ in range(2):
        sheet.add_table("甲表", TEXTS, rows)
    sheet.add_text("末")
    sheet.set_up_print(foot_left="左", foot_right="右")
    found: Worksheet = openpyxl.load_workbook(io.BytesIO(book.content()))["表"]
    return found


def as_seen(sheet: Worksheet) -> dict[str, object]:
    cells = [cell for row in sheet.iter_rows() for cell in row]
    return {
        "values": [(cell.coordinate, cell.value, cell.data_type) for cell in cells],
        "styles": [(cell.font.b, cell.alignment.horizontal, cell.border.left.style) for cell in cells],
        "merged": sorted(str(merged) for merged in sheet.merged_cells.ranges),
        "heights": {row: size.height for row, size in sheet.row_dimensions.items()},
        "size": (sheet.dimensions, sheet.page_setup.fitToHeight),
    }


@pytest.mark.parametrize("rows", [*range(9), 40])
def test_rows_put_in_as_text_are_as_the_writer_would_have_written_them(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pl.concat([LONG] * 5, rechunk=True).head(rows)
    put_in = as_seen(of_long_table(table))
    monkeypatch.setattr(form_sheet, "can_be_put_in", lambda _: False)
    assert put_in == as_seen(of_long_table(table))


@pytest.mark.parametrize("odd", ["a\x07b", "_x000D_", "长" * 17_000, 1])
def test_what_needs_care_is_left_to_the_writer(odd: object) -> None:
    assert can_be_put_in([("a", None)] * 3)
    assert not can_be_put_in([("a", None)] * 2)
    assert not can_be_put_in([("a", None), ("b", odd), ("c", None)])


def test_a_table_with_a_gap_between_its_columns_is_left_to_the_writer() -> None:
    book = PrintedBook(date(2024, 6, 30))
    sheet = FormSheet(book, "表", (10, 10, 12))
    sheet.add_text("文字", "title")
    sheet.add_table("甲表", (Block("甲", "a", 0, 0), Block("乙", "b", 2, 2)), LONG.head(5))
    found = openpyxl.load_workbook(io.BytesIO(book.content()))["表"]
    assert [cell.value for cell in found["C"][3:8]] == LONG["b"].head(5).replace("", None).to_list()
