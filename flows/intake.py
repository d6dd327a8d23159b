"""Reading and checking uploads. Whatever is wrong with one of them refuses that one alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from flows.cage import Allowance, Cause, Stopped
from flows.faults import FAULTS
from flows.garbage import garbage_seldom_collected
from flows.parallel import Work, in_processes
from flows.reading.archive import unpacked_bytes
from flows.reading.limits import MIB, ReadingLimits
from flows.reading.unreadable import UnreadableWorkbook, exceeded
from flows.reading.workbook import read_workbook
from flows.settings import reading_allowance
from flows.uploads import Inbox, Upload, content_digest, shown_name
from schemas.audit import PROGRAM_FAULT
from transforms.intake.upload import UploadReading, read_upload, refused_upload

INTERNAL_MESSAGE = "读取这个文件时程序出错，未能处理；请把文件交给系统管理员，其余文件不受影响。"
OVERRUN_MESSAGE = (
    "读取这个文件超过了规定的时间，机器却没有在为它忙碌，未能处理；下次会再读一次，"
    "如仍是这样，请把文件交给系统管理员，其余文件不受影响。"
)
DIED, OVERRAN = "ProcessDied", "Overran"
LARGE_BYTES = 8 * MIB
MEMORY_PER_BYTE, SECONDS_PER_MIB = 6, 0.25
"""What reading takes for each byte of an unpacked workbook, of the slowest of its formats and twice over."""


@dataclass(frozen=True)
class ReadUpload:
    """An upload and what was read in it; no reading when the file changed while it was being read.

    `fault` is the type of an error that is the program's own.
    """

    upload: Upload
    reading: UploadReading | None
    fault: str | None = None


def read_uploads(
    uploads: Sequence[Upload], as_of: date, allowance: Allowance | None = None
) -> Iterator[ReadUpload]:
    """Read and check uploads, in their order, each in a process that ends when it takes too much.

    `allowance` is what the smallest of them may take, and that of the settings unless given.
    """
    first = allowance or reading_allowance()
    work = Work(partial(read_one, as_of=as_of), partial(allowance_of, first=first), first, weight_of)
    results = in_processes(work, uploads)
    for upload, found in zip(uploads, results, strict=True):
        yield ended(upload, found.cause) if isinstance(found, Stopped) else found


def allowance_of(upload: Upload, first: Allowance) -> Allowance:
    """What reading an upload may take: more for a larger one."""
    size = unpacked_bytes(upload.path, ReadingLimits())
    return first.grown(MEMORY_PER_BYTE * size, SECONDS_PER_MIB * size / MIB)


def weight_of(upload: Upload) -> int:
    """How many times an upload is as large as one that is read in about a second."""
    try:
        return upload.path.stat().st_size // LARGE_BYTES
    except OSError:
        return 0


def read_one(upload: Upload, as_of: date) -> ReadUpload:
    """Read and check one upload."""
    name = upload.name
    try:
        with garbage_seldom_collected():
            sheets = read_workbook(upload.path)
        reading = read_upload(sheets, upload_id=upload.upload_id, file_name=name, as_of=as_of)
    except UnreadableWorkbook as error:
        reading = refused_upload(
            upload_id=upload.upload_id, file_name=name, reason_code=error.reason, message=error.message
        )
    except MemoryError:
        raise
    except FAULTS as error:  # no fault over one file may keep the others waiting
        return _faulty(upload, type(error).__name__)
    return ReadUpload(upload, reading if _is_unchanged(upload) else None)


def ended(upload: Upload, cause: Cause) -> ReadUpload:
    """What is found of an upload over which a process ended.

    Memory and processor time are the file's own doing, and so is a crash of native code. Whatever only took
    long, or was ended from outside, is tried again.
    """
    match cause:
        case Cause.MEMORY | Cause.PROCESSOR_TIME | Cause.CRASH:
            error = exceeded(cause)
            return _refused(upload, error.reason, error.message)
        case Cause.WALL_TIME:
            return _faulty(upload, OVERRAN, OVERRUN_MESSAGE)
        case Cause.FAULT:
            return _faulty(upload, DIED)


def _faulty(upload: Upload, fault: str, message: str = INTERNAL_MESSAGE) -> ReadUpload:
    return _refused(upload, PROGRAM_FAULT, message, fault)


def _refused(upload: Upload, rule: str, message: str, fault: str | None = None) -> ReadUpload:
    if not _is_unchanged(upload):
        return ReadUpload(upload, None)
    reading = refused_upload(
        upload_id=upload.upload_id, file_name=upload.name, reason_code=rule, message=message
    )
    return ReadUpload(upload, reading, fault)


def _is_unchanged(upload: Upload) -> bool:
    """Whether the file still is what was found: one that is being copied is left for the next night."""
    try:
        return content_digest(upload.path) == upload.upload_id
    except OSError:
        return False


def intake_notes(inbox: Inbox, reads: Iterable[ReadUpload]) -> tuple[str, ...]:
    """What is to be said of files that were left out or could not be dealt with."""
    unopened = [f"「{shown_name(path)}」打不开（没有权限或正在使用），留待下次。" for path in inbox.unopened]
    changing = [
        f"「{read.upload.name}」读取时内容仍在变化，留待下次。" for read in reads if read.reading is None
    ]
    faults = [
        f"「{read.upload.name}」因程序出错（{read.fault}）未能读取，请系统管理员处理。"
        for read in reads
        if read.fault
    ]
    return (*unopened, *changing, *faults)
