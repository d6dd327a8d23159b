from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from schemas.payout import FAILED
from tests.support.payout_frames import card_number
from tests.support.payout_nights import (
    Books,
    dues_frame,
    held,
    listings,
    money_of_lines,
    paid_to,
    receivable,
)

HOUSE, TREES, BUYBACK = ("H-1", "house"), ("H-1", "trees"), ("H-1", "buyback")
ONE = paid_to("H-1", (1, "100"))
MENDED = paid_to("H-1", (1, "100"), bank_account=card_number(50))
KEY, TREE_KEY, BUYBACK_KEY = "H-1//house/", "H-1//trees/", "H-1//buyback/"


def failed(amounts: dict[tuple[str, str], str], payees: pl.DataFrame = ONE) -> Books:
    books = Books()
    draft = books.night(dues_frame(amounts), payees)
    books.approve(draft)
    books.answer_all(draft, is_paid=False)
    return books


def failures_of(books: Books) -> list[int]:
    return books.past.ledger.filter(pl.col("kind") == FAILED)["entry_id"].to_list()


def test_a_failed_line_is_held_until_its_account_is_mended() -> None:
    draft = failed({HOUSE: "100.00"}).night(dues_frame({HOUSE: "100.00"}), ONE)
    assert draft.batches.is_empty()
    assert draft.held.select("payee_id", "amount", "reason").rows() == [
        ("H-1", Decimal("100.00"), "清单 HC-0001 第 1 行付款失败（户名不符），请更正收款账户后再列入")
    ]


def test_with_the_account_mended_it_is_listed_again_as_it_was() -> None:
    books = failed({HOUSE: "100.00"})
    draft = books.night(dues_frame({HOUSE: "100.00"}), MENDED)
    assert listings(draft) == [(KEY, 1, 2, Decimal("100.00"))]
    assert draft.line_items.select("refers_to", "replaces").row(0) == (
        failures_of(books)[0],
        "HC-0001 第 1 行",
    )
    assert draft.line_items["basis"].to_list() == [
        "1 × 100.00 元 = 100.00 元〔HC-0001 第 1 行 付款失败，重新列入〕"
    ]
    books.approve(draft)
    assert books.night(dues_frame({HOUSE: "100.00"}), MENDED).batches.is_empty()


def test_what_fails_again_is_listed_a_third_time() -> None:
    books, dues = failed({HOUSE: "100.00"}), dues_frame({HOUSE: "100.00"})
    draft = books.night(dues, MENDED)
    books.approve(draft)
    books.answer_all(draft, is_paid=False)
    assert held(books.night(dues, MENDED)) == {"H-1": Decimal("100.00")}
    third = books.night(dues, paid_to("H-1", (1, "100"), bank_account=card_number(51)))
    assert listings(third) == [(KEY, 1, 3, Decimal("100.00"))]
    assert third.line_items["replaces"].to_list() == ["HC-0002 第 1 行"]


def test_what_has_grown_meanwhile_is_listed_beside_what_failed() -> None:
    books = failed({HOUSE: "100.00"})
    draft = books.night(dues_frame({HOUSE: "130.00"}), MENDED)
    assert listings(draft) == [(KEY, 1, 2, Decimal("100.00")), (KEY, 2, 1, Decimal("30.00"))]
    assert money_of_lines(draft) == {"H-1": Decimal("130.00")}


def test_what_has_shrunk_meanwhile_is_listed_anew() -> None:
    books = failed({HOUSE: "100.00"})
    draft = books.night(dues_frame({HOUSE: "60.00"}), MENDED)
    assert listings(draft) == [(KEY, 2, 1, Decimal("60.00"))]
    assert draft.line_items["refers_to"].to_list() == [None]


def test_a_failure_that_less_was_listed_for_is_not_taken_up_again() -> None:
    books = failed({HOUSE: "100.00"})
    books.approve(books.night(dues_frame({HOUSE: "60.00"}), MENDED))
    draft = books.night(dues_frame({HOUSE: "260.00"}), MENDED)
    assert listings(draft) == [(KEY, 3, 1, Decimal("200.00"))]


def test_less_that_fails_too_is_listed_again_as_less() -> None:
    books, less = failed({HOUSE: "100.00"}), dues_frame({HOUSE: "60.00"})
    second = books.night(less, MENDED)
    books.approve(second)
    books.answer_all(second, is_paid=False)
    third = books.night(less, paid_to("H-1", (1, "100"), bank_account=card_number(51)))
    assert listings(third) == [(KEY, 2, 2, Decimal("60.00"))]


def test_what_failed_and_is_owed_no_more_is_neither_listed_nor_receivable() -> None:
    draft = failed({HOUSE: "100.00"}).night(dues_frame({}), ONE)
    assert draft.obligations.is_empty()
    assert draft.batches.is_empty()


