"""A town at once, in blocks, and through every pass: nothing of how it is computed shows in the result."""

from __future__ import annotations

from random import Random

import polars as pl
import pytest

from schemas.housing import Appraisals
from tests.transforms.compensation.households import AS_OF_DAYS, frames, village
from tests.transforms.compensation.test_second_calculator import policy_with
from transforms.compensation import amounts as computing
from transforms.compensation.amounts import amounted_in_blocks, amounts
from transforms.compensation.settlement import Settlement, settle, settled_in_blocks
from transforms.frames import stacked
from transforms.policy import Policy

AS_OF = AS_OF_DAYS[-1]
TABLES = ("line_items", "alternatives", "households", "buildings", "open_questions")
KEYS = ["household_id", "building_id", "item", "period", "status"]


@pytest.fixture(scope="module")
def records() -> dict[str, pl.DataFrame]:
    return frames(village(Random(7), AS_OF, 200).records)  # noqa: S311 a seeded example, not a secret


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policy_with({})


@pytest.fixture(scope="module")
def settled(records: dict[str, pl.DataFrame], policy: Policy) -> Settlement:
    return settle(records, policy, AS_OF)


def assert_same(found: Settlement, expected: Settlement) -> None:
    for table in TABLES:
        assert getattr(found, table).equals(getattr(expected, table)), table


def test_blocks_of_households_settle_to_the_same(
    records: dict[str, pl.DataFrame],
    policy: Policy,
    settled: Settlement,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts = list(settled_in_blocks(records, policy, AS_OF, households=60))
    assert len(parts) > 3
    assert sum(part.households.height for part in parts) == settled.households.height
    monkeypatch.setattr("transforms.compensation.settlement.HOUSEHOLDS_AT_ONCE", 60)
    assert_same(settle(records, policy, AS_OF), settled)


def test_the_order_in_which_records_come_does_not_matter(
    records: dict[str, pl.DataFrame], policy: Policy, settled: Settlement
) -> None:
    # two reports of one day are named in the order in which they came
    turned = {table: rows if table == Appraisals.table else rows.reverse() for table, rows in records.items()}
    assert_same(settle(turned, policy, AS_OF), settled)


def test_households_that_no_undecided_reading_concerns_need_no_second_pass(
    records: dict[str, pl.DataFrame], policy: Policy, settled: Settlement, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = settled.households.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("home"))["home"]
    monkeypatch.setattr(
        computing, "concerned_homes", lambda _, asked: dict.fromkeys(asked.undecided(), everybody)
    )
    assert_same(settle(records, policy, AS_OF), settled)


def test_amounts_alone_are_those_of_the_settlement(
    records: dict[str, pl.DataFrame], policy: Policy, settled: Settlement
) -> None:
    found = amounts(records, policy, AS_OF).lines
    assert found.select(months=pl.col("months").sum()).item() == settled.line_items.height
    by_item = found.group_by("item", "status").agg((pl.col("amount") * pl.col("months")).sum())
    printed = settled.line_items.group_by("item", "status").agg(pl.col("amount").sum())
    assert sorted(by_item.cast({"item": pl.String, "status": pl.String}).rows()) == sorted(printed.rows())


def test_blocks_of_amounts_make_the_households_of_the_settlement(
    records: dict[str, pl.DataFrame], policy: Policy, settled: Settlement
) -> None:
    parts = list(amounted_in_blocks(records, policy, AS_OF, households=60))
    assert len(parts) > 3
    households = stacked(part.households() for part in parts).sort("household_id")
    assert households.select(settled.households.columns).equals(settled.households)


def test_words_are_made_only_where_they_are_asked_for(
    records: dict[str, pl.DataFrame], policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("transforms.wording.equals")
    assert amounts(records, policy, AS_OF).lines.height > 0


def test_lines_lie_in_the_order_of_their_key(settled: Settlement) -> None:
    assert settled.line_items.equals(settled.line_items.sort(KEYS))
