"""Settling some households at a time: stored and given back as if all were settled together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl
import pytest

from flows.settling import SUMMED, settle_all
from flows.verify import CheckFailedError
from flows.warehouse.connection import reading, transaction, writing
from flows.warehouse.migrate import make_tables
from flows.warehouse.tables import insert
from schemas.compensation import COMPENSATION_TABLES
from schemas.housing import HOUSING_SHEETS
from tests.transforms.compensation.households import AS_OF_DAYS, frames, village
from tests.transforms.compensation.test_second_calculator import policy_with
from transforms.compensation.settlement import settle

AS_OF = AS_OF_DAYS[-1]
RECORDS = frames(village(Random(11), AS_OF, 60).records)  # noqa: S311 a seeded example, not a secret
POLICY = policy_with({})


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    """With the records, and rows of an earlier settlement."""
    database = tmp_path / "w.duckdb"
    with writing(database) as connection, transaction(connection):
        make_tables(connection)
        for sheet in HOUSING_SHEETS:
            rows = RECORDS[sheet.table].select(list(sheet.frame_schema()))
            insert(connection, f"survey.{sheet.table}", rows)
        earlier = settle(RECORDS, POLICY, AS_OF).households.with_columns(household_id=pl.lit("H-earlier"))
        insert(connection, "compensation.households", earlier)
    return database


def rows_of(database: Path, table: str) -> pl.DataFrame:
    with reading(database) as connection:
        found: pl.DataFrame = connection.sql(f"SELECT * FROM {table} ORDER BY ALL").pl()
    return found


def test_blocks_are_stored_and_given_back_as_one_settlement(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = settle(RECORDS, POLICY, AS_OF)
    monkeypatch.setattr("transforms.compensation.settlement.HOUSEHOLDS_AT_ONCE", 7)
    found = settle_all(warehouse, RECORDS, POLICY, AS_OF)
    summed = expected.line_items.group_by(SUMMED, maintain_order=True).agg(
        pl.col("amount").sum().cast(pl.Decimal(38, 2)), item_count=pl.len().cast(pl.Int64)
    )
    assert found.line_items.cast(pl.Schema(summed.schema)).equals(summed)
    assert found.households.equals(expected.households)
    for table in COMPENSATION_TABLES:
        frame = getattr(expected, table.table)
        stored = rows_of(warehouse, table.qualified_name()).cast(pl.Schema(table.frame_schema()))
        assert stored.sort(pl.all(), nulls_last=True).equals(frame.sort(pl.all(), nulls_last=True)), (
            table.table
        )


def test_arithmetic_that_does_not_hold_fails_the_night(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = settle(RECORDS, POLICY, AS_OF)
    false = replace(true, line_items=true.line_items.with_columns(pl.col("amount") + 1))
    monkeypatch.setattr("transforms.compensation.settlement._settled", lambda *_: false)
    with pytest.raises(CheckFailedError, match="check arithmetic"):
        settle_all(warehouse, RECORDS, POLICY, AS_OF)
    assert rows_of(warehouse, "compensation.line_items").is_empty()
