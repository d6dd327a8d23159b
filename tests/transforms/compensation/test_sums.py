"""Sums of small groups are those of grouping."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.compensation.sums import stands_in, sums_at

LARGE = 2**57
GROUPS = 6


@given(st.lists(st.tuples(st.integers(0, GROUPS - 1), st.integers(-LARGE, LARGE)), max_size=40))
def test_each_group_has_its_own_sum(rows: list[tuple[int, int]]) -> None:
    values = pl.DataFrame(rows, schema={"home": pl.UInt32, "cents": pl.Int64}, orient="row")
    sums = sums_at(values["home"], values["cents"], GROUPS)
    assert sums.dtype == pl.Int64
    assert sums.to_list() == [sum(cents for home, cents in rows if home == group) for group in range(GROUPS)]
    assert stands_in(values["home"], GROUPS).to_list() == [
        group in values["home"].to_list() for group in range(GROUPS)
    ]


def test_what_is_unknown_is_not_summed_up() -> None:
    numbers, values = pl.Series([0, 1], dtype=pl.UInt32), pl.Series([100, None], dtype=pl.Int64)
    with pytest.raises(RuntimeError):
        sums_at(numbers, values, 2)
