"""Rows put into the finished workbook look to every reader as those that the writer takes cell by cell."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.lists import many_rows
from flows.lists.many_rows import can_be_put_in, lines_in_rows
from flows.lists.print_layout import CellStyle, PrintedBook, PrintedColumn, PrintedPage, lines_of

COLUMNS = (
    PrintedColumn("序号", "number", 5.5, CellStyle.COUNT),
    PrintedColumn("事由", "text", 11),
    PrintedColumn("算式", "basis", 44, CellStyle.CENTRED),
    PrintedColumn("金额", "amount", 15, CellStyle.AMOUNT),
)
SCHEMA: dict[str, Any] = {
    "number": pl.Int64,
    "text": pl.String,
    "basis": pl.String,
    "amount": pl.Decimal(18, 2),
}
TEXTS = st.none() | st.text(
    st.sampled_from("ab 甲，×㎡<>&\"'=@\n\u2028\u00a0_xé𠮷") | st.characters(exclude_categories=["Cs", "Cc"]),
    max_size=30,
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 10**9), TEXTS, TEXTS, st.decimals("-1e9", "1e9", places=2) | st.none()
    ),
    min_size=2,
    max_size=6,
)
Cells = list[list[tuple[Any, ...]]]


def read(first: pl.DataFrame, second: pl.DataFrame) -> Cells:
    """Every cell of a workbook of two tables, with its look and its row's height."""
    book = PrintedBook(date(2021, 6, 30))
    for name, rows in (("一", first), ("二", second)):
        sheet = book.add_page(PrintedPage(name, "标题", "", "", COLUMNS))
        sheet.add_rows(rows)
        sheet.add_total(Decimal("1.00"), "amount")
        sheet.add_notes(["说明"])
    opened = openpyxl.load_workbook(io.BytesIO(book.content()))
    return [
        [
            (cell.value, cell.number_format, cell.border.left.style, cell.alignment.horizontal, height)
            for cell in row
        ]
        for sheet in opened.worksheets
        for number, row in enumerate(sheet.iter_rows(), 1)
        for height in [sheet.row_dimensions[number].height]
    ]


def frame(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@settings(max_examples=60, deadline=None)
@given(ROWS, ROWS)
def test_rows_put_in_are_those_written_cell_by_cell(
    first: list[tuple[Any, ...]], second: list[tuple[Any, ...]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        one_by_one = read(frame(first), frame(second))
        patch.setattr(many_rows, "MANY", 2)
        patch.setattr(many_rows, "_ROWS_AT_ONCE", 2)
        assert read(frame(first), frame(second)) == one_by_one


@settings(max_examples=200, deadline=None)
@given(TEXTS.filter(lambda text: text is not None), st.floats(3, 60))
def test_lines_are_counted_as_for_a_single_cell(text: str, room: float) -> None:
    counted = lines_in_rows(pl.DataFrame({"text": [text]}), {"text": room})
    assert counted.to_list() == [lines_of(text, room)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("text", "a\x0bb"),
        ("text", "_x000A_"),
        ("text", "长" * 6000),
        ("amount", Decimal("1000000000000.00")),
        ("number", 10**12),
    ],
)
def test_what_needs_care_is_left_to_the_writer(
    column: str, value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_rows, "MANY", 1)
    usual = {"number": 1, "text": "甲", "basis": "乙", "amount": Decimal("1.00")}
    assert can_be_put_in(frame([tuple(usual.values())]))
    assert not can_be_put_in(frame([tuple((usual | {column: value}).values())]))


def test_every_character_is_as_wide_as_in_a_single_cell() -> None:
    letters = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    shown = [letter for letter in letters if letter.splitlines() == [letter]]
    wide = [unicodedata.east_asian_width(letter) in "WF" for letter in shown]
    counted = lines_in_rows(pl.DataFrame({"text": shown}), {"text": 2})
    assert (counted == 2).to_list() == wide


def test_white_space_at_the_ends_of_texts_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_rows, "MANY", 2)
    book = PrintedBook(date(2021, 6, 30))
    texts = [(1, "甲", "乙", Decimal("1.00")), (2, "甲 丙", "乙 ", Decimal("100.00"))]
    book.add_page(PrintedPage("一", "标题", "", "", COLUMNS)).add_rows(frame(texts))
    with zipfile.ZipFile(io.BytesIO(book.content())) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<is><t>甲 丙</t></is>" in sheet
    assert '<is><t xml:space="preserve">乙 </t></is>' in sheet
    assert "<v>100</v>" in sheet


def test_few_rows_are_left_to_the_writer() -> None:
    assert not can_be_put_in(frame([(1, "甲", "乙", Decimal("1.00"))]))
