"""The ledger and the approved batches: read whole, and only ever added to."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

import duckdb
import polars as pl

from flows.warehouse.tables import append, registered
from schemas.audit import Findings, Uploads
from schemas.housing import PaymentReceipts
from schemas.payout import (
    CONFIRMED,
    DRAFT,
    FAILED,
    LISTED,
    Batches,
    Ledger,
    LineObligations,
    Lines,
    ListFiles,
    Programme,
    ReceivableItems,
)
from schemas.table import Table
from transforms.payout.answers import RECEIPT_RULES, SUCCESS
from transforms.payout.past import FAILURES, Past
from transforms.payout.payee_numbers import NUMBER_MARK

LEDGER, LEDGER_COLUMNS = Ledger.qualified_name(), Ledger.columns
NOT_DRAFT = f"batch_id IN (SELECT batch_id FROM payout.batches WHERE status <> '{DRAFT}')"
_OF_ALL = NOT_DRAFT
_OTHERS = f"(SELECT batch_id FROM payout.batches WHERE programme <> '{Programme.HOUSING_COMPENSATION.value}')"
_OF_SOME = f"{NOT_DRAFT} AND (batch_id IN {_OTHERS} OR {{family}} IN (SELECT family FROM wanted))"
_TAKEN_IN = f"""
    SELECT record.batch_id, record.line_number, record.result, record.failure_reason
    FROM survey.{PaymentReceipts.table}_history AS record
    ANTI JOIN {Findings.qualified_name()} AS refused
        ON refused.upload_id = record.upload_id AND refused.sheet = record.sheet
            AND refused.row_number = record.row_number AND starts_with(refused.rule, '{RECEIPT_RULES}')
    WHERE NOT record.is_void
"""
_UNLIKE_RECEIPTS = f"""
    WITH told AS (
        SELECT listed.batch_id, listed.line_number, listed.entry_id, taken.result = '{SUCCESS}' AS is_paid
        FROM {Ledger.qualified_name()} AS listed JOIN ({_TAKEN_IN}) AS taken USING (batch_id, line_number)
        WHERE listed.kind = '{LISTED}'),
    entered AS (
        SELECT batch_id, line_number, refers_to AS entry_id, kind = '{CONFIRMED}' AS is_paid
        FROM {Ledger.qualified_name()} WHERE kind IN ('{CONFIRMED}', '{FAILED}')),
    unlike AS ((FROM told EXCEPT FROM entered) UNION (FROM entered EXCEPT FROM told))
    SELECT DISTINCT batch_id, line_number FROM unlike ORDER BY ALL
"""


def family(name: str) -> str:
    """`payee_numbers.party_of` of a column, in SQL."""
    return f"regexp_replace({name}, '{NUMBER_MARK}[0-9]+$', '')"


def has_entries(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether anything has been listed yet."""
    found = connection.execute(f"SELECT 1 FROM {Ledger.qualified_name()} LIMIT 1").fetchall()
    return bool(found)


def read_past(connection: duckdb.DuckDBPyConnection, households: pl.Series | None = None) -> Past:
    """What has been listed and answered so far, of these households (`families`) and all other parties."""
    if households is None:
        return _past(connection, _OF_ALL)
    wanted = pl.DataFrame({"family": households}, schema={"family": pl.String()})
    with registered(connection, "wanted", wanted):
        return _past(connection, _OF_SOME)


def _past(connection: duckdb.DuckDBPyConnection, condition: str) -> Past:
    of_payee, of_party = (condition.format(family=family(name)) for name in ("payee_id", "party_id"))
    return Past(
        ledger=_rows(connection, Ledger, of_payee).sort("entry_id"),
        batches=_rows(connection, Batches, NOT_DRAFT),
        lines=_rows(connection, Lines, of_payee),
        line_items=_rows(connection, LineObligations, of_party),
        receivable_items=_rows(connection, ReceivableItems, of_party),
        failures=_failures(connection),
    )


