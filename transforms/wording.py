"""Numbers and sums as a resident reads them: `60.00 ㎡ × 2,500 元/㎡ = 150,000.00 元`."""

from __future__ import annotations

import polars as pl


def number(value: pl.Expr, *, least: int, most: int = 4) -> pl.Expr:
    """A decimal with thousands separators, `least` to `most` decimals, `-` before a negative one."""
    text = value.cast(pl.Decimal(38, most)).cast(pl.String)
    decimals = text.str.slice(-most)
    shown = decimals.str.slice(0, least) + decimals.str.slice(least).str.strip_chars_end("0")
    point = pl.when(shown == "").then(pl.lit("")).otherwise(pl.lit("."))
    # groups of three are counted from the right
    grouped = (
        text.str.slice(0, text.str.len_bytes() - most - 1)
        .str.reverse()
        .str.replace_all(r"(\d{3})", "${1},")
        .str.reverse()
        .str.replace(r"^(-?),", "${1}")
    )
    return pl.concat_str(grouped, point, shown)


def money(amount: pl.Expr) -> pl.Expr:
    """An amount: `150,000.00 元`."""
    return pl.concat_str(number(amount, least=2, most=2), pl.lit(" 元"))


def area(area_m2: pl.Expr) -> pl.Expr:
    """An area: `60.00 ㎡`, with more decimals where it has them."""
    return pl.concat_str(number(area_m2, least=2), pl.lit(" ㎡"))


def plain(value: pl.Expr) -> pl.Expr:
    """A number with as many decimals as it has: `2,500`, `1.2`."""
    return number(value, least=0)


def times(*parts: pl.Expr) -> pl.Expr:
    """Factors joined by ×."""
    return pl.concat_str(list(parts), separator=" × ")


def rate_of(value: pl.Expr, unit: str) -> pl.Expr:
    """A rate with its unit: `2,500 元/㎡`."""
    return pl.concat_str(plain(value), pl.lit(f" {unit}"))


def equals(left: pl.Expr, amount: pl.Expr) -> pl.Expr:
    """The whole equation."""
    return pl.concat_str(left, pl.lit(" = "), money(amount))
