"""Clause 三: from when to when an envoy is in post, and which months of a period count."""

from __future__ import annotations

from datetime import date

import polars as pl

from transforms.envoys.periods import Span, months_between
from transforms.frames import stacked

OUTSIDE_POSTING = "派驻期外"
OPEN_END = date(9999, 12, 31)
"""Stands for the end of a posting that has none yet."""


def postings_of(envoys: pl.DataFrame) -> pl.DataFrame:
    """One row per envoy in order of number: `envoy` (its place), `envoy_id`, `posted_on`, `posted_until`."""
    return (
        envoys.drop_nulls("posted_on")
        .sort("envoy_id")
        .with_row_index("envoy")
        .select(
            "envoy",
            "envoy_id",
            "posted_on",
            posted_until=pl.col("posting_ends_on").fill_null(pl.lit(OPEN_END)),
        )
    )


def posted(rows: pl.LazyFrame, postings: pl.DataFrame) -> pl.LazyFrame:
    """The rows of known envoys, with `envoy`, `posted_on` and `posted_until`."""
    return rows.join(postings.lazy(), on="envoy_id", how="inner")


def within(rows: pl.DataFrame, on: str, span: Span) -> pl.LazyFrame:
    """The rows whose day is in the span."""
    return rows.lazy().filter(pl.col(on).is_between(span.starts_on, span.ends_on))


def is_outside_posting(on: pl.Expr) -> pl.Expr:
    """Whether the day lies outside the posting."""
    return (on < pl.col("posted_on")) | (on > pl.col("posted_until"))


def counted_months(postings: pl.DataFrame, span: Span) -> pl.DataFrame:
    """One row per `envoy`, `period` and `month` (its first day) of which the posting covers half the days."""
    months = stacked(
        pl.DataFrame(
            [
                (period, first, max(first, starts_on), min(last, ends_on), last.day)
                for first, last in months_between(starts_on, ends_on)
            ],
            schema={
                "period": pl.Int32,
                "month": pl.Date,
                "month_from": pl.Date,
                "month_to": pl.Date,
                "days_in_month": pl.Int64,
            },
            orient="row",
        )
        for period, starts_on, ends_on in span.periods.select("period", "starts_on", "ends_on").iter_rows()
    )
    covered_from = pl.max_horizontal("posted_on", "month_from")
    covered_to = pl.min_horizontal("posted_until", "month_to")
    covered_days = (covered_to - covered_from).dt.total_days() + 1
    in_post = postings.filter(
        (pl.col("posted_on") <= span.ends_on) & (pl.col("posted_until") >= span.starts_on)
    )
    return (
        in_post.lazy()
        .join(months.lazy(), how="cross")
        .filter(covered_days * 2 >= pl.col("days_in_month"))
        .select("envoy", "period", "month")
        .collect(engine="streaming")
    )