def test_two_failed_listings_of_one_obligation_are_both_listed_again() -> None:
    books, grown = Books(), dues_frame({HOUSE: "130.00"})
    books.approve(books.night(dues_frame({HOUSE: "100.00"}), ONE))
    books.approve(books.night(grown, ONE))
    books.answer([("HC-0001", 1, False), ("HC-0002", 1, False)])
    assert listings(books.night(grown, MENDED)) == [
        (KEY, 1, 2, Decimal("100.00")),
        (KEY, 2, 2, Decimal("30.00")),
    ]


def test_the_listings_of_an_obligation_stand_together_in_their_sequence() -> None:
    books = Books()
    books.approve(books.night(dues_frame({HOUSE: "100.00", TREES: "20.00"}), ONE))
    books.approve(books.night(dues_frame({HOUSE: "130.00", TREES: "20.00"}), ONE))
    # the later listing is answered first
    books.answer([("HC-0002", 1, False)])
    books.answer([("HC-0001", 1, False)])
    draft = books.night(dues_frame({HOUSE: "140.00", TREES: "25.00"}), MENDED)
    assert draft.obligations.select("item_name", "sequence", "attempt").rows() == [
        ("house", 1, 2),
        ("house", 2, 2),
        ("house", 3, 1),
        ("trees", 1, 2),
        ("trees", 2, 1),
    ]


def test_a_failed_line_of_several_items_is_listed_again_with_what_was_taken_off() -> None:
    amounts = {HOUSE: "100.00", TREES: "20.00", BUYBACK: "-30.00"}
    books = failed(amounts)
    draft = books.night(dues_frame(amounts), MENDED)
    assert listings(draft) == [
        (BUYBACK_KEY, 1, 2, Decimal("-30.00")),
        (KEY, 1, 2, Decimal("100.00")),
        (TREE_KEY, 1, 2, Decimal("20.00")),
    ]
    assert money_of_lines(draft) == {"H-1": Decimal("90.00")}


def test_of_a_failed_line_only_what_is_still_owed_is_listed_again() -> None:
    books = failed({HOUSE: "100.00", TREES: "20.00", BUYBACK: "-30.00"})
    draft = books.night(dues_frame({HOUSE: "100.00", BUYBACK: "-50.00"}), MENDED)
    assert listings(draft) == [
        (BUYBACK_KEY, 1, 2, Decimal("-30.00")),
        (BUYBACK_KEY, 2, 1, Decimal("-20.00")),
        (KEY, 1, 2, Decimal("100.00")),
    ]


def test_a_failed_line_whose_net_is_now_negative_is_receivable() -> None:
    books = failed({HOUSE: "100.00", BUYBACK: "-30.00"})
    draft = books.night(dues_frame({HOUSE: "10.00", BUYBACK: "-30.00"}), ONE)
    assert receivable(draft) == {"H-1": Decimal("20.00")}
    assert draft.held.is_empty()


def test_the_failure_of_one_payee_leaves_the_other_alone() -> None:
    halves, dues = paid_to("H-1", (1, "50"), (2, "50")), dues_frame({HOUSE: "100.00"})
    books = Books()
    books.approve(books.night(dues, halves))
    books.answer([("HC-0001", 1, True), ("HC-0001", 2, False)])
    assert held(books.night(dues, halves)) == {"H-1#2": Decimal("50.00")}
    mended = halves.with_columns(
        bank_account=pl.when(pl.col("payee_id") == "H-1#2")
        .then(pl.lit(card_number(50)))
        .otherwise("bank_account")
    )
    assert listings(books.night(dues, mended)) == [("H-1//house/#2", 1, 2, Decimal("50.00"))]


def test_a_failed_payee_who_is_replaced_is_replaced_under_another_number() -> None:
    books = Books()
    dues = dues_frame({HOUSE: "100.00"})
    books.approve(books.night(dues, paid_to("H-1", (1, "50"), (2, "50"))))
    books.answer([("HC-0001", 1, True), ("HC-0001", 2, False)])
    draft = books.night(dues, paid_to("H-1", (1, "50"), (3, "50")))
    assert listings(draft) == [("H-1//house/#3", 1, 1, Decimal("50.00"))]


@pytest.mark.parametrize(("part", "listed"), [("30.00", False), ("100.00", True), ("130.00", True)])
def test_attempts_are_only_for_at_least_what_failed(part: str, *, listed: bool) -> None:
    draft = failed({HOUSE: "100.00"}).night(dues_frame({HOUSE: part}), MENDED)
    assert (draft.line_items["attempt"].max() == 2) is listed
