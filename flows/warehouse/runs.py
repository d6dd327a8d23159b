"""What the warehouse knows of earlier nights: runs, and the uploads that it has taken in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from flows.warehouse.connection import reading
from schemas.audit import PROGRAM_FAULT, Runs, Uploads
from schemas.payout import DRAFT, Batches


def published_runs(warehouse: Path) -> frozenset[str]:
    """The runs of a warehouse as last published; none where there is no warehouse."""
    if not warehouse.exists():
        return frozenset()
    with reading(warehouse) as connection:
        if not _has_table(connection, Runs.schema_name, Runs.table):
            return frozenset()
        rows = connection.execute("SELECT run_id FROM audit.runs").fetchall()
    return frozenset(str(run_id) for (run_id,) in rows)


def approved_batches(warehouse: Path) -> frozenset[str]:
    """The approved and settled batches of a warehouse as last published."""
    if not warehouse.exists():
        return frozenset()
    with reading(warehouse) as connection:
        if not _has_table(connection, Batches.schema_name, Batches.table):
            return frozenset()
        rows = connection.execute(
            f"SELECT batch_id FROM {Batches.qualified_name()} WHERE status <> '{DRAFT}'"
        ).fetchall()
    return frozenset(str(batch_id) for (batch_id,) in rows)


def _has_table(connection: duckdb.DuckDBPyConnection, schema_name: str, table: str) -> bool:
    found = connection.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
        [schema_name, table],
    ).fetchall()
    return bool(found)


def next_run_id(connection: duckdb.DuckDBPyConnection, as_of: date, out: Path) -> str:
    """As-of date and number of the day, from 001; one whose lists are already there is left out."""
    ((known,),) = connection.execute("SELECT count(*) FROM audit.runs WHERE as_of = ?", [as_of]).fetchall()
    number = 1 + int(known)
    while (out / _run_id(as_of, number)).exists():
        number += 1
    return _run_id(as_of, number)


def _run_id(as_of: date, number: int) -> str:
    return f"{as_of.isoformat()}-{number:03d}"


def known_uploads(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The SHA-256 of every upload taken in so far, but for those that a fault of the program kept out.

    They are tried again each night: their sender can't mend them.
    """
    rows = connection.execute(
        "SELECT upload_id FROM audit.uploads ANTI JOIN (SELECT upload_id FROM audit.findings WHERE rule = ?) "
        "USING (upload_id)",
        [PROGRAM_FAULT],
    ).fetchall()
    return frozenset(str(upload_id) for (upload_id,) in rows)


def last_sequence(connection: duckdb.DuckDBPyConnection) -> int:
    """The number of the upload received last; 0 before the first."""
    ((last,),) = connection.execute("SELECT coalesce(max(sequence), 0) FROM audit.uploads").fetchall()
    return int(last)


def uploads_of_run(connection: duckdb.DuckDBPyConnection, run_id: str) -> pl.DataFrame:
    """The uploads that a run took in, in the order received."""
    found: pl.DataFrame = connection.sql(
        "SELECT * FROM audit.uploads WHERE run_id = ? ORDER BY sequence", params=[run_id]
    ).pl()
    return found.select(Uploads.columns.keys())
