"""Speed, as ratios within one run. Nothing is asserted of it: the figures are printed to be read.

`make bench` runs it. BENCH_HOUSEHOLDS, 5 000 unless told otherwise, is the size of the town; with
BENCH_MILLION computing is also timed for a million households, which takes some 8 GiB.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from flows.policies import load_policies
from flows.sample.generate import write_sample
from schemas.housing import HOUSING_SHEETS, HouseholdSurvey
from transforms.compensation.amounts import amounts
from transforms.compensation.checks import check_settlement
from transforms.compensation.settlement import settle

HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "5000"))
SIZES = (10_000, 100_000, *([1_000_000] if os.environ.get("BENCH_MILLION") else []))
AS_OF = date(2024, 12, 31)
POLICIES = Path(__file__).parents[2] / "data" / "policies"
NUMBERS = ("household_id", "building_id", "decision_number", "report_number")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the workbooks of a town in `inbox`, and the warehouse of its first night."""
    folder = tmp_path_factory.mktemp("town")
    write_sample(folder / "inbox", households=HOUSEHOLDS, envoys=12, seed=2021)
    return folder


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def night(town: Path) -> None:
    arguments = ["nightly", "--as-of", AS_OF.isoformat(), "--policies", str(POLICIES)]
    arguments += [
        "--inbox",
        str(town / "inbox"),
        "--warehouse",
        str(town / "w.duckdb"),
        "--out",
        str(town / "out"),
    ]
    code = "import sys; from flows.cli import main; sys.exit(main(sys.argv[1:]))"
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def read_and_do_nothing(town: Path) -> None:
    for path in sorted((town / "inbox").iterdir()):
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def test_the_night_against_reading_alone(town: Path) -> None:
    bare = seconds(lambda: read_and_do_nothing(town))
    first, quiet = seconds(lambda: night(town)), seconds(lambda: night(town))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"\n{HOUSEHOLDS} households: reading alone {bare:.1f} s, first night {first:.1f} s")  # noqa: T201
    print(f"ratio {first / bare:.1f}; a quiet night {quiet:.1f} s; largest process {peak} MB")  # noqa: T201


@pytest.mark.parametrize("size", SIZES)
def test_computing_alone(town: Path, size: int) -> None:
    records = town_of(town / "w.duckdb", size)
    policy = load_policies(POLICIES).compensation
    amounting = Spent.on(lambda: amounts(records, policy, AS_OF).households())
    settling = Spent.on(lambda: settle(records, policy, AS_OF))
    settlement = settle(records, policy, AS_OF)
    checking = Spent.on(lambda: check_settlement(settlement, records))
    households, lines = settlement.households.height, settlement.line_items.height
    print(f"\n{households} households, {lines} lines")  # noqa: T201
    for what, spent in (("amounts and totals alone", amounting), ("settled", settling), ("checked", checking)):
        print(f"{what}: {spent.of(households)}")  # noqa: T201


@dataclass(frozen=True)
class Spent:
    """Seconds of one piece of work: of all processors together, and on the wall."""

    processor: float
    wall: float

    @staticmethod
    def on(work: Callable[[], object]) -> Spent:
        processor, wall = time.process_time(), time.perf_counter()
        work()
        return Spent(time.process_time() - processor, time.perf_counter() - wall)

    def of(self, households: int) -> str:
        return (
            f"{self.processor:.2f} s of processors, {self.wall:.2f} s on the wall; "
            f"{households / self.processor:.0f} and {households / self.wall:.0f} households a second"
        )


def town_of(warehouse: Path, size: int) -> dict[str, pl.DataFrame]:
    """The housing records of about so many households: those of the warehouse, many times over."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        once = {
            sheet.table: connection.sql(
                f"SELECT {', '.join(sheet.frame_schema())} FROM survey.{sheet.table}"
            ).pl()
            for sheet in HOUSING_SHEETS
        }
    copies = max(1, size // once[HouseholdSurvey.table]["household_id"].n_unique())
    return {
        sheet.table: copied(once[sheet.table], copies).cast(pl.Schema(sheet.frame_schema()))
        for sheet in HOUSING_SHEETS
    }


def copied(rows: pl.DataFrame, copies: int) -> pl.DataFrame:
    """The rows so many times over, each time under other numbers."""
    numbered = [
        pl.concat_str(pl.col(name), pl.lit("-"), pl.col("copy")).alias(name)
        for name in NUMBERS
        if name in rows.columns
    ]
    copy = pl.DataFrame({"copy": [str(place) for place in range(copies)]})
    return rows.join(copy, how="cross").with_columns(numbered).drop("copy")
