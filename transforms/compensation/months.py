"""Monthly lines: runs of equal months, and the months one by one."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.compensation_items import BUSINESS_STOPPAGE_OVERDUE
from transforms.compensation.calendar import day_in, month_number

_MONTH, _DAY = "first_month_number", "day_of_month"


def one_by_one(lines: pl.DataFrame) -> pl.DataFrame:
    """A line per month in place of each run of months, with `month`, its first day; null without a period.

    The months of a run follow each other in its place.
    """
    spread = spread_months(lines["months"])
    return (
        lines.with_columns(month_and_day())
        .select(pl.all().gather(spread["run"]))
        .with_columns(
            first_month=pl.col("first_month") + spread["later"],
            months=pl.lit(1, dtype=pl.UInt32),
            month=month_of(spread["later"]),
        )
        .drop(_MONTH, _DAY)
    )


def spread_months(months: pl.Series) -> pl.DataFrame:
    """A row per month of each run of so many: which `run` it is of, and how many months `later` it is."""
    runs = months.to_frame("months").with_row_index("run")
    later = pl.int_ranges(0, "months", dtype=pl.Int32)
    if (months > 1).any():
        return runs.select("run", later=later).explode("later", empty_as_null=True)
    return runs.select("run", later=pl.lit(0, dtype=pl.Int32))


def month_and_day() -> list[pl.Expr]:
    """The number of a run's first month, and the day of the month on which its months begin."""
    start = pl.col("months_from")
    return [(month_number(start) + pl.col("first_month")).alias(_MONTH), start.dt.day().alias(_DAY)]


def month_of(later: pl.Series | int) -> pl.Expr:
    """The first day of the month so many months after the first of its run (see `month_and_day`)."""
    return day_in(pl.col(_MONTH) + later, pl.col(_DAY))


def with_period(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with their `period` as it is printed: the month, or where months begin on any day the day."""
    first, last = lines["month"].min(), lines["month"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return lines.with_columns(period=pl.lit(value=None, dtype=pl.String))
    # each day is written once in either way, and looked up
    days = pl.date_range(first, last, eager=True)
    written = pl.concat([days.dt.strftime(form) for form in ("%Y-%m", "%Y-%m-%d")], rechunk=True)
    place = (pl.col("month") - first).dt.total_days()
    is_by_day = pl.col("item") == BUSINESS_STOPPAGE_OVERDUE.code
    by_day = pl.when(is_by_day).then(days.len()).otherwise(0)
    return lines.with_columns(period=pl.lit(written).gather(place + by_day))
