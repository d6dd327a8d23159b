"""Runs a program and takes its time, and its memory together with that of every process it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Self

KIB, MIB = 1024, 1024**2
_SECONDS_BETWEEN_LOOKS, _AT_FIRST, _FIRST_SECONDS = 0.05, 0.005, 0.5
_SHARE_OF_TIME_LOOKING, _LONGEST_PAUSE = 0.05, 0.5
_PROC = Path("/proc")
_OWN = Path(__file__).parents[2] / ".venv" / "bin"


class ProgramFailedError(RuntimeError):
    """A program that is measured ended with an error."""


@dataclass(frozen=True)
class Spent:
    """What one run of a program took.

    `seconds` on the wall and of all `processor`s, with those of the processes that it waited for. `peak_mb`
    is the most memory of all its processes together at any one moment, what they share counted once.
    """

    seconds: float
    processor: float
    peak_mb: int


def spent_by(command: Sequence[str | Path], *, folder: Path | None = None, **variables: str) -> Spent:
    """Run a program, its output thrown away. Raises ProgramFailedError with the end of its complaints."""
    environment = {**os.environ, **variables}
    # an installed program finds itself compiled
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    complaint: list[bytes] = []
    # read all along: a pipe that nobody empties stops who writes to it
    reader = Thread(target=lambda: complaint.append(process.stderr.read() if process.stderr else b""))
    reader.start()
    with _Watch(process.pid) as watch:
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    reader.join()
    if process.stderr:
        process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        reason = (
            f"{' '.join(map(str, command))} ended with {process.returncode}: {complaint[0][-2000:].decode()}"
        )
        raise ProgramFailedError(reason)
    return Spent(seconds, usage.ru_utime + usage.ru_stime, watch.peak_bytes // MIB)


def python(*arguments: str | Path) -> list[str | Path]:
    """The command that runs this environment's Python."""
    return [sys.executable, *arguments]


def program(name: str, *arguments: str | Path) -> list[str | Path]:
    """A command of the program's own environment, as it is used.

    In this one are packages that it is compared with, and pandera loads pandas where that is installed.
    """
    own = _OWN / name
    return [own if own.is_file() else Path(sys.executable).parent / name, *arguments]


def own_peak_mb() -> int:
    """The most memory that this process has held, what it shares with others included."""
    for line in (_PROC / "self" / "status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // KIB
    return 0


def seconds_of(work: Callable[[], object]) -> float:
    """How long it takes on the wall, in this process."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


class _Watch:
    """Looks at a process and its descendants until it is left."""

    def __init__(self, process: int) -> None:
        self.process = process
        self.peak_bytes = 0
        self._ended = Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        pause, began = 0.0, time.perf_counter()
        while not self._ended.wait(pause):
            started = time.perf_counter()
            found = sum(_proportional_bytes(process) for process in _family(self.process))
            self.peak_bytes = max(self.peak_bytes, found)
            # the kernel takes longer to count a larger process: the watch may not become a load itself
            now = time.perf_counter()
            least = _AT_FIRST if now - began < _FIRST_SECONDS else _SECONDS_BETWEEN_LOOKS
            pause = min(max(least, (now - started) / _SHARE_OF_TIME_LOOKING), _LONGEST_PAUSE)


def _family(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for thread in (_PROC / str(process) / "task").iterdir():
            with suppress(OSError):
                for child in (thread / "children").read_text().split():
                    yield from _family(int(child))


def _proportional_bytes(process: int) -> int:
    """The process's memory, each page that it shares with others by its share."""
    with suppress(OSError):
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * KIB
    return 0
