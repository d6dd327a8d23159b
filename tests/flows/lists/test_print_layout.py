from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.lists import print_layout
from flows.lists.print_layout import CellStyle, PrintedBook, PrintedColumn, PrintedPage

PAGE = PrintedPage(
    sheet_name="表",
    title="标题",
    warning="",
    heading="",
    columns=(
        PrintedColumn("文字", "text", 10),
        PrintedColumn("金额", "amount", 10, CellStyle.AMOUNT),
    ),
)


def first_row(text: str | None, amount: str) -> tuple[object, object]:
    book = PrintedBook(date(2021, 6, 30))
    rows = {"text": [text], "amount": [Decimal(amount)]}
    book.add_page(PAGE).add_rows(pl.DataFrame(rows, schema={"text": pl.String, "amount": pl.Decimal(18, 2)}))
    sheet = openpyxl.load_workbook(io.BytesIO(book.content()))["表"]
    return sheet["A5"].value, sheet["B5"].value


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "https://example.org", "0012", "mailto:a@b.example"])
def test_text_is_written_as_text_whatever_it_begins_with(text: str) -> None:
    book = PrintedBook(date(2021, 6, 30))
    sheet = book.add_page(PAGE)
    sheet.add_rows(pl.DataFrame({"text": [text], "amount": [Decimal("1.00")]}))
    sheet.add_notes([text])
    read = openpyxl.load_workbook(io.BytesIO(book.content()))["表"]
    for place in ("A5", "A6"):
        assert read[place].value == text
        assert read[place].hyperlink is None
        assert read[place].data_type == "s"


def test_a_table_longer_than_a_sheet_is_refused_since_its_total_would_be_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(print_layout, "MOST_ROWS", 2)
    sheet = PrintedBook(date(2021, 6, 30)).add_page(PAGE)
    rows = pl.DataFrame({"text": ["一", "二", "三"], "amount": [Decimal("1.00")] * 3})
    sheet.add_rows(rows.head(2))
    with pytest.raises(print_layout.TableTooLongError, match=r"3 rows.*lower batch limit"):
        sheet.add_rows(rows)


def test_null_leaves_the_cell_empty() -> None:
    assert first_row(None, "1.00") == (None, 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1))
def test_an_amount_in_a_cell_is_the_amount_to_the_cent(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    assert Decimal(repr(first_row("", str(amount))[1])) == amount
