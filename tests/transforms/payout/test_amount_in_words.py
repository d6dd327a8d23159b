from __future__ import annotations

import re
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.payout.amount_in_words import LARGEST_AMOUNT, amount_in_words, amounts_in_words

DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def digits_with_zeros() -> st.SearchStrategy[int]:
    digits = st.lists(st.sampled_from("0000123456789"), min_size=1, max_size=14)
    return digits.map(lambda figures: int("".join(figures)))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        # the examples of the rule
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        # both ends
        ("0", "零元整"),
        ("0.01", "壹分"),
        ("0.10", "壹角整"),
        ("0.56", "伍角陆分"),
        ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        # zeros
        ("1", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("20.20", "贰拾元零贰角整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("10000", "壹万元整"),
        ("10005", "壹万零伍元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("110000", "壹拾壹万元整"),
        ("1000000.05", "壹佰万元零伍分"),
        ("10001000", "壹仟万壹仟元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("100010000", "壹亿零壹万元整"),
        ("1001000000", "壹拾亿零壹佰万元整"),
        ("101010101.01", "壹亿零壹佰零壹万零壹佰零壹元零壹分"),
        ("200000000000.05", "贰仟亿元零伍分"),
    ],
)
def test_an_amount_is_written_as_the_rule_for_vouchers_says(amount: str, words: str) -> None:
    assert amount_in_words(Decimal(amount)) == f"人民币{words}"
    assert amounts_in_words(column(Decimal(amount))).to_list() == [f"人民币{words}"]


@pytest.mark.parametrize("amount", ["-0.01", "0.005", "1000000000000", "NaN", "Infinity"])
def test_what_can_not_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount to be put in words"):
        amount_in_words(Decimal(amount))


@given(st.integers(min_value=0, max_value=int(LARGEST_AMOUNT * 100)))
def test_the_words_read_back_are_the_amount(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    words = amount_in_words(amount)
    assert in_figures(words) == amount
    assert "零零" not in words
    assert not re.search("零[元万亿仟佰拾角分]", words.replace("币零元整", ""))
    assert words.endswith(("分", "整"))


@given(
    st.lists(
        st.one_of(st.integers(0, int(LARGEST_AMOUNT * 100)), st.integers(0, 2_000_00), digits_with_zeros())
    )
)
def test_a_column_is_written_as_each_of_its_amounts(cents: list[int]) -> None:
    amounts = [Decimal(number).scaleb(-2) for number in cents]
    assert amounts_in_words(column(*amounts)).to_list() == [amount_in_words(amount) for amount in amounts]


@pytest.mark.parametrize("amount", ["-0.01", "1000000000000.00"])
def test_a_column_with_what_can_not_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount to be put in words"):
        amounts_in_words(column(Decimal("1.00"), Decimal(amount)))


def column(*amounts: Decimal) -> pl.Series:
    return pl.Series(amounts, dtype=pl.Decimal(18, 2))


def in_figures(words: str) -> Decimal:
    """The inverse, from the words alone."""
    match = re.fullmatch(r"人民币(?:(.*)元)?零?(?:(.)角)?零?(?:(.)分)?整?", words.replace("元零", "元", 1))
    assert match is not None
    yuan, tenths, hundredths = match.groups()
    rest = 10 * DIGITS[tenths or "零"] + DIGITS[hundredths or "零"]
    return Decimal(_whole(yuan or "")) + Decimal(rest).scaleb(-2)


def _whole(words: str) -> int:
    total = group = digit = 0
    for character in words:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in PLACES:
            group, digit = group + digit * PLACES[character], 0
        elif character == "万":
            total, group, digit = total + (group + digit) * 10**4, 0, 0
        else:
            total, group, digit = (total + group + digit) * 10**8, 0, 0
    return total + group + digit
