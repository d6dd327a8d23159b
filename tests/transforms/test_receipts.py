"""The printed arithmetic is worked out again from its text alone."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.receipts import recomputed


def _results(*texts: str) -> list[tuple[int | None, int | None]]:
    return recomputed(pl.Series(list(texts), dtype=pl.String)).rows()


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("60.00 ㎡ × 2,500 元/㎡ = 150,000.00 元", 15000000),
        ("40.00 ㎡ × 1.2 × 3,000 元/㎡ - 100.00 ㎡ × 3,000 元/㎡ = -156,000.00 元", -15600000),
        ("附属物评估：100.10 元 + 200.20 元 = 300.30 元", 30030),
        ("由被征收人支付：20.00 ㎡ × 3,000 元/㎡ × -1 = -60,000.00 元", -6000000),
        ("3.80 ㎡ × 3,000 元/㎡ × 0〔所选安置房较小，不退差价〕 = 0.00 元", 0),
        ("3 ㎡ × 0.335 元/㎡ = 1.01 元", 101),
        ("2 号楼：100.00 元 = 100.00 元", 10000),
        ("60.00 ㎡〔50 ㎡ + 10 ㎡〕 × 2 元/㎡ = 120.00 元〔应付 130.00 元〕", 12000),
        ("1 ㎡ × 2 × 3 × 4 × 0.05 元/㎡ = 1.20 元", 120),
    ],
)
def test_a_right_equation_gives_both_sides(text: str, cents: int) -> None:
    assert _results(text) == [(cents, cents)]


def test_both_sides_are_whole_numbers() -> None:
    found = recomputed(pl.Series(["3 ㎡ × 0.335 元/㎡ = 1.01 元"]))
    assert found.schema == {"result": pl.Int128(), "stated": pl.Int128()}


def test_each_text_has_a_result_of_its_own() -> None:
    assert _results("1 元 = 1.00 元", "没有算式", "2 元 = 3.00 元") == [(100, 100), (None, None), (200, 300)]


def test_a_text_that_is_given_often_has_its_result_each_time() -> None:
    texts = [f"{number * 37 % 50} 元 = 1.00 元" for number in range(200)]
    assert _results(*texts) == [(number * 37 % 50 * 100, 100) for number in range(200)]
    found = recomputed(pl.Series([None, "2 元 = 3.00 元", None, "没有算式", "2 元 = 3.00 元"]))
    assert found.rows() == [(None, None), (200, 300), (None, None), (None, None), (200, 300)]
    assert found.columns == ["result", "stated"]


def test_a_wrong_equation_shows() -> None:
    assert _results("60.00 ㎡ × 2,500 元/㎡ = 150,000.01 元") == [(15000000, 15000001)]


@pytest.mark.parametrize(
    "text", ["", "没有算式", "60.00 ㎡ × 面积 = 1.00 元", "1 × 1 × 1 × 1 × 1 × 2 = 1.00 元"]
)
def test_what_is_no_arithmetic_gives_nothing(text: str) -> None:
    assert _results(text)[0][0] is None


@given(
    st.decimals(min_value="0.01", max_value="99999", places=2),
    st.decimals(min_value="0.01", max_value="9999", places=2),
)
def test_products_agree_with_python(quantity: Decimal, rate: Decimal) -> None:
    cents = int((quantity * rate).quantize(Decimal("0.01"), ROUND_HALF_UP) * 100)
    assert _results(f"{quantity:,} ㎡ × {rate:,} 元/㎡ = 0.00 元") == [(cents, 0)]
