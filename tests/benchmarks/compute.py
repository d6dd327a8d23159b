"""Computing alone: validated records in, line items and household totals out.

Each engine runs in a process of its own, one after the other, and again. Before anything is timed, every
engine's totals are compared with ours, household by household.
"""

from __future__ import annotations

import json
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.measuring import python, spent_by
from tests.benchmarks.results import REPEATS, Series, record

NAME = "compute"
SIZES = tuple(int(size) for size in os.environ.get("BENCH_COMPUTE", "10000,100000").split(","))
CHECKED = int(os.environ.get("BENCH_CHECKED", "20000"))
DECIMAL_AT_MOST = 100_000
ENGINES = ("amounts", "receipts", "settled", "openfisca", "pandas", "duckdb", "decimal")
_NEEDED = {"openfisca": "openfisca_core", "pandas": "pandas"}
_CHILD = "tests.benchmarks.compute_engine"


def run() -> None:
    """Compare, then time every engine at every size."""
    engines = [name for name in ENGINES if _is_there(name)]
    for name in engines:
        checked = _told(name, CHECKED, "--against-ours")
        seconds = checked.pop("seconds")
        record(Series(f"{NAME} compared", name, CHECKED, [seconds], facts=checked))
    for size in SIZES:
        found: dict[str, list[dict[str, float]]] = {name: [] for name in engines}
        for _ in range(REPEATS):
            for name in engines:
                if name != "decimal" or size <= DECIMAL_AT_MOST:
                    found[name].append(_told(name, size))
        for name, runs in found.items():
            if runs:
                _record(name, size, runs)


def _record(name: str, size: int, runs: list[dict[str, float]]) -> None:
    seconds = [run["seconds"] for run in runs]
    series = Series(
        NAME,
        name,
        size,
        seconds,
        [int(run["peak_mb"]) for run in runs],
        {
            "households_per_second": round(size / sorted(seconds)[len(seconds) // 2]),
            "processor_seconds": round(min(run["processor"] for run in runs), 3),
            "lines": int(runs[0]["lines"]),
            "prepare_seconds": round(min(run["prepare"] for run in runs), 3),
        },
    )
    record(series)


def _is_there(name: str) -> bool:
    needed = _NEEDED.get(name)
    if needed is None or find_spec(needed):
        return True
    print(f"{name} is left out: {needed} is not installed (tests/benchmarks/requirements.txt)")
    return False


def _told(name: str, size: int, *flags: str) -> dict[str, float]:
    """What the engine's process tells, with the peak of its memory, records included."""
    with tempfile.TemporaryDirectory(prefix="arxan-bench-") as folder:
        answer = Path(folder) / "answer.json"
        spent_by(python("-m", _CHILD, name, str(size), answer, *flags))
        told: dict[str, float] = json.loads(answer.read_text(encoding="utf-8"))
    return told
