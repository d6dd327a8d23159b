"""How the cost grows: with files, with rows, with buildings in a household, with envoys.

What is plotted is the cost of one row: a level line is growth in proportion. The sizes are given by
BENCH_GROWTH_FILES, _ROWS (of a night's workbooks), _COMPUTED (rows of records computed), _BUILDINGS (in a
household) and _ENVOYS, as numbers with commas.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import python, spent_by
from tests.benchmarks.night import place
from tests.benchmarks.results import REPEATS, ROOT, Series, record
from tests.benchmarks.workbooks import sheet_books, village_books

FILES, ROWS, COMPUTED, BUILDINGS, ENVOYS = (
    "growth files", "growth rows", "growth computed", "growth buildings", "growth envoys",
)  # fmt: skip
ROWS_OF_HOUSEHOLD = 4
"""Survey, register and agreement, and five appraisals for six households: 3.96 in fact."""
HOUSEHOLDS_IN_FILE = int(os.environ.get("BENCH_GROWTH_HOUSEHOLDS", "50"))


def run() -> None:
    """All of them, each at its sizes."""
    for files in _sizes("FILES", "1,10,100"):
        _night(FILES, files, village_books(files * HOUSEHOLDS_IN_FILE, files))
    for rows in _sizes("ROWS", "1000,10000"):
        _night(ROWS, rows, sheet_books(rows // ROWS_OF_HOUSEHOLD))
    for rows in _sizes("COMPUTED", "1000,10000,100000"):
        for engine in ("amounts", "settled"):
            _at_work(COMPUTED, engine, rows, "compute_engine", engine, str(rows // ROWS_OF_HOUSEHOLD))
    for buildings in _sizes("BUILDINGS", "1,2,5,10,20,50"):
        for engine in ("amounts", "settled"):
            _at_work(BUILDINGS, engine, buildings, "growth_at_work", engine, str(buildings))
    for envoys in _sizes("ENVOYS", "10,100,1000"):
        _at_work(ENVOYS, "evaluated", envoys, "growth_at_work", "envoys", str(envoys))


def _sizes(name: str, otherwise: str) -> list[int]:
    return [int(size) for size in os.environ.get(f"BENCH_GROWTH_{name}", otherwise).split(",")]


def _night(benchmark: str, size: int, inbox: Path) -> None:
    spent, rows = [], 0
    for _ in range(REPEATS):
        with place("growth") as somewhere:
            spent.append(somewhere.night(inbox)[0])
            rows = somewhere.ask("SELECT sum(rows_read) FROM audit.uploads")
    seconds, peaks = [run.seconds for run in spent], [run.peak_mb for run in spent]
    processor = round(min(run.processor for run in spent), 3)
    record(Series(benchmark, "night", size, seconds, peaks, {"rows": rows, "processor_seconds": processor}))


def _at_work(benchmark: str, subject: str, size: int, program: str, *arguments: str) -> None:
    told: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="arxan-bench-") as folder:
        answer = Path(folder) / "answer.json"
        for _ in range(REPEATS):
            spent_by(python("-m", f"tests.benchmarks.{program}", *arguments, answer), folder=ROOT)
            told.append(json.loads(answer.read_text(encoding="utf-8")))
    peaks = [int(one["peak_mb"]) for one in told]
    facts = {
        "rows": int(told[0].get("rows", size)),
        "processor_seconds": min(one["processor"] for one in told),
    }
    record(Series(benchmark, subject, size, [one["seconds"] for one in told], peaks, facts))
