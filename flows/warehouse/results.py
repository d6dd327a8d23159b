"""What a night computes, into its tables: settlements whole, drafts anew, what is approved untouched."""

from __future__ import annotations

import duckdb
import polars as pl

from flows.warehouse.connection import transaction
from flows.warehouse.tables import append, replace
from schemas.audit import Runs
from schemas.compensation import Alternatives, Buildings, Households, LineItems, OpenQuestions
from schemas.payout import BATCH_PREFIXES, Batches, Held, LineObligations, Lines, Programme, Receivables
from transforms.compensation.settlement import Settlement
from transforms.payout.batches import Draft

_DRAFTS = "SELECT batch_id FROM payout.batches WHERE status = 'draft'"


def store_settlement(connection: duckdb.DuckDBPyConnection, settlement: Settlement) -> None:
    """Put a settlement in the place of the earlier one."""
    with transaction(connection):
        replace(connection, LineItems, settlement.line_items)
        replace(connection, Alternatives, settlement.alternatives)
        replace(connection, Households, settlement.households)
        replace(connection, Buildings, settlement.buildings)
        replace(connection, OpenQuestions, settlement.open_questions)


def store_draft(connection: duckdb.DuckDBPyConnection, draft: Draft) -> None:
    """Put the drafts in the place of the earlier drafts; approved batches and the ledger stay."""
    with transaction(connection):
        for table in (Lines, LineObligations):
            connection.execute(f"DELETE FROM {table.qualified_name()} WHERE batch_id IN ({_DRAFTS})")
        connection.execute("DELETE FROM payout.batches WHERE status = 'draft'")
        append(connection, Batches, draft.batches)
        append(connection, Lines, draft.lines)
        append(connection, LineObligations, draft.line_items)
        replace(connection, Held, draft.held)
        replace(connection, Receivables, draft.receivables)


def store_run(connection: duckdb.DuckDBPyConnection, run: pl.DataFrame) -> None:
    """Record a run; its presence is what says that the run was published."""
    append(connection, Runs, run)


def next_batch_numbers(connection: duckdb.DuckDBPyConnection) -> dict[Programme, int]:
    """The number of each programme's next batch: one more than its last approved one, 1 before the first."""
    rows = connection.execute("SELECT batch_id FROM payout.batches WHERE status <> 'draft'").fetchall()
    numbers = dict.fromkeys(Programme, 1)
    for (batch_id,) in rows:
        prefix, _, number = str(batch_id).rpartition("-")
        for programme, its_prefix in BATCH_PREFIXES.items():
            if prefix == its_prefix:
                numbers[programme] = max(numbers[programme], int(number) + 1)
    return numbers
