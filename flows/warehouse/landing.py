"""Uploads into the warehouse: the history keeps every accepted row, the current tables the newest."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import polars as pl

from flows.warehouse.connection import transaction
from flows.warehouse.tables import INCOMING, append, quoted, registered
from schemas.audit import Findings, RejectedRows, Uploads
from schemas.sheet import VOID_FIELD, Sheet
from schemas.sheets import ALL_SHEETS
from transforms.frames import has_repeats


class RepeatedKeyError(Exception):
    """Accepted records that are landed together have a key twice: a bug, since intake rejects such rows."""


def land_together(
    connection: duckdb.DuckDBPyConnection,
    *,
    uploads: pl.DataFrame,
    findings: pl.DataFrame,
    records: Mapping[str, pl.DataFrame],
    rejected: pl.DataFrame | None = None,
) -> None:
    """Land uploads in one transaction: rows of `audit.uploads`, findings, accepted and rejected rows.

    `records` are the accepted rows by table name: the sheet's fields, provenance and `is_void`. No key stands
    in two of the uploads.
    Raises RepeatedKeyError, and lands nothing, when a sheet's records have a key twice.
    """
    with transaction(connection):
        # an upload comes a second time only when a fault of the program kept it out before
        for table in (RejectedRows, Findings, Uploads):
            connection.execute(
                f"DELETE FROM {table.qualified_name()} WHERE list_contains(?, upload_id)",
                [uploads["upload_id"].to_list()],
            )
        append(connection, Uploads, uploads)
        append(connection, Findings, findings)
        append(connection, RejectedRows, RejectedRows.empty() if rejected is None else rejected)
        for sheet in ALL_SHEETS:
            accepted = records.get(sheet.table)
            if accepted is not None and not accepted.is_empty():
                _land_records(connection, sheet, accepted)


def _land_records(connection: duckdb.DuckDBPyConnection, sheet: type[Sheet], accepted: pl.DataFrame) -> None:
    if has_repeats(accepted.select(sheet.key)):
        raise RepeatedKeyError(sheet.table)
    current = f"survey.{quoted(sheet.table)}"
    history = f"survey.{quoted(f'{sheet.table}_history')}"
    same_key = " AND ".join(f"earlier.{quoted(name)} = {INCOMING}.{quoted(name)}" for name in sheet.key)
    fields = ", ".join(quoted(name) for name in sheet.frame_schema())
    is_void = f"coalesce({VOID_FIELD}, false)"
    with registered(connection, INCOMING, accepted.select([*sheet.frame_schema(), VOID_FIELD])):
        connection.execute(
            f"UPDATE {history} AS earlier SET replaced_by = {INCOMING}.upload_id FROM {INCOMING} "
            f"WHERE earlier.replaced_by IS NULL AND {same_key}"
        )
        connection.execute(
            f"INSERT INTO {history} BY NAME SELECT {fields}, {is_void} AS {VOID_FIELD} FROM {INCOMING}"
        )
        connection.execute(f"DELETE FROM {current} AS earlier USING {INCOMING} WHERE {same_key}")
        connection.execute(
            f"INSERT INTO {current} BY NAME SELECT {fields} FROM {INCOMING} WHERE NOT {is_void}"
        )


def current_of_households(
    connection: duckdb.DuckDBPyConnection, sheet: type[Sheet], household_ids: pl.Series
) -> pl.DataFrame:
    """The current rows of a sheet that belong to the households named."""
    wanted = pl.DataFrame({"household_id": household_ids.drop_nulls().unique()})
    fields = ", ".join(quoted(name) for name in sheet.frame_schema())
    with registered(connection, "wanted", wanted):
        found: pl.DataFrame = connection.sql(
            f"SELECT {fields} FROM survey.{quoted(sheet.table)} SEMI JOIN wanted USING (household_id)"
        ).pl()
    return found.rechunk().cast(pl.Schema(sheet.frame_schema()))
