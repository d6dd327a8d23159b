"""Writing more rows than memory holds."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb
import polars as pl

from flows.warehouse.connection import transaction, writing
from flows.warehouse.tables import insert
from schemas.table import Table

ROWS_AT_ONCE: Final = 400_000


class BulkWriter:
    """A connection to a file of our own, closed and opened anew after so many rows.

    It keeps in memory what it has written until it is closed. What it writes is there at once: it is for the
    copy that a night works on, which is thrown away where the night fails.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._stack = ExitStack()
        self._rows = 0
        self.connection: duckdb.DuckDBPyConnection

    def __enter__(self) -> Self:
        """Open the file."""
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self._stack.__exit__(kind, error, trace)

    def insert(self, table: type[Table], rows: pl.DataFrame) -> None:
        """Add rows that have been checked already."""
        if self._rows >= ROWS_AT_ONCE:
            self._stack.close()
            self._open()
        with transaction(self.connection):
            insert(self.connection, table.qualified_name(), rows)
        self._rows += rows.height

    def _open(self) -> None:
        self.connection = self._stack.enter_context(writing(self._database))
        self._rows = 0
