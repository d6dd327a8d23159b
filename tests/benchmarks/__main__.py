"""Runs the benchmarks: `python -m tests.benchmarks [NAME …]`; `document` makes tables of the results."""

from __future__ import annotations

import sys
from importlib import import_module

from tests.benchmarks.results import RESULTS, record_machine

BENCHMARKS = ("compute", "night", "quiet", "start", "lists", "growth")
DOCUMENT = "document"


def main(names: list[str]) -> int:
    """Run those that are named, or all."""
    unknown = [name for name in names if name not in (*BENCHMARKS, DOCUMENT)]
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join((*BENCHMARKS, DOCUMENT))}")
        return 2
    if names == [DOCUMENT]:
        import_module("tests.benchmarks.document").main()
        return 0
    record_machine()
    for name in names or BENCHMARKS:
        print(f"== {name}", flush=True)
        import_module(f"tests.benchmarks.{name}").run()
    print(f"results: {RESULTS}\ntables for docs/performance.md: python -m tests.benchmarks {DOCUMENT}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
