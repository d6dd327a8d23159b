"""Starting: what a person waits for before anything is done, against the interpreter alone."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.measuring import Spent, program, python, spent_by
from tests.benchmarks.results import REPEATS, ROOT, Series, record
from tests.benchmarks.town import AS_OF, town
from tests.benchmarks.workbooks import FILLED, write_book

NAME = "start"
HOUSEHOLDS = 20
Programs = dict[str, list[str | Path]]
QUICK_REPEATS = max(7, REPEATS)
_FLOW = """
from prefect import flow
@flow
def nothing() -> None:
    return None
nothing()
"""


def run() -> None:
    """Measure each, in turn."""
    with tempfile.TemporaryDirectory(prefix="arxan-bench-") as name:
        folder = Path(name)
        book = write_book(folder / "small.xlsx", FILLED, town(HOUSEHOLDS))
        home = {"PREFECT_HOME": str(folder / "prefect"), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
        quick: Programs = {
            "interpreter alone": python("-c", "pass"),
            "arxan --help": program("arxan", "--help"),
            "import polars and duckdb": python("-c", "import polars, duckdb"),
            "read with fastexcel": python("-m", "tests.benchmarks.bare_reading", folder, "1"),
            "arxan check, 20 rows a sheet": program(
                *("arxan", "check", book, "--out", folder / "out", "--as-of", AS_OF.isoformat())
            ),
            "import prefect": python("-c", "import prefect"),
        }
        slow: Programs = {"empty Prefect flow, its own server": python("-c", _FLOW)}
        for programs, repeats in ((quick, QUICK_REPEATS), (slow, REPEATS)):
            spent: dict[str, list[Spent]] = {subject: [] for subject in programs}
            for _ in range(repeats):
                for subject, command in programs.items():
                    spent[subject].append(spent_by(command, folder=ROOT, **home))
            for subject, runs in spent.items():
                seconds, peaks = [run.seconds for run in runs], [run.peak_mb for run in runs]
                processor = {"processor_seconds": round(min(run.processor for run in runs), 2)}
                record(Series(NAME, subject, HOUSEHOLDS, seconds, peaks, processor))
