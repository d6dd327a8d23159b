"""Connections to a warehouse file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from flows.errors import OperatorError


class WarehouseMissingError(OperatorError):
    """There is no warehouse at the path; no night has been run there."""


class WarehouseUnusableError(OperatorError):
    """The file can't be opened as a warehouse: it is in use, damaged, or of another kind."""


@contextmanager
def writing(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that may change the file; everything is in the file itself when it closes.

    A damaged log opens quietly with fewer rows, so none is left behind.
    """
    connection = _connect(warehouse)
    try:
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
    connection = _connect(
        warehouse,
        read_only=True,
        config={"enable_external_access": "false", "lock_configuration": "true"},
    )
    try:
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
        reason = f"{warehouse} can't be opened: {error}"
        raise WarehouseUnusableError(reason) from None


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
