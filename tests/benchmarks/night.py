"""The night on N households, against reading the same workbooks and doing nothing.

BENCH_HOUSEHOLDS, 10 000 unless told otherwise and up to 1 000 000, is the size of the town: one full sheet
each of 入户调查, 补偿协议, 影像登记 and 评估结果. With BENCH_LISTS=no the payment lists are left out.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb

from tests.benchmarks.measuring import MIB, Spent, program, python, spent_by
from tests.benchmarks.results import REPEATS, ROOT, Series, record
from tests.benchmarks.town import AS_OF
from tests.benchmarks.workbooks import CACHE, sheet_books

NAME, SPOILT = "night", "night with findings"
HOUSEHOLDS = int(os.environ.get("BENCH_HOUSEHOLDS", "10000"))
SPOILT_AT_MOST = 100_000
"""A larger workbook's copy has its list alone, which is the same work at any size."""
READERS = {"reading alone, 1 process": 1, "reading alone, 2 processes": 2}
LISTS = "write_all"
_READER = "fastexcel"


@dataclass(frozen=True)
class Place:
    """Where nights are run: a warehouse and lists of their own."""

    folder: Path

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse" / "arxan.duckdb"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def night(self, inbox: Path) -> tuple[Spent, dict[str, float]]:
        """What a night took, as a whole and by step."""
        answer = self.folder / "answer.json"
        arguments = (inbox, self.warehouse, self.out, AS_OF.isoformat(), answer)
        spent = spent_by(program("python", "-m", "tests.benchmarks.timed_night", *arguments), folder=ROOT)
        return spent, json.loads(answer.read_text(encoding="utf-8"))["seconds"]

    def approve(self, batch_id: str) -> Spent:
        """What approving a draft took."""
        where = ("--warehouse", self.warehouse, "--out", self.out)
        command = program("arxan", "payouts", "approve", batch_id, "--by", "示例批准人", *where)
        return spent_by(command, folder=ROOT)

    def ask(self, sql: str) -> int:
        """A number from the warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            row = connection.execute(sql).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def place(name: str) -> Iterator[Place]:
    """A place that is gone afterwards."""
    folder = CACHE / f"place-{name}-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield Place(folder)
    finally:
        shutil.rmtree(folder)


def run() -> None:
    """Clean workbooks, then some with rows to be rejected, whose annotated copies take time of their own."""
    _measure(NAME, sheet_books(HOUSEHOLDS), HOUSEHOLDS)
    smaller = min(HOUSEHOLDS, SPOILT_AT_MOST)
    _measure(SPOILT, sheet_books(smaller, is_spoilt=True), smaller)


def first_warehouse(households: int, *, is_approved: bool = False) -> Path:
    """The warehouse of a first night over so many households, kept in the cache; approved if wanted."""
    kept = CACHE / f"{'approved' if is_approved else 'warehouse'}-{households}.duckdb"
    if not kept.is_file():
        with place("first") as somewhere:
            somewhere.night(sheet_books(households))
            if is_approved:
                somewhere.approve("HC-0001")
            somewhere.warehouse.rename(kept)
    return kept


def read_alone(inbox: Path, processes: int) -> Spent:
    """What it takes to read the workbooks of a folder."""
    return spent_by(python("-m", "tests.benchmarks.bare_reading", inbox, str(processes)), folder=ROOT)


def has_reader() -> bool:
    """Whether there is something to read alone with; says so where there is not."""
    if find_spec(_READER):
        return True
    print(f"reading alone is left out: {_READER} is not installed (tests/benchmarks/requirements.txt)")
    return False


def _measure(name: str, inbox: Path, households: int) -> None:
    spent: dict[str, list[Spent]] = {"night": []}
    steps: list[dict[str, float]] = []
    facts: dict[str, int] = {
        "lists": int(os.environ.get("BENCH_LISTS") != "no"),
        "workbook_mb": sum(path.stat().st_size for path in inbox.iterdir()) // MIB,
    }
    for _ in range(REPEATS):
        if has_reader():
            for subject, processes in READERS.items():
                spent.setdefault(subject, []).append(read_alone(inbox, processes))
        with place("night") as somewhere:
            took, seconds = somewhere.night(inbox)
            facts |= {
                "rows": somewhere.ask("SELECT sum(rows_read) FROM audit.uploads"),
                "rejected": somewhere.ask("SELECT sum(rows_rejected) FROM audit.uploads"),
                "line_items": somewhere.ask("SELECT count(*) FROM compensation.line_items"),
                "payment_lines": somewhere.ask("SELECT count(*) FROM payout.lines"),
            }
        spent["night"].append(took)
        steps.append(seconds)
    for subject, runs in spent.items():
        _record(name, subject, households, runs, facts if subject == "night" else {})
    for step in steps[0]:
        record(Series(name, f"step {step}", households, [seconds[step] for seconds in steps]))


def _record(name: str, subject: str, households: int, runs: list[Spent], facts: Mapping[str, int]) -> None:
    processor: dict[str, float] = {"processor_seconds": round(min(run.processor for run in runs), 2)}
    seconds, peaks = [run.seconds for run in runs], [run.peak_mb for run in runs]
    record(Series(name, subject, households, seconds, peaks, {**facts, **processor}))
