from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from schemas.payout import Programme
from tests.support.payout_frames import (
    AS_OF,
    drafted,
    items_frame,
    line_item,
    occasion,
    payees_frame,
    survey_frame,
    surveyed,
)
from tests.support.payout_nights import Books, dues_frame, paid_to
from tests.support.whole_draft import draft_batches
from transforms.frames import stacked
from transforms.payout.accounts import failed_accounts
from transforms.payout.batch_digest import batch_digest
from transforms.payout.batches import Terms
from transforms.payout.frames import PAYEES
from transforms.payout.holds import with_hold_reasons
from transforms.payout.obligations import housing_dues, obligation_key
from transforms.payout.past import Past
from transforms.payout.payees import housing_payees

ITEMS = items_frame(
    line_item("H-10", "house_residence", "10.00", building_id="B-1"),
    line_item("H-2", "house_residence", "2.00", building_id="B-2"),
    line_item("H-2", "transition_residence", "0.50", building_id="B-2", period="2021-05"),
    line_item("H-2", "transition_residence", "0.25", building_id="B-2", period="2021-06"),
    line_item("H-1", "house_residence", "1.00", building_id="B-3"),
    line_item("H-3", "buyback", "-3.00", building_id="B-4"),
)
SURVEY = survey_frame(*(surveyed(f"H-{number}", number) for number in (1, 2, 3, 10)))


def test_lines_stand_in_the_order_that_people_count_in() -> None:
    draft = drafted(ITEMS, SURVEY)
    assert draft.lines.select("line_number", "payee_id", "amount").rows() == [
        (1, "H-1", Decimal("1.00")),
        (2, "H-2", Decimal("2.75")),
        (3, "H-10", Decimal("10.00")),
    ]


def test_a_batch_has_the_next_number_of_its_programme_and_its_totals() -> None:
    draft = drafted(ITEMS, SURVEY, next_numbers={Programme.HOUSING_COMPENSATION: 12})
    batch = draft.batches.row(0, named=True)
    assert batch["batch_id"] == "HC-0012"
    assert (batch["status"], batch["as_of"], batch["line_count"]) == ("draft", AS_OF, 3)
    assert batch["total_amount"] == Decimal("13.75")
    assert batch["approved_by"] is None


def test_the_reason_names_the_items_with_their_months() -> None:
    reason = drafted(ITEMS, SURVEY).lines["reason"][1]
    assert reason == "house_residence、transition_residence（2021-05 至 2021-06）"


def test_receivables_alone_make_a_batch_without_lines() -> None:
    draft = drafted(items_frame(line_item("H-3", "buyback", "-3.00")), SURVEY)
    assert draft.batches.select("line_count", "total_amount").row(0) == (0, Decimal("0.00"))
    assert draft.receivables["amount"].to_list() == [Decimal("3.00")]


def test_nothing_owed_makes_no_batch() -> None:
    draft = drafted(items_frame(), SURVEY)
    assert draft.batches.is_empty()
    assert draft.lines.is_empty()


def test_each_programme_has_a_batch_of_its_own() -> None:
    housing, other = Programme.HOUSING_COMPENSATION.value, Programme.OFFICER_EXPENSES.value
    dues, payees = housing_dues(ITEMS), housing_payees(SURVEY, payees_frame())
    key = obligation_key(other, pl.col("party_id"), pl.col("item_name"))
    both = draft_batches(
        pl.concat([dues, dues.head(1).with_columns(programme=pl.lit(other), obligation_key=key)]),
        pl.concat([payees, payees.with_columns(programme=pl.lit(other))]),
        Past.none(),
        occasion(),
        Terms(),
    )
    assert both.batches.select("batch_id", "programme", "line_count").rows() == [
        ("HC-0001", housing, 3),
        ("PO-0001", other, 1),
    ]


def test_the_digest_is_the_same_for_the_same_lines_and_another_for_any_change() -> None:
    draft = drafted(ITEMS, SURVEY)
    again = drafted(ITEMS.reverse(), SURVEY.reverse())
    digest = draft.batches["digest"].item()
    assert again.batches["digest"].item() == digest
    assert (
        batch_digest("HC-0001", draft.lines.reverse(), draft.line_items.reverse(), draft.receivable_items)
        == digest
    )
    changed = draft.lines.with_columns(account_name=pl.lit("别人"))
    assert batch_digest("HC-0001", changed, draft.line_items, draft.receivable_items) != digest


def test_every_payee_is_compared_even_when_nothing_is_owed_to_it() -> None:
    payees = with_hold_reasons(housing_payees(SURVEY, payees_frame()), failed_accounts(Past.none()))
    assert payees["hold_reason"].null_count() == payees.height


