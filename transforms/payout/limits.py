"""What is too large to be listed: a line of its own, or what a batch can hold."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from schemas.columns import LARGEST_AMOUNT
from transforms.money import MONEY
from transforms.payout.natural_order import natural_key

_PAYEE = ["programme", "payee_id"]
_SUM = pl.Decimal(38, 2)


@dataclass(frozen=True)
class Limits:
    """The most that a line and a batch may come to, in 元."""

    line: Decimal = LARGEST_AMOUNT
    batch: Decimal = LARGEST_AMOUNT


def beyond_limits(listed: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """`programme`, `payee_id`, `limit_hold` of those whose line can't be listed.

    A line that a batch has no room for waits for the next one; smaller ones behind it do too, so that nobody
    is overtaken. One that no batch has room for does not keep the others waiting.
    """
    line, batch = pl.lit(limits.line).cast(_SUM), pl.lit(limits.batch).cast(_SUM)
    totals = (
        listed.group_by(_PAYEE)
        .agg(total=pl.col("amount").cast(_SUM).sum())
        .sort(natural_key(pl.col("payee_id")), "payee_id")
        .with_columns(is_too_large=pl.col("total") > pl.min_horizontal(line, batch))
        .with_columns(running=pl.when(~pl.col("is_too_large")).then("total").cum_sum().over("programme"))
    )
    reason = (
        pl.when("is_too_large")
        .then(pl.lit(f"金额超过{_smaller(limits)} 元，须核准后提高限额再列入"))
        .when(pl.col("running") > batch)
        .then(pl.lit(f"本批合计已达限额 {limits.batch:,} 元，留待下一批"))
    )
    return (
        totals.with_columns(limit_hold=reason)
        .filter(pl.col("limit_hold").is_not_null())
        .select(*_PAYEE, "limit_hold")
    )


def _smaller(limits: Limits) -> str:
    if limits.batch < limits.line:
        return f"单批限额 {limits.batch:,}"
    return f"单笔限额 {limits.line:,}"


def money_of(value: object) -> Decimal:
    """A policy's number as an amount."""
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-MONEY.scale))
