from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest

from schemas.payout import LineObligations
from tests.support.payout_nights import (
    HOUSING,
    Books,
    dues_frame,
    listings,
    money_of_lines,
    paid_to,
    receivable,
)
from transforms.payout.outstanding import outstanding

HOUSE, TREES = ("H-1", "house"), ("H-1", "trees")
ONE = paid_to("H-1", (1, "100"))
KEY, TREE_KEY = "H-1//house/", "H-1//trees/"


def after(amount: str = "100.00", **more: str) -> Books:
    """The books when the house, and what else is given, has been approved."""
    books = Books()
    books.approve(
        books.night(dues_frame({HOUSE: amount, **{("H-1", name): m for name, m in more.items()}}), ONE)
    )
    return books


def test_the_same_again_is_no_batch() -> None:
    draft = after().night(dues_frame({HOUSE: "100.00"}), ONE)
    assert draft.batches.is_empty()
    assert draft.obligations.is_empty()


def test_a_night_run_twice_gives_the_same_draft() -> None:
    books, grown = after(), dues_frame({HOUSE: "130.00", TREES: "7.00"})
    first, second = (books.night(grown, ONE) for _ in range(2))
    assert first.batches.equals(second.batches)
    assert first.line_items.equals(second.line_items)


def test_what_has_grown_is_listed_by_the_difference_under_the_next_sequence() -> None:
    draft = after().night(dues_frame({HOUSE: "130.00"}), ONE)
    assert listings(draft) == [(KEY, 2, 1, Decimal("30.00"))]
    assert draft.line_items["basis"].to_list() == [
        "1 × 130.00 元 = 130.00 元〔应付 130.00 元，已列 100.00 元，差额 30.00 元〕"
    ]


def test_a_new_key_beside_an_unchanged_one_is_listed_alone() -> None:
    draft = after().night(dues_frame({HOUSE: "100.00", TREES: "7.00"}), ONE)
    assert listings(draft) == [(TREE_KEY, 1, 1, Decimal("7.00"))]


@pytest.mark.parametrize("now", ["60.00", None])
def test_what_is_owed_less_is_set_off_against_what_is_owed_more(now: str | None) -> None:
    dues = {TREES: "150.00"} | ({HOUSE: now} if now else {})
    draft = after().night(dues_frame(dues), ONE)
    less = Decimal(now or 0) - 100
    assert listings(draft) == [(KEY, 2, 1, less), (TREE_KEY, 1, 1, Decimal("150.00"))]
    assert money_of_lines(draft) == {"H-1": 150 + less}
    assert receivable(draft) == {}


@pytest.mark.parametrize("now", ["60.00", None])
def test_what_is_owed_less_without_anything_owed_more_is_receivable(now: str | None) -> None:
    books = after()
    draft = books.night(dues_frame({HOUSE: now} if now else {}), ONE)
    less = 100 - Decimal(now or 0)
    assert draft.lines.is_empty()
    assert receivable(draft) == {"H-1": less}
    assert draft.receivable_items.select("due_key", "amount", "change").rows() == [
        (f"{HOUSING}/{KEY}", less, less)
    ]


def test_a_household_that_is_surveyed_no_longer_owes_under_its_last_name() -> None:
    draft = after().night(dues_frame({}))
    assert draft.receivable_items.select("payee_id", "payee_name", "item_name", "basis").rows() == [
        ("H-1", "收款1", "house", "现不再应付〔应付 0.00 元，已列 100.00 元，差额 -100.00 元〕")
    ]


def test_a_recovery_is_recorded_once_and_stands() -> None:
    books, less = after(), dues_frame({HOUSE: "60.00"})
    books.approve(books.night(less, ONE))
    assert books.past.recorded_recoveries()["recorded"].to_list() == [Decimal("40.00")]
    again = books.night(less, ONE)
    assert again.batches.is_empty()
    assert receivable(again) == {"H-1": Decimal("40.00")}


@pytest.mark.parametrize(
    ("raised", "paid", "owes", "recorded"),
    [
        ("75.00", None, "25.00", ["25.00"]),
        ("100.00", None, None, []),
        ("130.00", "30.00", None, []),
    ],
)
def test_a_later_raise_is_first_set_against_the_recovery(
    raised: str, paid: str | None, owes: str | None, recorded: list[str]
) -> None:
    books = after()
    books.approve(books.night(dues_frame({HOUSE: "60.00"}), ONE))
    draft = books.night(dues_frame({HOUSE: raised}), ONE)
    assert money_of_lines(draft) == ({"H-1": Decimal(paid)} if paid else {})
    assert receivable(draft) == ({"H-1": Decimal(owes)} if owes else {})
    books.approve(draft)
    still = books.past.recorded_recoveries().filter(pl.col("recorded") != 0)["recorded"].to_list()
    assert still == [Decimal(amount) for amount in recorded]
    assert books.night(dues_frame({HOUSE: raised}), ONE).batches.is_empty()


