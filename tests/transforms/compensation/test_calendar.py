"""Months later, against a calendar worked out by hand."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from transforms.compensation.calendar import months_after

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


def later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@given(st.lists(st.tuples(DAYS, st.integers(min_value=-600, max_value=600)), min_size=1))
def test_months_later_are_those_of_the_calendar(asked: list[tuple[date, int]]) -> None:
    rows = pl.DataFrame(asked, schema={"day": pl.Date, "months": pl.Int64}, orient="row")
    found = rows.select(months_after(pl.col("day"), pl.col("months"))).to_series()
    assert found.to_list() == [later(day, months) for day, months in asked]


def test_no_day_is_later_than_none() -> None:
    rows = pl.DataFrame(
        {"day": [None, date(2024, 1, 31)], "months": [1, 1]}, schema_overrides={"day": pl.Date}
    )
    found = rows.select(months_after(pl.col("day"), pl.col("months"))).to_series()
    assert found.to_list() == [None, date(2024, 2, 29)]
