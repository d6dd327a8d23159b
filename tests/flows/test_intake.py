"""One upload's fault is its own: it is refused, and the others are read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from flows import check_files, intake
from flows.cage import Allowance
from flows.intake import INTERNAL_MESSAGE, ReadUpload, intake_notes, read_one, read_uploads, weight_of
from flows.reading.archive import unpacked_bytes
from flows.reading.limits import MIB, ReadingLimits
from flows.reading.xlsx import LARGE_BYTES
from flows.uploads import Inbox, Upload, content_digest
from schemas.audit import PROGRAM_FAULT
from schemas.housing import HouseholdSurvey
from schemas.raw_sheet import RawSheet
from tests.support.in_line import in_line
from tests.support.raw_xlsx import row_of, write_raw_xlsx
from tests.support.workbooks import survey, write_workbook
from transforms.intake.upload import UploadReading, read_upload

AS_OF = date(2024, 6, 30)
RECEIVED_AT = datetime(2024, 6, 1, 8, 0)  # noqa: DTZ001 Beijing time


def upload(path: Path) -> Upload:
    return Upload(path, content_digest(path), RECEIVED_AT)


def workbook(folder: Path, name: str = "甲.xlsx", building_id: str = "B-1") -> Upload:
    return upload(write_workbook(folder / name, {HouseholdSurvey: [survey(building_id)]}))


def accepted(read: ReadUpload) -> int:
    if read.reading is None:
        raise AssertionError(read)
    return read.reading.rows_accepted


def test_a_workbook_is_read(tmp_path: Path) -> None:
    assert accepted(read_one(workbook(tmp_path), AS_OF)) == 1


def test_a_large_sheet_is_read_within_far_less_than_the_least_that_a_file_may_take(tmp_path: Path) -> None:
    rows = [survey(f"B-{number}", household_id=f"H-{number}") for number in range(5000)]
    found = upload(write_workbook(tmp_path / "甲.xlsx", {HouseholdSurvey: rows}))
    assert unpacked_bytes(found.path, ReadingLimits()) > LARGE_BYTES
    allowance = Allowance(512 * 1024**2, processor_seconds=60, wall_seconds=120)
    (read,) = read_uploads([found], AS_OF, allowance)
    assert accepted(read) == len(rows)


def test_files_that_are_read_at_once_keep_their_order_and_larger_ones_weigh_more(tmp_path: Path) -> None:
    found = workbook(tmp_path)
    assert weight_of(found) == 0
    os.truncate(found.path, 20 * MIB)
    assert weight_of(found) == 2
    found.path.unlink()
    assert weight_of(found) == 0


def test_what_is_no_workbook_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"no workbook")
    reading = read_one(upload(tmp_path / "a.xlsx"), AS_OF).reading
    assert reading is not None
    assert (reading.status, reading.findings["rule"].to_list()) == ("refused", ["not_a_workbook"])


def test_an_error_of_the_program_refuses_the_file_and_keeps_its_text_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise ValueError("110101190001010006")

    monkeypatch.setattr(intake, "read_workbook", broken)
    read = read_one(workbook(tmp_path), AS_OF)
    assert read.fault == "ValueError"
    assert read.reading is not None
    assert read.reading.findings["rule"].to_list() == [PROGRAM_FAULT]
    assert "110101190001010006" not in str(intake_notes(Inbox((), ()), [read]))


PANIC = pl.exceptions.PanicException("110101190001010006")


def panic(*_: object, **__: object) -> None:
    raise PANIC


def test_a_panic_refuses_the_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "read_upload", panic)
    read = read_one(workbook(tmp_path), AS_OF)
    assert read.fault == "PanicException"
    assert read.reading is not None
    assert read.reading.findings["rule"].to_list() == [PROGRAM_FAULT]
    assert "110101190001010006" not in str(intake_notes(Inbox((), ()), [read]))


def test_checking_goes_on_after_a_panic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def panic_over_one(
        sheets: Sequence[RawSheet], *, upload_id: str, file_name: str, as_of: date
    ) -> UploadReading:
        if file_name == "甲.xlsx":
            raise PANIC
        return read_upload(sheets, upload_id=upload_id, file_name=file_name, as_of=as_of)

    monkeypatch.setattr(check_files, "in_processes", in_line)
    monkeypatch.setattr(intake, "read_upload", panic_over_one)
    paths = [workbook(tmp_path, name).path for name in ("甲.xlsx", "乙.xlsx")]
    checked = check_files.check_files(paths, AS_OF, tmp_path / "out")
    assert checked.is_rejected
    assert INTERNAL_MESSAGE in checked.text
    assert "乙.xlsx：读取 1 行，可接收 1 行" in checked.text


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_to_be_told_to_stop_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]
) -> None:
    def stopped(_: Path) -> None:
        raise stop

    monkeypatch.setattr(intake, "read_workbook", stopped)
    with pytest.raises(stop):
        read_one(workbook(tmp_path), AS_OF)


def test_a_file_that_changes_while_it_is_read_is_left_for_the_next_night(tmp_path: Path) -> None:
    found = workbook(tmp_path)
    write_workbook(found.path, {HouseholdSurvey: [survey("B-2")]})
    read = read_one(found, AS_OF)
    assert read.reading is None
    assert intake_notes(Inbox((), ()), [read]) == ("「甲.xlsx」读取时内容仍在变化，留待下次。",)


def test_many_uploads_are_read_in_processes_and_come_back_in_order(tmp_path: Path) -> None:
    uploads = [workbook(tmp_path, f"{place}.xlsx", f"B-{place}") for place in range(6)]
    reads = list(read_uploads(uploads, AS_OF))
    assert [read.upload for read in reads] == uploads
    assert [accepted(read) for read in reads] == [1] * 6


def test_a_file_that_takes_too_much_is_refused_with_what_it_took_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    far_out = tmp_path / "乙.xlsx"
    write_raw_xlsx(far_out, row_of('<c r="A1"><v>1</v></c>') + row_of('<c r="GA999999"><v>1</v></c>', 999999))
    uploads = [workbook(tmp_path), upload(far_out), workbook(tmp_path, "丙.xlsx", "B-2")]
    first, refused, last = read_uploads(uploads, AS_OF)
    assert [accepted(read) for read in (first, refused, last)] == [1, 0, 1]
    assert refused.fault is None
    assert refused.reading is not None
    assert refused.reading.status == "refused"
    assert refused.reading.findings["rule"].to_list() == ["too_much_memory"]
    assert "需要的内存超过上限" in (refused.reading.message or "")


def test_a_file_that_only_took_long_is_tried_again(tmp_path: Path) -> None:
    allowance = Allowance(1024**3, processor_seconds=30, wall_seconds=0.01)
    (read,) = read_uploads([workbook(tmp_path)], AS_OF, allowance)
    assert read.fault == "Overran"
    assert read.reading is not None
    assert read.reading.findings["rule"].to_list() == [PROGRAM_FAULT]
    assert "超过了规定的时间" in (read.reading.message or "")
