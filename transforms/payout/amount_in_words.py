"""Amounts in capital Chinese numerals: 支付结算办法, 正确填写票据和结算凭证的基本规定, 一 to 四.

Where the rule leaves a choice, one form is taken throughout: 整 is written after 角 as well; 零 is written
between 元 and 角 when the figure of 元 is 0; none is written between 万 and 仟 when only the figure of 万
is 0, but one is when all four figures of 万 are.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import polars as pl

LARGEST_AMOUNT = Decimal("999999999999.99")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
_THOUSAND = 1000
_GROUP = 10_000
_GROUPS = ((10**8, "亿"), (10**4, "万"), (1, ""))


def amount_in_words(amount: Decimal) -> str:
    """The amount as it stands on a payment voucher, from 人民币零元整 to `LARGEST_AMOUNT`.

    Raises ValueError for a negative amount, one that is not exact to the 分, and one that is too large.
    """
    cents = amount * 100
    if not amount.is_finite() or not 0 <= amount <= LARGEST_AMOUNT or cents != int(cents):
        reason = f"no amount to be put in words: {amount} is not between 0 and {LARGEST_AMOUNT} to the 分"
        raise ValueError(reason)
    yuan, rest = divmod(int(cents), 100)
    tenths, hundredths = divmod(rest, 10)
    return "人民币" + _yuan_part(yuan, has_rest=rest > 0) + _rest_part(yuan, tenths, hundredths)


def amounts_in_words(amounts: pl.Series) -> pl.Series:
    """`amount_in_words` of a whole column of amounts with two decimals, which has no nulls.

    Raises ValueError as `amount_in_words`.
    """
    for extreme in (amounts.min(), amounts.max()):
        if isinstance(extreme, Decimal):
            amount_in_words(extreme)
    cents = amounts.cast(pl.Decimal(38, 2)).to_physical().cast(pl.Int64)
    return cents.to_frame("cents").select(amount_in_words=_in_words(pl.col("cents"))).to_series()


def _in_words(cents: pl.Expr) -> pl.Expr:
    """`amount_in_words`, of whole 分: each four figures of 元 are looked up, and so are 角 and 分."""
    yuan, rest = cents // 100, cents % 100
    parts, higher, is_gap = [pl.lit("人民币")], pl.lit(value=False), pl.lit(value=False)
    for size, group_unit in _GROUPS:
        group = yuan // size % _GROUP
        joint = pl.when(higher & (is_gap | (group < _THOUSAND))).then(pl.lit("零")).otherwise(pl.lit(""))
        words = pl.concat_str(joint, pl.lit(_all_groups()).gather(group), pl.lit(group_unit))
        parts.append(pl.when(group > 0).then(words).otherwise(pl.lit("")))
        higher, is_gap = higher | (group > 0), group == 0
    ending = pl.when(yuan > 0).then(pl.lit("元")).when(rest == 0).then(pl.lit("零元")).otherwise(pl.lit(""))
    # of the figures of 元 the last one alone decides how 角 and 分 are joined, and whether there are any
    last = pl.when(yuan > 0).then(yuan % 10 + 10).otherwise(0)
    return pl.concat_str(*parts, ending, pl.lit(_all_rests()).gather(last * 100 + rest))


@cache
def _all_groups() -> pl.Series:
    return pl.Series([_group_in_words(group) for group in range(_GROUP)], dtype=pl.String)


@cache
def _all_rests() -> pl.Series:
    """What stands behind 元, by 100 times the 元, of which those up to 19 stand for all, and the 分."""
    return pl.Series(
        [_rest_part(yuan, *divmod(rest, 10)) for yuan in range(20) for rest in range(100)], dtype=pl.String
    )


def _yuan_part(yuan: int, *, has_rest: bool) -> str:
    if yuan == 0:
        return "" if has_rest else "零元"
    words, is_gap = "", False
    for size, unit in _GROUPS:
        group = yuan // size % _GROUP
        if group:
            joint = "零" if words and (is_gap or group < _THOUSAND) else ""
            words += joint + _group_in_words(group) + unit
        is_gap = group == 0
    return words + "元"


def _group_in_words(group: int) -> str:
    """Up to four figures: no 零 at either end, a single one for each run of zeros between."""
    words, is_gap = "", False
    for size, unit in _PLACES:
        digit = group // size % 10
        if digit:
            words += ("零" if words and is_gap else "") + _DIGITS[digit] + unit
        is_gap = digit == 0
    return words


def _rest_part(yuan: int, tenths: int, hundredths: int) -> str:
    if tenths == 0 and hundredths == 0:
        return "整"
    is_joined = yuan > 0 and (tenths == 0 or yuan % 10 == 0)
    words = "零" if is_joined else ""
    words += f"{_DIGITS[tenths]}角" if tenths else ""
    return words + (f"{_DIGITS[hundredths]}分" if hundredths else "整")
