"""Monthly lines: runs of equal months, and the months one by one."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.compensation_items import BUSINESS_STOPPAGE_OVERDUE
from transforms.compensation.calendar import months_after


def one_by_one(lines: pl.DataFrame) -> pl.DataFrame:
    """A line per month in place of each run of months, with `month`, its first day; null without a period.

    The months of a run follow each other in its place.
    """
    if (lines["months"] > 1).any():
        spread = lines.select(
            place=pl.int_range(pl.len(), dtype=pl.UInt32), later=pl.int_ranges(0, "months", dtype=pl.Int32)
        ).explode("later", empty_as_null=True)
        lines = lines.select(pl.all().gather(spread["place"])).with_columns(
            first_month=pl.col("first_month") + spread["later"], months=pl.lit(1, dtype=pl.UInt32)
        )
    return lines.with_columns(month=months_after(pl.col("months_from"), pl.col("first_month").cast(pl.Int64)))


def with_period(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with their `period` as it is printed: the month, or where months begin on any day the day."""
    first, last = lines["month"].min(), lines["month"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return lines.with_columns(period=pl.lit(value=None, dtype=pl.String))
    # each day is written once, and looked up
    days = pl.date_range(first, last, eager=True)
    place = (pl.col("month") - first).dt.total_days()
    by_day, by_month = (pl.lit(days.dt.strftime(form)).gather(place) for form in ("%Y-%m-%d", "%Y-%m"))
    is_by_day = pl.col("item") == BUSINESS_STOPPAGE_OVERDUE.code
    return lines.with_columns(period=pl.when(is_by_day).then(by_day).otherwise(by_month))
