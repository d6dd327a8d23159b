"""Frames into tables and tables into frames."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb
import polars as pl

from schemas.sheet import Sheet
from schemas.sheets import ALL_SHEETS
from schemas.table import Table

INCOMING = "incoming"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def append(connection: duckdb.DuckDBPyConnection, table: type[Table], frame: pl.DataFrame) -> None:
    """Add a frame's rows to its table. Raises pandera's SchemaErrors when they are no such rows."""
    insert(connection, table.qualified_name(), table.conform(frame))


def replace(connection: duckdb.DuckDBPyConnection, table: type[Table], frame: pl.DataFrame) -> None:
    """Let a table hold a frame's rows and no others; to be called within a transaction."""
    connection.execute(f"DELETE FROM {table.qualified_name()}")
    append(connection, table, frame)


def insert(connection: duckdb.DuckDBPyConnection, qualified_name: str, frame: pl.DataFrame) -> None:
    """Add rows by column name, without a copy, that whoever made them has checked already."""
    if not frame.is_empty():
        with registered(connection, INCOMING, frame):
            connection.execute(f"INSERT INTO {qualified_name} BY NAME SELECT * FROM {INCOMING}")


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """Let SQL see a frame under a name.

    An error leaves it so: the transaction is aborted then, and refuses this as well.
    """
    connection.register(name, frame)
    yield
    connection.unregister(name)


def current_records(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """The current records of every sheet by table name, in the order in which they were received."""
    return {sheet.table: current(connection, sheet) for sheet in ALL_SHEETS}


def current(connection: duckdb.DuckDBPyConnection, sheet: type[Sheet]) -> pl.DataFrame:
    """The current records of a sheet, in the order of uploads and rows."""
    fields = ", ".join(f"record.{quoted(name)}" for name in sheet.frame_schema())
    relation = connection.sql(
        f"SELECT {fields} FROM survey.{quoted(sheet.table)} AS record "
        "LEFT JOIN audit.uploads AS upload USING (upload_id) "
        "ORDER BY upload.sequence, record.sheet, record.row_number"
    )
    found: pl.DataFrame = relation.pl()
    return found.rechunk().cast(pl.Schema(sheet.frame_schema()))
