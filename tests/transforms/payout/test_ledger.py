from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest

from schemas.payout import CONFIRMED, FAILED, LISTED, RECOVERY, Ledger
from tests.support.payout_frames import card_number
from tests.support.payout_nights import Books, dues_frame, paid_to
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.payout.ledger import (
    NO_ENTRY,
    answer_entries,
    appended,
    batch_failures,
    chain_failures,
    head_of,
    listed_entries,
    listing_failures,
)

HOUSE, TREES, BUYBACK = ("H-1", "house"), ("H-1", "trees"), ("H-2", "buyback")
AMOUNTS = {HOUSE: "100.00", TREES: "7.00", BUYBACK: "-30.00"}
AT = datetime.fromisoformat("2021-08-01T09:00:00")
Spoil = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="module")
def books() -> Books:
    """Listed, failed, listed again and confirmed, with a receivable."""
    made = Books()
    for payees, is_paid in (
        (paid_to("H-1", (1, "100")), False),
        (paid_to("H-1", (1, "100"), bank_account=card_number(50)), True),
    ):
        draft = made.night(dues_frame(AMOUNTS), payees)
        made.approve(draft)
        made.answer_all(draft, is_paid=is_paid)
    return made


def changed(entry: int, **fields: object) -> Spoil:
    """The ledger with other values in one entry."""
    types = Ledger.frame_schema()
    return lambda ledger: ledger.with_columns(
        pl.when(pl.col("entry_id") == entry)
        .then(pl.lit(value).cast(types[name]))
        .otherwise(pl.col(name))
        .alias(name)
        for name, value in fields.items()
    )


def without(entry: int) -> Spoil:
    return lambda ledger: ledger.filter(pl.col("entry_id") != entry)


def test_the_entries_of_two_rounds(books: Books) -> None:
    rows = books.past.ledger.select("entry_id", "kind", "sequence", "attempt", "amount", "refers_to").rows()
    house, trees = Decimal("100.00"), Decimal("7.00")
    assert rows == [
        (1, LISTED, 1, 1, house, None),
        (2, LISTED, 1, 1, trees, None),
        (3, RECOVERY, 1, 1, Decimal("30.00"), None),
        (4, FAILED, 1, 1, house, 1),
        (5, FAILED, 1, 1, trees, 2),
        (6, LISTED, 1, 2, house, 4),
        (7, LISTED, 1, 2, trees, 5),
        (8, CONFIRMED, 1, 2, house, 6),
        (9, CONFIRMED, 1, 2, trees, 7),
    ]


def test_an_empty_ledger_is_in_order() -> None:
    empty = Ledger.empty()
    assert head_of(empty) == NO_ENTRY
    assert chain_failures(empty) == []
    assert listing_failures(empty) == []
    assert appended(empty, empty.drop("entry_id", "previous_digest", "digest")).is_empty()


def test_each_entry_has_the_digest_of_the_one_before(books: Books) -> None:
    ledger = books.past.ledger
    assert ledger["previous_digest"].to_list() == [NO_ENTRY, *ledger["digest"].to_list()[:-1]]
    assert head_of(ledger.reverse()) == ledger["digest"][-1]
    assert chain_failures(ledger.reverse()) == []


def test_the_digests_of_a_ledger_that_stands_never_become_others(books: Books) -> None:
    house = "房屋征收补偿/H-1//house/"
    first = f"1|2021-07-01 10:00:00.000000|listed|{house}|1|1|H-1|100.00|HC-0001|1|{house}|\x00"
    digest = hashlib.sha256(f"{'0' * 64}|{first}".replace("|", "\x1f").encode()).hexdigest()
    assert books.past.ledger["digest"][0] == digest


