"""Work in processes: in order, apart from each other's faults, and gone when the parent is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from flows.cage import Allowance, Cause, Stopped
from flows.parallel import ByName, Work, in_processes, kept_workers

ALLOWANCE = Allowance(512 * 1024**2, processor_seconds=20, wall_seconds=60)

WORK = """
import sys
from pathlib import Path
from tests.flows.test_parallel import results_of, write_process_and_wait
results_of(write_process_and_wait, [sys.argv[1]])
"""


def allowed(_: str) -> Allowance:
    return ALLOWANCE


def little_time(task: str) -> Allowance:
    wall_seconds = 1 if task == "time" else 60
    return Allowance(ALLOWANCE.memory_bytes, processor_seconds=0.5, wall_seconds=wall_seconds)


def results_of(
    function: Callable[[str], object], tasks: list[str], allowance: Callable[[str], Allowance] = allowed
) -> list[object]:
    return list(in_processes(Work(function, allowance, ALLOWANCE), tasks))


def die_over(task: str) -> str:
    if task == "deadly":
        os._exit(9)
    if task == "ended":
        os.kill(os.getpid(), signal.SIGKILL)
    if task == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    return task


def take(task: str) -> str:
    match task:
        case "memory":
            return str(len(bytearray(2 * ALLOWANCE.memory_bytes)))
        case "memory of native code":
            return str(pl.select(pl.int_range(10**9).sum()).item())
        case "processor":
            while True:
                pass
        case "time":
            time.sleep(60)
    return task


def process_of(_: str) -> int:
    return os.getpid()


def name_of_failing(task: str) -> str:
    """The first of its tries ends the process, the second brings a result."""
    path = Path(task)
    if path.exists():
        return "second try"
    path.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    return "first try"


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


def test_a_process_that_dies_takes_no_other_task_with_it() -> None:
    tasks = ["one", "deadly", "two", "crash", "ended", "three"]
    assert results_of(die_over, tasks) == [
        "one", Stopped(Cause.FAULT), "two", Stopped(Cause.CRASH), Stopped(Cause.FAULT), "three"
    ]  # fmt: skip


def test_what_takes_too_much_is_stopped_and_what_it_took_is_named() -> None:
    tasks = ["one", "memory", "memory of native code", "processor", "time", "two"]
    assert results_of(take, tasks, little_time) == [
        "one",
        Stopped(Cause.MEMORY),
        Stopped(Cause.MEMORY),
        Stopped(Cause.PROCESSOR_TIME),
        Stopped(Cause.WALL_TIME),
        "two",
    ]


def test_a_process_goes_on_to_the_next_task() -> None:
    assert len(set(results_of(process_of, ["task"] * 12))) <= (os.cpu_count() or 1)


def test_what_was_ended_from_outside_is_tried_once_more(tmp_path: Path) -> None:
    assert results_of(name_of_failing, [str(tmp_path / "tried")]) == ["second try"]


def test_what_fails_in_a_process_fails_alone() -> None:
    tasks = ["one", "panic", "two", "error", "not to be sent", "three"]
    fault = Stopped(Cause.FAULT)
    assert results_of(fail_over, tasks) == ["one", fault, "two", fault, fault, "three"]


def test_processes_that_are_kept_go_on_to_other_work() -> None:
    work = Work(process_of, allowed, ALLOWANCE)
    with kept_workers() as kept:
        (first,) = in_processes(work, ["task"], kept)
        (second,) = in_processes(Work(process_of, little_time, ALLOWANCE), ["task"], kept)
        assert len(kept) == 1
    assert first == second
    assert isinstance(first, int)
    assert not is_alive(first)


def test_a_kept_process_that_has_died_meanwhile_is_replaced() -> None:
    work = Work(process_of, allowed, ALLOWANCE)
    with kept_workers() as kept:
        (first,) = in_processes(work, ["task"], kept)
        kept[0].process.kill()
        kept[0].process.join()
        (second,) = in_processes(work, ["task"], kept)
    assert isinstance(second, int)
    assert first != second


def test_a_function_by_name_is_loaded_where_it_arrives() -> None:
    process: ByName[int] = ByName(__name__, "process_of")
    (elsewhere,) = in_processes(Work(process, allowed, ALLOWANCE), ["task"])
    assert process("task") == os.getpid() != elsewhere


def test_no_task_starts_no_process() -> None:
    assert results_of(die_over, []) == []


@pytest.mark.slow
def test_children_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    child = tmp_path / "child"
    with subprocess.Popen([sys.executable, "-c", WORK, str(child)]) as parent:  # noqa: S603 our own program
        assert wait_until(30, child)
        parent.send_signal(signal.SIGKILL)
    assert wait_until(10, int(child.read_text()))


def weight(task: str) -> int:
    return len(task)


def moment(_: str) -> float:
    return time.monotonic()


def test_the_heaviest_is_begun_first_and_results_keep_the_order_of_the_tasks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    light, heavy, middling = in_processes(Work(moment, allowed, ALLOWANCE, weight), ["a", "bbb", "cc"])
    assert not isinstance(light, Stopped)
    assert not isinstance(heavy, Stopped)
    assert not isinstance(middling, Stopped)
    assert heavy < middling < light
