"""What a night computes, into its tables: settlements whole, drafts anew, what is approved untouched."""

from __future__ import annotations

import duckdb
import polars as pl

from flows.warehouse.bulk import BulkWriter
from flows.warehouse.connection import transaction
from flows.warehouse.tables import append, insert, registered, replace
from schemas.audit import Runs
from schemas.compensation import (
    COMPENSATION_TABLES,
    Alternatives,
    Buildings,
    Households,
    LineItems,
    OpenQuestions,
    Status,
)
from schemas.investment_scores import EnvoyDuties, EnvoyRankings, EnvoyScoreItems, EnvoyScores
from schemas.payout import (
    BATCH_PREFIXES,
    Batches,
    Held,
    LineObligations,
    Lines,
    Programme,
    ReceivableItems,
    Receivables,
)
from transforms.compensation.settlement import Settlement
from transforms.envoys.evaluation import Evaluation
from transforms.payout.batches import Draft

_LISTED = (
    "household_id",
    "building_id",
    "item",
    "item_name",
    "period",
    "amount",
    "clause",
    "basis",
    "reading",
    "status",
)
_SAME = ["batch_id", "digest", "as_of"]
_DRAFTS = "SELECT batch_id FROM payout.batches WHERE status = 'draft'"


def clear_settlement(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave nothing of the earlier settlements; to be called within a transaction."""
    for table in COMPENSATION_TABLES:
        connection.execute(f"DELETE FROM {table.qualified_name()}")


def add_settlement(writer: BulkWriter, settlement: Settlement) -> None:
    """Add the settlement of some households, as `settled_in_blocks` has checked it."""
    writer.insert(LineItems, settlement.line_items)
    writer.insert(Alternatives, settlement.alternatives)
    writer.insert(Households, settlement.households)
    writer.insert(Buildings, settlement.buildings)
    writer.insert(OpenQuestions, settlement.open_questions)


def due_items(connection: duckdb.DuckDBPyConnection, households: pl.Series) -> pl.DataFrame:
    """The line items of these households that are owed or held, with the columns that lists take."""
    wanted = households.alias("household_id").cast(pl.String).to_frame()
    with registered(connection, "wanted", wanted):
        found = connection.sql(
            f"SELECT {', '.join(_LISTED)} FROM {LineItems.qualified_name()} SEMI JOIN wanted "
            "USING (household_id) WHERE household_id BETWEEN ? AND ? AND status IN (?, ?) AND amount <> 0",
            params=[households.min(), households.max(), Status.OWED.value, Status.HELD.value],
        ).pl()
    schema = LineItems.frame_schema()
    items: pl.DataFrame = found.rechunk().cast(pl.Schema({name: schema[name] for name in _LISTED}))
    return items


def store_evaluation(connection: duckdb.DuckDBPyConnection, evaluation: Evaluation) -> None:
    """Put an evaluation in the place of the earlier one.

    Its questions are not stored here: those of all parts of investment are put into their table together.
    """
    with transaction(connection):
        replace(connection, EnvoyScores, evaluation.scores)
        replace(connection, EnvoyScoreItems, evaluation.items)
        replace(connection, EnvoyRankings, evaluation.rankings)
        replace(connection, EnvoyDuties, evaluation.duties)


def clear_drafts(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Leave nothing of the earlier drafts; gives what they were, for `store_draft`.

    To be called within a transaction; approved batches and the ledger stay.
    """
    earlier: pl.DataFrame = connection.sql(
        f"SELECT {', '.join(_SAME)}, run_id AS first_run, drafted_by AS first_drafter FROM payout.batches "
        "WHERE status = 'draft'"
    ).pl()
    for table in (Lines, LineObligations, ReceivableItems):
        connection.execute(f"DELETE FROM {table.qualified_name()} WHERE batch_id IN ({_DRAFTS})")
    connection.execute("DELETE FROM payout.batches WHERE status = 'draft'")
    return earlier


def store_draft(connection: duckdb.DuckDBPyConnection, draft: Draft, earlier: pl.DataFrame) -> None:
    """Add the drafts but for what is behind their lines, and put what is held and receivable in its place.

    A draft that is as it was the night before, among the `earlier` ones, stays the draft of that night.
    """
    batches = (
        draft.batches.join(earlier, on=_SAME, how="left", maintain_order="left")
        .with_columns(
            run_id=pl.coalesce("first_run", "run_id"), drafted_by=pl.coalesce("first_drafter", "drafted_by")
        )
        .drop("first_run", "first_drafter")
    )
    connection.execute(f"DELETE FROM {Held.qualified_name()}")
    connection.execute(f"DELETE FROM {Receivables.qualified_name()}")
    for table, rows in (
        (Batches, batches),
        (Lines, draft.lines),
        (Held, draft.held),
        (Receivables, draft.receivables),
    ):
        insert(connection, table.qualified_name(), rows)


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
