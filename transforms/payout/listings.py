"""Which listing of its obligation each part is: the first, a further one, or again after a failure."""

from __future__ import annotations

import polars as pl

from transforms.frames import looked_up, stacked
from transforms.money import MONEY
from transforms.payout.obligations import LINE
from transforms.payout.past import Past

_FIRST_ATTEMPT = pl.lit(1, dtype=pl.Int64)


def with_listings(obligations: pl.DataFrame, past: Past) -> pl.DataFrame:
    """The obligations with `sequence`, `attempt`, `refers_to` and `replaces`; one may become several rows.

    What failed is listed again as it was, under its sequence and with the next attempt, where at least as
    much is outstanding; what is outstanding beyond it, or less than it, is the obligation's next sequence.
    """
    failed = past.unreplaced_failures()
    failed_sums = failed.group_by("obligation_key").agg(failed_amount=pl.col("amount").sum().cast(MONEY))
    marked = obligations.with_row_index("position")
    for found in (past.last_sequences(), failed_sums):
        marked = looked_up(marked, found, ["obligation_key"])
    marked = marked.with_columns(pl.col("last_sequence").fill_null(0))
    amount, failed_amount = pl.col("amount"), pl.col("failed_amount")
    is_again = (amount.sign() == failed_amount.sign()) & (amount.abs() >= failed_amount.abs())
    marked = marked.with_columns(is_again=(is_again & (pl.col("place") == LINE)).fill_null(value=False))
    again = (
        marked.filter("is_again")
        .drop("amount")
        .join(
            failed.select(
                "obligation_key", "sequence", "attempt", "amount", "entry_id", "batch_id", "line_number"
            ),
            on="obligation_key",
        )
        .with_columns(
            attempt=pl.col("attempt") + 1,
            refers_to=pl.col("entry_id"),
            replaces=pl.format("{} 第 {} 行", "batch_id", "line_number"),
        )
        .with_columns(basis=pl.format("{}〔{} 付款失败，重新列入〕", "basis", "replaces"))
    )
    further = marked.with_columns(
        amount=pl.when("is_again").then(amount - failed_amount).otherwise(amount).cast(MONEY),
        sequence=pl.col("last_sequence") + 1,
        attempt=_FIRST_ATTEMPT,
        refers_to=pl.lit(None, pl.Int64),
        replaces=pl.lit(None, pl.String),
    ).filter(pl.col("amount") != 0)
    columns = ["position", *obligations.columns, "sequence", "attempt", "refers_to", "replaces"]
    if again.is_empty():
        return further.select(columns[1:])
    rows = stacked([again.select(columns), further.select(columns)])
    return rows.sort("position", "sequence").drop("position")
