"""Reading an upload: which of its rows are accepted as records, and what is found in the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from schemas.audit import RejectedRows
from schemas.raw_sheet import RawSheet
from schemas.sheet import Sheet
from schemas.sheets import FINDINGS_TITLE, INSTRUCTIONS_TITLE, SHEETS_BY_TITLE
from transforms.frames import stacked
from transforms.intake.findings import SheetHeaders, column_letter, found_in_sheet, refusal, report
from transforms.intake.rows import content_rows
from transforms.intake.sheet_reading import SheetReading, read_sheets
from transforms.intake.with_earlier import Letters, contradictions_with_earlier

__all__ = ["UploadReading", "contradictions_with_earlier", "read_upload", "refused_upload"]

ACCEPTED, PARTLY_ACCEPTED, REFUSED = "accepted", "partly_accepted", "refused"
_NEVER_READ = (INSTRUCTIONS_TITLE, FINDINGS_TITLE)


@dataclass(frozen=True)
class UploadReading:
    """What came of one upload.

    `records` by the sheet's table: the accepted rows, with `is_void` for those that withdraw one; only
    tables that have some. `message` is Chinese, for the list of uploads, null when all is in order.
    `letters` says in which column a field stands in each sheet that was read; `rejected` is as
    `schemas.audit.RejectedRows`.
    """

    records: dict[str, pl.DataFrame]
    findings: pl.DataFrame
    status: str
    message: str | None
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_skipped: int
    letters: Letters = field(default_factory=dict)
    rejected: pl.DataFrame = field(default_factory=RejectedRows.empty)


def read_upload(sheets: Sequence[RawSheet], *, upload_id: str, file_name: str, as_of: date) -> UploadReading:
    """Read all known sheets of a workbook and check them against their contracts.

    Raises:
        CountMismatchError: rows read are not those accepted, rejected and skipped; a bug.
        ContractBreachError: an accepted record is not as its sheet's contract says; a bug.
    """
    contracts = [SHEETS_BY_TITLE.get(sheet_title(raw)) for raw in sheets]
    if not any(contracts):
        return refused_upload(
            upload_id=upload_id,
            file_name=file_name,
            reason_code="no_known_sheet",
            message=f"没有一张认得的工作表，请使用下发的模板，工作表名应为：{'、'.join(SHEETS_BY_TITLE)}。",
        )
    titles = {contract: None for contract in contracts if contract is not None}
    readings = [
        read_sheets(
            {index: sheets[index] for index, its in enumerate(contracts) if its is contract},
            contract,
            upload_id=upload_id,
            as_of=as_of,
        )
        for contract in titles
    ]
    layouts = {index: layout for reading in readings for index, layout in reading.layouts.items()}
    headers = [SheetHeaders(raw, contracts[index], layouts.get(index)) for index, raw in enumerate(sheets)]
    found = [finding for reading in readings for finding in reading.found]
    found += _unknown_sheets(sheets, contracts)
    return UploadReading(
        records={
            reading.contract.table: reading.records for reading in readings if not reading.records.is_empty()
        },
        findings=report(found, headers, upload_id=upload_id, file_name=file_name),
        status=ACCEPTED if all(reading.is_clean for reading in readings) else PARTLY_ACCEPTED,
        message=_summary(readings),
        rows_read=sum(reading.rows_read for reading in readings),
        rows_accepted=sum(reading.records.height for reading in readings),
        rows_rejected=sum(reading.rows_rejected for reading in readings),
        rows_skipped=sum(reading.rows_skipped for reading in readings),
        rejected=stacked([RejectedRows.empty(), *(reading.rejected for reading in readings)]),
        letters={
            sheets[index].name: {name: column_letter(place) for name, place in layout.positions.items()}
            for index, layout in layouts.items()
        },
    )


def refused_upload(*, upload_id: str, file_name: str, reason_code: str, message: str) -> UploadReading:
    """A file of which nothing is read: one finding says why."""
    return UploadReading(
        records={},
        findings=refusal(upload_id=upload_id, file_name=file_name, rule=reason_code, message=message),
        status=REFUSED,
        message=message,
        rows_read=0,
        rows_accepted=0,
        rows_rejected=0,
        rows_skipped=0,
    )


def sheet_title(raw: RawSheet) -> str:
    """The sheet's name without the spaces around it."""
    return raw.name.strip(" \t\r\n\u00a0\u3000\u200b\ufeff")


def _unknown_sheets(
    sheets: Sequence[RawSheet], contracts: Sequence[type[Sheet] | None]
) -> list[pl.DataFrame]:
    message = "工作表名不在规定的名称中，这张表没有读取；如需上报，请改成模板中的工作表名。"
    return [
        found_in_sheet(index, "unknown_sheet", message)
        for index, raw in enumerate(sheets)
        if contracts[index] is None
        and sheet_title(raw) not in _NEVER_READ
        and not content_rows(raw.cells, range(raw.width)).is_empty()
    ]


def _summary(readings: Sequence[SheetReading]) -> str | None:
    refused = [name for reading in readings for name in reading.refused]
    rejected = sum(reading.rows_rejected for reading in readings)
    parts = []
    if refused:
        parts.append(f"未接收的工作表：{'、'.join(refused)}")
    if rejected:
        parts.append(f"退回 {rejected} 行")
    return "；".join(parts) + "。请按问题清单改正后重新上传。" if parts else None
