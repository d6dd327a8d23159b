"""Rows that are written a part at a time are all there, however often the file is opened for them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.warehouse import bulk
from flows.warehouse.bulk import BulkWriter
from flows.warehouse.connection import reading, transaction, writing
from flows.warehouse.migrate import make_tables
from schemas.payout import Held

HELD = pl.DataFrame(
    {
        "payee_id": ["H-1", "H-2"],
        "programme": ["房屋征收补偿"] * 2,
        "amount": ["1.00", "2.00"],
        "reason": ["账户不全"] * 2,
    }
).cast(pl.Schema(Held.frame_schema()))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with writing(tmp_path / "w.duckdb") as connection, transaction(connection):
        make_tables(connection)
    return tmp_path / "w.duckdb"


@pytest.mark.parametrize(("rows_at_once", "connections"), [(1, 4), (4, 2), (5, 2), (8, 1)])
def test_all_rows_are_there_and_the_file_is_opened_anew_after_so_many(
    database: Path, monkeypatch: pytest.MonkeyPatch, rows_at_once: int, connections: int
) -> None:
    monkeypatch.setattr(bulk, "ROWS_AT_ONCE", rows_at_once)
    seen: list[duckdb.DuckDBPyConnection] = []
    with BulkWriter(database) as writer:
        for _ in range(4):
            writer.insert(Held, HELD)
            if writer.connection not in seen:
                seen.append(writer.connection)
        writer.insert(Held, HELD.clear())
    assert len(seen) >= connections
    with reading(database) as connection:
        assert connection.execute("SELECT count(*), sum(amount) FROM payout.held").fetchall()[0][0] == 8


def test_an_error_closes_the_file(database: Path) -> None:
    with pytest.raises(duckdb.Error), BulkWriter(database) as writer:
        writer.insert(Held, HELD.with_columns(no_such=pl.lit(1)))
    with reading(database) as connection:
        assert connection.execute("SELECT count(*) FROM payout.held").fetchall() == [(0,)]
