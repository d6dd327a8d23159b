"""Clauses 五 and 八: the days away that tickets prove, each once, and those without a journal entry."""

from __future__ import annotations

from datetime import date

import polars as pl

from transforms.envoys.periods import Span
from transforms.envoys.postings import OUTSIDE_POSTING, is_outside_posting, posted, within

REFUNDED = "已退票"


def judged_tickets(tickets: pl.DataFrame, postings: pl.DataFrame, span: Span) -> pl.LazyFrame:
    """The tickets whose stay touches the span: `excluded` says why one proves nothing, null where it may.

    `from_on` and `to_on` are the stay within span and posting.
    """
    touching = tickets.lazy().filter(
        (pl.col("arrived_on") <= span.ends_on) & (pl.col("returned_on") >= span.starts_on)
    )
    return (
        posted(touching, postings)
        .with_columns(
            from_on=pl.max_horizontal("arrived_on", "posted_on", pl.lit(span.starts_on)),
            to_on=pl.min_horizontal("returned_on", "posted_until", pl.lit(span.ends_on)),
        )
        .with_columns(
            excluded=pl.when(pl.col("is_refunded").fill_null(value=False))
            .then(pl.lit(REFUNDED))
            .when(pl.col("from_on") > pl.col("to_on"))
            .then(pl.lit(OUTSIDE_POSTING))
        )
    )


def with_new_days(judged: pl.LazyFrame, span: Span, *keep: str) -> pl.DataFrame:
    """The tickets that are not excluded, in order of their stays, with the `days` that none before them has.

    `first_place` and `last_place` are those days, the last ones of the stay, on one line on which the
    envoys' spans follow each other; the union of stays is then a running maximum.
    """
    length = (span.ends_on - span.starts_on).days + 1
    start_place = pl.col("envoy").cast(pl.Int64) * length
    covered_before = pl.col("last_place").cum_max().shift(1, fill_value=-1)
    return (
        judged.filter(pl.col("excluded").is_null())
        .select(
            "envoy",
            *keep,
            first_place=start_place + (pl.col("from_on") - span.starts_on).dt.total_days(),
            last_place=start_place + (pl.col("to_on") - span.starts_on).dt.total_days(),
        )
        .collect(engine="streaming")
        .sort("first_place", "last_place", *keep)
        .lazy()
        .with_columns(first_place=pl.max_horizontal("first_place", covered_before + 1))
        .with_columns(
            days=pl.max_horizontal(pl.lit(0), pl.col("last_place") - pl.col("first_place") + 1),
            last_place=pl.col("last_place"),
        )
        .collect()
    )


def judged_journal(journal: pl.DataFrame, postings: pl.DataFrame, span: Span) -> pl.LazyFrame:
    """The journal's entries of days in the span: `excluded` where the envoy was not in post."""
    return posted(within(journal, "day", span), postings).with_columns(
        excluded=pl.when(is_outside_posting(pl.col("day"))).then(pl.lit(OUTSIDE_POSTING))
    )


def with_whether_away(judged: pl.LazyFrame, stays: pl.DataFrame, span: Span, *keep: str) -> pl.DataFrame:
    """The journal's entries that are not excluded, and whether a ticket proves that day: `is_away`."""
    length = (span.ends_on - span.starts_on).days + 1
    entries = (
        judged.filter(pl.col("excluded").is_null())
        .select(
            "envoy",
            "day",
            *keep,
            place=pl.col("envoy").cast(pl.Int64) * length + (pl.col("day") - span.starts_on).dt.total_days(),
        )
        .collect(engine="streaming")
        .sort("place")
    )
    runs = stays.filter(pl.col("days") > 0).select("first_place", "last_place").set_sorted("first_place")
    return entries.join_asof(runs, left_on="place", right_on="first_place", strategy="backward").with_columns(
        is_away=(pl.col("place") <= pl.col("last_place")).fill_null(value=False)
    )


def days_by_cell(stays: pl.DataFrame, journal: pl.DataFrame, span: Span) -> pl.DataFrame:
    """One row per envoy and cell with a day away: `days_away`, and `journal_gap_days` of them."""
    length = (span.ends_on - span.starts_on).days + 1
    first_on, last_on = (_day_at(pl.col(place), length, span) for place in ("first_place", "last_place"))
    first, last = (
        pl.max_horizontal("first_on", "cell_starts_on"),
        pl.min_horizontal("last_on", "cell_ends_on"),
    )
    away = (
        stays.lazy()
        .filter(pl.col("days") > 0)
        .select("envoy", first_on=first_on, last_on=last_on)
        .with_columns(
            cell=pl.int_ranges(span.cell_of(pl.col("first_on")), span.cell_of(pl.col("last_on")) + 1)
        )
        .explode("cell", empty_as_null=False)
        .with_columns(pl.col("cell").cast(pl.Int32))
        .join(span.cells.lazy(), on="cell")
        .group_by("envoy", "cell")
        .agg(days_away=((last - first).dt.total_days() + 1).sum())
        .collect(engine="streaming")
    )
    written = (
        journal.lazy()
        .filter("is_away")
        .group_by("envoy", cell=span.cell_of(pl.col("day")))
        .agg(days_written=pl.col("day").n_unique())
    )
    return (
        away.lazy()
        .join(written, on=["envoy", "cell"], how="left")
        .with_columns(
            journal_gap_days=pl.col("days_away") - pl.col("days_written").fill_null(0).cast(pl.Int64)
        )
        .drop("days_written")
        .collect(engine="streaming")
    )


def days_without_entry(stays: pl.DataFrame, journal: pl.DataFrame, span: Span) -> pl.DataFrame:
    """One row per `envoy` and `day` away that the journal does not have."""
    length = (span.ends_on - span.starts_on).days + 1
    return (
        stays.lazy()
        .filter(pl.col("days") > 0)
        .select("envoy", place=pl.int_ranges("first_place", pl.col("last_place") + 1))
        .explode("place", empty_as_null=False)
        .select("envoy", day=_day_at(pl.col("place"), length, span))
        .join(journal.lazy(), on=["envoy", "day"], how="anti")
        .collect()
    )


def _day_at(place: pl.Expr, length: int, span: Span) -> pl.Expr:
    return (_epoch_day(span.starts_on) + place % length).cast(pl.Int32).cast(pl.Date)


def _epoch_day(day: date) -> int:
    return day.toordinal() - date(1970, 1, 1).toordinal()
