"""Numbers and sums as a resident reads them: `60.00 ㎡ × 2,500 元/㎡ = 150,000.00 元`."""

from __future__ import annotations

from functools import cache, partial

import polars as pl

_GROUP = 1000
_MOST_GROUPS = 6
"""Of three digits each: enough for every whole number of eighteen digits."""
_LARGEST = 2**63 - 1
# texts are looked up by number, which is several times as fast as writing and cutting them
_LEADING = pl.Series([str(digits) for digits in range(_GROUP)])
_FOLLOWING = pl.Series([*(f",{digits:03d}" for digits in range(_GROUP)), ""])
"""Three digits behind a comma; last what a number shows of a group that it doesn't reach."""


def number(value: pl.Expr, *, least: int, most: int = 4, unit: str = "") -> pl.Expr:
    """A decimal with thousands separators, `least` to `most` decimals, `-` before a negative one."""
    # by whole columns, of which it can be seen what they need: most are small numbers, many all the same
    written = partial(_texts, least=least, most=most, unit=unit)
    return value.map_batches(written, pl.String, is_elementwise=True)


def _texts(values: pl.Series, *, least: int, most: int, unit: str) -> pl.Series:
    exact = values.cast(pl.Decimal(38, most)).to_physical().cast(pl.Int128).alias("exact")
    # a branch of `when` has nulls between values that still count as sorted: their least one is then wrong
    known = exact.drop_nulls()
    lowest, highest = known.min(), known.max()
    if not isinstance(lowest, int) or not isinstance(highest, int):
        return pl.repeat(None, values.len(), dtype=pl.String, eager=True).alias(values.name)
    largest = max(abs(lowest), abs(highest))
    groups = next(groups for groups in range(1, _MOST_GROUPS + 1) if largest // 10**most < _GROUP**groups)
    is_constant = lowest == highest and known.len() == exact.len()
    written = exact.head(1) if is_constant else exact
    if largest <= _LARGEST:
        written = written.cast(pl.Int64)
    text = _text(least, most, unit, groups, has_negative=lowest < 0)
    texts = written.to_frame().select(text).to_series()
    return (texts.new_from_index(0, values.len()) if is_constant else texts).alias(values.name)


@cache
def _text(least: int, most: int, unit: str, groups: int, *, has_negative: bool) -> pl.Expr:
    """The text of `exact`, a whole number of its last place, with so many groups of three digits."""
    exact = pl.col("exact")
    magnitude = exact.abs() if has_negative else exact
    whole = (magnitude // 10**most).cast(pl.Int64)
    leading = whole
    for place in range(1, groups):
        leading = pl.when(whole < _GROUP**place).then(leading).otherwise(whole // _GROUP**place)
    following = [
        pl.when(whole >= _GROUP**place).then(whole // _GROUP ** (place - 1) % _GROUP).otherwise(_GROUP)
        for place in range(groups - 1, 0, -1)
    ]
    return pl.concat_str(
        *([pl.when(exact < 0).then(pl.lit("-")).otherwise(pl.lit(""))] if has_negative else []),
        pl.lit(_LEADING).gather(leading),
        *(pl.lit(_FOLLOWING).gather(group) for group in following),
        pl.lit(_endings(least, most, unit)).gather((magnitude % 10**most).cast(pl.Int64)),
    )


@cache
def _endings(least: int, most: int, unit: str) -> pl.Series:
    """What stands behind the whole number, point and unit included, for each value of the decimals."""
    texts = (f"{value:0{most}d}" for value in range(10**most))
    shown = (text[:least] + text[least:].rstrip("0") for text in texts)
    return pl.Series([f".{digits}{unit}" if digits else unit for digits in shown])


def money(amount: pl.Expr) -> pl.Expr:
    """An amount: `150,000.00 元`."""
    return number(amount, least=2, most=2, unit=" 元")


def area(area_m2: pl.Expr) -> pl.Expr:
    """An area: `60.00 ㎡`, with more decimals where it has them."""
    return number(area_m2, least=2, unit=" ㎡")


def plain(value: pl.Expr) -> pl.Expr:
    """A number with as many decimals as it has: `2,500`, `1.2`."""
    return number(value, least=0)


def times(*parts: pl.Expr) -> pl.Expr:
    """Factors joined by ×."""
    return pl.concat_str(list(parts), separator=" × ")


def rate_of(value: pl.Expr, unit: str) -> pl.Expr:
    """A rate with its unit: `2,500 元/㎡`."""
    return number(value, least=0, unit=f" {unit}")


def equals(left: pl.Expr, amount: pl.Expr, note: str | pl.Expr = "") -> pl.Expr:
    """The whole equation, behind what is noted before it."""
    before = pl.lit(note) if isinstance(note, str) else note
    return pl.concat_str(before, left, pl.lit(" = "), money(amount))
