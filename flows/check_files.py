"""`arxan check`: what is wrong with workbooks, before they are handed in; nothing is landed.

Somebody waits for it: what takes long to load is loaded in the process that reads, and there alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from flows.annotated import write_copies
from flows.cage import Allowance, Stopped
from flows.parallel import ByName, Work, in_processes, kept_workers
from flows.private import private, private_folder
from flows.settings import modified_at, reading_allowance
from flows.uploads import Upload, content_digest

_CHECK: ByName[CheckedFile] = ByName("flows.checked_file", "checked_file")
_CHECK_ENDED: ByName[CheckedFile] = ByName("flows.checked_file", "ended_file")
_ALLOWANCE: ByName[Allowance] = ByName("flows.intake", "allowance_of")


@dataclass(frozen=True)
class CheckedFile:
    """What is to be said of one file, whether anything in it is rejected, and its findings, `packed`."""

    text: str
    is_rejected: bool
    findings: bytes | None


@dataclass(frozen=True)
class Checked:
    """What checking came to: the text for the terminal, and whether anything is rejected."""

    text: str
    is_rejected: bool


def check_files(paths: Sequence[Path], as_of: date, out: Path) -> Checked:
    """Read and check workbooks, and write the annotated copies of those with findings."""
    uploads = [Upload(path, content_digest(path), modified_at(path)) for path in paths]
    first = reading_allowance()
    work = Work[Upload, CheckedFile](partial(_CHECK, as_of=as_of), partial(_ALLOWANCE, first=first), first)
    notes: tuple[str, ...] = ()
    with private(), kept_workers() as kept:  # the processes that read write the copies too
        results = in_processes(work, uploads, kept)
        files = [
            _CHECK_ENDED(upload, found.cause) if isinstance(found, Stopped) else found
            for upload, found in zip(uploads, results, strict=True)
        ]
        marked = [
            (upload, file.findings)
            for upload, file in zip(uploads, files, strict=True)
            if file.findings is not None
        ]
        if marked:
            notes = write_copies(marked, private_folder(out), kept)
    parts = [file.text for file in files]
    if marked:
        parts.append(f"批注副本在 {out}")
    return Checked("\n".join((*parts, *notes)), any(file.is_rejected for file in files))
