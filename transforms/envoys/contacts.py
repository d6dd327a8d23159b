"""Clauses 六 and 七: companies visited and projects negotiated in depth, each once in a period."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.investment import CompanyVisits, Negotiations
from schemas.sheet import Sheet
from transforms.envoys.periods import Span
from transforms.envoys.postings import OUTSIDE_POSTING, is_outside_posting, posted, within

HOME_CITY = "阿尔山"


@dataclass(frozen=True)
class Contact:
    """A kind of contact: on which day, with whom, and why one does not count although made in post."""

    sheet: type[Sheet]
    on: str
    with_whom: str
    name: str
    unit: str
    excluded: pl.Expr
    why_excluded: str


VISITS = Contact(
    CompanyVisits,
    "visited_on",
    "company_code",
    "company_name",
    "家",
    pl.col("company_location").str.contains(HOME_CITY, literal=True),
    "企业在阿尔山市",
)
NEGOTIATIONS = Contact(
    Negotiations, "negotiated_on", "project_id", "project_name", "个", ~pl.col("is_in_depth"), "非深入洽谈"
)


def judged_contacts(rows: pl.DataFrame, postings: pl.DataFrame, span: Span, contact: Contact) -> pl.LazyFrame:
    """The contacts of the span: `excluded` says why one does not count, null where it may."""
    on = pl.col(contact.on)
    return posted(within(rows, contact.on, span), postings).with_columns(
        excluded=pl.when(is_outside_posting(on))
        .then(pl.lit(OUTSIDE_POSTING))
        .when(contact.excluded.fill_null(value=True))
        .then(pl.lit(contact.why_excluded))
    )


def first_contacts(judged: pl.LazyFrame, contact: Contact) -> pl.LazyFrame:
    """One row per `envoy`, `with_whom` and `month` of what counts: the first day in it, `on`."""
    on = pl.col(contact.on)
    return (
        judged.filter(pl.col("excluded").is_null())
        .select("envoy", with_whom=contact.with_whom, on=on)
        .group_by("envoy", "with_whom", month=pl.col("on").dt.month_start())
        .agg(pl.col("on").min())
    )


def contacts_by_month(firsts: pl.DataFrame) -> pl.DataFrame:
    """One row per `envoy` and `month`: how many different ones in it, `contacts`."""
    return firsts.group_by("envoy", "month").agg(contacts=pl.len().cast(pl.Int64))


def contacts_by_cell(firsts: pl.DataFrame, span: Span, name: str) -> pl.DataFrame:
    """One row per `envoy` and `cell`: how many had their first contact of the span in it, as `name`."""
    return (
        firsts.lazy()
        .group_by("envoy", "with_whom")
        .agg(pl.col("on").min())
        .group_by("envoy", cell=span.cell_of(pl.col("on")))
        .agg(pl.len().cast(pl.Int64).alias(name))
        .collect(engine="streaming")
    )
