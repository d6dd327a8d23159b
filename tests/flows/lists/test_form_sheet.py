"""A form keeps text as text, numbers its parts, and makes rows as high as they need to be."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

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
