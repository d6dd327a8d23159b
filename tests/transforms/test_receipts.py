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
    ],
)
def test_a_right_equation_gives_both_sides(text: str, cents: int) -> None:
    assert _results(text) == [(cents, cents)]


def test_a_wrong_equation_shows() -> None:
    assert _results("60.00 ㎡ × 2,500 元/㎡ = 150,000.01 元") == [(15000000, 15000001)]


@pytest.mark.parametrize(
    "text", ["", "没有算式", "60.00 ㎡ × 面积 = 1.00 元", "1 × 1 × 1 × 1 × 1 × 1 × 1 = 1.00 元"]
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
