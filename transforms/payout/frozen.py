"""What was listed and is held since: nobody is asked to pay it back while a question is open."""

from __future__ import annotations

import polars as pl

from transforms.frames import stacked
from transforms.money import MONEY
from transforms.payout.frames import DUES
from transforms.payout.past import Past


def with_frozen(dues: pl.DataFrame, held: pl.DataFrame, past: Past) -> pl.DataFrame:
    """The dues (`frames.DUES`), where a key of `held` counts as owed up to what stands on approved lists.

    `held` has the dues that wait for an open question or an undecided reading, as `frames.DUES`. What more
    of them is owed is paid once it is decided, and what less is taken back then.
    """
    if held.is_empty():
        return dues
    listed = past.standing().group_by("due_key").agg(listed=pl.col("amount").sum().cast(MONEY))
    standing = held.unique("obligation_key", keep="first", maintain_order=True).join(
        listed, left_on="obligation_key", right_on="due_key", how="inner", maintain_order="left"
    )
    owed = dues.select("obligation_key", owed="amount")
    kept = (
        standing.join(owed, on="obligation_key", how="left", maintain_order="left")
        .filter(pl.col("owed").fill_null(0).abs() < pl.col("listed").abs())
        .with_columns(amount=pl.col("listed"))
        .select(list(DUES))
        .cast(DUES)
    )
    if kept.is_empty():
        return dues
    return stacked([dues.join(kept, on="obligation_key", how="anti", maintain_order="left"), kept])
