from __future__ import annotations

from decimal import Decimal

import polars as pl

from tests.support.payout_nights import Books, dues_frame, held, listings, money_of_lines, paid_to, receivable
from transforms.payout.outstanding import outstanding
from transforms.payout.shares import shared_out

HOUSE, TREES = ("H-1", "house"), ("H-1", "trees")
ALONE = paid_to("H-1", (1, "100"))
HALVES = paid_to("H-1", (1, "50"), (2, "50"))


def frozen(payees: pl.DataFrame, serial: int) -> pl.DataFrame:
    is_it = pl.col("payee_name") == f"收款{serial}"
    return payees.with_columns(is_frozen=pl.when(is_it).then(True).otherwise("is_frozen"))


def listed(amount: str, payees: pl.DataFrame) -> Books:
    books = Books()
    books.approve(books.night(dues_frame({HOUSE: amount}), payees))
    return books


def test_without_listed_money_new_shares_are_simply_the_new_shares() -> None:
    books = Books()
    assert money_of_lines(books.night(dues_frame({HOUSE: "100.00"}), HALVES)) == {
        "H-1": Decimal("50.00"),
        "H-1#2": Decimal("50.00"),
    }


def test_with_the_whole_listed_new_shares_change_nothing() -> None:
    assert listed("100.00", ALONE).night(dues_frame({HOUSE: "100.00"}), HALVES).batches.is_empty()


def test_a_raise_goes_first_to_whom_the_shares_now_give_more_than_was_listed() -> None:
    books = listed("100.00", ALONE)
    assert money_of_lines(books.night(dues_frame({HOUSE: "120.00"}), HALVES)) == {"H-1#2": Decimal("20.00")}
    assert money_of_lines(books.night(dues_frame({HOUSE: "300.00"}), HALVES)) == {
        "H-1": Decimal("50.00"),
        "H-1#2": Decimal("150.00"),
    }


def test_a_raise_is_shared_as_the_whole_is() -> None:
    books = listed("100.00", HALVES)
    draft = books.night(dues_frame({HOUSE: "100.03"}), HALVES)
    assert listings(draft) == [
        ("H-1//house/", 2, 1, Decimal("0.02")),
        ("H-1//house/#2", 2, 1, Decimal("0.01")),
    ]


def test_what_is_owed_less_is_taken_from_whom_it_was_listed_to() -> None:
    books = listed("100.00", ALONE)
    draft = books.night(dues_frame({HOUSE: "80.00", TREES: "100.00"}), HALVES)
    assert money_of_lines(draft) == {"H-1": Decimal("30.00"), "H-1#2": Decimal("50.00")}


def test_a_payee_who_is_left_below_zero_leaves_it_to_the_household_and_the_others_are_paid() -> None:
    books = listed("100.00", ALONE)
    dues = dues_frame({HOUSE: "60.00", TREES: "60.00"})
    draft = books.night(dues, HALVES)
    assert money_of_lines(draft) == {"H-1#2": Decimal("30.00")}
    assert receivable(draft) == {"H-1": Decimal("10.00")}
    books.approve(draft)
    assert books.night(dues, HALVES).batches.is_empty()


def test_two_payees_below_zero_make_one_receivable_of_each_obligation() -> None:
    books = listed("100.00", HALVES)
    thirds = paid_to("H-1", (1, "10"), (2, "10"), (3, "80"))
    draft = books.night(dues_frame({HOUSE: "40.00", TREES: "70.00"}), thirds)
    assert money_of_lines(draft) == {"H-1#3": Decimal("56.00")}
    assert receivable(draft) == {"H-1": Decimal("46.00")}
    assert draft.receivable_items.select("amount", "change").rows() == [
        (Decimal("60.00"), Decimal("60.00")),
        (Decimal("-14.00"), Decimal("-14.00")),
    ]
    assert draft.receivable_items["basis"].to_list() == [
        (
            "1 × 40.00 元 = 40.00 元〔应付 40.00 元，已列 100.00 元，差额 -60.00 元〕"
            "〔几位收款人的部分合计 -60.00 元〕"
        ),
        "1 × 70.00 元 = 70.00 元〔几位收款人的部分合计 14.00 元〕",
    ]


