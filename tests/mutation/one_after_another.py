"""pytest plugin: runs the collected tests against every mutant of one module, in one process.

The module is replaced in memory before any test imports it, so that nothing is written to the tree. What is
found goes to the results file, a line of JSON per mutant: its outcome, what it changes, the test that failed.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import sys
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import NoReturn

import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from mutmut.mutation.trampoline import set_mutant_under_test

from tests.mutation.changes import ORIGINAL, Mutated, function_of
from tests.mutation.modules import source_of

MODULE = os.environ["MUTATED_MODULE"]
RESULTS = Path(os.environ["MUTATION_RESULTS"])
SHORTEST_LIMIT_SECONDS = 20.0
LIMIT_FACTOR = 20
REMEMBERED_KILLERS = 6

# a failing example is found as without it; looking for a smaller one would only take time
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    derandomize=True,
    database=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)


class TooSlow(BaseException):
    """Ends a test that runs for much longer than with the original, and passes through what it catches."""


class Clock:
    """Stops a test after a while."""

    def __init__(self) -> None:
        self.has_rung = False
        signal.signal(signal.SIGALRM, self._ring)

    def start(self, seconds: float) -> None:
        self.has_rung = False
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, _signal: int, _frame: FrameType | None) -> NoReturn:
        self.has_rung = True
        raise TooSlow


def with_mutants(name: str) -> Mutated:
    """Puts the mutated module in the place of the original."""
    mutated = Mutated.of(source_of(MODULE))
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(mutated.source, spec.origin, "exec"), module.__dict__)  # noqa: S102 - our own source
    parent, _, last = name.rpartition(".")
    setattr(sys.modules[parent], last, module)
    return mutated


NAME = f"transforms.{MODULE}"
MUTATED = with_mutants(NAME)


class Tests:
    """The collected tests: how long each takes, which functions it calls, which failed lately."""

    def __init__(self, items: list[pytest.Item]) -> None:
        self.items = items
        self.callers: defaultdict[str, set[str]] = defaultdict(set)  # function -> tests that call it
        self.seconds: dict[str, float] = {}
        self.killers: defaultdict[str, list[str]] = defaultdict(list)  # function -> its last killers
        self.clock = Clock()

    def passes(self, item: pytest.Item, following: pytest.Item | None = None) -> bool:
        """Runs one test with whatever mutant is set; one that takes too long raises `TooSlow` within.

        Fixtures that the following test has too are left standing.
        """
        usual = self.seconds.get(item.nodeid, SHORTEST_LIMIT_SECONDS)
        self.clock.start(max(SHORTEST_LIMIT_SECONDS, LIMIT_FACTOR * usual))
        try:
            reports = runtestprotocol(item, nextitem=following, log=False)
        finally:
            self.clock.stop()
        self.seconds.setdefault(item.nodeid, sum(report.duration for report in reports))
        return not any(report.failed for report in reports)

    def pass_without_mutant(self) -> None:
        """Runs all of them with the original, and notes what each calls, with all of its fixtures.

        Raises:
            RuntimeError: a test fails without a mutant, or after one; then no figure would mean anything.
        """
        set_mutant_under_test("")
        for item in self.items:

            def note(frame: FrameType, event: str, _: object, test: str = item.nodeid) -> None:
                if event == "call" and frame.f_code.co_name.endswith(ORIGINAL):
                    self.callers[frame.f_code.co_name.removesuffix(ORIGINAL)].add(test)

            sys.setprofile(note)
            try:
                good = self.passes(item)
            finally:
                sys.setprofile(None)
            if not good:
                raise RuntimeError(f"fails with the original: {item.nodeid}")

    def against(self, mutant: str) -> tuple[str, str]:
        """The outcome of a mutant, and the test that failed."""
        function = function_of(mutant)
        callers, killers = self.callers[function], self.killers[function]
        tests = [item for item in self.items if item.nodeid in callers]
        tests.sort(key=lambda item: (item.nodeid not in killers, self.seconds[item.nodeid]))
        set_mutant_under_test(f"{NAME}.{mutant}")
        for item, following in zip(tests, [*tests[1:], None], strict=True):
            if not self.passes(item, following):
                # what the mutant made must not stand for the next one
                item.session._setupstate.teardown_exact(None)  # noqa: SLF001 - no public way
                forget_unfinished_fixtures(item)
                others = [killer for killer in killers if killer != item.nodeid]
                self.killers[function] = [item.nodeid, *others][:REMEMBERED_KILLERS]
                return ("timeout" if self.clock.has_rung else "killed"), item.nodeid
        return ("survived" if tests else "not reached"), ""


def forget_unfinished_fixtures(item: pytest.Item) -> None:
    """A fixture in which native code panicked, which is no Exception, is one that pytest never ends."""
    for definitions in item._fixtureinfo.name2fixturedefs.values():  # type: ignore[attr-defined] # noqa: SLF001
        for definition in definitions:
            definition._finalizers.clear()  # noqa: SLF001 - no public way
            definition.cached_result = None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Instead of one run of the tests: one for each mutant that has no line in the results yet."""
    done = {json.loads(line)["mutant"] for line in RESULTS.read_text(encoding="utf-8").splitlines()}
    tests = Tests(session.items)
    tests.pass_without_mutant()
    with RESULTS.open("a", encoding="utf-8") as results:
        for mutant, change in MUTATED.changes.items():
            if mutant in done:
                continue
            line = {"mutant": mutant, "change": change}
            # were the process to die of the mutant, this line says of which
            print(json.dumps({**line, "outcome": "begun"}), file=results, flush=True)
            outcome, test = tests.against(mutant)
            print(json.dumps({**line, "outcome": outcome, "test": test}), file=results, flush=True)
    tests.pass_without_mutant()
    return True
