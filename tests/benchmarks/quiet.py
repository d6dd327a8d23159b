"""Nights with little to do: an inbox of BENCH_FILES known files, and 50 new rows over a large warehouse.

BENCH_FILES is 100 unless told otherwise; the warehouse is that of BENCH_HOUSEHOLDS households.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.benchmarks.measuring import Spent, spent_by
from tests.benchmarks.night import HOUSEHOLDS, Place, first_warehouse, has_reader, place, read_alone
from tests.benchmarks.results import REPEATS, Series, record
from tests.benchmarks.town import town
from tests.benchmarks.workbooks import FILLED, sheet_books, village_books, write_book

NAME, ADDED, APPROVED = "quiet", "added", "approved"
FILES = int(os.environ.get("BENCH_FILES", "100"))
HOUSEHOLDS_OF_FILE = 3
NEW_ROWS = 50


def run() -> None:
    """Measure all."""
    _nothing_new()
    _fifty_rows(ADDED, first_warehouse(HOUSEHOLDS))
    _fifty_rows(APPROVED, first_warehouse(HOUSEHOLDS, is_approved=True))


def _nothing_new() -> None:
    inbox = village_books(FILES * HOUSEHOLDS_OF_FILE, FILES)
    spent: dict[str, list[Spent]] = {}
    with place("quiet") as somewhere:
        spent["first night"] = [somewhere.night(inbox)[0]]
        for _ in range(REPEATS):
            spent.setdefault("quiet night", []).append(somewhere.night(inbox)[0])
            spent.setdefault("sha256sum alone", []).append(_digested(inbox))
            if has_reader():
                spent.setdefault("reading alone", []).append(read_alone(inbox, 1))
    _record(NAME, FILES, spent)


def _fifty_rows(name: str, kept: Path) -> None:
    books = sheet_books(HOUSEHOLDS)
    spent: dict[str, list[Spent]] = {}
    steps: list[dict[str, float]] = []
    for _ in range(REPEATS):
        with place(name) as somewhere:
            inbox = _inbox(somewhere, books)
            somewhere.warehouse.parent.mkdir()
            shutil.copyfile(kept, somewhere.warehouse)
            took, seconds = somewhere.night(inbox)
        spent.setdefault("night with one new file", []).append(took)
        steps.append(seconds)
        if name == ADDED:
            with place("anew") as somewhere:
                spent.setdefault("everything anew", []).append(somewhere.night(books)[0])
        if has_reader():
            spent.setdefault("reading alone", []).append(read_alone(books, 1))
    _record(name, HOUSEHOLDS, spent)
    for step in steps[0]:
        record(Series(name, f"step {step}", HOUSEHOLDS, [seconds[step] for seconds in steps]))


def _inbox(somewhere: Place, books: Path) -> Path:
    """The known workbooks, which stay where they are, and one with new households."""
    inbox = somewhere.folder / "inbox"
    inbox.mkdir()
    for path in books.iterdir():
        os.link(path, inbox / path.name)
    write_book(inbox / "新增.xlsx", FILLED, town(NEW_ROWS, HOUSEHOLDS))
    return inbox


def _digested(inbox: Path) -> Spent:
    return spent_by(["sha256sum", *sorted(inbox.iterdir())])


def _record(name: str, size: int, spent: dict[str, list[Spent]]) -> None:
    for subject, runs in spent.items():
        processor = {"processor_seconds": round(min(run.processor for run in runs), 2)}
        record(
            Series(
                name, subject, size, [run.seconds for run in runs], [run.peak_mb for run in runs], processor
            )
        )
