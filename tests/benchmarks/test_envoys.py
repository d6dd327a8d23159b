"""Speed of the envoys' evaluation, as a ratio within one run. The figures are printed to be read.

`make bench` runs it. BENCH_ENVOYS, 10 000 unless told otherwise, is how many envoys there are; each has
300 rows of tickets, journal, reports, visits and negotiations over a year and a half.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.policies import load_policies
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
from transforms.envoys.checks import check_evaluation
from transforms.envoys.evaluation import Evaluation, evaluate

ENVOYS = int(os.environ.get("BENCH_ENVOYS", "10000"))
POSTED_ON, AS_OF = date(2021, 5, 1), date(2022, 10, 31)
POLICY = load_policies(Path(__file__).parents[2] / "data" / "policies").envoys
DAYS_IN_POST = (AS_OF - POSTED_ON).days + 1
ROWS = {TravelTickets: 24, EnvoyJournal: 110, EnvoyReports: 76, CompanyVisits: 54, Negotiations: 36}
"""How many an envoy has: 300."""
_ENVOY, _NTH = pl.col("envoy"), pl.col("nth")


def rows_of(sheet: type[Sheet], per_envoy: int, **fields: pl.Expr) -> pl.DataFrame:
    """So many rows for each envoy, made of its number and the row's."""
    number = pl.int_range(ENVOYS * per_envoy, dtype=pl.Int32)
    rows = pl.select(number=number).lazy()
    provenance = {
        "upload_id": pl.lit("0" * 64),
        "sheet": pl.lit(sheet.title),
        "row_number": pl.col("number").cast(pl.Int64),
    }
    made = (
        rows.with_columns(envoy=pl.col("number") // per_envoy, nth=pl.col("number") % per_envoy)
        .with_columns(envoy_id=envoy_id(), **fields, **provenance)
        .select(
            pl.col(name) if name in fields | provenance or name == "envoy_id" else absent(sheet, name)
            for name in sheet.frame_schema()
        )
    )
    return made.cast(pl.Schema(sheet.frame_schema())).collect(engine="streaming")


def absent(sheet: type[Sheet], name: str) -> pl.Expr:
    return pl.lit(value=None, dtype=sheet.frame_schema()[name]).alias(name)


def envoy_id() -> pl.Expr:
    return pl.concat_str(pl.lit("DS-"), _ENVOY.cast(pl.String).str.zfill(7))


def text(letter: str, number: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(letter), number.cast(pl.String).str.zfill(17))


def day(offset: pl.Expr) -> pl.Expr:
    return pl.lit(POSTED_ON) + pl.duration(days=offset % DAYS_IN_POST)


def report_periods() -> pl.Series:
    """A period for each of an envoy's reports; the first ones are weekly."""
    weeks = [f"2021-W{week:02d}" for week in range(18, 53)] + [f"2022-W{week:02d}" for week in range(1, 36)]
    return pl.Series([*weeks, *(f"2021-{month:02d}" for month in range(5, 11))])


@pytest.fixture(scope="module")
def records() -> Mapping[str, pl.DataFrame]:
    step, periods = 7919, report_periods()
    frames = {
        Envoys: rows_of(
            Envoys,
            1,
            envoy_name=pl.lit("示例"),
            born_on=pl.lit(date(1975, 6, 1)),
            rank_title=pl.lit("正科级"),
            region=pl.lit("京津冀片区"),
            posted_on=pl.lit(POSTED_ON) + pl.duration(days=_ENVOY % 90),
        ),
        TravelTickets: rows_of(
            TravelTickets,
            ROWS[TravelTickets],
            ticket_number=text("P", pl.col("number")),
            ticket_kind=pl.lit("机票"),
            arrived_on=day(_NTH * 22 + _ENVOY % 13),
            returned_on=day(_NTH * 22 + _ENVOY % 13) + pl.duration(days=8),
        ),
        EnvoyJournal: rows_of(
            EnvoyJournal,
            ROWS[EnvoyJournal],
            day=day(_NTH * 5 + _ENVOY % 3),
            work_done=pl.lit("走访示例公司"),
        ),
        EnvoyReports: rows_of(
            EnvoyReports,
            ROWS[EnvoyReports],
            report_kind=pl.when(_NTH < 70).then(pl.lit("周报")).otherwise(pl.lit("月报")),
            period=pl.lit(periods).gather(_NTH),
            submitted_on=day(_NTH * 7 + 10 + _ENVOY % 2),
        ),
        CompanyVisits: rows_of(
            CompanyVisits,
            ROWS[CompanyVisits],
            visited_on=day(_NTH * 11 + _ENVOY % 7),
            company_name=pl.lit("示例科技有限公司"),
            company_code=text("C", (_ENVOY * 31 + _NTH * step) % 900_001),
            company_location=pl.when(_NTH % 9 == 0).then(pl.lit("阿尔山市")).otherwise(pl.lit("天津市")),
        ),
        Negotiations: rows_of(
            Negotiations,
            ROWS[Negotiations],
            negotiated_on=day(_NTH * 13 + _ENVOY % 5),
            project_id=text("X", (_ENVOY * 17 + _NTH * step) % 700_001),
            project_name=pl.lit("示例项目"),
            is_in_depth=_NTH % 6 != 0,
        ),
        Projects: empty(Projects),
        Introducers: empty(Introducers),
    }
    return {sheet.table: frame for sheet, frame in frames.items()}


def empty(sheet: type[Sheet]) -> pl.DataFrame:
    return pl.DataFrame(schema=sheet.frame_schema())


def bare(records: Mapping[str, pl.DataFrame]) -> None:
    """What no engine can do without: each sheet grouped by envoy, and how many different ones it has."""
    for sheet, what in (
        (TravelTickets, "arrived_on"),
        (EnvoyJournal, "day"),
        (EnvoyReports, "period"),
        (CompanyVisits, "company_code"),
        (Negotiations, "project_id"),
    ):
        records[sheet.table].lazy().group_by("envoy_id").agg(pl.col(what).n_unique()).collect()


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_the_evaluation_against_counting_alone(records: Mapping[str, pl.DataFrame]) -> None:
    size = sum(records[sheet.table].height for sheet in ROWS)
    before = peak_mb()
    done: list[Evaluation] = []
    processor = time.process_time()
    spent = seconds(lambda: done.append(evaluate(records, POLICY, AS_OF)))
    processor = time.process_time() - processor
    after = peak_mb()
    failed: list[str] = []
    checking = seconds(lambda: failed.extend(check_evaluation(done[0], records)))
    assert failed == []
    least = seconds(lambda: bare(records))
    print(f"\n{ENVOYS} envoys, {size} rows, {done[0].items.height} items: {spent:.1f} s")  # noqa: T201
    print(f"all cores together {processor:.1f} s, what else the machine does left out")  # noqa: T201
    print(f"counting alone {least:.1f} s, ratio {spent / least:.1f}; checks {checking:.1f} s")  # noqa: T201
    print(f"largest {before} MB with the records alone, {after} MB evaluated, {peak_mb()} MB checked")  # noqa: T201
