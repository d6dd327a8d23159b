"""The one engine for money: exact integer products, one rounding, half up, once per line item."""

from __future__ import annotations

import polars as pl

MONEY = pl.Decimal(18, 2)
PRODUCT_DECIMALS = 4
"""Decimals of each factor of a product."""


def scaled(value: pl.Expr, decimals: int) -> pl.Expr:
    """A decimal as a whole number of its last place (12.34 with 2 decimals → 1234), exactly."""
    return value.cast(pl.Decimal(38, decimals)).to_physical().cast(pl.Int128)


def round_half_up(numerator: pl.Expr, denominator: int | pl.Expr) -> pl.Expr:
    """The whole number nearest to a fraction; halves go away from zero, as 四舍五入 does."""
    two = pl.lit(2, dtype=pl.Int128)
    return numerator.sign() * ((numerator.abs() * two + denominator) // (two * denominator))


def from_cents(cents: pl.Expr) -> pl.Expr:
    """Whole 分 as an amount in 元."""
    return unscaled(cents, MONEY)


def unscaled(number: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """A whole number of last places as a decimal (1234 with 2 decimals → 12.34); raises if it has no room."""
    return number.cast(pl.Int128).reinterpret(dtype=dtype)


def to_cents(amount: pl.Expr) -> pl.Expr:
    """An amount in 元 as whole 分."""
    return scaled(amount, 2)


def product(quantity: pl.Expr, rate: pl.Expr, factor: pl.Expr) -> pl.Expr:
    """The product of quantity, rate and factor in 元, rounded once."""
    exact = (
        scaled(quantity, PRODUCT_DECIMALS) * scaled(rate, PRODUCT_DECIMALS) * scaled(factor, PRODUCT_DECIMALS)
    )
    return from_cents(round_half_up(exact, 10 ** (3 * PRODUCT_DECIMALS - 2)))
