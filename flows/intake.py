"""Reading and checking uploads: several at a time, each apart from the others' faults."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context

from flows.reading.workbook import UnreadableWorkbook, read_workbook
from flows.uploads import Upload, content_digest
from transforms.intake.upload import UploadReading, read_upload, refused_upload

FEW_UPLOADS = 4
SMALL_BYTES = 2_000_000
INTERNAL = "internal"
INTERNAL_MESSAGE = "读取这个文件时程序出错，未能处理；请把文件交给系统管理员，其余文件不受影响。"


@dataclass(frozen=True)
class ReadUpload:
    """An upload and what was read in it; no reading when the file changed while it was being read.

    `fault` is the type of an error that is the program's own.
    """

    upload: Upload
    reading: UploadReading | None
    fault: str | None = None


def read_uploads(uploads: Sequence[Upload], as_of: date) -> Iterator[ReadUpload]:
    """Read and check uploads, in their order; several large ones in processes of their own."""
    is_little = len(uploads) <= FEW_UPLOADS and sum(_bytes(upload) for upload in uploads) <= SMALL_BYTES
    if is_little:
        return (read_one(upload, as_of) for upload in uploads)
    return _in_processes(uploads, as_of)


def _bytes(upload: Upload) -> int:
    try:
        return upload.path.stat().st_size
    except OSError:
        return 0


def _in_processes(uploads: Sequence[Upload], as_of: date) -> Iterator[ReadUpload]:
    """Polars does not survive a fork, so the children start anew."""
    workers = min(len(uploads), os.cpu_count() or 1)
    with _pool(workers) as pool:
        futures = [pool.submit(read_one, upload, as_of) for upload in uploads]
        for upload, future in zip(uploads, futures, strict=True):
            yield _result(future) or _read_alone(upload, as_of)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


def _result(future: Future[ReadUpload]) -> ReadUpload | None:
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _read_alone(upload: Upload, as_of: date) -> ReadUpload:
    """A child died, and with it the work of its neighbours: once more, each with a child of its own."""
    with _pool(1) as pool:
        found = _result(pool.submit(read_one, upload, as_of))
    return found or _faulty(upload, BrokenProcessPool.__name__)


def read_one(upload: Upload, as_of: date) -> ReadUpload:
    """Read and check one upload. Whatever goes wrong is this file's matter, and refuses it alone."""
    name = upload.path.name
    try:
        reading = read_upload(
            read_workbook(upload.path), upload_id=upload.upload_id, file_name=name, as_of=as_of
        )
    except UnreadableWorkbook as error:
        reading = refused_upload(
            upload_id=upload.upload_id, file_name=name, reason_code=error.reason, message=error.message
        )
    except Exception as error:  # noqa: BLE001 no fault of one file may keep the others waiting
        return _faulty(upload, type(error).__name__)
    return ReadUpload(upload, reading if _is_unchanged(upload) else None)


def _faulty(upload: Upload, fault: str) -> ReadUpload:
    if not _is_unchanged(upload):
        return ReadUpload(upload, None)
    reading = refused_upload(
        upload_id=upload.upload_id,
        file_name=upload.path.name,
        reason_code=INTERNAL,
        message=INTERNAL_MESSAGE,
    )
    return ReadUpload(upload, reading, fault)


def _is_unchanged(upload: Upload) -> bool:
    """Whether the file still is what was found: one that is being copied is left for the next night."""
    try:
        return content_digest(upload.path) == upload.upload_id
    except OSError:
        return False
