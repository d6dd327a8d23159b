"""What the records of the envoys leave open: rows of nobody, rows outside a posting, projects not landed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.investment import (
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Envoys,
    Introducers,
    Negotiations,
    Projects,
    TravelTickets,
)
from schemas.investment_scores import InvestmentQuestions
from schemas.sheet import PROVENANCE, Sheet
from transforms.envoys.landings import ENVOY_KIND, VERIFIED, projects_of_envoys
from transforms.frames import stacked
from transforms.money import MONEY

_MOST_SOURCES = 20
_ENVOY_UNKNOWN = (
    "envoy_unknown",
    "第二条",
    "大使编号在「招商大使」中没有，这些记录不计分：请补报招商大使，或改正编号",
)
_OUTSIDE_POSTING = (
    "outside_posting",
    "第三条",
    "日期全在派驻期之外，这些记录不计分：请核对日期，或在「招商大使」中改正派驻日期、期满日期",
)
_INCOMPLETE = (
    "project_of_envoy_incomplete",
    "第十三条、附表6",
    "招商大使引进的项目已核实而没有落地日期，不能加分：请在「投资项目」中补填落地日期",
)


@dataclass(frozen=True)
class _Activity:
    """A sheet of what envoys do, and the days that one of its rows is about."""

    sheet: type[Sheet]
    first_on: pl.Expr
    last_on: pl.Expr


def _on(sheet: type[Sheet], day: str) -> _Activity:
    return _Activity(sheet, pl.col(day), pl.col(day))


def _reported_days() -> dict[str, pl.Expr]:
    """The first and the last day of the period that a report is on; null where its text says none."""
    text = pl.col("period")
    parts = text.str.extract_groups(r"^(?<year>[0-9]{4})(?<kind>Q|-W|-)(?<number>[0-9]{1,2})$")
    year = parts.struct.field("year").cast(pl.Int32)
    kind = parts.struct.field("kind")
    number = parts.struct.field("number").cast(pl.Int32)
    is_quarter, is_month, is_week = kind == "Q", kind == "-", kind == "-W"
    month = pl.when(is_quarter).then(number * 3 - 2).when(is_month).then(number).when(is_week).then(1)
    first_of_month = pl.date(year, pl.when(month.is_between(1, 12)).then(month), 1)
    # the week with 4 January is the first
    first_week = first_of_month.dt.offset_by("3d").dt.truncate("1w")
    first_on = (
        pl.when(is_week).then(first_week + pl.duration(days=(number - 1) * 7)).otherwise(first_of_month)
    )
    after = (
        pl.when(is_quarter)
        .then(first_on.dt.offset_by("3mo"))
        .when(is_month)
        .then(first_on.dt.offset_by("1mo"))
        .otherwise(first_on.dt.offset_by("7d"))
    )
    return {"reported_first_on": first_on, "reported_last_on": after.dt.offset_by("-1d")}


_ACTIVITIES = (
    _Activity(TravelTickets, pl.col("arrived_on"), pl.col("returned_on")),
    _on(EnvoyJournal, "day"),
    _Activity(EnvoyReports, pl.col("reported_first_on"), pl.col("reported_last_on")),
    _on(CompanyVisits, "visited_on"),
    _on(Negotiations, "negotiated_on"),
)


def questions(records: Mapping[str, pl.DataFrame], postings: pl.DataFrame) -> pl.DataFrame:
    """One row of InvestmentQuestions per envoy, sheet and code, in that order."""
    known = records[Envoys.table].select("envoy_id")
    introducers = records[Introducers.table].filter(pl.col("introducer_kind") == ENVOY_KIND)
    asked = [
        _asked(_unknown(introducers, known), Introducers, _ENVOY_UNKNOWN),
        _asked(_not_landed(records, known), Projects, _INCOMPLETE),
    ]
    for activity in _ACTIVITIES:
        rows = records[activity.sheet.table]
        asked += [
            _asked(_unknown(rows, known), activity.sheet, _ENVOY_UNKNOWN),
            _asked(_outside(rows, activity, postings), activity.sheet, _OUTSIDE_POSTING),
        ]
    return stacked(asked).sort("subject_id", "sheet", "code")


def _unknown(rows: pl.DataFrame, known: pl.DataFrame) -> pl.LazyFrame:
    return rows.lazy().filter(pl.col("envoy_id").is_not_null()).join(known.lazy(), on="envoy_id", how="anti")


def _outside(rows: pl.DataFrame, activity: _Activity, postings: pl.DataFrame) -> pl.LazyFrame:
    dated = rows.lazy()
    if activity.sheet is EnvoyReports:
        periods = rows.lazy().select("period").unique()
        dated = dated.join(periods.with_columns(**_reported_days()), on="period")
    is_outside = (activity.last_on < pl.col("posted_on")) | (activity.first_on > pl.col("posted_until"))
    return dated.join(postings.lazy(), on="envoy_id").filter(is_outside)


def _not_landed(records: Mapping[str, pl.DataFrame], known: pl.DataFrame) -> pl.LazyFrame:
    projects = projects_of_envoys(records[Projects.table], records[Introducers.table])
    waiting = (pl.col("verification") == VERIFIED) & pl.col("landed_on").is_null()
    return projects.lazy().filter(waiting).join(known.lazy(), on="envoy_id", how="semi")


def _asked(rows: pl.LazyFrame, sheet: type[Sheet], question: tuple[str, str, str]) -> pl.DataFrame:
    """The rows counted by envoy, with the first of them by upload and row."""
    code, clause, message = question
    place = ("upload_id", "row_number")
    found = (
        rows.select("envoy_id", *PROVENANCE)
        .group_by("envoy_id")
        .agg(
            pl.len().cast(pl.Int64).alias("record_count"),
            pl.struct(list(PROVENANCE)).sort_by(place).head(_MOST_SOURCES).alias("source"),
        )
        .collect(engine="streaming")
    )
    source = pl.format("{}@{}#{}", pl.col("sheet"), pl.col("upload_id").str.head(16), pl.col("row_number"))
    return (
        found.explode("source", empty_as_null=False)
        .unnest("source")
        .group_by("envoy_id", "record_count", maintain_order=True)
        .agg(sources=source.str.join(" "))
        .select(
            sheet=pl.lit(sheet.title),
            subject_id="envoy_id",
            code=pl.lit(code),
            clause=pl.lit(clause),
            message=pl.lit(message),
            record_count="record_count",
            sources="sources",
            waiting_amount=pl.lit(0, dtype=MONEY),
        )
        .select(list(InvestmentQuestions.columns))
    )
