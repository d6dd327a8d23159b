"""Tables of text, where a Chinese character is two wide."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from flows.text_table import grouped, text_table, written


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1000"),
        (date(2021, 3, 5), "2021-03-05"),
        (datetime(2021, 3, 5, 1, 2, 3), "2021-03-05 01:02:03"),  # noqa: DTZ001 as the warehouse keeps it
    ],
)
def test_values_are_written_exactly(value: object, text: str) -> None:
    assert written(value) == text


def test_thousands_are_set_apart() -> None:
    assert grouped(Decimal("1234567.80")) == "1,234,567.80"


def test_text_stands_left_and_numbers_right() -> None:
    assert text_table(["名称", "元"], [["甲", Decimal("1.00")], ["ab", Decimal("10.00")]]) == (
        "名称     元\n"
        "────  ─────\n"
        "甲     1.00\n"
        "ab    10.00\n"
    )  # fmt: skip


def test_a_table_without_rows_has_its_titles() -> None:
    assert text_table(["a"], []) == "a\n─\n"
