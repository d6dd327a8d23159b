"""Blocks of households worked on side by side: one block alone seldom keeps two processors busy."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_AT_ONCE = 2
"""The blocks in work: each more would take the memory of a block."""
_Given = TypeVar("_Given")
_Made = TypeVar("_Made")


def side_by_side(make: Callable[[_Given], _Made], blocks: Iterable[_Given]) -> Iterator[_Made]:
    """What is made of each block, in their order; none is begun before it is needed next."""
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        begun: deque[Future[_Made]] = deque()
        for block in blocks:
            begun.append(threads.submit(make, block))
            if len(begun) == _AT_ONCE:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
