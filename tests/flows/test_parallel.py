"""Work in processes: in order, apart from each other's faults, and gone when the parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from flows.parallel import in_processes, is_little

WORK = """
import sys
from pathlib import Path
from tests.flows.test_parallel import write_process_and_wait
from flows.parallel import in_processes
list(in_processes(write_process_and_wait, [sys.argv[1]]))
"""


def die_over(task: str) -> str:
    if task == "deadly":
        os._exit(9)
    return task


def fail_over(task: str) -> object:
    if task == "panic":
        raise pl.exceptions.PanicException(task)
    if task == "error":
        raise ValueError(task)
    if task == "not to be sent":
        return lambda: task
    return task


def write_process_and_wait(path: str) -> None:
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(seconds: float, what: Path | int) -> bool:
    """Until a path has content, or a process is gone."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if isinstance(what, int):
            if not is_alive(what):
                return True
        elif what.exists() and what.read_text():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_a_process_that_dies_takes_no_other_task_with_it() -> None:
    assert list(in_processes(die_over, ["one", "deadly", "two"])) == ["one", None, "two"]


def test_what_fails_in_a_process_fails_alone() -> None:
    tasks = ["one", "panic", "two", "error", "not to be sent", "three"]
    assert list(in_processes(fail_over, tasks)) == ["one", None, "two", None, None, "three"]


def test_no_task_starts_no_process() -> None:
    assert list(in_processes(die_over, [])) == []


def test_a_few_small_files_are_little_and_many_or_large_ones_are_not(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x")
    large.write_bytes(b"x" * 3_000_000)
    assert is_little([small, tmp_path / "gone"])
    assert not is_little([small] * 5)
    assert not is_little([large])


@pytest.mark.slow
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    child = tmp_path / "child"
    with subprocess.Popen([sys.executable, "-c", WORK, str(child)]) as parent:  # noqa: S603 our own program
        assert wait_until(30, child)
        parent.send_signal(signal.SIGKILL)
    assert wait_until(10, int(child.read_text()))
