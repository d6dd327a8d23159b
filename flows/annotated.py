"""Annotated copies of the uploads with findings, under names of their own.

A fault over one keeps no other from being written, and leaves at least the list of what was found.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cage import Allowance
from flows.parallel import ByName, Work, Worker, in_processes
from flows.settings import reading_allowance
from flows.uploads import Upload, shown_name

if TYPE_CHECKING:
    import polars as pl

LONGEST_STEM_BYTES = 200
SUFFIX = "-批注"
TEMPORARY = ".temporary"
_WRITE_COPY: ByName[bool] = ByName("flows.annotated_copy", "write_copy")
_WRITE_LIST: ByName[bool] = ByName("flows.annotated_copy", "write_list")
_ALLOWANCE: ByName[Allowance] = ByName("flows.annotated_copy", "allowance_of")


@dataclass(frozen=True)
class Copy:
    """A copy to be made: of what, with which findings, and where.

    The findings are as `packed` makes them: they pass through a process that has no use for polars.
    """

    source: Path
    findings: bytes
    target: Path

    @property
    def temporary(self) -> Path:
        """The folder for what libraries put into temporary files."""
        return self.target.with_name(TEMPORARY)


def packed(findings: pl.DataFrame) -> bytes:
    """Findings, as a process hands them to another."""
    return findings.write_ipc(None).getvalue()


def write_annotated(uploads: Sequence[Upload], findings: pl.DataFrame, folder: Path) -> tuple[str, ...]:
    """Write a copy for each upload with findings; returns what is to be said of those that failed."""
    by_upload = findings.partition_by("upload_id", as_dict=True)
    marked = [upload for upload in uploads if (upload.upload_id,) in by_upload]
    return write_copies([(upload, packed(by_upload[(upload.upload_id,)])) for upload in marked], folder)


def write_copies(
    marked: Sequence[tuple[Upload, bytes]], folder: Path, kept: list[Worker] | None = None
) -> tuple[str, ...]:
    """Write a copy of each upload with its findings, which are `packed`; returns what is to be said."""
    names = annotated_names(upload.name for upload, _ in marked)
    copies = [
        Copy(upload.path, findings, folder / name)
        for (upload, findings), name in zip(marked, names, strict=True)
    ]
    first = reading_allowance()
    work = Work[Copy, bool](_WRITE_COPY, partial(_ALLOWANCE, first=first), first)
    done = in_processes(work, copies, kept)
    try:
        return tuple(
            _failure(copy) for copy, is_written in zip(copies, done, strict=True) if is_written is not True
        )
    finally:
        shutil.rmtree(folder / TEMPORARY, ignore_errors=True)


def _failure(copy: Copy) -> str:
    """Writes the list instead of a copy, and says so."""
    if _WRITE_LIST(copy):
        return f"「{shown_name(copy.source)}」的批注副本因程序出错未能写出，只写出了问题清单。"
    return f"「{shown_name(copy.source)}」的批注副本未能写出，问题见 audit.findings。"


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
