"""A batch with all that its lists show, as the warehouse keeps it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from flows.warehouse.ledger import batch_rows
from schemas.payout import DRAFT, Batches, LineObligations, Lines, ReceivableItems
from transforms.money import MONEY
from transforms.payout.amount_in_words import amounts_in_words
from transforms.payout.batch_digest import batch_digest
from transforms.payout.wording import reasons_of_receivable


@dataclass(frozen=True)
class BatchContent:
    """A row of `payout.batches`, and its rows of lines, line items and receivable items."""

    batch: dict[str, Any]
    lines: pl.DataFrame
    items: pl.DataFrame
    owing: pl.DataFrame

    @property
    def batch_id(self) -> str:
        """Its number."""
        return str(self.batch["batch_id"])

    def digest(self) -> str:
        """The digest of its rows as they are here."""
        return batch_digest(self.batch_id, self.lines, self.items, self.owing)

    def account_digest(self) -> str:
        """SHA-256 over the account numbers in the order of the lines, each followed by a line feed."""
        accounts = self.lines.sort("line_number")["bank_account"]
        return hashlib.sha256("".join(f"{account}\n" for account in accounts).encode()).hexdigest()

    def payment_rows(self) -> pl.DataFrame:
        """The lines with `amount_in_words`, in their order."""
        return _in_words(self.lines.sort("line_number"))

    def item_rows(self) -> pl.DataFrame:
        """The obligations behind the lines, line by line."""
        return _sorted(self.items, "item_number")

    def receivable_rows(self) -> pl.DataFrame:
        """Who owes, with `reason`, `line_number` and `amount_in_words`."""
        owing = self.owing.filter(pl.col("line_number") > 0).with_columns(
            programme=pl.lit(self.batch["programme"])
        )
        reasons = reasons_of_receivable(owing.with_columns(amount=-pl.col("amount")))
        rows = (
            owing.group_by("programme", "line_number", "payee_id", maintain_order=True)
            .agg(pl.col("payee_name").first(), pl.col("amount").sum().cast(MONEY))
            .join(reasons, on=["programme", "payee_id"], how="left", maintain_order="left")
            .sort("line_number")
        )
        return _in_words(rows)

    def receivable_items(self) -> pl.DataFrame:
        """What the receivables are made of; what is receivable no longer stands behind, without a number."""
        number = pl.col("line_number")
        return self.owing.with_columns(
            line_number=pl.when(number > 0).then(number), is_gone=number == 0
        ).sort("is_gone", "item_number")


def contents_of_drafts(connection: duckdb.DuckDBPyConnection) -> Iterator[BatchContent]:
    """Every draft that the warehouse keeps, by number."""
    rows = connection.execute(
        f"SELECT batch_id FROM {Batches.qualified_name()} WHERE status = '{DRAFT}' ORDER BY batch_id"
    ).fetchall()
    for (batch_id,) in rows:
        content = content_in_warehouse(connection, str(batch_id))
        if content is not None:
            yield content


def content_in_warehouse(connection: duckdb.DuckDBPyConnection, batch_id: str) -> BatchContent | None:
    """A batch as the warehouse keeps it; none when it has no such batch."""
    batches = batch_rows(connection, Batches, batch_id).rows(named=True)
    if not batches:
        return None
    lines, items, owing = (
        batch_rows(connection, table, batch_id) for table in (Lines, LineObligations, ReceivableItems)
    )
    return BatchContent(
        batches[0],
        lines.sort("line_number"),
        _sorted(items, "item_number"),
        owing.sort("item_number"),
    )


def _in_words(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(amount_in_words=amounts_in_words(rows["amount"]))


def _sorted(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """In the order of a column, in which they mostly lie: sorting those of a town moves gigabytes."""
    return rows if rows[name].is_sorted() else rows.sort(name)
