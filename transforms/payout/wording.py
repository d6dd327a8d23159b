"""The 事由 of a line and of a receivable: the names of its items, with the months that they cover."""

from __future__ import annotations

import polars as pl

_PAYEE = ["programme", "payee_id"]


def reasons_of_payment(obligations: pl.DataFrame) -> pl.DataFrame:
    """`programme`, `payee_id`, `reason`: what is paid, then what is taken off."""
    taken_off = (
        pl.when(pl.col("negative") != "").then(pl.format("；扣除：{}", "negative")).otherwise(pl.lit(""))
    )
    return _items(obligations).select(*_PAYEE, reason=pl.col("positive") + taken_off)


def reasons_of_receivable(obligations: pl.DataFrame) -> pl.DataFrame:
    """`programme`, `payee_id`, `reason`: what is owed, then what has been set off against it."""
    set_off = (
        pl.when(pl.col("positive") != "").then(pl.format("；已抵扣：{}", "positive")).otherwise(pl.lit(""))
    )
    return _items(obligations).select(*_PAYEE, reason=pl.col("negative") + set_off)


def _items(obligations: pl.DataFrame) -> pl.DataFrame:
    """`positive` and `negative`: the names of a payee's items of either sign, joined by 、."""
    first, last = pl.col("first_period"), pl.col("last_period")
    label = (
        pl.when(first.is_null())
        .then(pl.col("item_name"))
        .when(first == last)
        .then(pl.format("{}（{}）", "item_name", first))
        .otherwise(pl.format("{}（{} 至 {}）", "item_name", first, last))
    )
    is_negative = pl.col("is_negative")
    return (
        obligations.with_columns(is_negative=pl.col("amount") < 0)
        .group_by(*_PAYEE, "is_negative", "item_name", maintain_order=True)
        .agg(first_period=pl.col("period").min(), last_period=pl.col("period").max())
        .with_columns(positive=pl.when(~is_negative).then(label), negative=pl.when(is_negative).then(label))
        .group_by(_PAYEE)
        .agg("positive", "negative")
        .with_columns(pl.col("positive", "negative").list.join("、", ignore_nulls=True))
    )
