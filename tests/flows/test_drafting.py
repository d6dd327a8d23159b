"""Drafts of a town as they were stored: what is altered on the way into the warehouse or in it is seen."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows import drafting
from flows.drafting import stored_batches
from flows.frames_in_memory import unpacked
from flows.warehouse.bulk import BulkWriter
from flows.warehouse.connection import reading, writing
from flows.warehouse.migrate import make_tables
from schemas.payout import LineObligations, Lines, ReceivableItems
from schemas.table import Table
from tests.support.approved_town import drafted_town
from tests.support.town import Town
from transforms.payout.batch_digest import batch_digest

BATCH = "HC-0001"
TABLES: tuple[type[Table], ...] = (Lines, LineObligations, ReceivableItems)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return drafted_town(tmp_path / "town")


def digest_of(town: Town) -> tuple[str, str]:
    """The digest of the draft, and that of its rows as they are."""
    with reading(town.warehouse) as connection:
        (drafted,) = connection.execute(
            "SELECT digest FROM payout.batches WHERE batch_id = ?", [BATCH]
        ).fetchall()[0]
        return drafted, stored_batches(connection, [BATCH]).digests[BATCH]


@pytest.mark.parametrize("lines_at_once", [1, 2, 10_000])
def test_the_digest_is_that_of_the_rows_however_many_lines_are_read_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch, lines_at_once: int
) -> None:
    monkeypatch.setattr(drafting, "_LINES_AT_ONCE", lines_at_once)
    drafted, stored = digest_of(town)
    assert drafted == stored
    with reading(town.warehouse) as connection:
        found = stored_batches(connection, [BATCH]).lines.sort("line_number")
        lines = connection.sql(
            "SELECT line_number, amount FROM payout.lines WHERE batch_id = 'HC-0001' ORDER BY line_number"
        ).pl()
    assert found.select("line_number", pl.col("amount").cast(pl.Decimal(18, 2))).equals(lines)
    assert lines.height > 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payout.lines SET bank_account = '0' WHERE line_number = 1",
        "UPDATE payout.line_items SET basis = '0' WHERE line_number = 2",
        "UPDATE payout.line_items SET line_number = 9 WHERE line_number = 2",
        "DELETE FROM payout.line_items WHERE line_number = 1",
        "INSERT INTO payout.line_items FROM payout.line_items",
        "INSERT INTO payout.receivable_items BY NAME SELECT batch_id, 1 AS line_number FROM payout.batches",
    ],
)
def test_what_is_altered_in_the_warehouse_changes_the_digest(town: Town, statement: str) -> None:
    with writing(town.warehouse) as connection:
        for table in ("line_items", "receivable_items"):
            connection.execute(f"CREATE OR REPLACE TABLE payout.{table} AS FROM payout.{table}")
        connection.execute(statement)
    drafted, stored = digest_of(town)
    assert drafted != stored


def test_a_row_that_is_lost_on_its_way_fails_the_night(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "_KEPT_UNPACKED", 0)
    monkeypatch.setattr(drafting, "unpacked", lambda content: unpacked(content).head(1))
    done = town.arxan("nightly")
    assert done.exit_code == 1
    assert "清单行 = 其明细之和" in done.stderr


def test_a_cent_that_is_lost_on_its_way_into_the_warehouse_fails_the_night(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = BulkWriter.insert

    def lossy(self: BulkWriter, table: type[Table], rows: pl.DataFrame) -> None:
        if table is LineObligations:
            rows = rows.with_columns((pl.col("amount") - 1).cast(rows.schema["amount"]))
        insert(self, table, rows)

    monkeypatch.setattr(BulkWriter, "insert", lossy)
    done = town.arxan("nightly")
    assert done.exit_code == 1
    assert "批次摘要 = 各行内容的摘要：HC-0001 不符" in done.stderr


def test_a_batch_without_rows_has_a_digest(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "w.duckdb")) as connection:
        make_tables(connection)
        found = stored_batches(connection, ["HC-0009"])
    assert found.lines.is_empty()
    assert found.digests == {"HC-0009": batch_digest("HC-0009", *(table.empty() for table in TABLES))}


def test_packing_makes_no_difference(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    before = town.ask("SELECT * FROM payout.line_items ORDER BY ALL"), digest_of(town)
    monkeypatch.setattr(drafting, "_KEPT_UNPACKED", 0)
    town.night()
    assert (town.ask("SELECT * FROM payout.line_items ORDER BY ALL"), digest_of(town)) == before
