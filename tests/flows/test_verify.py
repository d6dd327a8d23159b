"""The checks before publication, each failing by a known number."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import duckdb
import polars as pl
import pytest

from flows.verify import CheckFailedError, check_row_counts, check_warehouse, require
from flows.warehouse.connection import writing
from schemas.audit import Uploads
from tests.support.town import Town
from tests.support.workbooks import ordinary_sheets


@pytest.fixture
def connection(town: Town) -> Iterator[duckdb.DuckDBPyConnection]:
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    with writing(town.warehouse) as opened:
        yield opened


def uploads(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    found: pl.DataFrame = connection.sql("SELECT * FROM audit.uploads").pl()
    return found


def test_a_warehouse_in_order_has_no_failure(connection: duckdb.DuckDBPyConnection) -> None:
    assert check_warehouse(connection, uploads(connection)) == []


def test_a_row_that_did_not_reach_the_history_is_missed(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("DELETE FROM survey.agreements_history")
    missed, standing = check_warehouse(connection, uploads(connection))
    assert missed.startswith("check rows in the history of upload ")
    assert missed.endswith("expected 3, got 2, differs by -1")
    assert standing == "check rows by history of survey.agreements: expected 0, got 1, differs by 1"


def test_a_key_that_is_there_twice_shows(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("INSERT INTO survey.agreements FROM survey.agreements")
    assert check_warehouse(connection, uploads(connection)) == [
        "check rows by key of survey.agreements: expected 1, got 2, differs by 1",
        "check rows by history of survey.agreements: expected 1, got 2, differs by 1",
    ]


@pytest.mark.parametrize(
    ("broken", "failed"),
    [
        (
            "DELETE FROM compensation.buildings",
            [
                "check rows in compensation.buildings: expected 1, got 0, differs by -1",
                "check surveyed building_id in compensation.buildings: expected 1, got 0, differs by -1",
            ],
        ),
        (
            "INSERT INTO compensation.buildings FROM compensation.buildings",
            ["check rows in compensation.buildings: expected 1, got 2, differs by 1"],
        ),
        (
            "UPDATE compensation.households SET household_id = 'H-9'",
            ["check surveyed household_id in compensation.households: expected 1, got 0, differs by -1"],
        ),
    ],
)
def test_each_one_surveyed_is_computed_once(
    connection: duckdb.DuckDBPyConnection, broken: str, failed: list[str]
) -> None:
    connection.execute(broken)
    assert check_warehouse(connection, uploads(connection)) == failed


def test_rows_that_are_unaccounted_for_are_counted() -> None:
    row = {"upload_id": "a" * 64, "rows_read": 9, "rows_accepted": 5, "rows_rejected": 2, "rows_skipped": 1}
    failures = check_row_counts(pl.DataFrame([row], schema=Uploads.frame_schema()))
    assert failures == ["check rows of upload aaaaaaaaaaaa: expected 9, got 8, differs by -1"]
    with pytest.raises(CheckFailedError, match="check failed: check rows"):
        require(failures)


def test_nothing_failed_is_no_error() -> None:
    require([])


def test_the_error_keeps_its_lines_in_another_process() -> None:
    error = CheckFailedError(["one", "two"])
    assert pickle.loads(pickle.dumps(error)).failures == ("one", "two")  # noqa: S301 our own
