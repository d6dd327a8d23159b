"""One night with a clock beside each step: `python -m … INBOX WAREHOUSE OUT AS_OF ANSWER`.

It is the night of `arxan nightly` without a server, and writes how long each step took, and the lists, the
annotated copies and the reading back within the steps. With BENCH_LISTS=no the payment lists are neither
written nor read back: for towns whose lists a workbook can't hold.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from flows import steps
from flows.night import night
from flows.private import native_code_silenced
from flows.settings import settings_from

P = ParamSpec("P")
R = TypeVar("R")
OF_LISTS = ("write_payouts", "read_back")
WITHIN_STEPS = ("write_payouts", "write_granting", "write_evaluation", "write_annotated", "read_back")


class Clock:
    """Adds up what each piece of work takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def run(self, step: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The step's result."""
        started = time.perf_counter()
        try:
            return step(*args, **kwargs)
        finally:
            self.seconds[step.__name__] += time.perf_counter() - started

    def timed(self, work: Callable[P, R]) -> Callable[P, R]:
        """The same work, timed."""

        @wraps(work)
        def timing(*args: P.args, **kwargs: P.kwargs) -> R:
            return self.run(work, *args, **kwargs)

        return timing


def _nothing(*_: object, **__: object) -> list[str]:
    return []


def main(inbox: str, warehouse: str, out: str, as_of: str, answer: str) -> None:
    """Run the night."""
    clock = Clock()
    if os.environ.get("BENCH_LISTS") == "no":
        for name in OF_LISTS:
            setattr(steps, name, _nothing)
    for name in WITHIN_STEPS:
        if hasattr(steps, name):
            setattr(steps, name, clock.timed(getattr(steps, name)))
    settings = settings_from({"inbox": inbox, "warehouse": warehouse, "out": out, "as_of": as_of})
    with native_code_silenced():
        result = night(settings, run=clock.run)
    told = {"seconds": clock.seconds, "folder": str(result.folder)}
    Path(answer).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
