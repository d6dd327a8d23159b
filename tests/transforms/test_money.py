"""The money engine against Python's exact decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.money import from_cents, product, round_half_up, to_cents
from transforms.policy import RATE

quantities = st.decimals(min_value="-100000", max_value="100000", places=2)
rates = st.decimals(min_value="-9999999", max_value="9999999", places=4)
factors = st.decimals(min_value="-3", max_value="3", places=4)


@given(st.lists(st.tuples(quantities, rates, factors), min_size=1, max_size=50))
def test_products_round_half_up_once(rows: list[tuple[Decimal, Decimal, Decimal]]) -> None:
    frame = pl.DataFrame(rows, schema=dict.fromkeys("qrf", RATE), orient="row")
    found = frame.select(product(pl.col("q"), pl.col("r"), pl.col("f"))).to_series()
    expected = [(q * r * f).quantize(Decimal("0.01"), ROUND_HALF_UP) for q, r, f in rows]
    assert found.to_list() == expected
    assert found.dtype == pl.Decimal(18, 2)


@pytest.mark.parametrize(
    ("numerator", "expected"),
    [(0, 0), (1, 0), (2, 1), (3, 1), (5, 1), (6, 2), (-1, 0), (-2, -1), (-5, -1), (-6, -2)],
)
def test_halves_go_away_from_zero(numerator: int, expected: int) -> None:
    frame = pl.DataFrame({"n": [numerator]}, schema={"n": pl.Int128})
    assert frame.select(round_half_up(pl.col("n"), 4)).item() == expected


def test_a_number_at_the_end_of_its_type_is_not_doubled_beyond_it() -> None:
    frame = pl.DataFrame({"n": [2**62, -(2**62)]}, schema={"n": pl.Int64})
    assert frame.select(round_half_up(pl.col("n"), 4)).to_series().to_list() == [2**60, -(2**60)]


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_cents_and_amounts_are_the_same_thing(cents: int) -> None:
    frame = pl.DataFrame({"c": [cents]}, schema={"c": pl.Int128}).select(amount=from_cents(pl.col("c")))
    assert frame.item() == Decimal(cents) / 100
    assert frame.select(to_cents(pl.col("amount"))).item() == cents


def test_a_missing_factor_gives_no_amount() -> None:
    frame = pl.DataFrame([(None, Decimal(1), Decimal(1))], schema=dict.fromkeys("qrf", RATE), orient="row")
    assert frame.select(product(pl.col("q"), pl.col("r"), pl.col("f"))).item() is None