@pytest.mark.parametrize(
    "spoil",
    [
        changed(2, amount=Decimal("7.01")),
        changed(2, payee_id="H-9"),
        changed(2, recorded_at=AT),
        changed(6, refers_to=None),
        changed(2, digest="0" * 64),
        changed(2, previous_digest="0" * 64),
        # the same characters, one of them in the next field
        changed(2, batch_id="HC-000", line_number=11),
        without(1),
        without(5),
        lambda ledger: stacked([ledger, ledger.tail(1)]),
        lambda ledger: stacked([ledger, ledger.tail(1).with_columns(pl.col("entry_id") + 2)]),
        lambda ledger: stacked([ledger, ledger.tail(1).with_columns(pl.col("entry_id") + 1)]),
        # two entries that changed their places
        lambda ledger: ledger.with_columns(
            entry_id=pl.col("entry_id").replace({4: 5, 5: 4}),
        ),
        # one removed from the middle, the others numbered anew
        lambda ledger: without(5)(ledger).with_columns(entry_id=pl.int_range(1, pl.len() + 1)),
    ],
)
def test_whatever_is_changed_is_found(books: Books, spoil: Spoil) -> None:
    spoilt = spoil(books.past.ledger)
    assert chain_failures(spoilt) != []
    assert all(failure.startswith("账簿：第 ") for failure in chain_failures(spoilt))


def test_of_many_changed_entries_ten_are_named() -> None:
    made = Books()
    dues = dues_frame({(f"H-{number}", "house"): "1.00" for number in range(1, 13)})
    draft = made.night(dues, *(paid_to(f"H-{number}", (number, "100")) for number in range(1, 13)))
    made.approve(draft)
    changed_all = made.past.ledger.with_columns(payee_id=pl.lit("H-99"))
    assert len(chain_failures(changed_all)) == 10
    twice = stacked([made.past.ledger, made.past.ledger.with_columns(pl.col("entry_id") + 12)])
    assert len(listing_failures(twice)) == 10
    assert len(batch_failures(changed_all, draft.line_items, draft.receivable_items)) == 10


def test_the_first_missing_number_is_named(books: Books) -> None:
    assert chain_failures(without(5)(books.past.ledger)) == ["账簿：第 5 笔账目缺失或编号不连续"]


def test_the_first_changed_entry_is_named(books: Books) -> None:
    found = chain_failures(changed(7, amount=Decimal("7.01"))(books.past.ledger))
    assert found == [f"账簿：第 {entry} 笔账目被改动过" for entry in (7, 8, 9)]


@pytest.mark.parametrize(
    ("spoil", "entry"),
    [
        # listed again although nothing failed
        (lambda ledger: stacked([ledger, _copy(ledger, 8, LISTED, attempt=3, refers_to=8)]), 10),
        # listed a second time under the same sequence and attempt
        (lambda ledger: stacked([ledger, _copy(ledger, 1, LISTED)]), 1),
        # answered twice
        (lambda ledger: stacked([ledger, _copy(ledger, 8, FAILED)]), 8),
        # listed again in another amount than failed
        (changed(6, amount=Decimal("99.00")), 6),
        # confirmed in another amount than listed
        (changed(9, amount=Decimal("70.00")), 9),
        # confirmed for somebody else
        (changed(9, payee_id="H-9"), 9),
        # two attempts further after one failure
        (changed(6, attempt=3), 6),
    ],
)
def test_a_second_listing_or_answer_is_found(books: Books, spoil: Spoil, entry: int) -> None:
    found = listing_failures(spoil(books.past.ledger))
    assert f"账簿：第 {entry} 笔账目重复列入，或与所替代的不同" in found


def _copy(ledger: pl.DataFrame, entry: int, kind: str, **fields: object) -> pl.DataFrame:
    types = Ledger.frame_schema()
    return ledger.filter(pl.col("entry_id") == entry).with_columns(
        entry_id=pl.lit(ledger.height + 1, pl.Int64),
        kind=pl.lit(kind),
        **{name: pl.lit(value).cast(types[name]) for name, value in fields.items()},
    )


def test_batches_and_ledger_agree(books: Books) -> None:
    past = books.past
    assert batch_failures(past.ledger, past.line_items, past.receivable_items) == []


