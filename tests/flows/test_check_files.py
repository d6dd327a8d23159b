"""Checking before handing in: one process reads and marks, and what it writes is private."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows import annotated, check_files
from flows.cage import Cause, Stopped
from flows.parallel import Work, Worker, in_processes
from schemas.housing import HouseholdSurvey
from tests.support.in_line import Result, Task, in_line
from tests.support.workbooks import survey, write_workbook

AS_OF = date(2024, 6, 1)
HEAVY = ("polars", "pandera", "numpy", "pyarrow", "openpyxl", "duckdb")
LOADED = f"""
import sys
import flows.check_files
print([name for name in {HEAVY!r} if name in sys.modules])
"""


def books(folder: Path) -> list[Path]:
    return [
        write_workbook(folder / "甲.xlsx", {HouseholdSurvey: [survey()]}),
        write_workbook(folder / "乙.xlsx", {HouseholdSurvey: [survey("B-2") | {"floor_area_m2": -1}]}),
    ]


def test_files_with_findings_get_a_copy_and_the_others_none(tmp_path: Path) -> None:
    out = tmp_path / "out"
    checked = check_files.check_files(books(tmp_path), AS_OF, out)
    assert checked.is_rejected
    assert "甲.xlsx：读取 1 行，可接收 1 行，退回 0 行" in checked.text
    assert "乙.xlsx：读取 1 行，可接收 0 行，退回 1 行" in checked.text
    assert checked.text.endswith(f"批注副本在 {out}")
    assert [path.name for path in out.iterdir()] == ["乙-批注.xlsx"]
    assert load_workbook(out / "乙-批注.xlsx").sheetnames[0] == "问题清单"


def test_who_waits_for_a_check_does_not_load_what_reads(tmp_path: Path) -> None:
    told = subprocess.run(  # noqa: S603 our own program
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert told.stdout.strip() == "[]"


def test_the_processes_that_read_write_the_copies_and_are_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    masks: list[int] = []
    kept_at: list[int] = []

    def watched(
        work: Work[Task, Result], tasks: Sequence[Task], kept: list[Worker] | None = None
    ) -> Iterator[Result | Stopped]:
        masks.append(os.umask(0o077))
        kept_at.append(len(kept or ()))
        return in_processes(work, tasks, kept)

    umask = os.umask(0)
    monkeypatch.setattr(check_files, "in_processes", watched)
    monkeypatch.setattr(annotated, "in_processes", watched)
    try:
        check_files.check_files(books(tmp_path)[1:], AS_OF, tmp_path / "out")
    finally:
        os.umask(umask)
    assert masks == [0o077, 0o077]
    assert kept_at == [0, 1]


def test_a_file_over_which_the_process_ends_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(
        _: Work[Task, Result], tasks: Sequence[Task], kept: list[Worker] | None = None
    ) -> Iterator[Stopped]:
        assert kept == []
        return (Stopped(Cause.MEMORY) for _ in tasks)

    monkeypatch.setattr(check_files, "in_processes", stopped)
    monkeypatch.setattr(annotated, "in_processes", in_line)
    checked = check_files.check_files(books(tmp_path)[:1], AS_OF, tmp_path / "out")
    assert checked.is_rejected
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["甲-批注.xlsx"]
