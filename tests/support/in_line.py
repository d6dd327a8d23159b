"""Takes the place of processes where a test puts something else into the program that they would not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from flows.parallel import Work, Worker

Task = TypeVar("Task")
Result = TypeVar("Result")


def in_line(
    work: Work[Task, Result], tasks: Sequence[Task], _kept: list[Worker] | None = None
) -> Iterator[Result]:
    """The results one after the other, without limits."""
    return map(work.function, tasks)
