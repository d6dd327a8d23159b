"""What an envoy did in each period: the numbers that the marks are computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.investment import (
    EnvoyJournal,
    EnvoyReports,
    Introducers,
    Projects,
    TravelTickets,
)
from transforms.envoys import contacts, landings, reports, stays
from transforms.envoys.periods import Span
from transforms.envoys.postings import counted_months
from transforms.frames import stacked

COUNTED = (
    "days_away",
    "journal_gap_days",
    "journal_gap_months",
    "reports_owed",
    "reports_missing",
    "reports_late",
    "companies",
    "negotiations",
    "landed",
)
_KEY = ("envoy", "period")


@dataclass(frozen=True)
class Figures:
    """The figures of one span.

    `totals` has a row per `envoy` and `period` with a month in post: `months` and the columns of COUNTED.
    `months` has the months that count; the others, by `envoy` and `month`, how many different `contacts`.
    """

    totals: pl.DataFrame
    months: pl.DataFrame
    companies_by_month: pl.DataFrame
    projects_by_month: pl.DataFrame


def figures(records: Mapping[str, pl.DataFrame], postings: pl.DataFrame, span: Span) -> Figures:
    """What every envoy did in each period of the span; nothing outside its posting counts."""
    months = counted_months(postings, span)
    companies_by_month, companies = _contacts(records, postings, span, contacts.VISITS, "companies")
    projects_by_month, projects = _contacts(records, postings, span, contacts.NEGOTIATIONS, "negotiations")
    parts = (
        _days(records, postings, span),
        _reports(records[EnvoyReports.table], postings, span),
        companies,
        projects,
        _landed(records, postings, span),
    )
    totals = months.group_by(_KEY).agg(months=pl.len().cast(pl.Int64)).lazy()
    for part in parts:
        totals = totals.join(part.lazy(), on=_KEY, how="left")
    return Figures(
        totals.with_columns(pl.col(COUNTED).fill_null(0)).collect(engine="streaming"),
        months,
        companies_by_month,
        projects_by_month,
    )


def _days(records: Mapping[str, pl.DataFrame], postings: pl.DataFrame, span: Span) -> pl.DataFrame:
    away = stays.with_new_days(stays.judged_tickets(records[TravelTickets.table], postings, span), span)
    journal = stays.with_whether_away(
        stays.judged_journal(records[EnvoyJournal.table], postings, span), away, span
    )
    by_cell = stays.days_by_cell(away, journal, span)
    by_month = (
        by_cell.lazy()
        .join(span.cells_by_period().lazy(), on="cell")
        .group_by(*_KEY, "month")
        .agg(pl.col("days_away", "journal_gap_days").sum())
    )
    return (
        by_month.group_by(_KEY)
        .agg(
            pl.col("days_away", "journal_gap_days").sum(),
            journal_gap_months=(pl.col("journal_gap_days") > 0).sum().cast(pl.Int64),
        )
        .collect(engine="streaming")
    )


def _contacts(
    records: Mapping[str, pl.DataFrame],
    postings: pl.DataFrame,
    span: Span,
    contact: contacts.Contact,
    name: str,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """By month, and by period as `name`."""
    judged = contacts.judged_contacts(records[contact.sheet.table], postings, span, contact)
    firsts = contacts.first_contacts(judged, contact).collect(engine="streaming")
    by_cell = contacts.contacts_by_cell(firsts, span, name)
    return contacts.contacts_by_month(firsts), span.cumulated(by_cell, name)


def _reports(sent: pl.DataFrame, postings: pl.DataFrame, span: Span) -> pl.DataFrame:
    counted = []
    for calendar, its_span in reports.report_calendars(span):
        judged = reports.judged_reports(sent, postings, calendar)
        by_cell = reports.reports_by_cell(judged, its_span)
        received = its_span.cumulated(by_cell, "reports_sent", "reports_late")
        counted.append(
            reports.reports_owed(postings, calendar, its_span)
            .lazy()
            .join(received.lazy(), on=_KEY, how="left")
            .with_columns(pl.col("reports_sent", "reports_late").fill_null(0))
            .with_columns(reports_missing=pl.col("reports_owed") - pl.col("reports_sent"))
            .drop("reports_sent")
            .collect(engine="streaming")
        )
    return stacked(counted)


def _landed(records: Mapping[str, pl.DataFrame], postings: pl.DataFrame, span: Span) -> pl.DataFrame:
    projects = landings.projects_of_envoys(records[Projects.table], records[Introducers.table])
    return landings.landed(landings.judged_landings(projects, postings, span))
