"""Numbers and sums as a resident reads them: `60.00 ㎡ × 2,500 元/㎡ = 150,000.00 元`."""

from __future__ import annotations

import polars as pl

from transforms.money import scaled

_GROUPS = 6


def _grouped(whole: pl.Expr) -> pl.Expr:
    """A non-negative whole number with a comma between groups of three digits."""
    thousand = pl.lit(1000, dtype=pl.Int128)
    groups: list[pl.Expr] = []
    for place in range(_GROUPS):
        group = whole // pl.lit(1000**place, dtype=pl.Int128)
        text = (group % thousand).cast(pl.Int64).cast(pl.String)
        is_leading = group < thousand
        groups.append(
            pl.when(group == 0)
            .then(pl.lit("0" if place == 0 else ""))
            .when(is_leading)
            .then(text)
            .otherwise("," + text.str.zfill(3))
        )
    return pl.concat_str(list(reversed(groups)))


def number(value: pl.Expr, *, least: int, most: int = 4) -> pl.Expr:
    """A decimal with thousands separators, `least` to `most` decimals, `-` before a negative one."""
    exact = scaled(value, most)
    unit = pl.lit(10**most, dtype=pl.Int128)
    decimals = (exact.abs() % unit).cast(pl.Int64).cast(pl.String).str.zfill(most)
    shown = pl.concat_str(
        decimals.str.slice(0, least), decimals.str.slice(least).str.strip_chars_end("0")
    )
    point = pl.when(shown == "").then(pl.lit("")).otherwise(pl.lit("."))
    sign = pl.when(exact < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, _grouped(exact.abs() // unit), point, shown)


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
