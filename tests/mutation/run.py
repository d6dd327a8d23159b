"""Mutation testing of the modules that reckon with money: how many small errors no test notices.

    make mutants                                  # every module
    make mutants MODULES="payout.shares money"    # these
    make mutants AGAIN=--again                    # only what survived, after tests were added

The figures are printed, and what survived is written to build/mutants/survivors.diff.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutation.changes import Mutated
from tests.mutation.modules import OTHER_TESTS, ROOT, source_of, tests_of

OUT = ROOT / "build" / "mutants"
NICENESS = 15
LONGEST_SILENCE_SECONDS = 300  # within native code no alarm is heard
KILLED = ("killed", "timeout")
OUTCOMES = (*KILLED, "survived", "not reached")
Result = dict[str, str]


def results_file(module: str) -> Path:
    return OUT / f"{module}.jsonl"


def results(module: str) -> dict[str, Result]:
    """The last line on each mutant of a module."""
    path = results_file(module)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {line["mutant"]: line for line in map(json.loads, lines)}


def keep(module: str, kept: Iterable[Result]) -> None:
    """Writes the results of a module anew, with these alone."""
    OUT.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(result) + "\n" for result in kept)
    results_file(module).write_text(text, encoding="utf-8")


def killed_before(module: str) -> list[Result]:
    """What was killed by the last run and is still the same change."""
    changes = Mutated.of(source_of(module)).changes
    return [
        result
        for mutant, result in results(module).items()
        if result["outcome"] in KILLED and changes.get(mutant) == result["change"]
    ]


def tested(module: str) -> None:
    """Runs the tests of a module against its mutants until there is a result for each.

    Raises:
        RuntimeError: pytest fails without a mutant; what it printed stands in the message.
    """
    # nobody reads how a test failed: to tell would take longer than to run it
    options = "-m pytest -p tests.mutation.one_after_another -p no:cacheprovider -q --assert=plain --tb=no"
    command = [sys.executable, *options.split(), *tests_of(module)]
    environment = {
        **os.environ,
        "HYPOTHESIS_PROFILE": "mutants",
        "MUTATED_MODULE": module,
        "MUTATION_RESULTS": str(results_file(module)),
        "POLARS_MAX_THREADS": "1",
        "PYTHONHASHSEED": "0",
    }
    while True:
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            os.setpriority(os.PRIO_PROCESS, process.pid, NICENESS)
            said = finished(process, results_file(module))
        begun = [result for result in results(module).values() if result["outcome"] == "begun"]
        if not begun:
            if process.returncode:
                raise RuntimeError(f"{module}:\n{said}")
            return
        ended = {"outcome": "timeout", "test": "the process hung or died"}
        all_results = results(module).values()
        keep(module, [{**result, **(ended if result in begun else {})} for result in all_results])


def finished(process: subprocess.Popen[str], watched: Path) -> str:
    """Waits for the process while its results grow, and ends it when they don't; what it printed."""
    size = -1
    while True:
        try:
            return process.communicate(timeout=LONGEST_SILENCE_SECONDS)[0]
        except subprocess.TimeoutExpired:
            if watched.stat().st_size == size:
                process.kill()
            size = watched.stat().st_size


def row(name: str, outcomes: Counter[str]) -> str:
    total = outcomes.total()
    share = 100 * sum(outcomes[outcome] for outcome in KILLED) / total if total else 100
    figures = "".join(f"{outcomes[outcome]:12}" for outcome in OUTCOMES)
    return f"{name:24}{figures}{total:8}{share:8.1f} %"


def report(modules: list[str]) -> None:
    """Prints the figures and writes the survivors' changes."""
    print(f"{'module':24}" + "".join(f"{outcome:>12}" for outcome in OUTCOMES) + f"{'all':>8}{'killed':>10}")
    total: Counter[str] = Counter()
    survivors = []
    for module in modules:
        found = results(module)
        outcomes = Counter(result["outcome"] for result in found.values())
        total += outcomes
        print(row(module, outcomes))
        survivors += [
            f"## {module} {result['mutant']} ({result['outcome']})\n{result['change']}\n"
            for result in found.values()
            if result["outcome"] not in KILLED
        ]
    print(row("all", total))
    path = OUT / "survivors.diff"
    path.write_text("\n".join(survivors), encoding="utf-8")
    print(f"Survivors: {path.relative_to(ROOT)}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="tests.mutation.run", description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[[], *OTHER_TESTS], help="as payout.shares")
    parser.add_argument("--again", action="store_true", help="keep what the last run killed")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    modules = arguments.modules or list(OTHER_TESTS)
    for module in modules:
        keep(module, killed_before(module) if arguments.again else [])
    with ThreadPoolExecutor(arguments.processes) as pool:
        longest_first = sorted(modules, key=lambda module: -source_of(module).stat().st_size)
        list(pool.map(tested, longest_first))
    report(modules)


if __name__ == "__main__":
    main()
