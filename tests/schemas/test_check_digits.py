"""Check digits: the standards' own examples, and every single-digit slip is caught."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.check_digits import bank_card_is_valid, credit_code_is_valid, resident_id_is_valid

RESIDENT, CREDIT, CARD = "11010519491231002X", "91350100M000100Y43", "6200000000000000018"


def _holds(expression: pl.Expr, values: list[str | None]) -> list[bool | None]:
    return pl.DataFrame({"v": values}, schema={"v": pl.String}).select(expression).to_series().to_list()


def test_right_numbers_pass_and_null_stays_null() -> None:
    value = pl.col("v")
    assert _holds(resident_id_is_valid(value), [RESIDENT, "110101190001010006", None]) == [True, True, None]
    assert _holds(credit_code_is_valid(value), [CREDIT, None]) == [True, None]
    assert _holds(bank_card_is_valid(value), [CARD, None]) == [True, None]


@pytest.mark.parametrize(
    ("number", "check"),
    [(RESIDENT, resident_id_is_valid), (CREDIT, credit_code_is_valid), (CARD, bank_card_is_valid)],
)
def test_every_wrong_digit_is_caught(number: str, check: object) -> None:
    assert callable(check)
    slips = [
        number[:place] + digit + number[place + 1 :]
        for place in range(2, len(number))
        for digit in "0123456789"
        if digit != number[place] and number[place].isdigit()
    ]
    assert not any(_holds(check(pl.col("v")), list(slips)))


@pytest.mark.parametrize("number", ["", "1", "11010519491231002x", "1101051949123100２X", RESIDENT + "1"])
def test_other_forms_fail(number: str) -> None:
    assert _holds(resident_id_is_valid(pl.col("v")), [number]) == [False]
    assert _holds(credit_code_is_valid(pl.col("v")), [number]) == [False]


def test_numbers_are_told_apart_in_one_column() -> None:
    numbers = [CREDIT, None, RESIDENT, "甲", "110101190001010006", CREDIT[:-1] + "0", ""]
    value = pl.col("v")
    assert _holds(resident_id_is_valid(value), [*numbers]) == [False, None, True, False, True, False, False]
    assert _holds(credit_code_is_valid(value), [*numbers])[:4] == [True, None, False, False]
    assert _holds(credit_code_is_valid(value), [*numbers])[5:] == [False, False]


def test_an_account_that_is_no_card_has_no_check_digit() -> None:
    assert (
        _holds(bank_card_is_valid(pl.col("v")), ["12345678", "0200000000000000017", "62000000"]) == [True] * 3
    )
