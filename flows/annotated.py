"""Annotated copies of the uploads with findings, under names of their own.

A fault over one keeps no other from being written, and leaves at least the list of what was found.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from flows.cage import Allowance
from flows.parallel import FAULTS, Work, in_processes
from flows.private import private_folder
from flows.reading.limits import MIB
from flows.reading.unreadable import UnreadableWorkbook
from flows.reading.workbook import read_workbook
from flows.settings import reading_allowance
from flows.uploads import Upload, shown_name
from flows.workbooks.annotation import LARGEST_COPIED_BYTES, annotate
from flows.workbooks.findings_sheet import write_findings_alone
from schemas.raw_sheet import RawSheet

LONGEST_STEM_BYTES = 200
MEMORY_PER_BYTE, SECONDS_PER_MIB = 250, 20
"""What openpyxl takes for each byte of a workbook as it lies there, packed."""
SUFFIX = "-批注"
TEMPORARY = ".temporary"
OWNER_ONLY = 0o600


@dataclass(frozen=True)
class Copy:
    """A copy to be made: of what, with which findings, and where."""

    source: Path
    findings: pl.DataFrame
    target: Path


def write_annotated(uploads: Sequence[Upload], findings: pl.DataFrame, folder: Path) -> tuple[str, ...]:
    """Write a copy for each upload with findings; returns what is to be said of those that failed."""
    copies = list(_copies(uploads, findings, folder))
    first = reading_allowance()
    done = in_processes(Work(write_copy, partial(_allowance_of, first=first), first), copies)
    try:
        return tuple(
            _failure(copy) for copy, is_written in zip(copies, done, strict=True) if is_written is not True
        )
    finally:
        shutil.rmtree(folder / TEMPORARY, ignore_errors=True)


def _allowance_of(copy: Copy, first: Allowance) -> Allowance:
    size = min(copy.source.stat().st_size, LARGEST_COPIED_BYTES)
    return first.grown(MEMORY_PER_BYTE * size, SECONDS_PER_MIB * size / MIB)


def _failure(copy: Copy) -> str:
    """Writes the list instead of a copy, and says so."""
    if _is_written(copy, lambda: write_findings_alone(copy.findings, copy.target)):
        return f"「{shown_name(copy.source)}」的批注副本因程序出错未能写出，只写出了问题清单。"
    return f"「{shown_name(copy.source)}」的批注副本未能写出，问题见 audit.findings。"


def _copies(uploads: Sequence[Upload], findings: pl.DataFrame, folder: Path) -> Iterator[Copy]:
    by_upload = findings.partition_by("upload_id", as_dict=True)
    marked = [upload for upload in uploads if (upload.upload_id,) in by_upload]
    names = annotated_names(upload.name for upload in marked)
    for upload, name in zip(marked, names, strict=True):
        yield Copy(upload.path, by_upload[(upload.upload_id,)], folder / name)


def write_copy(copy: Copy) -> bool:
    """Whether the copy could be written."""
    return _is_written(copy, lambda: annotate(copy.source, copy.findings, copy.target, _sheets(copy.source)))


def _is_written(copy: Copy, write: Callable[[], object]) -> bool:
    try:
        with _temporary_files_in(copy.target.with_name(TEMPORARY)):
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


def annotated_names(file_names: Iterable[str]) -> Iterator[str]:
    """`<name>-批注.xlsx` for each file; a second one of the same name is numbered."""
    taken: set[str] = set()
    for file_name in file_names:
        stem = _shortened(Path(file_name).stem)
        name, number = f"{stem}{SUFFIX}.xlsx", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}{SUFFIX}-{number}.xlsx"
        taken.add(name.casefold())
        yield name


def _shortened(stem: str) -> str:
    """A name that still fits a file system's 255 bytes with what is added to it."""
    return stem.encode()[:LONGEST_STEM_BYTES].decode(errors="ignore")