def test_every_table_stands_by_programme_and_number_whatever_the_order_of_the_dues() -> None:
    paid, owing, waiting = ("H-1", "H-2", "H-10"), ("H-3", "H-20"), ("H-4", "H-30")
    amounts = {
        **{(party, item): "5.00" for party in (*paid, *waiting) for item in ("house", "trees")},
        **{(party, "buyback"): "-3.00" for party in owing},
    }
    other = Programme.OFFICER_EXPENSES.value
    housing = dues_frame(amounts)
    officers = housing.with_columns(
        programme=pl.lit(other), obligation_key="其他/" + pl.col("obligation_key")
    )
    people = [
        paid_to(party, (serial, "100"), is_frozen=party in waiting)
        for serial, party in enumerate((*paid, *waiting), start=1)
    ]
    payees = stacked([*people, *(each.with_columns(programme=pl.lit(other)) for each in people)])
    mixed = stacked([officers, housing]).reverse().sort("item_name", maintain_order=True)
    draft = draft_batches(mixed, payees, Past.none(), occasion(), Terms())

    batches = ("HC-0001", "PO-0001")
    assert draft.lines.select("batch_id", "line_number", "payee_id").rows() == [
        (batch, number, party) for batch in batches for number, party in enumerate(paid, start=1)
    ]
    items = draft.line_items.select("batch_id", "line_number", "payee_id", "item_name", "item_number").rows()
    assert items == [
        (batch, number, party, item, 2 * number - 2 + place)
        for batch in batches
        for number, party in enumerate(paid, start=1)
        for place, item in enumerate(("house", "trees"), start=1)
    ]
    receivable = draft.receivable_items.select("batch_id", "line_number", "payee_id", "item_number").rows()
    assert receivable == [
        (batch, number, party, number) for batch in batches for number, party in enumerate(owing, start=1)
    ]
    programmes = (Programme.HOUSING_COMPENSATION.value, other)
    for table, parties in ((draft.receivables, owing), (draft.held, waiting)):
        assert table.select("programme", "payee_id").rows() == [
            (programme, party) for programme in programmes for party in parties
        ]


def test_held_and_receivable_numbers_that_differ_in_zeros_alone_have_a_fixed_order() -> None:
    parties = [f"H-{'0' * zeros}1" for zeros in range(8)]
    owing = dues_frame({(party, "buyback"): "-3.00" for party in parties})
    nobody = dues_frame({(party, "house"): "3.00" for party in parties})
    for dues in (owing, nobody):
        draft = draft_batches(dues, PAYEES.to_frame(), Past.none(), occasion(), Terms())
        table = draft.receivables if dues is owing else draft.held
        assert table["payee_id"].to_list() == sorted(parties)


@pytest.mark.parametrize("amount", ["5.00", "-5.00"])
def test_each_ones_items_keep_the_order_of_the_dues_however_many_there_are(amount: str) -> None:
    items = [f"item_{number * 37 % 101}" for number in range(101)]
    keys = [(f"H-{number * 7919 % 97 % 5}", item) for number, item in enumerate(items)]
    parties = [f"H-{number}" for number in range(5)]
    payees = stacked(paid_to(party, (serial, "100")) for serial, party in enumerate(parties))
    draft = draft_batches(dues_frame(dict.fromkeys(keys, amount)), payees, Past.none(), occasion(), Terms())
    table = draft.line_items if amount == "5.00" else draft.receivable_items
    assert table.select("payee_id", "item_name").rows() == sorted(keys, key=lambda key: key[0])


def test_what_is_receivable_no_longer_stands_by_key_whatever_other_batches_there_are() -> None:
    programmes = {programme.value for programme in Programme}
    keys = ["trees", "house"]
    owing = dues_frame({("H-1", key): "-5.00" for key in keys})
    books = Books()
    books.approve(books.night(owing))
    paid = dues_frame({("H-2", "house"): "1.00"})
    dues = stacked(
        paid.with_columns(programme=pl.lit(name), obligation_key=pl.lit(f"{name}/H-2")) for name in programmes
    )
    payees = stacked(paid_to("H-2", (2, "100")).with_columns(programme=pl.lit(name)) for name in programmes)
    draft = draft_batches(dues, payees, books.past, occasion(), Terms())
    assert draft.batches.height == len(programmes)
    found = draft.receivable_items.select("batch_id", "item_name", "item_number").rows()
    assert found == [("HC-0001", key, number) for number, key in enumerate(sorted(keys), start=1)]


def test_what_is_receivable_no_longer_is_numbered_behind_what_is() -> None:
    books = Books()
    books.approve(books.night(dues_frame({("H-1", "house"): "-5.00"})))
    draft = books.night(dues_frame({("H-2", "house"): "-2.00", ("H-2", "trees"): "-1.00"}))
    rows = draft.receivable_items.select("payee_id", "line_number", "item_number", "amount", "change").rows()
    assert rows == [
        ("H-2", 1, 1, Decimal("2.00"), Decimal("2.00")),
        ("H-2", 1, 2, Decimal("1.00"), Decimal("1.00")),
        ("H-1", 0, 3, Decimal("0.00"), Decimal("-5.00")),
    ]
