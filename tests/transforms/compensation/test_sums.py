"""Sums of small groups are those of grouping."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.compensation.sums import sums_by

LARGE = 2**62


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-LARGE, LARGE)), max_size=40))
def test_each_group_has_its_own_sum(rows: list[tuple[int, int]]) -> None:
    # what is summed up on the way may be more than a number holds, and is taken off again
    values = pl.DataFrame(rows, schema={"home": pl.UInt32, "cents": pl.Int64}, orient="row")
    found = sums_by(values.lazy(), "home", total=pl.col("cents")).collect()
    expected = values.group_by("home").agg(total=pl.col("cents").sum()).sort("home")
    assert found.rows() == expected.rows()
