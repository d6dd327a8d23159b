"""Clause 九: the quarterly, monthly and weekly reports that fall due, and those missing or late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from schemas.envoy_policy import EnvoyParameter as Named
from transforms.envoys.periods import Span, month_end
from transforms.envoys.postings import OUTSIDE_POSTING, posted
from transforms.frames import stacked

BEFORE_POSTING = "所属期在派驻前已结束，不须报"
QUARTERLY, MONTHLY, WEEKLY = "季报", "月报", "周报"
_DUE_DAYS = {
    QUARTERLY: Named.QUARTERLY_REPORT_DUE_DAYS,
    MONTHLY: Named.MONTHLY_REPORT_DUE_DAYS,
    WEEKLY: Named.WEEKLY_REPORT_DUE_DAYS,
}
_CALENDAR: dict[str, pl.DataType] = {
    "report_kind": pl.String(),
    "period_text": pl.String(),
    "last_on": pl.Date(),
    "due_on": pl.Date(),
}


def report_calendars(span: Span) -> Iterator[tuple[pl.DataFrame, Span]]:
    """The reports due in the span, once for each set of due days in force, with the periods it is for."""
    names = list(_DUE_DAYS.values())
    for periods in span.periods.partition_by(names, maintain_order=True):
        due_days = {kind: int(periods[name][0]) for kind, name in _DUE_DAYS.items()}
        yield (
            report_calendar(span.starts_on, span.ends_on, due_days),
            Span(span.starts_on, span.ends_on, periods, span.cells),
        )


def report_calendar(starts_on: date, ends_on: date, due_days: dict[str, int]) -> pl.DataFrame:
    """One row per report whose due day is from start to end: kind, `period_text`, `last_on`, `due_on`."""
    rows = [
        (kind, text, last_on, last_on + timedelta(days=due_days[kind]))
        for kind, text, last_on in _reported_periods(starts_on.year - 1, ends_on.year)
    ]
    calendar = pl.DataFrame(rows, schema=_CALENDAR, orient="row")
    return calendar.filter(pl.col("due_on").is_between(starts_on, ends_on)).sort("report_kind", "due_on")


def _reported_periods(first_year: int, last_year: int) -> Iterator[tuple[str, str, date]]:
    """Kind, text and last day of all that can be reported on, from a year to a year."""
    for year in range(first_year, last_year + 1):
        for quarter in range(1, 5):
            yield QUARTERLY, f"{year}Q{quarter}", month_end(year, quarter * 3)
        for month in range(1, 13):
            yield MONTHLY, f"{year}-{month:02d}", month_end(year, month)
        for week in range(1, date(year, 12, 28).isocalendar().week + 1):
            yield WEEKLY, f"{year}-W{week:02d}", date.fromisocalendar(year, week, 7)


def owed_reports(postings: pl.DataFrame, calendar: pl.DataFrame) -> pl.LazyFrame:
    """One row per envoy and report of the calendar that it owes."""
    return (
        postings.lazy()
        .join(calendar.lazy(), how="cross")
        .with_columns(excluded=_why_not_owed())
        .filter(pl.col("excluded").is_null())
    )


def _why_not_owed() -> pl.Expr:
    return (
        pl.when(pl.col("last_on") < pl.col("posted_on"))
        .then(pl.lit(BEFORE_POSTING))
        .when(pl.col("due_on") > pl.col("posted_until"))
        .then(pl.lit(OUTSIDE_POSTING))
    )


def judged_reports(reports: pl.DataFrame, postings: pl.DataFrame, calendar: pl.DataFrame) -> pl.LazyFrame:
    """The reports that the calendar has: `excluded` says why one is not owed, null where it is.

    `days_late` is 0 for one in time.
    """
    due = reports.lazy().join(
        calendar.lazy(), left_on=["report_kind", "period"], right_on=["report_kind", "period_text"]
    )
    days_late = (pl.col("submitted_on") - pl.col("due_on")).dt.total_days()
    return posted(due, postings).with_columns(
        excluded=_why_not_owed(),
        days_late=pl.max_horizontal(days_late, pl.lit(0)),
    )


def reports_by_cell(judged: pl.LazyFrame, span: Span) -> pl.DataFrame:
    """One row per `envoy` and `cell` of the due day: `reports_sent` of those owed, `reports_late` of them."""
    return (
        judged.filter(pl.col("excluded").is_null())
        .group_by("envoy", cell=span.cell_of(pl.col("due_on")))
        .agg(
            reports_sent=pl.len().cast(pl.Int64),
            reports_late=(pl.col("days_late") > 0).sum().cast(pl.Int64),
        )
        .collect(engine="streaming")
    )


def reports_owed(postings: pl.DataFrame, calendar: pl.DataFrame, span: Span) -> pl.DataFrame:
    """One row per `envoy` and `period`: how many reports are owed, `reports_owed`."""
    kinds = calendar.partition_by("report_kind")
    return stacked(
        postings.select(
            "envoy",
            period=pl.lit(period, dtype=pl.Int32),
            reports_owed=pl.sum_horizontal([_owed_of_kind(kind, ends_on) for kind in kinds] or [pl.lit(0)]),
        )
        for period, ends_on in span.periods.select("period", "ends_on").iter_rows()
    )


def _owed_of_kind(calendar: pl.DataFrame, ends_on: date) -> pl.Expr:
    """Both last days and due days rise: what is owed is all between two places."""
    due_until = pl.min_horizontal("posted_until", pl.lit(ends_on))
    not_yet_posted = pl.lit(calendar["last_on"]).search_sorted(pl.col("posted_on"), side="left")
    fallen_due = pl.lit(calendar["due_on"]).search_sorted(due_until, side="right")
    return pl.max_horizontal(fallen_due.cast(pl.Int64) - not_yet_posted.cast(pl.Int64), pl.lit(0))
