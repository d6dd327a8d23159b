"""An engagement and its years: by anniversaries of its first day, the last one cut at its end."""

from __future__ import annotations

from datetime import date

import polars as pl

_MONTHS_PER_YEAR = 12
_FEBRUARY, _LEAP_DAY = 2, 29


def whole_years(since: pl.Expr, on: pl.Expr) -> pl.Expr:
    """The whole years from one day to another; what began on a 29 February has its anniversary on 1 March.

    So an engagement from a 29 February to the next 28 February has one year, and not a second one of a day.
    """
    has_anniversary_ahead = _place_in_year(on) < _place_in_year(since)
    return on.dt.year().cast(pl.Int64) - since.dt.year() - has_anniversary_ahead.cast(pl.Int64)


def engagement_year(on: pl.Expr) -> pl.Expr:
    """Which year of the engagement a day is in, from 1; null outside the engagement."""
    is_inside = (on >= pl.col("engaged_on")) & (on <= pl.col("engaged_until"))
    return pl.when(is_inside).then(whole_years(pl.col("engaged_on"), on) + 1)


def begun(officers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The officers whose engagement has begun, with `judged_on`, its last day or today, and `is_running`."""
    return officers.filter(pl.col("engaged_on") <= as_of).with_columns(_judged("engaged_until", as_of))


def years_begun(officers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """A row per officer and year of engagement that has begun.

    With `engagement_year`, `starts_on`, `ends_on`, `judged_on`, the year's last day or today, and
    `is_running` while its last day is ahead.
    """
    last_year = engagement_year(pl.col("judged_on"))
    years = begun(officers, as_of).with_columns(engagement_year=pl.int_ranges(1, last_year + 1))
    next_start = _anniversary(pl.col("engagement_year"))
    return (
        years.explode("engagement_year", empty_as_null=True)
        .with_columns(
            starts_on=_anniversary(pl.col("engagement_year") - 1),
            ends_on=pl.min_horizontal(next_start.dt.offset_by("-1d"), "engaged_until"),
        )
        .with_columns(_judged("ends_on", as_of))
    )


def _judged(last_day: str, as_of: date) -> list[pl.Expr]:
    return [
        pl.min_horizontal(pl.col(last_day), pl.lit(as_of)).alias("judged_on"),
        (pl.col(last_day) > as_of).alias("is_running"),
    ]


def _anniversary(years: pl.Expr) -> pl.Expr:
    """The day so many years after `engaged_on`."""
    first = pl.col("engaged_on")
    same_day = first.dt.offset_by(pl.format("{}mo", years * _MONTHS_PER_YEAR))
    is_lost_leap_day = (first.dt.day() == _LEAP_DAY) & (first.dt.month() == _FEBRUARY)
    is_moved = is_lost_leap_day & (same_day.dt.day() < _LEAP_DAY)
    return pl.when(is_moved).then(same_day.dt.offset_by("1d")).otherwise(same_day)


def _place_in_year(day: pl.Expr) -> pl.Expr:
    """A number that rises from day to day of a year, the same in every year."""
    return day.dt.month().cast(pl.Int64) * 100 + day.dt.day()
