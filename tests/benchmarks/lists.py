"""A payout list of BENCH_LINES lines, written and read back, against plain writing of the same cells.

BENCH_LINES is 10 000 unless told otherwise. Behind each line stand some seven obligations, which the workbook
lists on a second sheet.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from tests.benchmarks.measuring import python, spent_by
from tests.benchmarks.results import REPEATS, ROOT, Series, record

NAME = "lists"
LINES = int(os.environ.get("BENCH_LINES", "10000"))


def run() -> None:
    """Measure all of it in one process, in turn."""
    with tempfile.TemporaryDirectory(prefix="arxan-bench-") as folder:
        answer = Path(folder) / "answer.json"
        arguments = (str(LINES), str(REPEATS), folder, answer)
        spent = spent_by(python("-m", "tests.benchmarks.lists_at_work", *arguments), folder=ROOT)
        told = json.loads(answer.read_text(encoding="utf-8"))
    for subject, seconds in told["seconds"].items():
        record(Series(NAME, subject, told["lines"], seconds, facts=told["facts"].get(subject, {})))
    record(Series(NAME, "all of it in one process", told["lines"], [spent.seconds], [spent.peak_mb]))
