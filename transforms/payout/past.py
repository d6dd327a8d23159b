"""What has been listed, answered and recorded before: the ledger, and the approved batches behind it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.payout import FAILED, LISTED, RECOVERY, Batches, Ledger, LineObligations, Lines, ReceivableItems
from transforms.frames import stacked

LISTING = ["obligation_key", "sequence", "attempt"]
ACCOUNT = ["account_name", "bank_name", "bank_account"]
FAILURES = pl.Schema({"batch_id": pl.String(), "line_number": pl.Int64(), "failure_reason": pl.String()})
"""Why the bank could not pay a line; one row per failed line."""


@dataclass(frozen=True)
class Past:
    """The ledger, and of the batches that are no drafts their rows; `failures` has why lines failed."""

    ledger: pl.DataFrame
    batches: pl.DataFrame
    lines: pl.DataFrame
    line_items: pl.DataFrame
    receivable_items: pl.DataFrame
    failures: pl.DataFrame

    @classmethod
    def none(cls) -> Past:
        """Nothing has been listed yet."""
        return cls(
            Ledger.empty(),
            Batches.empty(),
            Lines.empty(),
            LineObligations.empty(),
            ReceivableItems.empty(),
            FAILURES.to_frame(),
        )

    def standing(self) -> pl.DataFrame:
        """The listed entries that have not failed: what counts as paid or on its way."""
        listed = self.ledger.filter(pl.col("kind") == LISTED)
        failed = self.ledger.filter(pl.col("kind") == FAILED)
        return listed.join(failed, on=LISTING, how="anti")

    def unreplaced_failures(self) -> pl.DataFrame:
        """The failed entries after which their obligation has not been listed again, in whatever amount."""
        listed = self.ledger.filter(pl.col("kind") == LISTED)
        newest = listed.group_by("obligation_key").agg(newest_listing=pl.col("entry_id").max())
        return (
            self.ledger.filter(pl.col("kind") == FAILED)
            .join(newest, on="obligation_key", how="left", maintain_order="left")
            .filter(pl.col("newest_listing").is_null() | (pl.col("newest_listing") < pl.col("entry_id")))
            .drop("newest_listing")
        )

    def recorded_recoveries(self) -> pl.DataFrame:
        """`obligation_key`, `recorded`: what approved receivables lists show under each key."""
        recoveries = self.ledger.filter(pl.col("kind") == RECOVERY)
        return recoveries.group_by("obligation_key").agg(recorded=pl.col("amount").sum())

    def last_sequences(self) -> pl.DataFrame:
        """`obligation_key`, `last_sequence`: how often each obligation has been listed."""
        listed = self.ledger.filter(pl.col("kind") == LISTED)
        return listed.group_by("obligation_key").agg(last_sequence=pl.col("sequence").max())

    def programmed_lines(self) -> pl.DataFrame:
        """The lines with their `programme`, the oldest first."""
        order = self.batches.select("batch_id", "programme", "approved_at")
        return self.lines.join(order, on="batch_id", how="inner").sort(
            "approved_at", "batch_id", "line_number"
        )

    def parties(self) -> pl.DataFrame:
        """`programme`, `payee_id` of whoever has a line or an entry, each once."""
        programmes = self.batches.select("batch_id", "programme")
        named = (rows.select("batch_id", "payee_id").unique() for rows in (self.lines, self.ledger))
        return stacked(named).join(programmes, on="batch_id").select("programme", "payee_id").unique()
