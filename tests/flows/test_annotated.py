"""Annotated copies: which uploads get one, and under which names."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from flows import annotated, annotated_copy
from flows.annotated import annotated_names, write_annotated
from flows.uploads import Upload
from schemas.audit import Findings
from schemas.housing import HouseholdSurvey
from tests.support.in_line import in_line
from tests.support.workbooks import survey, write_workbook

RECEIVED_AT = datetime(2024, 6, 1, 8, 0)  # noqa: DTZ001 Beijing time


def upload(folder: Path, name: str, upload_id: str) -> Upload:
    return Upload(write_workbook(folder / name, {HouseholdSurvey: [survey()]}), upload_id, RECEIVED_AT)


def finding(upload_id: str) -> pl.DataFrame:
    row = {
        "upload_id": upload_id,
        "file_name": "甲.xlsx",
        "sheet": "入户调查",
        "row_number": 2,
        "column_letter": "C",
        "rule": "required",
        "severity": "error",
        "message": "请补填。",
    }
    return pl.DataFrame([row], schema=Findings.frame_schema())


def test_uploads_with_findings_get_a_copy_for_its_owner_alone(tmp_path: Path) -> None:
    uploads = [upload(tmp_path, "甲.xlsx", "1"), upload(tmp_path, "乙.xlsx", "2")]
    out = tmp_path / "out"
    out.mkdir()
    assert write_annotated(uploads, finding("1"), out) == ()
    (copy,) = out.iterdir()
    assert copy.name == "甲-批注.xlsx"
    assert copy.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("error", [ValueError, pl.exceptions.PanicException])
@pytest.mark.parametrize("broken", ["annotate", "_sheets"])
def test_instead_of_a_copy_that_can_not_be_made_the_list_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, error: type[BaseException]
) -> None:
    def fail(*_: object) -> None:
        raise error("110101190001010006")

    monkeypatch.setattr(annotated, "in_processes", in_line)
    monkeypatch.setattr(annotated_copy, broken, fail)
    notes = write_annotated([upload(tmp_path, "甲.xlsx", "1")], finding("1"), tmp_path)
    assert notes == ("「甲.xlsx」的批注副本因程序出错未能写出，只写出了问题清单。",)
    assert load_workbook(tmp_path / "甲-批注.xlsx").sheetnames == ["问题清单"]
    assert (tmp_path / "甲-批注.xlsx").stat().st_mode & 0o777 == 0o600


def test_what_a_copy_leaves_in_temporary_files_when_it_is_ended_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = []

    def ended(*_: object) -> None:
        left.append(Path(tempfile.mkstemp()[1]))
        raise MemoryError

    monkeypatch.setattr(annotated, "in_processes", in_line)
    monkeypatch.setattr(annotated_copy, "annotate", ended)
    write_annotated([upload(tmp_path, "甲.xlsx", "1")], finding("1"), tmp_path)
    assert [path.parent.parent for path in left] == [tmp_path]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["甲-批注.xlsx", "甲.xlsx"]


def test_a_list_that_can_not_be_made_is_told_of_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("110101190001010006")

    monkeypatch.setattr(annotated, "in_processes", in_line)
    monkeypatch.setattr(annotated_copy, "annotate", broken)
    monkeypatch.setattr(annotated_copy, "write_findings_alone", broken)
    notes = write_annotated([upload(tmp_path, "甲.xlsx", "1")], finding("1"), tmp_path)
    assert notes == ("「甲.xlsx」的批注副本未能写出，问题见 audit.findings。",)
    assert not (tmp_path / "甲-批注.xlsx").exists()


def test_names_are_told_apart_whatever_their_case_and_ending() -> None:
    assert list(annotated_names(["a.xlsx", "b.xls", "A.xls", "a.ods"])) == [
        "a-批注.xlsx",
        "b-批注.xlsx",
        "A-批注-2.xlsx",
        "a-批注-3.xlsx",
    ]


def test_a_very_long_name_still_makes_a_file_name() -> None:
    (name,) = annotated_names([f"{'长' * 80}.xlsx"])
    assert len(name.encode()) <= 255
    assert name.endswith("-批注.xlsx")
