"""The night works on a copy: readers see last night's warehouse until one rename puts the new one there."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import duckdb

from flows.lists.private_file import flush
from flows.warehouse.connection import WarehouseUnusableError, writing

OWNER_ONLY = 0o600


def night_file(warehouse: Path) -> Path:
    """The copy that a night works on, beside the warehouse so that it can be renamed into its place."""
    return warehouse.with_name(warehouse.name + ".night")


def _log_of(database: Path) -> Path:
    return database.with_name(database.name + ".wal")


def _spill_of(database: Path) -> Path:
    """Where DuckDB puts rows that memory has no room for; it stays when the process is killed."""
    return database.with_name(database.name + ".tmp")


def take_copy(warehouse: Path) -> Path:
    """Copy the warehouse as last published, or make an empty one. The caller holds the lock.

    A new warehouse may be read by its owner alone; an old one keeps its permissions.
    """
    discard_copy(warehouse)
    copy = night_file(warehouse)
    copy.parent.mkdir(parents=True, exist_ok=True)
    if not warehouse.exists():
        duckdb.connect(str(copy)).close()
        copy.chmod(OWNER_ONLY)
        return copy
    _fold_log(warehouse)
    copy.touch(OWNER_ONLY)
    shutil.copyfile(warehouse, copy)
    shutil.copymode(warehouse, copy)
    return copy


def _fold_log(warehouse: Path) -> None:
    """Take in what a writer that was killed left in the log, which the copy would miss."""
    if _log_of(warehouse).exists():
        with writing(warehouse):
            pass


def discard_copy(warehouse: Path) -> None:
    """Remove the copy of a night that failed or was killed."""
    copy = night_file(warehouse)
    for leftover in (copy, _log_of(copy)):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(_spill_of(copy), ignore_errors=True)


def put_in_place(warehouse: Path) -> None:
    """The point of commit: the copy becomes the warehouse, all of it or not at all.

    Raises WarehouseUnusableError, and puts nothing in place, where another program has written meanwhile.
    """
    copy = night_file(warehouse)
    log = _log_of(copy)
    if log.exists():
        reason = f"{log} exists: the copy was not closed, so it is not published"
        raise RuntimeError(reason)
    if _log_of(warehouse).exists():
        # it would be played into the new file, which it does not belong to
        reason = (
            f"another program has written to {warehouse} meanwhile ({_log_of(warehouse).name} is there), so "
            "nothing is published: close it there, then start again"
        )
        raise WarehouseUnusableError(reason)
    flush(copy)
    copy.replace(warehouse)
    with suppress(OSError):  # it is published, whatever becomes of this
        flush(warehouse.parent)
