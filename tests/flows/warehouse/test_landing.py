"""One upload into the tables: all of it or nothing, and the order of records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from pandera.errors import SchemaErrors

from flows.warehouse.connection import transaction, writing
from flows.warehouse.landing import RepeatedKeyError, current_of_households, land_together
from flows.warehouse.migrate import make_tables
from flows.warehouse.tables import current
from schemas.audit import Findings, Uploads
from schemas.housing import HouseholdSurvey, Payees
from tests.support.records import ORDINARY_SURVEY, frame

RECEIVED_AT = datetime(2024, 6, 1, 8, 0)  # noqa: DTZ001 Beijing time


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with writing(tmp_path / "w.duckdb") as opened:
        with transaction(opened):
            make_tables(opened)
        yield opened


def upload(upload_id: str, sequence: int, **changes: object) -> pl.DataFrame:
    row = {
        "upload_id": upload_id,
        "sequence": sequence,
        "file_name": "甲.xlsx",
        "received_at": RECEIVED_AT,
        "run_id": "2024-06-30-001",
        "status": "accepted",
        **dict.fromkeys(("rows_read", "rows_accepted", "rows_rejected", "rows_skipped"), 1),
    }
    return pl.DataFrame([row | changes], schema=Uploads.frame_schema())


def surveyed(upload_id: str, *rows: dict[str, object]) -> dict[str, pl.DataFrame]:
    filled = [ORDINARY_SURVEY | {"household_id": "H-1", "upload_id": upload_id} | row for row in rows]
    return {HouseholdSurvey.table: frame(HouseholdSurvey, filled).with_columns(is_void=pl.lit(value=False))}


def land(
    connection: duckdb.DuckDBPyConnection, upload_id: str, sequence: int, *rows: dict[str, object]
) -> None:
    land_together(
        connection,
        uploads=upload(upload_id, sequence),
        findings=Findings.empty(),
        records=surveyed(upload_id, *rows),
    )


def test_an_upload_that_fails_midway_leaves_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    twice = surveyed("1", {"building_id": "B-1"}, {"building_id": "B-1"})
    with pytest.raises(RepeatedKeyError):
        land_together(connection, uploads=upload("1", 1), findings=Findings.empty(), records=twice)
    for table in ("audit.uploads", "survey.household_survey", "survey.household_survey_history"):
        assert connection.table(table).fetchall() == []


def test_an_upload_that_is_none_by_its_schema_is_not_landed(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(SchemaErrors):
        land_together(
            connection, uploads=upload("1", 1, status="fine"), findings=Findings.empty(), records={}
        )
    assert connection.execute("SELECT * FROM audit.uploads").fetchall() == []


def test_only_the_rows_with_the_same_key_are_replaced(connection: duckdb.DuckDBPyConnection) -> None:
    land(connection, "1", 1, {"building_id": "B-1"}, {"building_id": "B-2"})
    land(connection, "2", 2, {"building_id": "B-2"})
    history = "SELECT building_id, upload_id, replaced_by FROM survey.household_survey_history ORDER BY ALL"
    assert connection.execute(history).fetchall() == [
        ("B-1", "1", None),
        ("B-2", "1", "2"),
        ("B-2", "2", None),
    ]


def test_records_come_back_in_the_order_received_as_the_frames_they_were(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    land(connection, "z", 1, {"building_id": "B-9"}, {"building_id": "B-1"})
    land(connection, "a", 2, {"building_id": "B-5"})
    found = current(connection, HouseholdSurvey)
    assert found["building_id"].to_list() == ["B-9", "B-1", "B-5"]
    assert dict(found.schema) == HouseholdSurvey.frame_schema()
    assert HouseholdSurvey.schema().validate(found).equals(found)


def test_records_that_lie_in_another_order_are_put_in_theirs(connection: duckdb.DuckDBPyConnection) -> None:
    land(connection, "z", 1, {"building_id": "B-1"}, {"building_id": "B-2"})
    land(connection, "a", 2, {"building_id": "B-3"}, {"building_id": "B-4"})
    connection.execute(
        "CREATE TABLE turned AS SELECT * FROM survey.household_survey ORDER BY building_id DESC;"
        "DELETE FROM survey.household_survey; INSERT INTO survey.household_survey FROM turned"
    )
    found = current(connection, HouseholdSurvey)
    assert found.select("upload_id", "row_number", "building_id").rows() == sorted(
        found.select("upload_id", "row_number", "building_id").rows(), key=lambda row: row[2]
    )


def test_a_sheet_without_records_is_an_empty_frame(connection: duckdb.DuckDBPyConnection) -> None:
    assert dict(current(connection, Payees).schema) == Payees.frame_schema()


def test_the_rows_of_some_households(connection: duckdb.DuckDBPyConnection) -> None:
    land(connection, "1", 1, {"building_id": "B-1"}, {"building_id": "B-2", "household_id": "H-2"})
    wanted = pl.Series(["H-2", "H-2", None], dtype=pl.String)
    found = current_of_households(connection, HouseholdSurvey, wanted)
    assert found["building_id"].to_list() == ["B-2"]
