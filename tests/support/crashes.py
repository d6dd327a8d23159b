"""Commands in processes of their own that are disturbed at a chosen durable step, or killed at any moment.

Each command is a fork of a process that has everything imported: what ends in it ends as a process does,
without a `finally`.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.support.crash_faults import Disturbance, Fault, Kind
from tests.support.town import Town

ROOT = Path(__file__).resolve().parents[2]
THIS_MODULE = "tests.support.crashes"


@dataclass(frozen=True)
class Done:
    """How a command ended, what it said, and the durable steps that it came to."""

    exit_code: int
    output: str
    steps: tuple[str, ...]


def _environment(town: Town, at: datetime) -> dict[str, str]:
    settings = town.settings().as_strings()
    return {f"ARXAN_{name.upper()}": value for name, value in settings.items()} | {"CRASH_AT": at.isoformat()}


def _stop_the_clock() -> None:
    """Two towns that did the same are the same, times and the digests over them included."""
    from flows import approval, steps  # noqa: PLC0415 only in a process that runs commands

    at = datetime.fromisoformat(os.environ["CRASH_AT"])
    for module in (steps, approval):
        setattr(module, "arxan_now", lambda: at)  # noqa: B010 it is theirs by import


def _run(arguments: Sequence[str]) -> None:
    from flows.cli import main  # noqa: PLC0415 as above

    _stop_the_clock()
    main(list(arguments))


class Forks:
    """Runs commands one after the other, each in a fork of one process that stands ready."""

    def __init__(self, process: subprocess.Popen[str], scratch: Path) -> None:
        self._process, self._scratch = process, scratch

    def run(
        self,
        town: Town,
        at: datetime,
        *arguments: str,
        fault: Fault | None = None,
        largest_file: int | None = None,
    ) -> Done:
        """Run a command in a town at a moment, with a fault in it, or on a disk that takes no larger file."""
        told, log = self._scratch / "told", self._scratch / "steps"
        for path in (told, log):
            path.write_text("")
        request = {
            "folder": str(town.folder),
            "environment": _environment(town, at),
            "arguments": arguments,
            "fault": asdict(fault) if fault else None,
            "largest_file": largest_file,
            "told": str(told),
            "log": str(log),
        }
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        exit_code = int(self._process.stdout.readline())
        return Done(exit_code, told.read_text(), tuple(log.read_text().splitlines()))


@contextmanager
def forks(scratch: Path) -> Iterator[Forks]:
    """A process that stands ready to be forked."""
    scratch.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", THIS_MODULE, "--forks"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield Forks(process, scratch)
        if process.stdin is not None:
            process.stdin.close()


def started(town: Town, at: datetime, *arguments: str) -> subprocess.Popen[str]:
    """A command as a real process with processes of its own, to be waited for or killed."""
    return subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", THIS_MODULE, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=os.environ | _environment(town, at),
    )


def _serve() -> None:
    """Fork for each line that comes in."""
    import flows.approval  # noqa: PLC0415 everything that a command needs, once
    import flows.batches  # noqa: PLC0415
    import flows.night  # noqa: F401, PLC0415

    for line in sys.stdin:
        request = json.loads(line)
        heard, said = os.pipe()
        child = os.fork()
        if not child:
            _be_forked(request, said)
        os.close(said)
        with os.fdopen(heard, "rb") as output:
            Path(request["told"]).write_bytes(output.read())
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 the answer


def _be_forked(request: dict[str, Any], said: int) -> None:
    from flows import annotated, intake  # noqa: PLC0415 as above
    from tests.support.in_line import in_line  # noqa: PLC0415

    os.dup2(said, 1)
    os.dup2(said, 2)
    os.environ.update(request["environment"])
    # a fault must strike this process, not one that reads a workbook
    for module in (intake, annotated):
        setattr(module, "in_processes", in_line)  # noqa: B010 it is theirs by import
    code = 70
    try:
        _disturb(request)
        _run(request["arguments"])
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _disturb(request: dict[str, Any]) -> None:
    given, largest_file = request["fault"], request["largest_file"]
    if largest_file is not None:  # which the log of the steps would meet too
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))
        return
    fault = Fault(Kind(given["kind"]), given["place"], given["step"]) if given else None
    Disturbance(Path(request["folder"]), fault, Path(request["log"])).install()


if __name__ == "__main__":
    if sys.argv[1:] == ["--forks"]:
        _serve()
    else:
        _run(sys.argv[1:])
