"""What was listed and is held since is neither paid again nor taken back."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from schemas.compensation import Status
from tests.support.payout_frames import items_frame, line_item
from tests.support.payout_nights import Books, dues_frame, money_of_lines, paid_to, receivable
from transforms.frames import stacked
from transforms.payout.frozen import with_frozen
from transforms.payout.obligations import housing_dues

HOUSE, OTHER = ("H-1", "house"), ("H-1", "other")
PAYEE = paid_to("H-1", (1, "100"))


def books_with_listed(amount: str = "100.00") -> Books:
    books = Books()
    books.approve(books.night(dues_frame({HOUSE: amount}), PAYEE))
    return books


@pytest.mark.parametrize("held", ["100.00", "60.00", "140.00", "-5.00"])
def test_what_is_held_after_it_was_listed_is_left_as_it_is(held: str) -> None:
    books = books_with_listed()
    dues = with_frozen(dues_frame({}), dues_frame({HOUSE: held}), books.past)
    draft = books.night(dues, PAYEE)
    assert draft.batches.is_empty()
    assert draft.receivables.is_empty()


def test_other_items_go_on_meanwhile_and_are_not_set_off_against_it() -> None:
    books = books_with_listed()
    dues = with_frozen(dues_frame({OTHER: "7.00"}), dues_frame({HOUSE: "60.00"}), books.past)
    assert money_of_lines(books.night(dues, PAYEE)) == {"H-1": Decimal("7.00")}


def test_once_it_is_decided_the_difference_is_paid_or_taken_back() -> None:
    books = books_with_listed()
    assert money_of_lines(books.night(dues_frame({HOUSE: "140.00"}), PAYEE)) == {"H-1": Decimal("40.00")}
    assert receivable(books.night(dues_frame({HOUSE: "60.00"}), PAYEE)) == {"H-1": Decimal("40.00")}


def test_a_part_that_is_owed_counts_where_it_is_more_than_what_was_listed() -> None:
    books = books_with_listed()
    frozen = with_frozen(dues_frame({HOUSE: "120.00"}), dues_frame({HOUSE: "30.00"}), books.past)
    assert frozen["amount"].to_list() == [Decimal("120.00")]
    frozen = with_frozen(dues_frame({HOUSE: "80.00"}), dues_frame({HOUSE: "30.00"}), books.past)
    assert frozen["amount"].to_list() == [Decimal("100.00")]


def test_what_is_owed_in_full_keeps_its_own_words() -> None:
    owed = dues_frame({HOUSE: "100.00"})
    assert with_frozen(owed, dues_frame({HOUSE: "30.00"}), books_with_listed().past).equals(owed)


@pytest.mark.parametrize("listed", ["0.50", "1.00"])
def test_less_than_one_yuan_is_left_as_it_is_too(listed: str) -> None:
    frozen = with_frozen(dues_frame({}), dues_frame({HOUSE: "9.00"}), books_with_listed(listed).past)
    assert frozen["amount"].to_list() == [Decimal(listed)]


def test_what_is_held_for_two_reasons_counts_once() -> None:
    held = stacked([dues_frame({HOUSE: "60.00"}), dues_frame({HOUSE: "40.00"})])
    frozen = with_frozen(dues_frame({}), held, books_with_listed().past)
    assert frozen.select("amount", "basis").rows() == [(Decimal("100.00"), "1 × 60.00 元 = 60.00 元")]


def test_what_is_frozen_stands_behind_in_the_order_in_which_it_is_held() -> None:
    names = [f"item_{number * 37 % 101}" for number in range(101)]
    books = Books()
    listed = [*names, *(f"other_{number}" for number in range(101))]
    books.approve(books.night(dues_frame({("H-1", name): "100.00" for name in reversed(listed)}), PAYEE))
    held = dues_frame({("H-1", name): "60.00" for name in names})
    dues = dues_frame({("H-1", name): "100.00" for name in listed if name not in names})
    frozen = with_frozen(dues, held, books.past)
    assert frozen["item_name"].to_list() == [*dues["item_name"], *names]


def test_what_was_never_listed_or_failed_is_not_frozen() -> None:
    books = books_with_listed()
    books.answer([("HC-0001", 1, False)])
    for past in (books.past, Books().past):
        assert with_frozen(dues_frame({}), dues_frame({HOUSE: "100.00"}), past).is_empty()


def test_what_is_no_longer_owed_nor_held_is_taken_back() -> None:
    books = books_with_listed()
    assert receivable(books.night(with_frozen(dues_frame({}), dues_frame({}), books.past), PAYEE)) == {
        "H-1": Decimal("100.00")
    }


def test_the_held_items_of_a_settlement_are_dues_of_their_own() -> None:
    items = items_frame(
        line_item("H-1", "house_residence", "10.00", status="held"),
        line_item("H-1", "attachments", "5.00"),
        line_item("H-1", "buyback", "-1.00", status="estimate"),
    )
    found = housing_dues(items, Status.HELD)
    assert found.select("item_name", pl.col("amount").cast(pl.String)).rows() == [
        ("house_residence", "10.00")
    ]