def test_what_is_receivable_no_longer_makes_a_batch_even_when_nothing_else_does() -> None:
    books = after()
    books.approve(books.night(dues_frame({HOUSE: "60.00"}), ONE))
    draft = books.night(dues_frame({HOUSE: "100.00"}), ONE)
    assert draft.batches.select("line_count", "total_amount").row(0) == (0, Decimal("0.00"))
    assert draft.receivable_items.select("line_number", "amount", "change", "basis").rows() == [
        (0, Decimal("0.00"), Decimal("-40.00"), "不再应收")
    ]


def test_a_raise_of_another_item_is_set_against_the_recovery_too() -> None:
    books = after()
    books.approve(books.night(dues_frame({HOUSE: "60.00"}), ONE))
    draft = books.night(dues_frame({HOUSE: "60.00", TREES: "50.00"}), ONE)
    assert money_of_lines(draft) == {"H-1": Decimal("10.00")}
    books.approve(draft)
    assert books.past.recorded_recoveries()["recorded"].to_list() == [Decimal("0.00")]
    assert books.night(dues_frame({HOUSE: "60.00", TREES: "50.00"}), ONE).batches.is_empty()


def test_with_separate_set_off_only_a_raise_of_the_same_item_is() -> None:
    books = after()
    books.separate = True
    books.approve(books.night(dues_frame({HOUSE: "60.00"}), ONE))
    draft = books.night(dues_frame({HOUSE: "60.00", TREES: "50.00"}), ONE)
    assert money_of_lines(draft) == {"H-1": Decimal("50.00")}
    assert receivable(draft) == {"H-1": Decimal("40.00")}
    raised = books.night(dues_frame({HOUSE: "90.00"}), ONE)
    assert receivable(raised) == {"H-1": Decimal("10.00")}


def test_what_failed_is_outstanding_again_and_what_is_on_its_way_is_not() -> None:
    books = after()
    dues = dues_frame({HOUSE: "100.00"})
    assert outstanding(dues, books.past).is_empty()
    books.answer([("HC-0001", 1, False)])
    assert outstanding(dues, books.past)["amount"].to_list() == [Decimal("100.00")]


def test_a_key_that_was_listed_and_taken_back_in_full_leaves_nothing_behind() -> None:
    books = after()
    books.approve(books.night(dues_frame({TREES: "150.00"}), ONE))
    assert outstanding(dues_frame({TREES: "150.00"}), books.past).is_empty()
    back = books.night(dues_frame({TREES: "150.00", HOUSE: "100.00"}), ONE)
    assert listings(back) == [(KEY, 3, 1, Decimal("100.00"))]


def test_what_is_owed_no_more_has_the_words_of_its_last_listing() -> None:
    books = after()
    early, late = (datetime.fromisoformat(f"2021-07-0{day}T09:00:00") for day in (1, 2))

    def last_name(*rows: tuple[str, datetime, int]) -> str:
        """The name of the row that is taken; a row is a batch, when it was approved, and a line."""
        approved = pl.concat(
            books.past.batches.with_columns(batch_id=pl.lit(batch), approved_at=pl.lit(at))
            for batch, at, _ in rows
        ).unique("batch_id", keep="first", maintain_order=True)
        listed = pl.concat(
            books.past.line_items.with_columns(
                batch_id=pl.lit(batch), line_number=pl.lit(line, pl.Int64), item_name=pl.lit(str(place))
            )
            for place, (batch, _, line) in enumerate(rows)
        )
        past = replace(books.past, batches=approved, line_items=listed)
        return str(outstanding(dues_frame({}), past)["item_name"].item())

    assert last_name(("HC-0001", late, 1), ("HC-0002", early, 2)) == "0"
    assert last_name(("HC-0002", early, 1), ("HC-0001", early, 2)) == "0"
    assert last_name(("HC-0001", early, 2), ("HC-0001", early, 1)) == "0"


def test_what_the_ledger_lists_counts_even_when_its_batch_is_missing() -> None:
    past = replace(after().past, line_items=LineObligations.empty())
    assert outstanding(dues_frame({}), past)["amount"].to_list() == [Decimal("-100.00")]


def test_what_is_owed_no_more_stands_in_the_order_of_its_keys() -> None:
    books = after(trees="7.00", attachments="5.00", buyback="-1.00")
    found = outstanding(dues_frame({TREES: "7.00"}), books.past)
    assert found["item_name"].to_list() == ["attachments", "buyback", "house"]