def test_what_payees_owe_together_stands_in_the_order_of_the_dues() -> None:
    items = [("H-1", f"item_{number}") for number in range(8)]
    books = Books()
    books.approve(books.night(dues_frame(dict.fromkeys(items, "10.00")), HALVES))
    thirds = paid_to("H-1", (1, "10"), (2, "10"), (3, "80"))
    draft = books.night(dues_frame({**dict.fromkeys(items, "4.00"), TREES: "70.00"}), thirds)
    assert draft.receivable_items["item_name"].to_list() == [*(item for _, item in items), "trees"]


def test_what_was_listed_to_somebody_replaced_is_not_asked_of_the_others() -> None:
    books = listed("100.00", HALVES)
    replaced = paid_to("H-1", (1, "50"), (3, "50"))
    assert books.night(dues_frame({HOUSE: "100.00"}), replaced).batches.is_empty()
    draft = books.night(dues_frame({HOUSE: "160.00"}), replaced)
    assert money_of_lines(draft) == {"H-1": Decimal("5.00"), "H-1#3": Decimal("55.00")}


def test_a_part_that_waits_does_not_move_to_the_others() -> None:
    books = listed("100.00", paid_to("H-1", (9, "100")))
    three = paid_to("H-1", (1, "34"), (2, "33"), (3, "33"))
    dues = dues_frame({HOUSE: "160.00"})
    one_waits = frozen(three, 1)
    first = books.night(dues, one_waits)
    waiting = held(first)
    assert waiting == {"H-1#2": Decimal("20.40")}
    books.approve(first)
    assert books.night(dues, one_waits).batches.is_empty()
    assert money_of_lines(books.night(dues, three)) == waiting


def test_a_cent_among_many_is_never_taken_from_one_for_another() -> None:
    four = paid_to("H-1", *((serial, "25") for serial in range(1, 5)))
    books = Books()
    draft = books.night(dues_frame({HOUSE: "0.02"}), four)
    assert money_of_lines(draft) == {"H-1": Decimal("0.01"), "H-1#2": Decimal("0.01")}
    assert receivable(draft) == {}
    books.approve(draft)
    assert books.night(dues_frame({HOUSE: "0.02"}), four).batches.is_empty()


def test_a_share_of_nothing_gets_nothing() -> None:
    draft = Books().night(dues_frame({HOUSE: "10.00"}), paid_to("H-1", (1, "100"), (2, "0")))
    assert money_of_lines(draft) == {"H-1": Decimal("10.00")}


def test_what_was_listed_to_one_who_has_no_share_any_more_is_taken_from_it_alone() -> None:
    books = listed("100.00", paid_to("H-1", (2, "100")))
    moved = paid_to("H-1", (1, "100"), (2, "0"))
    draft = books.night(dues_frame({HOUSE: "50.00", TREES: "80.00"}), moved)
    parts = draft.obligations.select("item_name", "payee_name", "amount", "place").rows()
    assert parts == [
        ("trees", "收款1", Decimal("80.00"), "line"),
        ("house", "户主H-1", Decimal("-50.00"), "receivable"),
    ]


def test_the_parts_have_the_columns_given_and_their_arithmetic_and_nobody_goes_without_an_amount() -> None:
    books = listed("100.00", ALONE)
    parts = outstanding(dues_frame({HOUSE: "120.00"}), books.past).join(
        HALVES.select("party_id", "payee_id", "share"), on="party_id", maintain_order="left_right"
    )
    shared = shared_out(parts, books.past)
    assert shared.columns == [*parts.columns, "part_basis"]
    assert shared["amount"].to_list() == [Decimal("0.00"), Decimal("20.00")]


def test_a_single_payees_arithmetic_is_that_of_the_whole() -> None:
    draft = Books().night(dues_frame({("H-1", "house"): "100.00"}), paid_to("H-1", (1, "100")))
    assert draft.line_items["basis"].to_list() == ["1 × 100.00 元 = 100.00 元"]


def test_obligations_keep_the_order_of_the_dues_whether_one_or_several_share_them() -> None:
    parties = [f"H-{number * 37 % 31}" for number in range(31)]
    payees = [
        paid_to(party, (3 * place, "100"))
        if place % 3
        else paid_to(party, (3 * place, "50"), (3 * place + 1, "50"))
        for place, party in enumerate(parties)
    ]
    draft = Books().night(dues_frame({(party, "house"): "100.00" for party in parties}), *payees)
    assert draft.obligations["party_id"].unique(maintain_order=True).to_list() == parties
