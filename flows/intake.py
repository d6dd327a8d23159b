"""Reading and checking uploads. Whatever is wrong with one of them refuses that one alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from flows.parallel import FAULTS, in_processes, is_little
from flows.reading.unreadable import UnreadableWorkbook
from flows.reading.workbook import read_workbook
from flows.uploads import Inbox, Upload, content_digest
from schemas.audit import PROGRAM_FAULT
from transforms.intake.upload import UploadReading, read_upload, refused_upload

INTERNAL_MESSAGE = "读取这个文件时程序出错，未能处理；请把文件交给系统管理员，其余文件不受影响。"
DIED = "ProcessDied"


@dataclass(frozen=True)
class ReadUpload:
    """An upload and what was read in it; no reading when the file changed while it was being read.

    `fault` is the type of an error that is the program's own.
    """

    upload: Upload
    reading: UploadReading | None
    fault: str | None = None


def read_uploads(uploads: Sequence[Upload], as_of: date) -> Iterator[ReadUpload]:
    """Read and check uploads, in their order; several or large ones in processes of their own."""
    read = partial(read_one, as_of=as_of)
    if is_little([upload.path for upload in uploads]):
        yield from map(read, uploads)
        return
    for upload, found in zip(uploads, in_processes(read, uploads), strict=True):
        yield found or _faulty(upload, DIED)


def read_one(upload: Upload, as_of: date) -> ReadUpload:
    """Read and check one upload."""
    name = upload.path.name
    try:
        reading = read_upload(
            read_workbook(upload.path), upload_id=upload.upload_id, file_name=name, as_of=as_of
        )
    except UnreadableWorkbook as error:
        reading = refused_upload(
            upload_id=upload.upload_id, file_name=name, reason_code=error.reason, message=error.message
        )
    except FAULTS as error:  # no fault over one file may keep the others waiting
        return _faulty(upload, type(error).__name__)
    return ReadUpload(upload, reading if _is_unchanged(upload) else None)


def _faulty(upload: Upload, fault: str) -> ReadUpload:
    if not _is_unchanged(upload):
        return ReadUpload(upload, None)
    reading = refused_upload(
        upload_id=upload.upload_id,
        file_name=upload.path.name,
        reason_code=PROGRAM_FAULT,
        message=INTERNAL_MESSAGE,
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
    unopened = [f"「{path.name}」打不开（没有权限或正在使用），留待下次。" for path in inbox.unopened]
    changing = [
        f"「{read.upload.path.name}」读取时内容仍在变化，留待下次。" for read in reads if read.reading is None
    ]
    faults = [
        f"「{read.upload.path.name}」因程序出错（{read.fault}）未能读取，请系统管理员处理。"
        for read in reads
        if read.fault
    ]
    return (*unopened, *changing, *faults)