@pytest.mark.parametrize("entry", [1, 3, 7])
def test_an_entry_that_no_batch_has_or_a_row_that_no_entry_has_is_found(books: Books, entry: int) -> None:
    past = books.past
    batch = "HC-0002" if entry == 7 else "HC-0001"
    expected = [f"批次 {batch} 第 1 行：清单与账簿不符"]
    for spoilt in (without(entry), changed(entry, amount=Decimal("1.23"))):
        assert batch_failures(spoilt(past.ledger), past.line_items, past.receivable_items) == expected


def test_changed_rows_of_batches_are_found(books: Books) -> None:
    past = books.past
    more = (pl.col("amount") + pl.lit(Decimal("0.01"))).cast(MONEY)
    assert len(batch_failures(past.ledger, past.line_items.with_columns(more), past.receivable_items)) == 2
    change = (pl.col("change") + pl.lit(Decimal("0.01"))).cast(MONEY)
    assert batch_failures(past.ledger, past.line_items, past.receivable_items.with_columns(change)) != []


@pytest.mark.parametrize("spoilt", [{"payee_id": "H-9"}, {"obligation_key": "房屋征收补偿/H-9//buyback/"}])
def test_a_receivable_under_another_number_or_key_is_found(books: Books, spoilt: dict[str, str]) -> None:
    past = books.past
    owing = past.receivable_items.with_columns(**{name: pl.lit(value) for name, value in spoilt.items()})
    assert batch_failures(past.ledger, past.line_items, owing) == ["批次 HC-0001 第 1 行：清单与账簿不符"]


def test_entries_stand_in_the_order_of_the_lists_whatever_the_order_of_the_rows(books: Books) -> None:
    rows = [(2, "a", 1), (10, "a", 1), (1, "b", 1), (1, "b", 2), (1, "c", 1)]
    order = [(1, "b"), (1, "b"), (1, "c"), (2, "a"), (10, "a")]
    fields = {"line_number": pl.Int64, "obligation_key": pl.String, "sequence": pl.Int64}
    shuffled = pl.DataFrame([rows[place] for place in (3, 1, 4, 0, 2)], schema=fields, orient="row")
    items = books.past.line_items.head(1).drop(fields).join(shuffled, how="cross")
    owing = (
        books.past.receivable_items.head(1)
        .drop("line_number", "obligation_key")
        .join(shuffled.filter(pl.col("sequence") == 1).drop("sequence"), how="cross")
    )
    entries = listed_entries("HC-0001", items, owing, AT)
    listed = entries.filter(pl.col("kind") == LISTED)
    recovered = entries.filter(pl.col("kind") == RECOVERY)
    assert listed.select("line_number", "obligation_key").rows() == order
    assert listed["sequence"].to_list() == [1, 2, 1, 1, 1]
    assert recovered.select("line_number", "obligation_key").rows() == order[1:]


def test_only_the_batch_that_is_approved_is_listed(books: Books) -> None:
    past = books.past
    entries = listed_entries("HC-0002", past.line_items, past.receivable_items, AT)
    assert entries["batch_id"].unique().to_list() == ["HC-0002"]
    assert entries["recorded_at"].unique().to_list() == [AT]


def test_a_recovery_takes_the_next_number_and_has_only_the_change() -> None:
    made = Books()
    for amount in ("-30.00", "-50.00", "-50.00", "-20.00"):
        draft = made.night(dues_frame({BUYBACK: amount}))
        made.approve(draft)
    recoveries = made.past.ledger.select("kind", "sequence", "amount").rows()
    assert recoveries == [
        (RECOVERY, 1, Decimal("30.00")),
        (RECOVERY, 2, Decimal("20.00")),
        (RECOVERY, 3, Decimal("-30.00")),
    ]


def test_an_answer_is_only_to_the_lines_that_it_names(books: Books) -> None:
    ledger = books.past.ledger.filter(pl.col("kind") == LISTED)
    given = pl.DataFrame({"batch_id": ["HC-0002"], "line_number": [1], "is_paid": [False]})
    entries = answer_entries(ledger, given, AT + timedelta(days=1))
    assert entries.select("kind", "refers_to").rows() == [(FAILED, 6), (FAILED, 7)]
