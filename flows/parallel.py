"""Work on several files at a time, each in a process with limits and apart from the others' faults."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from threading import Thread
from typing import Any, Generic, TypeVar

import polars as pl

from flows.cage import Allowance, Cause, Stopped, caged, cause_of_end, prepare_process, resident_bytes
from flows.handover import receive, send

Task = TypeVar("Task")
Result = TypeVar("Result")
FAULTS = (Exception, pl.exceptions.PanicException)
"""What may go wrong with one file: a panic of polars is no Exception. To be told to stop is no fault."""
MOST_TRIES = 2
MOST_KEPT_BYTES = 512 * 1024**2
"""A process that has kept more than this of what earlier files took makes room for a new one."""
_SECONDS_TO_END = 10
_ARROW_POOL = ("ARROW_DEFAULT_MEMORY_POOL", "system")
"""Arrow's own pool reserves a gibibyte of addresses when it is first used, which counts against the limit."""
_spawning = get_context("spawn")


@dataclass(frozen=True)
class Work(Generic[Task, Result]):
    """What is done with each task, and within which limits.

    `first` holds while `allowance` finds out what the task itself may take.
    """

    function: Callable[[Task], Result]
    allowance: Callable[[Task], Allowance]
    first: Allowance


def in_processes(work: Work[Task, Result], tasks: Sequence[Task]) -> Iterator[Result | Stopped]:
    """The results in the order of the tasks, and for each that there is none of why.

    A process that ends over a task takes no other task with it. What was ended from outside, as by a machine
    without memory, is tried once more. Polars does not survive a fork: processes start anew, and each goes
    on to the next task, since starting takes longer than most files.
    """
    pool = _Pool(work, tasks)
    try:
        for place in range(len(tasks)):
            while place not in pool.results:
                pool.go_on()
            yield pool.results.pop(place)
    finally:
        pool.end()


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    place: int
    """Of the task that it works on."""


@dataclass
class _Pool(Generic[Task, Result]):
    work: Work[Task, Result]
    tasks: Sequence[Task]
    results: dict[int, Result | Stopped] = field(default_factory=dict)
    workers: list[_Worker] = field(default_factory=list)
    waiting: deque[int] = field(init=False)
    tries: dict[int, int] = field(default_factory=dict)
    most_workers: int = os.cpu_count() or 1

    def __post_init__(self) -> None:
        self.waiting = deque(range(len(self.tasks)))

    def go_on(self) -> None:
        """Give every process a task, and take what the next ones bring."""
        while self.waiting and len(self.workers) < self.most_workers:
            self._start()
        ready = wait([worker.connection for worker in self.workers])
        for worker in [worker for worker in self.workers if worker.connection in ready]:
            self._take(worker)

    def end(self) -> None:
        for worker in self.workers:
            worker.process.kill()
            worker.process.join()
            worker.connection.close()

    def _start(self) -> None:
        os.environ.setdefault(*_ARROW_POOL)
        ours, theirs = _spawning.Pipe()
        process = _spawning.Process(target=_work, args=(theirs, self.work), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours, -1)
        self.workers.append(worker)
        self._give(worker)

    def _give(self, worker: _Worker) -> None:
        worker.place = self.waiting.popleft()
        self.tries[worker.place] = self.tries.get(worker.place, 0) + 1
        with suppress(OSError):  # of one that has ended: found when its result is taken
            worker.connection.send(self.tasks[worker.place])

    def _take(self, worker: _Worker) -> None:
        try:
            result, goes_on = receive(worker.connection)
        except (EOFError, OSError):
            self._bury(worker)
            return
        self.results[worker.place] = result
        if goes_on and self.waiting:
            self._give(worker)
        else:
            self._dismiss(worker)

    def _bury(self, worker: _Worker) -> None:
        self._dismiss(worker)
        cause = cause_of_end(worker.process.exitcode)
        if cause is Cause.FAULT and self.tries[worker.place] < MOST_TRIES:
            self.waiting.append(worker.place)
        else:
            self.results[worker.place] = Stopped(cause)

    def _dismiss(self, worker: _Worker) -> None:
        self.workers.remove(worker)
        worker.connection.close()
        worker.process.join(_SECONDS_TO_END)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _work(connection: Connection, work: Work[Any, Any]) -> None:
    """What a process does until its parent has nothing more for it."""
    prepare_process()
    _end_with_parent()
    with suppress(EOFError, OSError):
        while True:
            result = _unless_stopped(work, connection.recv())
            goes_on = resident_bytes() < MOST_KEPT_BYTES
            try:
                send(connection, (result, goes_on))
            except FAULTS:  # a result that can't be sent is as good as none
                send(connection, (Stopped(Cause.FAULT), goes_on))


def _unless_stopped(work: Work[Any, Any], task: object) -> object:
    """Errors end where they arise: a panic can't be sent to another process."""
    try:
        with caged(work.first):
            allowance = work.allowance(task)
        with caged(allowance):
            return work.function(task)
    except MemoryError:
        return Stopped(Cause.MEMORY)
    except FAULTS:
        return Stopped(Cause.FAULT)


def _end_with_parent() -> None:
    """A killed parent leaves its children waiting for work for ever, with all that they hold in memory."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
