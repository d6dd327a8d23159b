"""For whom a night may have something to list, and for whom it surely has not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import pytest

from flows.warehouse.connection import transaction, writing
from flows.warehouse.ledger import LEDGER, read_past
from flows.warehouse.migrate import make_tables
from flows.warehouse.restless import restless_households
from schemas.payout import CONFIRMED, FAILED, LISTED, RECOVERY, Programme
from transforms.payout.obligations import obligation_key

HOUSING, OFFICERS = Programme.HOUSING_COMPENSATION.value, Programme.OFFICER_EXPENSES.value
PLACE = ("B-1", "house_residence", None)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse with an approved batch of each of two programmes, whose tables refuse nothing."""
    with writing(tmp_path / "w.duckdb") as opened:
        with transaction(opened):
            make_tables(opened)
        for table in (LEDGER, "payout.batches", "payout.lines", "compensation.line_items"):
            opened.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table}")
        for batch_id, programme in (("HC-0001", HOUSING), ("PO-0001", OFFICERS)):
            opened.execute(
                "INSERT INTO payout.batches (batch_id, programme, status) VALUES (?, ?, 'approved')",
                [batch_id, programme],
            )
        yield opened


@dataclass
class Written:
    """What is owed, and what was listed of it."""

    connection: duckdb.DuckDBPyConnection
    entries: int = 0

    def owed(
        self, household: str, amount: str, place: tuple[str | None, ...] = PLACE, status: str = "owed"
    ) -> None:
        self.connection.execute(
            "INSERT INTO compensation.line_items (household_id, building_id, item, period, amount, status) "
            "VALUES (?, ?, ?, ?, CAST(? AS DECIMAL(18, 2)), ?)",
            [household, *place, amount, status],
        )

    def entered(
        self,
        payee: str,
        amount: str,
        key: str,
        kind: str = LISTED,
        batch_id: str = "HC-0001",
    ) -> None:
        self.entries += 1
        self.connection.execute(
            f"INSERT INTO {LEDGER} (entry_id, kind, payee_id, amount, due_key, batch_id) "
            "VALUES (?, ?, ?, CAST(? AS DECIMAL(18, 2)), ?, ?)",
            [self.entries, kind, payee, amount, key, batch_id],
        )

    def restless(self) -> list[str]:
        return restless_households(self.connection).to_list()


@pytest.fixture
def written(connection: duckdb.DuckDBPyConnection) -> Written:
    return Written(connection)


def key_of(household: str, place: tuple[str | None, ...] = PLACE) -> str:
    parts = [pl.lit(part, pl.String) for part in (household, *place)]
    return str(pl.select(obligation_key(HOUSING, *parts)).item())


def test_nobody_owed_is_nobody_restless(written: Written) -> None:
    assert written.restless() == []


@pytest.mark.parametrize(
    ("case", "listed", "expected"),
    [
        ("nothing listed", [], ["H-1"]),
        ("listed as owed", [("H-1", "100.00")], []),
        ("a cent less is listed", [("H-1", "99.99")], ["H-1"]),
        ("a cent more is listed", [("H-1", "100.01")], ["H-1"]),
        ("listed in two sequences", [("H-1", "60.00"), ("H-1", "40.00")], []),
        ("listed to two payees", [("H-1", "33.33"), ("H-1#2", "66.67")], []),
        ("to two payees, a cent short", [("H-1", "33.33"), ("H-1#2", "66.66")], ["H-1"]),
    ],
)
def test_whoever_is_not_listed_as_owed_is_restless(
    written: Written, case: str, listed: list[tuple[str, str]], expected: list[str]
) -> None:
    written.owed("H-1", "100.00")
    for payee, amount in listed:
        written.entered(payee, amount, key_of("H-1"))
    assert written.restless() == expected, case


