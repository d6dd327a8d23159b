"""The arithmetic of rewards and incentives: computed and rounded here only, and written out to be redone."""

from __future__ import annotations

import polars as pl

from schemas.columns import LARGEST_AMOUNT
from transforms import wording
from transforms.money import product
from transforms.policy import RATE

YUAN_PER_10K_YUAN = 10_000
_ONE = pl.lit(1, dtype=RATE)
_WIDE = pl.Decimal(38, 2)


def in_yuan(amount_10k_yuan: pl.Expr) -> pl.Expr:
    """An amount of 万元 in 元, exactly."""
    return product(amount_10k_yuan, pl.lit(YUAN_PER_10K_YUAN, dtype=RATE), _ONE)


def multiplied(
    rows: pl.DataFrame,
    *,
    base: pl.Expr,
    rate: pl.Expr,
    title: str | pl.Expr,
    unit: str = "元",
    rate_unit: str = "",
    cap: pl.Expr | None = None,
) -> pl.DataFrame:
    """Adds `base`, `rate`, `amount` (at most `cap`) and `basis`; without base or rate the last two are null.

    A base that no list could show is not computed with: `is_too_large` says so.
    """
    shown_base = wording.number(pl.col("base"), least=2 if unit == "元" else 0, most=2)
    working = wording.times(
        pl.concat_str(shown_base, pl.lit(f" {unit}")),
        pl.concat_str(wording.plain(pl.col("rate")), pl.lit(f" {rate_unit}".rstrip())),
    )
    shown_title = pl.lit(title) if isinstance(title, str) else title
    full = pl.concat_str(shown_title, pl.lit("："), wording.equals(working, pl.col("uncapped")))
    limit = pl.lit(None, dtype=RATE) if cap is None else cap
    is_capped = (pl.col("uncapped") > pl.col("limit")).fill_null(value=False)
    capped = pl.format(
        "超过上限〔{}：{}〕：{} × 1 = {}",
        shown_title,
        wording.equals(working, pl.col("uncapped")),
        wording.money(pl.col("limit")),
        wording.money(pl.col("limit")),
    )
    return (
        rows.with_columns(wide_base=base.cast(_WIDE), rate=rate.cast(RATE), limit=limit)
        .with_columns(is_too_large=(pl.col("wide_base") > LARGEST_AMOUNT).fill_null(value=False))
        .with_columns(base=pl.when(~pl.col("is_too_large")).then("wide_base"))
        .with_columns(uncapped=product(pl.col("base"), pl.col("rate"), _ONE))
        .with_columns(
            amount=pl.when(is_capped).then("limit").otherwise("uncapped"),
            basis=pl.when(is_capped).then(capped).otherwise(full),
        )
        .drop("wide_base", "limit", "uncapped")
    )


def lump_sum(rows: pl.DataFrame, amount: pl.Expr) -> pl.DataFrame:
    """Adds `base` (none), `rate`, `amount` and `basis` of a fixed sum."""
    return rows.with_columns(
        base=pl.lit(None),
        rate=amount.cast(RATE),
        amount=product(_ONE, amount, _ONE),
        is_too_large=pl.lit(value=False),
    ).with_columns(
        basis=pl.format(
            "一次性奖励：1 × {} = {}", wording.money(pl.col("amount")), wording.money(pl.col("amount"))
        )
    )
