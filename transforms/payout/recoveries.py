"""What is receivable now, against what approved receivables lists show."""

from __future__ import annotations

import polars as pl

from transforms.frames import looked_up
from transforms.money import MONEY
from transforms.payout.obligations import RECEIVABLE
from transforms.payout.past import Past


def with_change(obligations: pl.DataFrame, past: Past) -> pl.DataFrame:
    """The obligations with `change`: by how much more is receivable than was recorded, null elsewhere."""
    more = -pl.col("amount") - pl.col("recorded").fill_null(0)
    return (
        looked_up(obligations, past.recorded_recoveries(), ["obligation_key"])
        .with_columns(change=pl.when(pl.col("place") == RECEIVABLE).then(more).cast(MONEY))
        .drop("recorded")
    )


def no_longer_receivable(obligations: pl.DataFrame, past: Past) -> pl.DataFrame:
    """Keys on approved receivables lists that nothing is receivable under now: their last row, as 0.00.

    The columns are those of `payout.receivable_items`, with `programme` in the place of `batch_id`.
    """
    last = (
        past.receivable_items.join(
            past.batches.select("batch_id", "programme", "approved_at"), on="batch_id", how="inner"
        )
        .sort("approved_at", "batch_id", "line_number")
        .drop("batch_id")
        .unique("obligation_key", keep="last")
    )
    return (
        past.recorded_recoveries()
        .filter(pl.col("recorded") != 0)
        .join(obligations.filter(pl.col("place") == RECEIVABLE), on="obligation_key", how="anti")
        .join(last, on="obligation_key", how="inner")
        .sort("programme", "obligation_key")
        .with_columns(
            line_number=pl.lit(0, pl.Int64),
            amount=pl.lit(0).cast(MONEY),
            change=(-pl.col("recorded")).cast(MONEY),
            basis=pl.lit("不再应收"),
        )
        .drop("recorded", "approved_at")
    )
