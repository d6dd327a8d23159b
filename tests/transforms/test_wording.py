"""Numbers as a resident reads them."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms import wording


def _one(value: str, expression: pl.Expr) -> str:
    frame = pl.DataFrame({"v": [Decimal(value)]}, schema={"v": pl.Decimal(22, 4)})
    return str(frame.select(expression).item())


def test_amounts_areas_and_plain_numbers() -> None:
    value = pl.col("v")
    assert _one("1234567.8", wording.money(value)) == "1,234,567.80 元"
    assert _one("0", wording.money(value)) == "0.00 元"
    assert _one("-1000", wording.money(value)) == "-1,000.00 元"
    assert _one("-123456.1", wording.plain(value)) == "-123,456.1"
    assert _one("999.999", wording.area(value)) == "999.999 ㎡"
    assert _one("60", wording.area(value)) == "60.00 ㎡"


@given(st.decimals(min_value="-99999999999999", max_value="99999999999999", places=2))
def test_the_grouping_is_that_of_python(value: Decimal) -> None:
    shown = _one(str(value), wording.number(pl.col("v"), least=2, most=2))
    assert shown == f"{value or abs(value):,.2f}"
