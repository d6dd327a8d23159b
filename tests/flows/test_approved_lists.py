"""The shelf of approved lists: what a killed approval left is finished or removed, and nobody else's."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

from flows import approved_lists
from flows.approved_lists import (
    ControlFileError,
    controls,
    folder_of,
    put_in_place,
    recover,
    staged,
    unfinished,
)
from flows.staging import ListsNotInPlaceError
from flows.warehouse.connection import transaction, writing
from flows.warehouse.migrate import make_tables
from flows.warehouse.tables import append
from schemas.payout import Batches
from tests.support.payout_frames import drafted, items_frame, line_item, survey_frame, surveyed

BATCHES = drafted(
    items_frame(line_item("H-1", "house_residence", "1.00")), survey_frame(surveyed("H-1", 1))
).batches
BATCH = "HC-0001"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def warehouse_with(folder: Path, status: str) -> Path:
    """A warehouse in which the batch has a status."""
    path = folder / f"{status}.duckdb"
    with writing(path) as connection, transaction(connection):
        make_tables(connection)
        append(connection, Batches, BATCHES)
        connection.execute("UPDATE payout.batches SET status = ?", [status])
    return path


@pytest.mark.parametrize(("status", "is_kept"), [("approved", True), ("settled", True), ("draft", False)])
def test_lists_of_an_approved_batch_go_to_the_shelf(
    tmp_path: Path, out: Path, status: str, *, is_kept: bool
) -> None:
    warehouse = warehouse_with(tmp_path, status)
    (staged(out, warehouse, BATCH) / "list.csv").write_text("1")
    recover(out, warehouse)
    assert unfinished(out, warehouse) == []
    assert (folder_of(out, BATCH) / "list.csv").is_file() is is_kept


def test_without_a_warehouse_nothing_was_approved(tmp_path: Path, out: Path) -> None:
    warehouse = tmp_path / "none.duckdb"
    staged(out, warehouse, BATCH)
    recover(out, warehouse)
    assert list(out.iterdir()) == []


def test_where_nothing_was_left_the_warehouse_is_not_opened(tmp_path: Path, out: Path) -> None:
    damaged = tmp_path / "damaged.duckdb"
    damaged.write_bytes(b"no database")
    recover(out, damaged)


def test_what_stands_on_the_shelf_is_never_replaced(tmp_path: Path, out: Path) -> None:
    warehouse = warehouse_with(tmp_path, "approved")
    (staged(out, warehouse, BATCH) / "list.csv").write_text("first")
    recover(out, warehouse)
    (staged(out, warehouse, BATCH) / "list.csv").write_text("second")
    with pytest.raises(ListsNotInPlaceError, match="could not be put in"):
        recover(out, warehouse)
    assert (folder_of(out, BATCH) / "list.csv").read_text() == "first"


def test_what_another_warehouse_is_at_work_on_is_left_alone(tmp_path: Path, out: Path) -> None:
    others = staged(out, tmp_path / "other.duckdb", BATCH)
    recover(out, warehouse_with(tmp_path, "approved"))
    assert others.is_dir()
    assert not folder_of(out, BATCH).exists()


def test_a_folder_for_lists_begins_empty_and_is_its_owners_alone(tmp_path: Path, out: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    (staged(out, warehouse, BATCH) / "left").touch()
    folder = staged(out, warehouse, BATCH)
    assert list(folder.iterdir()) == []
    placed = put_in_place(out, warehouse, BATCH)
    assert placed == folder_of(out, BATCH)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (placed, placed.parent)} == {0o700}


def test_an_output_folder_without_a_shelf_has_no_controls(out: Path) -> None:
    assert list(controls(out)) == []


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", json.dumps({"batch_id": BATCH}), "null", "\x00"])
def test_a_damaged_control_file_is_named(out: Path, content: str) -> None:
    folder_of(out, BATCH).mkdir(parents=True)
    path = folder_of(out, BATCH) / approved_lists.CONTROL_FILE
    path.write_text(content)
    with pytest.raises(ControlFileError, match=r"HC-0001/control\.json is damaged: restore it"):
        list(controls(out))
    shutil.rmtree(out)
