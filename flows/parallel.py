"""Work on several files at a time, each apart from the others' faults."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from pathlib import Path
from threading import Thread
from typing import TypeVar

import polars as pl

Task = TypeVar("Task")
Result = TypeVar("Result")
FAULTS = (Exception, pl.exceptions.PanicException)
"""What may go wrong with one file: a panic of polars is no Exception. To be told to stop is no fault."""
FEW_TASKS = 4
SMALL_BYTES = 2_000_000


def is_little(paths: Sequence[Path]) -> bool:
    """Whether working through the files is done sooner than processes are started."""
    return len(paths) <= FEW_TASKS and sum(_bytes(path) for path in paths) <= SMALL_BYTES


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def in_processes(function: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result | None]:
    """The results in the order of the tasks, None where there is none: an error, or the process died over it.

    A process that dies takes the work of its neighbours with it, so what was lost is tried once more, each
    task with a process of its own. Polars does not survive a fork: processes start anew.
    """
    if not tasks:
        return
    with _pool(min(len(tasks), os.cpu_count() or 1)) as pool:
        futures = [pool.submit(_unless_faulty, function, task) for task in tasks]
        for task, future in zip(tasks, futures, strict=True):
            try:
                found = _result(future)
            except BrokenProcessPool:
                found = _alone(function, task)
            yield found


def _unless_faulty(function: Callable[[Task], Result], task: Task) -> Result | None:
    """Errors end where they arise: a panic can't be sent to another process."""
    try:
        return function(task)
    except FAULTS:
        return None


def _result(future: Future[Result | None]) -> Result | None:
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except Exception:  # noqa: BLE001 a result that can't be sent is as good as none
        return None


def _alone(function: Callable[[Task], Result], task: Task) -> Result | None:
    with _pool(1) as pool:
        try:
            return _result(pool.submit(_unless_faulty, function, task))
        except BrokenProcessPool:
            return None


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """A killed parent leaves its children waiting for work for ever, with all that they hold in memory."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
