"""A year and a half of envoys: 300 rows each of tickets, journal, reports, visits and negotiations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
from schemas.sheet import Sheet

POSTED_ON, AS_OF = date(2021, 5, 1), date(2022, 10, 31)
DAYS_IN_POST = (AS_OF - POSTED_ON).days + 1
ROWS = {TravelTickets: 24, EnvoyJournal: 110, EnvoyReports: 76, CompanyVisits: 54, Negotiations: 36}
"""How many an envoy has: 300."""
_ENVOY, _NTH = pl.col("envoy"), pl.col("nth")


def _rows_of(sheet: type[Sheet], envoys: int, per_envoy: int, **fields: pl.Expr) -> pl.DataFrame:
    """So many rows for each envoy, made of its number and the row's."""
    number = pl.int_range(envoys * per_envoy, dtype=pl.Int32)
    rows = pl.select(number=number).lazy()
    provenance = {
        "upload_id": pl.lit("0" * 64),
        "sheet": pl.lit(sheet.title),
        "row_number": pl.col("number").cast(pl.Int64),
    }
    made = (
        rows.with_columns(envoy=pl.col("number") // per_envoy, nth=pl.col("number") % per_envoy)
        .with_columns(envoy_id=_envoy_id(), **fields, **provenance)
        .select(
            pl.col(name) if name in fields | provenance or name == "envoy_id" else _absent(sheet, name)
            for name in sheet.frame_schema()
        )
    )
    return made.cast(pl.Schema(sheet.frame_schema())).collect(engine="streaming")


def _absent(sheet: type[Sheet], name: str) -> pl.Expr:
    return pl.lit(value=None, dtype=sheet.frame_schema()[name]).alias(name)


def _envoy_id() -> pl.Expr:
    return pl.concat_str(pl.lit("DS-"), _ENVOY.cast(pl.String).str.zfill(7))


def _text(letter: str, number: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(letter), number.cast(pl.String).str.zfill(17))


def _day(offset: pl.Expr) -> pl.Expr:
    return pl.lit(POSTED_ON) + pl.duration(days=offset % DAYS_IN_POST)


def _report_periods() -> pl.Series:
    """A period for each of an envoy's reports; the first ones are weekly."""
    weeks = [f"2021-W{week:02d}" for week in range(18, 53)] + [f"2022-W{week:02d}" for week in range(1, 36)]
    return pl.Series([*weeks, *(f"2021-{month:02d}" for month in range(5, 11))])


def envoy_records(envoys: int) -> Mapping[str, pl.DataFrame]:
    """Their records by table; there are no projects."""
    step, periods = 7919, _report_periods()
    frames = {
        Envoys: _rows_of(
            Envoys,
            envoys,
            1,
            envoy_name=pl.lit("示例"),
            born_on=pl.lit(date(1975, 6, 1)),
            rank_title=pl.lit("正科级"),
            region=pl.lit("京津冀片区"),
            posted_on=pl.lit(POSTED_ON) + pl.duration(days=_ENVOY % 90),
        ),
        TravelTickets: _rows_of(
            TravelTickets,
            envoys,
            ROWS[TravelTickets],
            ticket_number=_text("P", pl.col("number")),
            ticket_kind=pl.lit("机票"),
            arrived_on=_day(_NTH * 22 + _ENVOY % 13),
            returned_on=_day(_NTH * 22 + _ENVOY % 13) + pl.duration(days=8),
        ),
        EnvoyJournal: _rows_of(
            EnvoyJournal,
            envoys,
            ROWS[EnvoyJournal],
            day=_day(_NTH * 5 + _ENVOY % 3),
            work_done=pl.lit("走访示例公司"),
        ),
        EnvoyReports: _rows_of(
            EnvoyReports,
            envoys,
            ROWS[EnvoyReports],
            report_kind=pl.when(_NTH < 70).then(pl.lit("周报")).otherwise(pl.lit("月报")),
            period=pl.lit(periods).gather(_NTH),
            submitted_on=_day(_NTH * 7 + 10 + _ENVOY % 2),
        ),
        CompanyVisits: _rows_of(
            CompanyVisits,
            envoys,
            ROWS[CompanyVisits],
            visited_on=_day(_NTH * 11 + _ENVOY % 7),
            company_name=pl.lit("示例科技有限公司"),
            company_code=_text("C", (_ENVOY * 31 + _NTH * step) % 900_001),
            company_location=pl.when(_NTH % 9 == 0).then(pl.lit("阿尔山市")).otherwise(pl.lit("天津市")),
        ),
        Negotiations: _rows_of(
            Negotiations,
            envoys,
            ROWS[Negotiations],
            negotiated_on=_day(_NTH * 13 + _ENVOY % 5),
            project_id=_text("X", (_ENVOY * 17 + _NTH * step) % 700_001),
            project_name=pl.lit("示例项目"),
            is_in_depth=_NTH % 6 != 0,
        ),
        Projects: _empty(Projects),
        Introducers: _empty(Introducers),
    }
    return {sheet.table: frame for sheet, frame in frames.items()}


def _empty(sheet: type[Sheet]) -> pl.DataFrame:
    return pl.DataFrame(schema=sheet.frame_schema())
