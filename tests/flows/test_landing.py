"""Uploads that are landed together leave the warehouse as if each had come by itself."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from flows import landing
from flows.intake import ReadUpload
from flows.landing import land_uploads
from flows.uploads import Upload
from flows.warehouse.connection import transaction, writing
from flows.warehouse.migrate import make_tables
from schemas.audit import Findings
from schemas.housing import HouseholdSurvey
from tests.support.records import ORDINARY_SURVEY, frame
from transforms.intake.upload import UploadReading, refused_upload

RECEIVED_AT = datetime(2024, 6, 1, 8, 0)  # noqa: DTZ001 Beijing time
TABLES = ("audit.uploads", "audit.findings", "survey.household_survey", "survey.household_survey_history")
Rows = list[tuple[str, str | None, str]]
"""Building, household (none where the row withdraws one) and owner."""


def read(upload_id: str, rows: Rows) -> ReadUpload:
    filled = [
        ORDINARY_SURVEY
        | {"building_id": building, "household_id": household, "owner_name": owner, "upload_id": upload_id}
        for building, household, owner in rows
    ]
    records = frame(HouseholdSurvey, filled).with_columns(is_void=pl.col("household_id").is_null())
    reading = UploadReading(
        records={HouseholdSurvey.table: records},
        findings=Findings.empty(),
        status="accepted",
        message=None,
        rows_read=len(rows),
        rows_accepted=len(rows),
        rows_rejected=0,
        rows_skipped=0,
        letters={HouseholdSurvey.title: {"owner_name": "D"}},
    )
    return ReadUpload(Upload(Path(f"{upload_id}.xlsx"), upload_id, RECEIVED_AT), reading)


def refused(upload_id: str) -> ReadUpload:
    reading = refused_upload(
        upload_id=upload_id, file_name=f"{upload_id}.xlsx", reason_code="damaged", message="文件已损坏。"
    )
    return ReadUpload(Upload(Path(f"{upload_id}.xlsx"), upload_id, RECEIVED_AT), reading)


def landed(database: Path, *nights: list[ReadUpload]) -> list[pl.DataFrame]:
    """What was found each night, and what the tables hold after the last."""
    with writing(database) as connection:
        with transaction(connection):
            make_tables(connection)
        found = [land_uploads(connection, night, "run").findings for night in nights]
        tables = [connection.sql(f"SELECT * FROM {table} ORDER BY ALL").pl() for table in TABLES]
    return [*found, *tables]


def one_by_one(uploads: list[object]) -> list[range]:
    return [range(place, place + 1) for place in range(len(uploads))]


def some_night(chance: random.Random, night: int) -> list[ReadUpload]:
    uploads = [refused(f"{night}-refused")]
    for number in range(5):
        rows: Rows = [
            (f"B{building}", chance.choice(["H1", "H2", "H3", "H4", None]), chance.choice(["某甲", "某乙"]))
            for building in chance.sample(range(8), chance.randint(1, 3))
        ]
        uploads.append(read(f"{night}-{number}", rows))
    return uploads


@pytest.mark.parametrize("seed", range(8))
def test_it_makes_no_difference_which_are_landed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 no secret
    nights = [some_night(chance, night) for night in range(3)]

    together = landed(tmp_path / "together.duckdb", *nights)
    monkeypatch.setattr(landing, "runs_apart", one_by_one)
    apart = landed(tmp_path / "apart.duckdb", *nights)

    assert any(found.height > 1 for found in apart[:3])
    assert [one.equals(other) for one, other in zip(together, apart, strict=True)] == [True] * 7


def test_a_building_that_went_to_another_household_says_nothing_of_its_former_one(tmp_path: Path) -> None:
    before = [read("1", [("B1", "H1", "某甲")])]
    moved, second = read("2", [("B1", "H2", "某甲")]), read("3", [("B2", "H1", "某乙")])

    moved_first = landed(tmp_path / "a.duckdb", before, [moved, second])[1]
    moved_last = landed(tmp_path / "b.duckdb", before, [second, moved])[1]

    assert moved_first.is_empty()
    assert moved_last["rule"].to_list() == ["contradicts_earlier"]


def test_an_inbox_without_anything_new_lands_nothing(tmp_path: Path) -> None:
    assert [table.height for table in landed(tmp_path / "w.duckdb", [])] == [0] * 5
