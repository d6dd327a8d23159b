"""Writing one annotated copy, in a process of its own: openpyxl is only loaded there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from flows.annotated import Copy
from flows.cage import Allowance
from flows.faults import FAULTS
from flows.private import private_folder
from flows.reading.limits import MIB
from flows.reading.unreadable import UnreadableWorkbook
from flows.reading.workbook import read_workbook
from flows.workbooks.annotation import LARGEST_COPIED_BYTES, annotate
from flows.workbooks.findings_sheet import write_findings_alone
from schemas.raw_sheet import RawSheet

MEMORY_PER_BYTE, SECONDS_PER_MIB = 250, 20
"""What openpyxl takes for each byte of a workbook as it lies there, packed."""
OWNER_ONLY = 0o600


def allowance_of(copy: Copy, first: Allowance) -> Allowance:
    """What making a copy may take: more for a larger workbook."""
    size = min(copy.source.stat().st_size, LARGEST_COPIED_BYTES)
    return first.grown(MEMORY_PER_BYTE * size, SECONDS_PER_MIB * size / MIB)


def write_copy(copy: Copy) -> bool:
    """Whether the copy could be written."""
    findings = pl.read_ipc(copy.findings)
    return _is_written(copy, lambda: annotate(copy.source, findings, copy.target, _sheets(copy.source)))


def write_list(copy: Copy) -> bool:
    """Whether the list of what was found could be written in the copy's place."""
    return _is_written(copy, lambda: write_findings_alone(pl.read_ipc(copy.findings), copy.target))


def _is_written(copy: Copy, write: Callable[[], object]) -> bool:
    try:
        with _temporary_files_in(copy.temporary):
            write()
        copy.target.chmod(OWNER_ONLY)
    except FAULTS:
        copy.target.unlink(missing_ok=True)
        return False
    return True


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Libraries keep cells in temporary files, and a process that is ended leaves them where they are."""
    earlier = tempfile.tempdir
    tempfile.tempdir = str(private_folder(folder))
    try:
        yield
    finally:
        tempfile.tempdir = earlier


def _sheets(source: Path) -> list[RawSheet] | None:
    """The cells, for copies of workbooks that are no .xlsx; large ones get none."""
    if source.stat().st_size > LARGEST_COPIED_BYTES:
        return None
    try:
        return read_workbook(source)
    except UnreadableWorkbook:
        return None
