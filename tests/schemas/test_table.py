"""A frame of a table is in order where pandera finds nothing, whoever looked at it."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

from schemas.table import Table, count, money, text


class Examples(Table, schema_name="examples", table="examples", key=("name", "number")):
    """One row per example."""

    name = text("名称", "名称")
    number = count("序号", "序号", required=False)
    amount = money("金额", "金额", required=True)
    status = text("状态", "状态", choices=("open", "done"))


ROWS = st.lists(
    st.tuples(
        st.sampled_from(("a", "b", None)),
        st.sampled_from((1, 2, 3, None)),
        st.sampled_from((*[Decimal("1.05")] * 9, None)),
        st.sampled_from((*["open", "done", None] * 4, "other")),
    ),
    max_size=5,
)
OTHERS = (
    pl.col("amount").cast(pl.Decimal(22, 4)),
    pl.col("amount").cast(pl.Float64),
    pl.col("number").cast(pl.Int32),
    pl.col("status").cast(pl.Categorical()),
)


def frame_of(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=Examples.frame_schema(), orient="row")


def is_in_order(frame: pl.DataFrame) -> bool:
    try:
        return Examples.conform(frame).equals(frame)
    except SchemaErrors:
        return False


def is_in_order_for_pandera(frame: pl.DataFrame) -> bool:
    try:
        Examples.schema().validate(frame, lazy=True)
    except SchemaErrors:
        return False
    return True


@given(ROWS)
def test_it_is_in_order_where_pandera_finds_nothing(rows: list[tuple[object, ...]]) -> None:
    frame = frame_of(rows)

    assert is_in_order(frame) == is_in_order_for_pandera(frame)


@pytest.mark.parametrize("other", OTHERS, ids=str)
@pytest.mark.parametrize("rows", [[], [("a", 1, Decimal("1.05"), "open")]], ids=["empty", "one row"])
def test_a_column_of_another_type_is_never_in_order(rows: list[tuple[object, ...]], other: pl.Expr) -> None:
    frame = frame_of(rows).with_columns(other)

    assert not is_in_order(frame)
    assert not is_in_order_for_pandera(frame)


def test_columns_are_put_in_order_and_others_left_out() -> None:
    frame = frame_of([("a", 1, Decimal("1.05"), "open")])
    shuffled = frame.select(*reversed(frame.columns), extra=pl.lit(1))

    assert Examples.conform(shuffled).equals(frame)
