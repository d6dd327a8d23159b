"""What becomes of files that are read in processes, in a form that can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from flows.cage import Allowance, Cause, Stopped
from flows.intake import allowance_of
from flows.parallel import Work, in_processes
from flows.reading.unreadable import UnreadableWorkbook, exceeded
from flows.reading.workbook import read_workbook
from flows.settings import arxan_now
from flows.uploads import Upload
from schemas.raw_sheet import RawSheet
from tests.support.filled_cells import filled_cells

Cells = dict[str, tuple[str, str | None]]
FAULT = "fault of the program"
ALLOWANCE = Allowance(1024**3, processor_seconds=30, wall_seconds=120)
BRIEF = Allowance(1024**3, processor_seconds=2, wall_seconds=100)


def sheets_or_reason(path: Path) -> list[tuple[str, Cells]] | str:
    """The sheets' names and cells, or the reason of the refusal."""
    try:
        return [_named_cells(sheet) for sheet in read_workbook(path)]
    except UnreadableWorkbook as error:
        return error.reason


def _named_cells(sheet: RawSheet) -> tuple[str, Cells]:
    return sheet.name, filled_cells(sheet)


def outcomes(paths: Sequence[Path], first: Allowance = ALLOWANCE) -> list[list[tuple[str, Cells]] | str]:
    """Of each file what it holds, or why it is refused; FAULT should never be among them."""
    work = Work(sheets_or_reason, partial(_allowance, first=first), first)
    results = in_processes(work, paths)
    return [_reason(found.cause) if isinstance(found, Stopped) else found for found in results]


def _allowance(path: Path, first: Allowance) -> Allowance:
    return allowance_of(Upload(path, "", arxan_now()), first)


def _reason(cause: Cause) -> str:
    return FAULT if cause in (Cause.FAULT, Cause.WALL_TIME) else exceeded(cause).reason
