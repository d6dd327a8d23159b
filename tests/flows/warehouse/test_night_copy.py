"""The copy that a night works on, and its publication."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from flows.warehouse.connection import reading, transaction, writing
from flows.warehouse.night_copy import discard_copy, put_in_place, take_copy

LEAVE_A_LOG = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("INSERT INTO numbers VALUES (2)")
os._exit(9)
"""


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "w.duckdb"
    with writing(path) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT 1 AS number")
    return path


def numbers(path: Path) -> list[int]:
    with reading(path) as connection:
        return [
            number for (number,) in connection.execute("SELECT number FROM numbers ORDER BY 1").fetchall()
        ]


def test_readers_see_the_old_warehouse_until_the_new_one_is_put_in_place(warehouse: Path) -> None:
    with writing(take_copy(warehouse)) as connection:
        connection.execute("INSERT INTO numbers VALUES (2)")
    assert numbers(warehouse) == [1]
    put_in_place(warehouse)
    assert numbers(warehouse) == [1, 2]


def test_a_reader_at_work_keeps_what_it_has_open(warehouse: Path) -> None:
    with writing(take_copy(warehouse)) as connection:
        connection.execute("INSERT INTO numbers VALUES (2)")
    with reading(warehouse) as connection:
        put_in_place(warehouse)
        assert connection.execute("SELECT number FROM numbers").fetchall() == [(1,)]


def test_discarding_leaves_the_warehouse_as_it_was(warehouse: Path) -> None:
    before = warehouse.read_bytes()
    with writing(take_copy(warehouse)) as connection:
        connection.execute("INSERT INTO numbers VALUES (2)")
    discard_copy(warehouse)
    assert warehouse.read_bytes() == before
    assert [path.name for path in warehouse.parent.iterdir()] == [warehouse.name]


def test_what_a_killed_writer_left_in_the_log_is_in_the_copy(warehouse: Path) -> None:
    subprocess.run([sys.executable, "-c", LEAVE_A_LOG, str(warehouse)], check=False)  # noqa: S603 ours
    assert warehouse.with_name("w.duckdb.wal").exists()
    assert numbers(take_copy(warehouse)) == [1, 2]


def test_a_new_warehouse_is_for_its_owner_alone(tmp_path: Path) -> None:
    assert take_copy(tmp_path / "new" / "w.duckdb").stat().st_mode & 0o777 == 0o600


def test_an_old_one_keeps_its_permissions(warehouse: Path) -> None:
    warehouse.chmod(0o640)
    assert take_copy(warehouse).stat().st_mode & 0o777 == 0o640


def test_a_copy_that_is_still_open_is_not_published(warehouse: Path) -> None:
    copy = take_copy(warehouse)
    copy.with_name(f"{copy.name}.wal").touch()
    with pytest.raises(RuntimeError, match="was not closed"):
        put_in_place(warehouse)


def test_a_transaction_is_all_or_nothing(warehouse: Path) -> None:
    with writing(warehouse) as connection, suppress(ValueError), transaction(connection):
        connection.execute("INSERT INTO numbers VALUES (2)")
        raise ValueError
    assert numbers(warehouse) == [1]
