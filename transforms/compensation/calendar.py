"""Months of the calendar, as the monthly items count them."""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

_MONTHS_OF_YEAR = 12
_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 1)


def month_number(day: pl.Expr) -> pl.Expr:
    """The months since the year 0, so that one month later is one more."""
    return day.dt.year().cast(pl.Int64) * _MONTHS_OF_YEAR + day.dt.month().cast(pl.Int64) - 1


def first_day(month: pl.Expr) -> pl.Expr:
    """The first day of a month by its number."""
    return pl.lit(_first_days()).gather(month - _MONTHS_OF_YEAR)


def months_after(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The same day so many months later, or the month's last where it has no such day."""
    return day_in(month_number(day) + months, day.dt.day())


def day_in(month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """The day of a month by its number, or the month's last where it has no such day."""
    first, following = (first_day(number).to_physical() for number in (month, month + 1))
    return pl.min_horizontal(first + day.cast(pl.Int32) - 1, following - 1).cast(pl.Date)


@cache
def _first_days() -> pl.Series:
    """The first day of every month that there is: looking it up is many times faster than working it out."""
    return pl.date_range(_FIRST, _LAST, "1mo", eager=True)
