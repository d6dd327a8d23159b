"""Makes the tables and plots of docs/performance.md from the results; the prose around them stays.

A table stands between `<!-- NAME -->` and `<!-- end -->`. The results are copied beside the document, so that
it can be made anew from what is published.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence

from tests.benchmarks import plot, tables
from tests.benchmarks.results import PUBLISHED, RESULTS, ROOT, Series, of_benchmark, read

DOCUMENT = ROOT / "docs" / "performance.md"
MICROSECONDS = 1e6
Plot = tuple[str, str, str, str]
PLOTS: tuple[Plot, ...] = (
    ("growth files", "A night over more files of some 200 rows", "files", "µs a row"),
    ("growth rows", "A night over more rows", "rows in the workbooks", "µs a row"),
    ("growth computed", "Computing more rows", "rows of records", "µs a row"),
    ("growth buildings", "Computing households with more buildings", "buildings in a household", "µs a row"),
    ("growth envoys", "Evaluating more envoys, 300 rows each", "envoys", "µs a row"),
)
"""Benchmark, title, and what stands at the two axes."""


def main() -> None:
    """Write the document anew."""
    if RESULTS.is_file() and RESULTS.resolve() != PUBLISHED.resolve():
        PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(RESULTS, PUBLISHED)
    machine, series = read(PUBLISHED)
    made = {"machine": tables.of_machine(machine)} | {
        name: table(series) for name, table in tables.TABLES.items()
    }
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, table in made.items():
        text = _put(text, name, table)
    DOCUMENT.write_text(text, encoding="utf-8")
    for benchmark, *titles in PLOTS:
        found = of_benchmark(series, benchmark)
        if found:
            path = PUBLISHED.parent / f"{benchmark.replace(' ', '-')}.svg"
            path.write_text(_plot(found, *titles), encoding="utf-8")
    print(f"{DOCUMENT}, from {PUBLISHED}")


def _put(text: str, name: str, table: str) -> str:
    """The text with another table; a name that it lacks is an error of who edited it."""
    begin, end = f"<!-- {name} -->", "<!-- end -->"
    pattern = re.compile(f"({re.escape(begin)}\n).*?({re.escape(end)})", re.DOTALL)
    changed, times = pattern.subn(lambda found: f"{found[1]}{table}{found[2]}", text)
    if times != 1:
        reason = f"{DOCUMENT.name} has {times} places for {begin}"
        raise ValueError(reason)
    return changed


def _plot(series: Sequence[Series], title: str, across: str, up: str) -> str:
    cost: Callable[[Series], float] = lambda one: one.median / int(one.facts["rows"]) * MICROSECONDS  # noqa: E731
    subjects = dict.fromkeys(one.subject for one in series)
    lines = {
        subject: [(float(one.size), cost(one)) for one in series if one.subject == subject]
        for subject in subjects
    }
    return plot.svg(title, across, up, lines)
