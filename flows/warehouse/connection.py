"""Connections to a warehouse file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from flows.errors import OperatorError
from flows.private import private

_HOLDER = re.compile(r"\(PID (\d+)\)")
_NO_ROOM = ("No space left on device", "File too large", "Disk quota exceeded")
_DAMAGED = ("Corrupt database file", "Could not read enough bytes")
_LOCKED = "Could not set lock on file"
_UNWRITTEN = "Could not write file"


class WarehouseMissingError(OperatorError):
    """There is no warehouse at the path; no night has been run there."""


class WarehouseUnusableError(OperatorError):
    """The file can't be opened as a warehouse: it is in use, damaged, or of another kind."""


@contextmanager
def writing(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may change the file; everything is in the file itself when it closes.

    A damaged log opens quietly with fewer rows, so none is left behind.
    """
    with private():
        connection = _connect(warehouse)
        try:
            with _file_in_order(warehouse):
                yield connection
                connection.execute("CHECKPOINT")
        finally:
            connection.close()


class WarehouseOutdatedError(OperatorError):
    """The warehouse lacks a table or column that this version of the program knows."""


@contextmanager
def reading_results(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """`reading`, for questions of our own. Raises WarehouseOutdatedError where its tables are others."""
    with reading(warehouse) as connection:
        try:
            yield connection
        except (duckdb.BinderException, duckdb.CatalogException):
            reason = f"{warehouse} was written by another version of the program: run `arxan nightly` first"
            raise WarehouseOutdatedError(reason) from None


@contextmanager
def reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can change nothing and reaches no other file.

    Raises WarehouseMissingError when there is no such file, WarehouseUnusableError when it is none of ours.
    """
    if not warehouse.is_file():
        reason = f"there is no warehouse at {warehouse}: run `arxan nightly` first, or name another one"
        raise WarehouseMissingError(reason)
    with private():
        connection = _connect(
            warehouse,
            read_only=True,
            config={"enable_external_access": "false", "lock_configuration": "true"},
        )
        try:
            with _file_in_order(warehouse):
                yield connection
        finally:
            connection.close()


def _connect(
    warehouse: Path,
    *,
    read_only: bool = False,
    config: dict[str, str | bool | int | float | list[str]] | None = None,
) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(warehouse), read_only=read_only, config=config or {})
    except duckdb.Error as error:
        reason = f"{warehouse} can't be opened: {_why(error)}"
    raise WarehouseUnusableError(reason)


@contextmanager
def _file_in_order(warehouse: Path) -> Iterator[None]:
    """Tells of a disk that is full or a file that is damaged, which shows only when it is written or read."""
    try:
        yield
    except duckdb.Error as error:
        fault = _fault_of_file(error)
        if fault is None:
            raise
        reason = f"{warehouse} {fault}"
    else:
        return
    raise WarehouseUnusableError(reason)


def _fault_of_file(error: duckdb.Error) -> str | None:
    """What is wrong with the disk or the file; nothing where the error is of another kind."""
    said = str(error)
    if any(words in said for words in _NO_ROOM):
        return "can't be written, there is no room for it: make room on its disk, then start again"
    if any(words in said for words in _DAMAGED):
        return "is damaged: put the last good backup of the warehouse in its place, then run a night"
    if isinstance(error, duckdb.IOException | duckdb.FatalException) or _UNWRITTEN in said:
        return f"can't be read or written ({type(error).__name__}): look to its disk, then start again"
    return None


def _why(error: duckdb.Error) -> str:
    """In words of our own: the database's may quote what it read."""
    said = str(error)
    if _LOCKED in said:
        holder = _HOLDER.search(said)
        return "it is in use by " + (f"process {holder[1]}" if holder else "another program")
    if isinstance(error, duckdb.IOException) and "not a valid DuckDB" in said:
        return "it is no DuckDB file"
    if isinstance(error, duckdb.IOException) and "Permission denied" in said:
        return "this account may not read it"
    return f"it or its .wal is damaged, or of another version of DuckDB ({type(error).__name__})"


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        with suppress(duckdb.Error):  # one that a full disk has stopped takes nothing any more
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
