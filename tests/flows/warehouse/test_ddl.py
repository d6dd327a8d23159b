"""The tables as DuckDB has them after the statements, against the schema classes."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from flows.warehouse.ddl import (
    INDEXED_TABLES,
    SCHEMA_NAMES,
    all_definitions,
    history_definition,
    survey_definition,
)
from flows.warehouse.migrate import make_tables
from schemas.housing import Agreements, HouseholdSurvey, Payees
from schemas.sheets import ALL_SHEETS
from schemas.tables import ALL_TABLES


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        make_tables(connection)
        yield connection


def test_every_schema_is_made(warehouse: duckdb.DuckDBPyConnection) -> None:
    made = {name for (name,) in warehouse.execute("SELECT schema_name FROM duckdb_schemas()").fetchall()}
    assert set(SCHEMA_NAMES) <= made


def test_every_table_is_made_once(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute("SELECT schema_name || '.' || table_name FROM duckdb_tables()").fetchall()
    expected = {table.qualified_name() for table in ALL_TABLES}
    expected |= {f"survey.{sheet.table}{suffix}" for sheet in ALL_SHEETS for suffix in ("", "_history")}
    assert {name for (name,) in rows} == expected
    assert len(rows) == len(ALL_TABLES) + 2 * len(ALL_SHEETS)


def test_every_table_and_column_says_what_it_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    silent = warehouse.execute(
        "SELECT schema_name, table_name, NULL FROM duckdb_tables() WHERE coalesce(trim(comment), '') = '' "
        "UNION ALL SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND coalesce(trim(comment), '') = ''"
    ).fetchall()
    assert silent == []


def test_columns_are_those_of_the_classes(warehouse: duckdb.DuckDBPyConnection) -> None:
    rows = warehouse.execute(
        "SELECT schema_name, table_name, column_name, data_type, is_nullable, comment "
        "FROM duckdb_columns() WHERE NOT internal ORDER BY table_oid, column_index"
    ).fetchall()
    expected = [
        (
            definition.schema_name,
            definition.name,
            column.name,
            column.sql_type,
            not column.required,
            column.comment,
        )
        for definition in all_definitions()
        for column in definition.columns
    ]
    assert sorted(rows) == sorted(expected)


def test_frames_land_without_a_cast(warehouse: duckdb.DuckDBPyConnection) -> None:
    for table in ALL_TABLES:
        read_back = warehouse.sql(f"FROM {table.qualified_name()}").pl()
        assert dict(read_back.schema) == table.frame_schema()


def test_records_have_no_index_that_would_slow_their_landing() -> None:
    assert survey_definition(Payees).key == ()
    assert history_definition(Payees).key == ()


def test_history_needs_only_the_key_and_where_it_came_from() -> None:
    needed = {column.name for column in history_definition(Agreements).columns if column.required}
    assert needed == {"building_id", "upload_id", "sheet", "row_number", "is_void"}


def test_history_has_all_of_the_current_columns() -> None:
    current = [(column.name, column.sql_type) for column in survey_definition(HouseholdSurvey).columns]
    history = [(column.name, column.sql_type) for column in history_definition(HouseholdSurvey).columns]
    assert history == [*current, ("is_void", "BOOLEAN"), ("replaced_by", "VARCHAR")]


def test_indexed_tables_exist_and_have_keys_without_nulls() -> None:
    keys = {table.qualified_name(): table for table in ALL_TABLES}
    for name in INDEXED_TABLES:
        assert keys[name].key
        assert all(keys[name].columns[field].required for field in keys[name].key)


def test_survey_keys_have_no_nulls() -> None:
    for sheet in ALL_SHEETS:
        assert all(sheet.columns[field].required for field in sheet.key)


def test_a_second_time_changes_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    counts = "SELECT count(*), count(comment) FROM duckdb_columns() WHERE NOT internal"
    before = warehouse.execute(counts).fetchall()
    make_tables(warehouse)
    assert warehouse.execute(counts).fetchall() == before


def test_a_record_can_be_replaced_within_one_transaction(warehouse: duckdb.DuckDBPyConnection) -> None:
    row = "VALUES ('HC-9999', 1, '成功', DATE '2021-06-20', NULL, 'a', '支付回执', 2)"
    warehouse.execute(f"INSERT INTO survey.payment_receipts {row}")
    warehouse.execute("BEGIN")
    warehouse.execute("DELETE FROM survey.payment_receipts WHERE batch_id = 'HC-9999'")
    warehouse.execute(f"INSERT INTO survey.payment_receipts {row}")
    warehouse.execute("COMMIT")
    assert warehouse.table("survey.payment_receipts").count("*").fetchall() == [(1,)]
    warehouse.execute("DELETE FROM survey.payment_receipts")
