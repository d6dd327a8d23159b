"""Blocks side by side: in their order, and no more at once than memory is meant for."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier

import pytest

from flows.side_by_side import side_by_side

TOGETHER = 2
SECONDS = 10


def test_what_is_made_comes_in_the_order_of_what_it_is_made_of() -> None:
    meet = Barrier(TOGETHER, timeout=SECONDS)

    def once_both_are_at_work(number: int) -> int:
        meet.wait()
        return number * number

    assert list(side_by_side(once_both_are_at_work, range(6))) == [0, 1, 4, 9, 16, 25]
    assert list(side_by_side(once_both_are_at_work, range(0))) == []


def test_no_more_is_begun_than_two() -> None:
    begun = []

    def numbers() -> Iterator[int]:
        for number in range(6):
            begun.append(number)
            yield number

    made = side_by_side(lambda number: number, numbers())
    assert begun == []
    assert next(made) == 0
    assert begun == [0, 1]
    assert next(made) == 1
    assert begun == [0, 1, 2]


def test_what_fails_in_one_is_raised() -> None:
    def half(number: int) -> float:
        return 1 / number

    with pytest.raises(ZeroDivisionError):
        list(side_by_side(half, [1, 0, 2]))
