"""Which parties are drafted together: whole, in the order of the lists, and each once."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.payout import Programme
from tests.support.payout_nights import Books, dues_frame, money_of_lines, paid_to
from transforms.frames import stacked
from transforms.payout.natural_order import natural_key
from transforms.payout.past import Past
from transforms.payout.payee_numbers import party_of
from transforms.payout.stretches import Stretches, stretches

HOUSING, OFFICERS = Programme.HOUSING_COMPENSATION.value, Programme.OFFICER_EXPENSES.value


def names(*payees: str, programme: str = HOUSING) -> pl.DataFrame:
    return pl.DataFrame({"payee_id": payees}, schema={"payee_id": pl.String()}).with_columns(
        programme=pl.lit(programme)
    )


def cut(found: Stretches, given: pl.DataFrame) -> list[list[str]]:
    return [part["payee_id"].to_list() for part in found.parted(given, "payee_id")]


@pytest.mark.parametrize(
    ("case", "payees", "at_once", "expected"),
    [
        ("as people count", ["H-10", "H-2", "H-1"], 2, [["H-2", "H-1"], ["H-10"]]),
        ("one more than fits", ["H-1", "H-2", "H-3"], 2, [["H-1", "H-2"], ["H-3"]]),
        ("as many as fit", ["H-1", "H-2"], 2, [["H-1", "H-2"]]),
        ("a party's payees stay together", ["H-1", "H-1#2", "H-2"], 1, [["H-1", "H-1#2"], ["H-2"]]),
        ("and what is among them", ["H-1", "H-1!", "H-1#2", "H-3"], 1, [["H-1", "H-1!", "H-1#2"], ["H-3"]]),
        ("nobody", [], 2, [[]]),
    ],
)  # fmt: skip
def test_parties_are_cut_into_stretches(
    case: str, payees: list[str], at_once: int, expected: list[list[str]]
) -> None:
    given = names(*payees)
    assert cut(stretches([given], at_once), given) == expected, case


def test_a_name_may_be_given_several_times_and_in_several_frames() -> None:
    given = names("H-1", "H-2")
    assert stretches([given, given, names("H-2", "H-3")], 2).families.rows() == [
        (HOUSING, "H-1", 0),
        (HOUSING, "H-2", 0),
        (HOUSING, "H-3", 1),
    ]


def test_a_programme_whose_obligations_are_not_named_after_their_party_is_not_cut() -> None:
    given = stacked([names(*(f"O-{n}" for n in range(5)), programme=OFFICERS), names("H-1", "H-2")])
    assert sorted(map(len, cut(stretches([given], 1), given))) == [1, 1, 5]


@given(
    st.lists(st.from_regex(r"[A-C]-?[0-9]{1,2}(!|#[0-9])?", fullmatch=True), min_size=1, max_size=12),
    st.integers(1, 4),
)
def test_stretches_follow_each_other_in_the_lists(payees: list[str], at_once: int) -> None:
    given = names(*dict.fromkeys(payees))
    parts = cut(stretches([given], at_once), given)
    assert sorted(name for part in parts for name in part) == sorted(dict.fromkeys(payees))
    order = given.sort(natural_key(pl.col("payee_id")), "payee_id")["payee_id"].to_list()
    places = [sorted(map(order.index, part)) for part in parts]
    assert all(before[-1] < after[0] for before, after in pairwise(places))
    families = [set(names(*part).select(party_of(pl.col("payee_id"))).to_series()) for part in parts]
    assert sum(map(len, families)) == len(set.union(*families))


def test_the_past_is_cut_as_its_parties_are() -> None:
    books = Books()
    dues = dues_frame({("H-1", "house"): "1.00", ("H-2", "buyback"): "-2.00", ("H-3", "house"): "3.00"})
    books.approve(books.night(dues, paid_to("H-1", (1, "50"), (2, "50")), paid_to("H-3", (3, "100"))))
    parts = stretches([books.past.parties()], 1).parted_past(books.past)
    rows = [
        (part.ledger.height, part.lines.height, part.line_items.height, part.receivable_items.height)
        for part in parts
    ]
    assert rows == [(2, 2, 2, 0), (1, 0, 0, 1), (1, 1, 1, 0)]
    assert all(part.batches.equals(books.past.batches) for part in parts)
    schemas = [table.schema for table in (books.past.ledger, books.past.line_items)]
    assert [parts[0].ledger.schema, parts[0].line_items.schema] == schemas


def test_nothing_listed_yet_is_the_past_of_every_stretch() -> None:
    assert len(stretches([names("H-1", "H-2")], 1).parted_past(Past.none())) == 2


def test_an_invoice_that_passes_to_another_officer_is_not_paid_twice() -> None:
    """Its key names no party, so whoever has it now must be drafted beside whoever had it."""
    its_programme, key = pl.lit(OFFICERS), pl.lit(f"{OFFICERS}/FP-1")
    payees = [
        paid_to(f"O-{serial}", (serial, "100")).with_columns(programme=its_programme)
        for serial in range(1, 7)
    ]
    books = Books()
    first = dues_frame({("O-1", "work"): "10.00"}).with_columns(programme=its_programme, obligation_key=key)
    draft = books.night(first, *payees)
    assert money_of_lines(draft) == {"O-1": Decimal("10.00")}
    books.approve(draft)
    passed_on = first.with_columns(party_id=pl.lit("O-6"))
    assert money_of_lines(books.night(passed_on, *payees)) == {}


def test_programmes_do_not_stand_among_each_other() -> None:
    given = stacked([names("H-1", "H-3"), names("H-2", "H-4", programme=OFFICERS)])
    assert sorted(cut(stretches([given], 2), given)) == [["H-1", "H-3"], ["H-2", "H-4"]]
