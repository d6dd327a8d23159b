"""One writer at a time: whoever changes a warehouse holds its lock file from start to end."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.errors import OperatorError
from flows.private import private


class WarehouseBusyError(OperatorError):
    """Another night or approval holds the warehouse; the text names its process."""


def lock_file(warehouse: Path) -> Path:
    """The file that is locked for a warehouse. It stays: only the lock on it means anything."""
    return warehouse.with_name(warehouse.name + ".lock")


@contextmanager
def exclusive(warehouse: Path) -> Iterator[None]:
    """Hold the warehouse's lock. Raises WarehouseBusyError at once when another process holds it.

    The system frees the lock when its process ends, however it ends. What is written meanwhile is private.
    """
    path = lock_file(warehouse)
    with private():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle, warehouse)
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(handle)


def _lock(handle: int, warehouse: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip() or "unknown"
        reason = (
            f"{warehouse} is in use by another night or approval (process {holder}): "
            "wait until it has ended and start again"
        )
        raise WarehouseBusyError(reason) from None
