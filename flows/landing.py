"""Landing what was read, as if upload by upload in the order received."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import duckdb
import polars as pl

from flows.intake import ReadUpload
from flows.uploads import Upload
from flows.verify import check_row_counts, require
from flows.warehouse.landing import current_of_households, land_together
from flows.warehouse.runs import last_sequence
from schemas.audit import Findings, RejectedRows, Uploads
from schemas.housing import HouseholdSurvey
from transforms.frames import stacked
from transforms.intake.apart import runs_apart
from transforms.intake.upload import UploadReading, contradictions_with_earlier

Found: TypeAlias = Sequence[tuple[Upload, UploadReading]]


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
    uploads = _upload_rows(found, run_id, last_sequence(connection) + 1)
    require(check_row_counts(uploads))
    runs = runs_apart([reading.records for _, reading in found])
    findings = [
        _land(connection, uploads[run.start : run.stop], found[run.start : run.stop]) for run in runs if run
    ]
    return Landed(
        uploads=uploads,
        findings=stacked([Findings.empty(), *findings]),
        files=tuple(upload for upload, _ in found),
    )


def _land(connection: duckdb.DuckDBPyConnection, uploads: pl.DataFrame, found: Found) -> pl.DataFrame:
    """Land uploads that have nothing in common, and give what was found in them."""
    readings = [reading for _, reading in found]
    findings = stacked([Findings.empty(), *_findings(found, _earlier_survey(connection, readings))])
    tables = dict.fromkeys(table for reading in readings for table in reading.records)
    land_together(
        connection,
        uploads=uploads,
        findings=findings,
        records={
            table: stacked(reading.records[table] for reading in readings if table in reading.records)
            for table in tables
        },
        rejected=stacked([RejectedRows.empty(), *(reading.rejected for reading in readings)]),
    )
    return findings


def _earlier_survey(connection: duckdb.DuckDBPyConnection, readings: Sequence[UploadReading]) -> pl.DataFrame:
    """What earlier uploads said of the households that these survey."""
    surveys = [reading.records.get(HouseholdSurvey.table) for reading in readings]
    named = [survey["household_id"] for survey in surveys if survey is not None]
    if not named:
        return pl.DataFrame(schema=HouseholdSurvey.frame_schema())
    return current_of_households(connection, HouseholdSurvey, pl.concat(named, rechunk=True))


def _findings(found: Found, earlier: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """What was found in each upload, and warnings where its households now differ from what was said before.

    Of the `earlier` survey each upload replaces the rows that have its keys.
    """
    for upload, reading in found:
        yield reading.findings
        survey = reading.records.get(HouseholdSurvey.table)
        if survey is not None and not earlier.is_empty():
            yield contradictions_with_earlier(
                survey, earlier, letters=reading.letters, upload_id=upload.upload_id, file_name=upload.name
            )
            earlier = earlier.join(survey, on=HouseholdSurvey.key, how="anti")


def _upload_rows(found: Found, run_id: str, first: int) -> pl.DataFrame:
    rows = [
        {
            "upload_id": upload.upload_id,
            "sequence": sequence,
            "file_name": upload.name,
            "received_at": upload.received_at,
            "run_id": run_id,
            "status": reading.status,
            "message": reading.message,
            "rows_read": reading.rows_read,
            "rows_accepted": reading.rows_accepted,
            "rows_rejected": reading.rows_rejected,
            "rows_skipped": reading.rows_skipped,
        }
        for sequence, (upload, reading) in enumerate(found, first)
    ]
    return pl.DataFrame(rows, schema=Uploads.frame_schema())
