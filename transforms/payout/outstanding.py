"""What is owed and not yet listed, key by key: the dues less what stands on approved lists."""

from __future__ import annotations

import polars as pl

from transforms.frames import looked_up, stacked
from transforms.money import MONEY
from transforms.payout.frames import DUES
from transforms.payout.past import Past
from transforms.wording import money

OUTSTANDING = pl.Schema({**DUES, "due_amount": MONEY, "listed_amount": MONEY})
"""The columns of `frames.DUES`, where `amount` is the difference between the other two, never 0.

`due_amount` is what is owed in all, `listed_amount` what stands on approved lists without having failed.
"""

_ZERO = pl.lit(0).cast(MONEY)
_TEXTS = ["building_id", "item_name", "period", "clause", "reading"]


def outstanding(dues: pl.DataFrame, past: Past) -> pl.DataFrame:
    """The dues (`frames.DUES`) that differ from what is listed, and what was listed and is owed no more.

    In the order of the dues; what is owed no more stands behind, in the order of its keys.
    """
    listed = past.standing().group_by("due_key").agg(listed_amount=pl.col("amount").sum().cast(MONEY))
    if listed.is_empty():
        return dues.with_columns(due_amount=pl.col("amount"), listed_amount=_ZERO)
    compared = looked_up(
        dues.with_columns(due_amount=pl.col("amount")), listed, ["obligation_key"], ["due_key"]
    )
    return (
        stacked([compared.select(list(OUTSTANDING)), _gone(dues, listed, past)])
        .with_columns(pl.col("listed_amount").fill_null(_ZERO))
        .with_columns(amount=(pl.col("due_amount") - pl.col("listed_amount")).cast(MONEY))
        .filter(pl.col("amount") != 0)
        .with_columns(basis=_basis())
    )


def _gone(dues: pl.DataFrame, listed: pl.DataFrame, past: Past) -> pl.DataFrame:
    """What stands on approved lists and is in the dues no longer, in the words of its last listing."""
    last = (
        past.line_items.join(
            past.batches.select("batch_id", "programme", "approved_at"), on="batch_id", how="inner"
        )
        .sort("approved_at", "batch_id", "line_number")
        .group_by("due_key")
        .agg(pl.col("programme", "party_id", *_TEXTS).last())
    )
    return (
        listed.join(dues, left_on="due_key", right_on="obligation_key", how="anti")
        .join(last, on="due_key", how="left")
        .sort("due_key")
        .with_columns(
            obligation_key=pl.col("due_key"),
            amount=_ZERO,
            due_amount=_ZERO,
            basis=pl.lit("现不再应付"),
        )
        .select(list(OUTSTANDING))
    )


def _basis() -> pl.Expr:
    """The arithmetic of the whole obligation, followed by the difference where some of it is listed."""
    note = pl.format(
        "{}〔应付 {}，已列 {}，差额 {}〕",
        "basis",
        money(pl.col("due_amount")),
        money(pl.col("listed_amount")),
        money(pl.col("amount")),
    )
    return pl.when(pl.col("listed_amount") != 0).then(note).otherwise(pl.col("basis"))
