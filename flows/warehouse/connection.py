"""Connections to a warehouse file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


class WarehouseMissingError(FileNotFoundError):
    """There is no warehouse at the path; no night has been run there."""


@contextmanager
def writing(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may change the file; everything is in the file itself when it closes.

    A damaged log opens quietly with fewer rows, so none is left behind.
    """
    connection = duckdb.connect(str(warehouse))
    try:
        yield connection
        connection.execute("CHECKPOINT")
    finally:
        connection.close()


@contextmanager
def reading(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that can change nothing and reaches no other file.

    Raises WarehouseMissingError when there is no such file.
    """
    if not warehouse.is_file():
        reason = f"there is no warehouse at {warehouse}: run `arxan nightly` first, or name another one"
        raise WarehouseMissingError(reason)
    connection = duckdb.connect(
        str(warehouse),
        read_only=True,
        config={"enable_external_access": "false", "lock_configuration": "true"},
    )
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of it or nothing."""
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
