"""What a file may take, and what an exit code tells of what it took."""

from __future__ import annotations

import signal

import pytest

from flows.cage import Allowance, Cause, cause_of_end, mapped_bytes, resident_bytes


def test_more_memory_and_time_for_a_larger_file() -> None:
    grown = Allowance(100, processor_seconds=30, wall_seconds=60).grown(50, 15)
    assert grown == Allowance(150, processor_seconds=45, wall_seconds=90)


@pytest.mark.parametrize(
    ("exit_code", "cause"),
    [
        (-signal.SIGABRT, Cause.MEMORY),
        (-signal.SIGPROF, Cause.PROCESSOR_TIME),
        (-signal.SIGALRM, Cause.WALL_TIME),
        (-signal.SIGSEGV, Cause.CRASH),
        (-signal.SIGKILL, Cause.FAULT),
        (-signal.SIGTERM, Cause.FAULT),
        (1, Cause.FAULT),
        (None, Cause.FAULT),
    ],
)
def test_the_file_is_blamed_only_for_what_it_did(exit_code: int | None, cause: Cause) -> None:
    assert cause_of_end(exit_code) is cause


def test_a_process_knows_what_it_has() -> None:
    assert 0 < resident_bytes() < mapped_bytes()