@pytest.mark.parametrize(
    "place",
    [
        ("B-1", "transition_residence", "2023-05"),
        (None, "special_decision", None),
        ("B/1", "house_residence", None),
        ("B%2F1", "100%/", None),
    ],
)
@pytest.mark.parametrize("household", ["H-1", "H/1", "H%1"])
def test_keys_are_those_of_the_drafts(
    written: Written, household: str, place: tuple[str | None, ...]
) -> None:
    written.owed(household, "100.00", place)
    written.entered(household, "100.00", key_of(household, place))
    assert written.restless() == []


def test_the_same_sum_under_other_keys_is_not_the_same(written: Written) -> None:
    other = ("B-2", "house_residence", None)
    written.owed("H-1", "100.00")
    written.owed("H-1", "50.00", other)
    written.entered("H-1", "50.00", key_of("H-1"))
    written.entered("H-1", "100.00", key_of("H-1", other))
    assert written.restless() == ["H-1"]


def test_what_is_listed_and_owed_no_more_is_restless_and_what_is_held_is_not_owed(written: Written) -> None:
    written.entered("H-1", "100.00", key_of("H-1"))
    written.owed("H-2", "100.00", status="held")
    written.owed("H-3", "0.00")
    written.owed("H-4", "100.00", status="held")
    written.entered("H-4", "100.00", key_of("H-4"))
    assert written.restless() == ["H-1", "H-4"]


@pytest.mark.parametrize(("kind", "expected"), [(CONFIRMED, []), (FAILED, ["H-1"]), (RECOVERY, ["H-1"])])
def test_what_failed_or_was_receivable_is_looked_at_again(
    written: Written, kind: str, expected: list[str]
) -> None:
    written.owed("H-1", "100.00")
    written.entered("H-1", "100.00", key_of("H-1"))
    written.entered("H-1", "100.00", key_of("H-1"), kind)
    assert written.restless() == expected


def test_entries_of_other_programmes_are_no_matter(written: Written) -> None:
    written.entered("H-1", "100.00", key_of("H-1"), batch_id="PO-0001")
    written.entered("H-1", "100.00", key_of("H-1"), FAILED, batch_id="PO-0001")
    assert written.restless() == []


def test_large_amounts_of_many_items_can_be_counted(written: Written) -> None:
    for number in range(50):
        place = (f"B-{number}", "house_residence", None)
        written.owed("H-1", "9999999999999999.99", place)
        written.entered("H-1", "9999999999999999.99", key_of("H-1", place))
    assert written.restless() == []


def test_whatever_is_listed_the_restless_are_those_whose_keys_differ(written: Written) -> None:
    random, differing = Random(5), set()  # noqa: S311 a seeded example, not a secret
    for number in range(60):
        household = f"H-{number}"
        for building in range(random.randint(1, 3)):
            place = (f"B-{building}", "house_residence", None)
            amount = random.randint(1, 10_000)
            parts = [amount]
            if random.random() < 0.4:
                parts = [amount // 2, amount - amount // 2]
            if random.random() < 0.2:
                parts[0] += random.choice((-1, 1))
                differing.add(household)
            written.owed(household, f"{amount / 100:.2f}", place)
            for payee, part in enumerate(parts, 1):
                name = household if payee == 1 else f"{household}#{payee}"
                written.entered(name, f"{part / 100:.2f}", key_of(household, place))
    assert len(differing) > 5
    assert set(written.restless()) == differing


def test_the_past_of_some_households_is_theirs_and_that_of_all_other_programmes(written: Written) -> None:
    for payee in ("H-1", "H-1#2", "H-2", "H-10"):
        written.entered(payee, "1.00", "k")
        written.connection.execute(
            "INSERT INTO payout.lines (batch_id, line_number, payee_id) VALUES ('HC-0001', 1, ?)", [payee]
        )
    written.entered("O-1", "1.00", "k", batch_id="PO-0001")
    past = read_past(written.connection, pl.Series(["H-1"]))
    assert past.ledger["payee_id"].to_list() == ["H-1", "H-1#2", "O-1"]
    assert past.lines["payee_id"].sort().to_list() == ["H-1", "H-1#2"]
    assert past.batches.height == 2
    everything = read_past(written.connection)
    assert (everything.ledger.height, everything.lines.height) == (5, 4)
