"""How often Python looks for what it can throw away."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_ALLOCATIONS_BETWEEN = 100_000


@contextmanager
def garbage_seldom_collected() -> Iterator[None]:
    """For making very many small objects that are all kept for a while, as the cells of workbooks are.

    Looking through them over and over takes a quarter of the time that writing a workbook takes.
    """
    usual = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS_BETWEEN, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
