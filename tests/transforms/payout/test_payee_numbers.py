from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from tests.support.payout_frames import id_number
from tests.support.payout_nights import Books, dues_frame, held, listings, money_of_lines, paid_to
from transforms.frames import stacked
from transforms.payout.past import Past
from transforms.payout.payee_numbers import party_of, place_of, with_lasting_numbers

HOUSE = ("H-1", "house")
HALVES = paid_to("H-1", (1, "50"), (2, "50"))


def numbers(payees: pl.DataFrame, past: Past) -> dict[str, str]:
    """The payee's number by name."""
    return dict(with_lasting_numbers(payees, past).select("payee_name", "payee_id").iter_rows())


def listed(*people: tuple[int, str]) -> Books:
    books = Books()
    books.approve(books.night(dues_frame({HOUSE: "100.00"}), paid_to("H-1", *people)))
    return books


def test_who_was_never_listed_is_numbered_by_its_place() -> None:
    assert numbers(HALVES, Past.none()) == {"收款1": "H-1", "收款2": "H-1#2"}
    assert numbers(paid_to("H-2", (7, "50"), (8, "50")), listed((1, "100")).past) == {
        "收款7": "H-2",
        "收款8": "H-2#2",
    }


def test_rows_in_another_order_keep_their_numbers() -> None:
    books = listed((1, "50"), (2, "50"))
    swapped = paid_to("H-1", (2, "50"), (1, "50"))
    assert numbers(swapped, books.past) == {"收款1": "H-1", "收款2": "H-1#2"}
    draft = books.night(dues_frame({HOUSE: "110.00"}), swapped)
    assert money_of_lines(draft) == {"H-1": Decimal("5.00"), "H-1#2": Decimal("5.00")}


def test_a_further_payee_takes_the_next_number_and_never_that_of_another() -> None:
    books = listed((1, "50"), (2, "50"))
    assert numbers(paid_to("H-1", (1, "50"), (3, "50")), books.past) == {"收款1": "H-1", "收款3": "H-1#3"}
    assert numbers(paid_to("H-1", (3, "50"), (4, "50")), books.past) == {"收款3": "H-1#3", "收款4": "H-1#4"}


def test_a_payee_who_waited_keeps_the_number_that_it_was_held_under() -> None:
    books = Books()
    frozen = HALVES.with_columns(is_frozen=pl.col("payee_id") == "H-1")
    draft = books.night(dues_frame({HOUSE: "100.00"}), frozen)
    assert held(draft) == {"H-1": Decimal("50.00")}
    books.approve(draft)
    assert numbers(frozen, books.past) == {"收款1": "H-1", "收款2": "H-1#2"}


def test_a_single_payee_whose_number_is_corrected_is_the_same() -> None:
    books = listed((1, "100"))
    corrected = paid_to("H-1", (1, "100"), id_number=id_number(9))
    assert numbers(corrected, books.past) == {"收款1": "H-1"}
    assert listings(books.night(dues_frame({HOUSE: "110.00"}), corrected)) == [
        ("H-1//house/", 2, 1, Decimal("10.00"))
    ]


def test_a_number_that_was_corrected_twice_is_still_the_same() -> None:
    books = listed((1, "100"))
    for serial, amount in ((8, "110.00"), (9, "120.00")):
        corrected = paid_to("H-1", (1, "100"), id_number=id_number(serial))
        books.approve(books.night(dues_frame({HOUSE: amount}), corrected))
    assert books.past.lines["payee_id"].to_list() == ["H-1"] * 3


def test_a_single_payee_without_an_id_number_keeps_its_own() -> None:
    nobody = paid_to("H-1", (1, "100"), id_number=None)
    assert numbers(nobody, listed((1, "100")).past) == {"收款1": "H-1"}


def test_two_who_were_listed_under_one_number_do_not_share_it() -> None:
    books = listed((1, "100"))
    books.approve(books.night(dues_frame({HOUSE: "110.00"}), paid_to("H-1", (2, "100"))))
    assert numbers(HALVES, books.past) == {"收款2": "H-1", "收款1": "H-1#2"}
    draft = books.night(dues_frame({HOUSE: "300.00"}), HALVES)
    assert draft.lines["payee_id"].is_unique().all()


def test_one_who_is_left_of_two_keeps_its_number() -> None:
    books = listed((1, "50"), (2, "50"))
    assert numbers(paid_to("H-1", (2, "100")), books.past) == {"收款2": "H-1#2"}


def test_one_who_is_left_of_two_and_alone_was_listed_keeps_its_number() -> None:
    books = Books()
    frozen = HALVES.with_columns(is_frozen=pl.col("payee_id") == "H-1")
    books.approve(books.night(dues_frame({HOUSE: "100.00"}), frozen))
    assert numbers(paid_to("H-1", (2, "100")), books.past) == {"收款2": "H-1#2"}


def test_the_same_number_in_another_programme_is_somebody_else() -> None:
    other = paid_to("H-1", (5, "50"), (1, "50")).with_columns(programme=pl.lit("推介官工作经费"))
    assert numbers(other, listed((1, "100")).past) == {"收款5": "H-1", "收款1": "H-1#2"}


@pytest.mark.parametrize(
    ("payee", "party", "place"), [("H-1", "H-1", 1), ("H-1#2", "H-1", 2), ("A#b", "A#b", 1)]
)
def test_a_number_is_that_of_the_party_and_a_place(payee: str, party: str, place: int) -> None:
    frame = pl.DataFrame({"payee": [payee]})
    assert frame.select(party_of(pl.col("payee")), place=place_of(pl.col("payee"))).row(0) == (party, place)


def test_a_person_listed_under_two_numbers_keeps_the_last_and_stays_one_payee() -> None:
    books = Books()
    person = {"id_number": id_number(1)}
    books.approve(books.night(dues_frame({HOUSE: "100.00"}), paid_to("H-1", (1, "50"), (2, "50"), **person)))
    found = with_lasting_numbers(paid_to("H-1", (1, "100"), **person), books.past)
    assert found["payee_id"].to_list() == ["H-1#2"]


def test_everybody_who_was_listed_under_two_numbers_keeps_the_last() -> None:
    households = [f"H-{number}" for number in range(40)]
    twice = [
        paid_to(household, (2 * serial, "50"), (2 * serial + 1, "50"), id_number=id_number(serial))
        for serial, household in enumerate(households)
    ]
    books = Books()
    books.approve(
        books.night(dues_frame({(household, "house"): "100.00" for household in households}), *twice)
    )
    once = stacked(
        paid_to(household, (2 * serial, "100"), id_number=id_number(serial))
        for serial, household in enumerate(households)
    )
    numbered = with_lasting_numbers(once, books.past)["payee_id"].to_list()
    assert numbered == [f"{household}#2" for household in households]
