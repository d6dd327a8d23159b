"""Landing what was read: upload by upload, in the order received."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import duckdb
import polars as pl

from flows.intake import ReadUpload
from flows.uploads import Upload
from flows.verify import check_row_counts, require
from flows.warehouse.landing import current_of_households, land_upload
from flows.warehouse.runs import last_sequence
from schemas.audit import Findings, Uploads
from schemas.housing import HouseholdSurvey
from transforms.frames import stacked
from transforms.intake.upload import UploadReading, contradictions_with_earlier


@dataclass(frozen=True)
class Landed:
    """What a night took in: rows of `audit.uploads` and of `audit.findings`, and the files.

    `notes` are what is to be said of files that were left for another night.
    """

    uploads: pl.DataFrame
    findings: pl.DataFrame
    files: tuple[Upload, ...]
    notes: tuple[str, ...] = ()


def land_uploads(connection: duckdb.DuckDBPyConnection, reads: Iterable[ReadUpload], run_id: str) -> Landed:
    """Land every upload that was read. Raises CheckFailedError, before any, when rows are unaccounted for."""
    found = [(read.upload, read.reading) for read in reads if read.reading is not None]
    sequence = count(last_sequence(connection) + 1)
    rows = [_upload_row(upload, reading, run_id, next(sequence)) for upload, reading in found]
    require(check_row_counts(_together(rows, Uploads.empty())))
    findings = [_land(connection, row, reading) for row, (_, reading) in zip(rows, found, strict=True)]
    return Landed(
        uploads=_together(rows, Uploads.empty()),
        findings=_together(findings, Findings.empty()),
        files=tuple(upload for upload, _ in found),
    )


def _land(connection: duckdb.DuckDBPyConnection, row: pl.DataFrame, reading: UploadReading) -> pl.DataFrame:
    findings = _together([reading.findings, _contradictions(connection, row, reading)], Findings.empty())
    land_upload(connection, upload=row, findings=findings, records=reading.records, rejected=reading.rejected)
    return findings


def _contradictions(
    connection: duckdb.DuckDBPyConnection, row: pl.DataFrame, reading: UploadReading
) -> pl.DataFrame:
    """Warnings where the upload's households now differ from what earlier uploads said of them."""
    survey = reading.records.get(HouseholdSurvey.table)
    if survey is None or survey.is_empty():
        return Findings.empty()
    return contradictions_with_earlier(
        survey,
        current_of_households(connection, HouseholdSurvey, survey["household_id"]),
        letters=reading.letters,
        upload_id=row["upload_id"].item(),
        file_name=row["file_name"].item(),
    )


def _upload_row(upload: Upload, reading: UploadReading, run_id: str, sequence: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "upload_id": [upload.upload_id],
            "sequence": [sequence],
            "file_name": [upload.name],
            "received_at": [upload.received_at],
            "run_id": [run_id],
            "status": [reading.status],
            "message": [reading.message],
            "rows_read": [reading.rows_read],
            "rows_accepted": [reading.rows_accepted],
            "rows_rejected": [reading.rows_rejected],
            "rows_skipped": [reading.rows_skipped],
        },
        schema=Uploads.frame_schema(),
    )


def _together(frames: Sequence[pl.DataFrame], empty: pl.DataFrame) -> pl.DataFrame:
    return stacked([empty, *frames])
