"""The night's 支付回执 into the ledger: what the bank paid, what came back, and what can't be taken in."""

from __future__ import annotations

from datetime import datetime

import duckdb
import polars as pl

from flows.warehouse.connection import transaction
from flows.warehouse.ledger import append_entries, ledger_of, receipts_of_run
from flows.warehouse.tables import append
from schemas.audit import Findings
from schemas.housing import PaymentReceipts
from schemas.sheet import WARNING
from transforms.payout.answers import answers
from transforms.payout.ledger import answer_entries, appended

_SETTLE = """
    UPDATE payout.batches SET status = 'settled' WHERE status = 'approved' AND line_count > 0
    AND batch_id NOT IN (
        SELECT listed.batch_id FROM payout.ledger AS listed
        ANTI JOIN (SELECT refers_to FROM payout.ledger WHERE kind IN ('confirmed', 'failed')) AS answer
            ON answer.refers_to = listed.entry_id
        WHERE listed.kind = 'listed')
"""


def take_in_receipts(connection: duckdb.DuckDBPyConnection, run_id: str, at: datetime) -> pl.DataFrame:
    """Add the answers of a run's receipts to the ledger and settle what is answered in full.

    Returns the findings (rows of `audit.findings`, stored too): receipts for unknown lines, twice, or
    contradicting; they change nothing.
    """
    receipts, findings = receipts_of_run(connection, run_id), Findings.empty()
    with transaction(connection):
        if not receipts.is_empty():
            ledger = ledger_of(connection)
            found = answers(receipts, ledger)
            append_entries(connection, appended(ledger, answer_entries(ledger, found.answered, at)))
            findings = _findings(found.refused)
            append(connection, Findings, findings)
        connection.execute(_SETTLE)
    return findings


def _findings(refused: pl.DataFrame) -> pl.DataFrame:
    line_number = PaymentReceipts.columns["line_number"]
    return Findings.conform(
        refused.with_columns(
            column_letter=pl.lit(None, pl.String),
            header=pl.lit(line_number.header),
            field=pl.lit("line_number"),
            value=pl.col("line_number").cast(pl.String),
            severity=pl.lit(WARNING),
        )
        .select(list(Findings.columns))
        .cast(pl.Schema(Findings.frame_schema()))
    )
