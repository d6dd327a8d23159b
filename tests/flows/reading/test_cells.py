from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.reading import cells
from flows.reading.cells import NEVER_CALCULATED, CellValue, ErrorText, Percentage, number_text, sheet_cells
from schemas.raw_sheet import CELL_KIND


def kind_and_text(value: CellValue) -> tuple[str, str | None]:
    row = sheet_cells([(1, ["标题", value])], width=2).row(0, named=True)
    return row["kind_1"], row["text_1"]


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("文字", "text", "文字"),
        ("  ", "text", "  "),
        ("", "blank", None),
        (None, "blank", None),
        (56.3, "number", "56.3"),
        (7, "number", "7"),
        (True, "boolean", "TRUE"),
        (False, "boolean", "FALSE"),
        (date(2021, 3, 5), "date", "2021-03-05"),
        (datetime.fromisoformat("2021-03-05 14:30"), "date", "2021-03-05 14:30:00"),
        (datetime.fromisoformat("2021-03-05"), "date", "2021-03-05"),
        (time(14, 30), "text", "14:30:00"),
        (timedelta(hours=30, seconds=5), "text", "30:00:05"),
        (timedelta(minutes=-90), "text", "-01:30:00"),
        (Percentage(0.5), "percent", "0.5"),
        (ErrorText("#REF!"), "error", "#REF!"),
        (NEVER_CALCULATED, "uncalculated", None),
        (math.nan, "error", "#NUM!"),
        (-math.inf, "error", "#NUM!"),
    ],
)
def test_each_type_of_value_has_its_kind_and_text(value: CellValue, kind: str, text: str | None) -> None:
    assert kind_and_text(value) == (kind, text)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5.0, "5"),
        (-0.0, "0"),
        (56.300000000000004, "56.3"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (-1.5e-9, "-0.0000000015"),
        (152202198001011234.0, "152202198001011000"),
        (1e15, "1000000000000000"),
        (123456789012345.0, "123456789012345"),
        (1e22, "10000000000000000000000"),
        (99999999999999.95, "100000000000000"),
        (100.0, "100"),
    ],
)
def test_a_number_shows_fifteen_digits_and_no_exponent(number: float, text: str) -> None:
    assert number_text(pl.Series([None, number])).to_list() == [None, text]


@given(st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), max_size=20))
def test_every_number_is_its_value_rounded_to_fifteen_digits(numbers: list[float | None]) -> None:
    shown = number_text(pl.Series(numbers, dtype=pl.Float64)).to_list()

    assert [None if text is None else Decimal(text) for text in shown] == [
        None if number is None else Decimal(f"{number:.15g}") for number in numbers
    ]
    assert not any("e" in text.lower() for text in shown if text is not None)


def test_not_a_number_beside_numbers_leaves_them_alone() -> None:
    frame = sheet_cells([(1, [1.5]), (2, [math.nan]), (3, [2.0]), (4, ["x"])], width=1)

    assert frame["text_0"].to_list() == ["1.5", "#NUM!", "2", "x"]
    assert frame["kind_0"].to_list() == ["number", "error", "number", "text"]


def test_rows_keep_their_numbers_and_blank_rows_are_left_out() -> None:
    frame = sheet_cells([(3, ["甲"]), (4, [None, ""]), (9, ["乙", 1.0, None])], width=4)

    assert frame["row_number"].to_list() == [3, 9]
    assert frame.schema == {
        "row_number": pl.Int64,
        **{
            f"{name}_{i}": kind for i in range(4) for name, kind in (("text", pl.String), ("kind", CELL_KIND))
        },
    }
    assert frame["text_1"].to_list() == [None, "1"]


def test_no_rows_make_an_empty_frame_of_the_width() -> None:
    assert sheet_cells([], width=2).columns == ["row_number", "text_0", "kind_0", "text_1", "kind_1"]
    assert sheet_cells([], width=0).shape == (0, 1)


def test_rows_are_the_same_however_many_are_taken_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: list[tuple[int, list[CellValue]]] = [(i, [float(i), "x" if i % 3 else None]) for i in range(1, 101)]
    at_once = sheet_cells(rows, width=2)
    monkeypatch.setattr(cells, "CELLS_AT_A_TIME", 1)

    assert sheet_cells(rows, width=2).equals(at_once)
