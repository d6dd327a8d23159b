"""How much memory and time work on a stranger's file may take, kept by the kernel itself.

Native code heeds no exception, so what goes beyond ends the process: this belongs into a child alone.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_STATM = Path("/proc/self/statm")
_OOM_SCORE = Path("/proc/self/oom_score_adj")
_FIRST_TO_GO = "800"


class Cause(StrEnum):
    """Why work in a process brought no result."""

    MEMORY = "memory"
    PROCESSOR_TIME = "processor time"
    WALL_TIME = "wall time"
    CRASH = "crash"
    FAULT = "fault"
    """An error of the program, or a process ended from outside: nothing that the file can be blamed for."""


@dataclass(frozen=True)
class Stopped:
    """Takes the place of a result that there is none of."""

    cause: Cause


@dataclass(frozen=True)
class Allowance:
    """What work on one file may take: bytes mapped beyond those at its start, seconds."""

    memory_bytes: int
    processor_seconds: float
    wall_seconds: float

    def grown(self, memory_bytes: int, seconds: float) -> Allowance:
        """With so much more memory and processor time, and wall time in proportion."""
        processor_seconds = self.processor_seconds + seconds
        return Allowance(
            self.memory_bytes + memory_bytes,
            processor_seconds,
            self.wall_seconds * processor_seconds / self.processor_seconds,
        )


@contextmanager
def caged(allowance: Allowance) -> Iterator[None]:
    """End this process when what is done within takes more.

    `cause_of_end` tells by the exit code what it was. Where memory is asked for by code that can bear a
    refusal, it is a MemoryError.
    """
    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = mapped_bytes() + min(allowance.memory_bytes, _bearable_bytes())
    resource.setrlimit(
        resource.RLIMIT_AS, (most if before == resource.RLIM_INFINITY else min(most, before), hard)
    )
    signal.setitimer(signal.ITIMER_PROF, allowance.processor_seconds)
    signal.setitimer(signal.ITIMER_REAL, allowance.wall_seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (before, hard))


def prepare_process() -> None:
    """Make of this process one that may be ended: silent, without core dumps, and before its parent.

    Panics of native code write to the standard error what they were working on, which may be a cell.
    """
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    os.close(silence)
    for timer in (signal.SIGALRM, signal.SIGPROF):
        signal.signal(timer, signal.SIG_DFL)
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if _OOM_SCORE.exists():
        _OOM_SCORE.write_text(_FIRST_TO_GO)


def cause_of_end(exit_code: int | None) -> Cause:
    """Why a process ended that was in a cage, by its exit code."""
    match -(exit_code or 0):
        case signal.SIGABRT:
            return Cause.MEMORY
        case signal.SIGPROF:
            return Cause.PROCESSOR_TIME
        case signal.SIGALRM:
            return Cause.WALL_TIME
        case signal.SIGSEGV | signal.SIGBUS | signal.SIGILL | signal.SIGFPE:
            return Cause.CRASH
    return Cause.FAULT


def mapped_bytes() -> int:
    """The address space of this process."""
    return _memory(0)


def resident_bytes() -> int:
    """The memory that this process really has."""
    return _memory(1)


def _memory(column: int) -> int:
    pages = int(_STATM.read_text().split()[column]) if _STATM.exists() else 0
    return pages * resource.getpagesize()


def _bearable_bytes() -> int:
    """Three quarters of the machine's memory."""
    return os.sysconf("SC_PHYS_PAGES") * resource.getpagesize() // 4 * 3
