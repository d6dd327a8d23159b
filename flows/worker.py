"""The other end of `flows.parallel`: a process that works on what its parent sends, each task in a cage."""

from __future__ import annotations

import os
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from threading import Thread
from typing import Any

from flows.cage import Cause, Stopped, caged, prepare_process, resident_bytes
from flows.faults import FAULTS
from flows.handover import send
from flows.parallel import Work

MOST_KEPT_BYTES = 1280 * 1024**2
"""A process that has kept more than this of what earlier files took makes room for a new one."""


def work_for_parent(connection: Connection) -> None:
    """What a process does until its parent has nothing more for it."""
    prepare_process()
    _end_with_parent()
    with suppress(EOFError, OSError):
        while True:
            result = _unless_stopped(*connection.recv())
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
