"""Frames into tables and tables into frames."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    connection.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))
    yield
    connection.unregister(name)


def current_records(
    connection: duckdb.DuckDBPyConnection, sheets: Iterable[type[Sheet]] = ALL_SHEETS
) -> dict[str, pl.DataFrame]:
    """The current records of sheets by table name, in the order in which they were received."""
    return {sheet.table: current(connection, sheet) for sheet in sheets}


def current(connection: duckdb.DuckDBPyConnection, sheet: type[Sheet]) -> pl.DataFrame:
    """The current records of a sheet, in the order of uploads and rows."""
    table, schema = f"survey.{quoted(sheet.table)}", pl.Schema(sheet.frame_schema())
    uploads = connection.sql(
        f"SELECT DISTINCT upload_id, sequence FROM {table} LEFT JOIN audit.uploads USING (upload_id) "
        "ORDER BY sequence, upload_id"
    ).pl()
    fields = ", ".join(quoted(name) for name in schema if name != "upload_id")
    with registered(connection, "of", uploads.select("upload_id").with_row_index("upload")):
        found = (
            connection.sql(f"SELECT {fields}, upload FROM {table} JOIN of USING (upload_id)").pl().rechunk()
        )
    # each of these long names is held once, and each row only points to it
    upload_ids = uploads["upload_id"].gather(found["upload"])
    return _as_received(found.with_columns(upload_ids)).select(list(schema)).cast(schema)


def _as_received(records: pl.DataFrame) -> pl.DataFrame:
    """The records by `upload`, sheet and row: mostly as they lie, which is quickly seen."""
    place = [pl.col(name) for name in ("upload", "sheet", "row_number")]
    is_behind = pl.lit(value=False)
    for part in reversed(place):
        is_behind = (part > part.shift()) | ((part == part.shift()) & is_behind)
    return records if records.select(is_behind.slice(1).all()).item() else records.sort(place)
