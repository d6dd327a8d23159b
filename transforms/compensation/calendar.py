"""Months of the calendar, as the monthly items count them."""

from __future__ import annotations

import polars as pl

_MONTHS_OF_YEAR = 12


def month_number(day: pl.Expr) -> pl.Expr:
    """The months since the year 0, so that one month later is one more."""
    return day.dt.year().cast(pl.Int64) * _MONTHS_OF_YEAR + day.dt.month().cast(pl.Int64) - 1


def first_day(month: pl.Expr) -> pl.Expr:
    """The first day of a month by its number."""
    return pl.date(month // _MONTHS_OF_YEAR, month % _MONTHS_OF_YEAR + 1, 1)


def months_after(day: pl.Expr, months: pl.Expr) -> pl.Expr:
    """The same day so many months later, or the month's last where it has no such day."""
    first = first_day(month_number(day) + months)
    return first + pl.duration(days=pl.min_horizontal(day.dt.day().cast(pl.Int64), _days_of_month(first)) - 1)


def _days_of_month(first: pl.Expr) -> pl.Expr:
    return first.dt.month_end().dt.day().cast(pl.Int64)