def ledger_of(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Every entry, the first one first."""
    return _rows(connection, Ledger, "true").sort("entry_id")


def entries_at(connection: duckdb.DuckDBPyConnection, numbers: Collection[int]) -> dict[int, str]:
    """The digests of the ledger's entries with these numbers, as far as there are any."""
    rows = connection.execute(
        f"SELECT entry_id, digest FROM {Ledger.qualified_name()} WHERE list_contains(?, entry_id)",
        [list(numbers)],
    ).fetchall()
    return {int(entry_id): str(digest) for entry_id, digest in rows}


def approved_rows(connection: duckdb.DuckDBPyConnection, table: type[Table], *fields: str) -> pl.DataFrame:
    """Of the rows of approved batches these fields."""
    found: pl.DataFrame = connection.sql(
        f"SELECT {', '.join(fields)} FROM {table.qualified_name()} WHERE {NOT_DRAFT}"
    ).pl()
    schema = table.frame_schema()
    return found.rechunk().cast(pl.Schema({name: schema[name] for name in fields}))


def standing_total(connection: duckdb.DuckDBPyConnection) -> Decimal:
    """What stands on approved lists of the housing programme without having failed, in 元."""
    ((total,),) = connection.execute(
        f"SELECT coalesce(sum(CASE kind WHEN '{LISTED}' THEN amount WHEN '{FAILED}' THEN -amount END), 0) "
        f"FROM {Ledger.qualified_name()} WHERE batch_id NOT IN {_OTHERS}"
    ).fetchall()
    return Decimal(total)


def append_entries(connection: duckdb.DuckDBPyConnection, entries: pl.DataFrame) -> None:
    """Add entries to the ledger's end; the database refuses a second listing of an obligation."""
    append(connection, Ledger, entries)


def batch_rows(
    connection: duckdb.DuckDBPyConnection,
    table: type[Table],
    batch_id: str,
    lines: tuple[int, int] | None = None,
) -> pl.DataFrame:
    """The rows of a table that belong to a batch, or to its lines from one number to another."""
    if lines is None:
        return _rows(connection, table, "batch_id = ?", batch_id)
    return _rows(connection, table, "batch_id = ? AND line_number BETWEEN ? AND ?", batch_id, *lines)


def list_files(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The files of the approved lists, with the digests that they had when they were written."""
    return _rows(connection, ListFiles, "true").sort("batch_id", "file_name")


def receipts_of_run(connection: duckdb.DuckDBPyConnection, run_id: str) -> pl.DataFrame:
    """Every accepted 支付回执 row of a run's uploads, in the order received, with `is_void` and file name."""
    found: pl.DataFrame = connection.sql(
        f"SELECT record.*, upload.file_name FROM survey.{PaymentReceipts.table}_history AS record "
        f"JOIN {Uploads.qualified_name()} AS upload USING (upload_id) WHERE upload.run_id = ? "
        "ORDER BY upload.sequence, record.sheet, record.row_number",
        params=[run_id],
    ).pl()
    return found


def lines_unlike_receipts(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int]]:
    """Batch and number of the lines whose answers in the ledger are not those of the receipts taken in."""
    found = connection.execute(_UNLIKE_RECEIPTS).fetchall()
    return [(str(batch_id), int(line_number)) for batch_id, line_number in found]


def _failures(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    found: pl.DataFrame = connection.sql(
        f"SELECT {', '.join(FAILURES)} FROM ({_TAKEN_IN}) WHERE failure_reason IS NOT NULL"
    ).pl()
    return found.cast(FAILURES)


def _rows(
    connection: duckdb.DuckDBPyConnection, table: type[Table], condition: str, *values: str | int
) -> pl.DataFrame:
    fields = ", ".join(table.columns)
    found: pl.DataFrame = connection.sql(
        f"SELECT {fields} FROM {table.qualified_name()} WHERE {condition}", params=list(values)
    ).pl()
    return found.rechunk().cast(pl.Schema(table.frame_schema()))
