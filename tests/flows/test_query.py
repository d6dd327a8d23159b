"""Questions to the warehouse: exact answers, nothing changed."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from flows.query import Format, QueryError, answer
from flows.warehouse.connection import WarehouseMissingError, WarehouseUnusableError

SQL = "SELECT 1.10::DECIMAL(18,2) AS amount, DATE '2021-03-05' AS day, NULL AS nothing, '甲,乙' AS name"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "w.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT 1 AS number")
    return path


def test_a_table_is_for_reading(warehouse: Path) -> None:
    assert answer(warehouse, "SELECT number FROM numbers", Format.TABLE).splitlines() == [
        "number",
        "──────",
        "     1",
        "1 row",
    ]


def test_csv_has_a_header_and_quotes_what_needs_it(warehouse: Path) -> None:
    assert answer(warehouse, SQL, Format.CSV) == 'amount,day,nothing,name\n1.10,2021-03-05,,"甲,乙"\n'


def test_json_keeps_decimals_and_dates_as_text(warehouse: Path) -> None:
    assert json.loads(answer(warehouse, SQL, Format.JSON)) == [
        {"amount": "1.10", "day": "2021-03-05", "nothing": None, "name": "甲,乙"}
    ]


def test_json_keeps_lists_and_numbers(warehouse: Path) -> None:
    found = answer(warehouse, "SELECT [1.5::DECIMAL(3,1)] AS list, {'a': 1} AS struct", Format.JSON)
    assert json.loads(found) == [{"list": ["1.5"], "struct": {"a": 1}}]


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT * FROM nowhere", "SHOW ALL TABLES"),
        ("SELCT 1", "syntax error"),
        ("DELETE FROM numbers", "only reads the warehouse"),
        ("SELECT * FROM read_csv('/etc/hostname')", "reaches no other file"),
        ("SET threads = 1", "only reads the warehouse"),
        ("", "the question is empty"),
        ("SELECT 1; SELECT 2", "there are 2 questions: ask one at a time"),
    ],
)
def test_what_is_refused_says_why(warehouse: Path, sql: str, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        answer(warehouse, sql, Format.TABLE)


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseMissingError, match="run `arxan nightly` first"):
        answer(tmp_path / "none", "SELECT 1", Format.TABLE)


def test_what_is_no_warehouse_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "w.duckdb").write_bytes(b"no warehouse" * 1000)
    with pytest.raises(WarehouseUnusableError, match="can't be opened"):
        answer(tmp_path / "w.duckdb", "SELECT 1", Format.TABLE)


def test_a_question_may_end_with_a_semicolon_and_turn_rows_into_columns(warehouse: Path) -> None:
    assert answer(warehouse, "SELECT 1 AS one; -- done", Format.CSV) == "one\n1\n"
    assert answer(warehouse, "PIVOT numbers ON number USING count(*);", Format.CSV) == "1\n1\n"
