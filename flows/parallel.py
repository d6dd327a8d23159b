"""Work on several files at a time, each in a process with limits and apart from the others' faults."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar

from flows.cage import Allowance, Cause, Stopped, cause_of_end
from flows.handover import receive

Task = TypeVar("Task")
Result = TypeVar("Result")
MOST_TRIES = 2
_SECONDS_TO_END = 10
_SPARING = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(4 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 1024**2),
    "OPENBLAS_NUM_THREADS": "1",
}
"""Addresses that are only reserved count against the limit: a gibibyte when Arrow's own pool is first used,
in the system's, unless it is bounded, 64 MiB for each thread that happened to wait for another, and 32 MiB
for each that might compute what nobody here does. Memory that is given back after each array, and asked for
again, costs a quarter of the time that reading takes."""
_spawning = get_context("spawn")


@dataclass(frozen=True)
class ByName(Generic[Result]):
    """A function that the process loads that it is sent to, outside of the cage; who sends it need not."""

    module: str
    function: str

    def __call__(self, *args: object, **kwargs: object) -> Result:
        """The function's result, in this process."""
        result: Result = _loaded(self.module, self.function)(*args, **kwargs)
        return result

    def __reduce__(self) -> tuple[Callable[[str, str], Callable[..., Any]], tuple[str, str]]:
        """It arrives as the function itself."""
        return _loaded, (self.module, self.function)


def _loaded(module: str, function: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


@dataclass(frozen=True)
class Work(Generic[Task, Result]):
    """What is done with each task, and within which limits.

    `first` holds while `allowance` finds out what the task itself may take. The tasks of most `weight` are
    begun first, so that none of them is left over when all others are done.
    """

    function: Callable[[Task], Result]
    allowance: Callable[[Task], Allowance]
    first: Allowance
    weight: Callable[[Task], int] | None = None


@dataclass
class Worker:
    """A process that works on one task after the other."""

    process: SpawnProcess
    connection: Connection
    place: int = -1
    """Of the task that it works on."""

    def dismiss(self) -> None:
        """Let the process end, and make it if it does not."""
        self.connection.close()
        self.process.join(_SECONDS_TO_END)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


@contextmanager
def kept_workers() -> Iterator[list[Worker]]:
    """For work that other work follows: the processes that are left over are kept for it."""
    kept: list[Worker] = []
    try:
        yield kept
    finally:
        for worker in kept:
            worker.dismiss()


def in_processes(
    work: Work[Task, Result], tasks: Sequence[Task], kept: list[Worker] | None = None
) -> Iterator[Result | Stopped]:
    """The results in the order of the tasks, and for each that there is none of why.

    A process that ends over a task takes no other task with it. What was ended from outside, as by a machine
    without memory, is tried once more. Polars does not survive a fork: processes start anew, and each goes
    on to the next task, since starting takes longer than most files. Those of `kept_workers` are taken first,
    and left there.
    """
    pool = _Pool(work, tasks, kept)
    try:
        for place in range(len(tasks)):
            while place not in pool.results:
                pool.go_on()
            yield pool.results.pop(place)
    finally:
        pool.end()


@dataclass
class _Pool(Generic[Task, Result]):
    work: Work[Task, Result]
    tasks: Sequence[Task]
    kept: list[Worker] | None = None
    results: dict[int, Result | Stopped] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    waiting: deque[int] = field(init=False)
    tries: dict[int, int] = field(default_factory=dict)
    most_workers: int = field(default_factory=lambda: os.cpu_count() or 1)

    def __post_init__(self) -> None:
        weight = self.work.weight
        places = range(len(self.tasks))
        self.waiting = deque(
            sorted(places, key=lambda place: -weight(self.tasks[place])) if weight else places
        )

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
        worker = self.kept.pop() if self.kept else _started()
        self.workers.append(worker)
        self._give(worker)

    def _give(self, worker: Worker) -> None:
        worker.place = self.waiting.popleft()
        self.tries[worker.place] = self.tries.get(worker.place, 0) + 1
        with suppress(OSError):  # of one that has ended: found when its result is taken
            worker.connection.send((self.work, self.tasks[worker.place]))

    def _take(self, worker: Worker) -> None:
        try:
            result, goes_on = receive(worker.connection)
        except (EOFError, OSError):
            self._bury(worker)
            return
        self.results[worker.place] = result
        if goes_on and self.waiting:
            self._give(worker)
            return
        self.workers.remove(worker)
        if goes_on and self.kept is not None:
            self.kept.append(worker)
        else:
            worker.dismiss()

    def _bury(self, worker: Worker) -> None:
        self.workers.remove(worker)
        worker.dismiss()
        cause = cause_of_end(worker.process.exitcode)
        if cause is Cause.FAULT and self.tries[worker.place] < MOST_TRIES:
            self.waiting.append(worker.place)
        else:
            self.results[worker.place] = Stopped(cause)


def _started() -> Worker:
    os.environ.update(_SPARING | os.environ)
    ours, theirs = _spawning.Pipe()
    process = _spawning.Process(target=ByName("flows.worker", "work_for_parent"), args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return Worker(process, ours)
