"""Numbers and sums as a resident reads them: `60.00 ㎡ × 2,500 元/㎡ = 150,000.00 元`."""

from __future__ import annotations

from functools import cache, partial

import polars as pl

_GROUP = 1000
_MOST_GROUPS = 6
"""Of three digits each: enough for every whole number of eighteen digits."""
_THREE_DIGITS = pl.Enum([f",{digits:03d}" for digits in range(_GROUP)])
# texts are looked up by number, which is several times as fast as writing and cutting them


def number(value: pl.Expr, *, least: int, most: int = 4) -> pl.Expr:
    """A decimal with thousands separators, `least` to `most` decimals, `-` before a negative one."""
    # by whole columns, of which it can be seen what they need: most are small numbers, many all the same
    return value.map_batches(partial(_texts, least=least, most=most), pl.String, is_elementwise=True)


def _texts(values: pl.Series, *, least: int, most: int) -> pl.Series:
    exact = values.cast(pl.Decimal(38, most)).to_physical().cast(pl.Int128).alias("exact")
    # a branch of `when` has nulls between values that still count as sorted: their least one is then wrong
    known = exact.drop_nulls()
    lowest, highest = known.min(), known.max()
    if not isinstance(lowest, int) or not isinstance(highest, int):
        return pl.repeat(None, values.len(), dtype=pl.String, eager=True).alias(values.name)
    largest = max(abs(lowest), abs(highest)) // 10**most
    groups = next(groups for groups in range(1, _MOST_GROUPS + 1) if largest < _GROUP**groups)
    is_constant = lowest == highest and known.len() == exact.len()
    written = exact.head(1) if is_constant else exact
    texts = written.to_frame().select(_text(least, most, groups)).to_series()
    return (texts.new_from_index(0, values.len()) if is_constant else texts).alias(values.name)


@cache
def _text(least: int, most: int, groups: int) -> pl.Expr:
    """The text of `exact`, a whole number of its last place, with so many groups of three digits."""
    exact, places = pl.col("exact"), pl.lit(10**most, dtype=pl.Int128)
    whole = (exact.abs() // places).cast(pl.Int64)
    decimals = (exact.abs() % places).cast(pl.UInt16).cat.to(_decimals(least, most)).cast(pl.String)
    minus = pl.when(exact < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    leading = whole
    for place in range(1, groups):
        leading = pl.when(whole < _GROUP**place).then(leading).otherwise(whole // _GROUP**place)
    following = [
        pl.when(whole >= _GROUP**place).then(_group(whole // _GROUP ** (place - 1))).otherwise(pl.lit(""))
        for place in range(groups - 1, 0, -1)
    ]
    return pl.concat_str(minus, leading.cast(pl.String), *following, decimals)


def _group(thousands: pl.Expr) -> pl.Expr:
    """The last three digits of a whole number, behind a comma."""
    return (thousands % _GROUP).cast(pl.UInt16).cat.to(_THREE_DIGITS).cast(pl.String)


@cache
def _decimals(least: int, most: int) -> pl.Enum:
    """What stands behind the whole number, the point included, for each value of the decimals."""
    texts = (f"{value:0{most}d}" for value in range(10**most))
    shown = (text[:least] + text[least:].rstrip("0") for text in texts)
    return pl.Enum([f".{digits}" if digits else "" for digits in shown])


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
