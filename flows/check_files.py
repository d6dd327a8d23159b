"""`arxan check`: what is wrong with workbooks, before they are handed in; nothing is landed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flows.annotated import write_annotated
from flows.intake import ReadUpload, read_uploads
from flows.private import private, private_folder
from flows.settings import modified_at
from flows.text_table import text_table
from flows.uploads import Upload, content_digest
from schemas.audit import Findings
from schemas.columns import TEXT_CELL_KINDS
from schemas.sheet import ERROR
from schemas.sheets import ALL_SHEETS
from transforms.frames import stacked

SENSITIVE_FIELDS = frozenset(
    name
    for sheet in ALL_SHEETS
    for name, column in sheet.columns.items()
    if column.kind in TEXT_CELL_KINDS or name == "phone"
)
SHOWN_AT_END = 4
_LONG_NUMBER = re.compile(r"[0-9]{14,}[0-9Xx]")


@dataclass(frozen=True)
class Checked:
    """What checking came to: the text for the terminal, and whether anything is rejected."""

    text: str
    is_rejected: bool


def check_files(paths: Sequence[Path], as_of: date, out: Path) -> Checked:
    """Read and check workbooks, and write the annotated copies of those with findings."""
    uploads = [Upload(path, content_digest(path), modified_at(path)) for path in paths]
    reads = list(read_uploads(uploads, as_of))
    findings = stacked([Findings.empty(), *(read.reading.findings for read in reads if read.reading)])
    parts = [_told(read) for read in reads]
    notes: tuple[str, ...] = ()
    if not findings.is_empty():
        with private():
            notes = write_annotated(uploads, findings, private_folder(out))
        parts.append(f"批注副本在 {out}")
    return Checked("\n".join((*parts, *notes)), any(map(_has_rejected, reads)))


def _has_rejected(read: ReadUpload) -> bool:
    reading = read.reading
    return reading is None or reading.rows_rejected > 0 or (reading.findings["severity"] == ERROR).any()


def _told(read: ReadUpload) -> str:
    name, reading = read.upload.name, read.reading
    if reading is None:
        return f"{name}：读取时内容仍在变化，请稍后再试。\n"
    head = (
        f"{name}：读取 {reading.rows_read} 行，可接收 {reading.rows_accepted} 行，"
        f"退回 {reading.rows_rejected} 行，略过 {reading.rows_skipped} 行"
    )
    if reading.findings.is_empty():
        return f"{head}，没有问题。\n"
    rows = [
        (
            "退回" if finding["severity"] == ERROR else "提醒",
            finding["sheet"],
            finding["row_number"],
            " ".join(part for part in (finding["column_letter"], finding["header"]) if part),
            masked_message(finding["message"], finding["field"], finding["value"]),
        )
        for finding in reading.findings.iter_rows(named=True)
    ]
    return f"{head}。\n{text_table(('级别', '工作表', '行', '列', '问题'), rows)}"


def masked_message(message: str, field: str | None, value: str | None) -> str:
    """A finding's message as a terminal may show it: numbers of persons and accounts by their end alone."""
    shown = message
    if field in SENSITIVE_FIELDS and value:
        shown = shown.replace(value, _masked(value))
    return _LONG_NUMBER.sub(lambda found: _masked(found.group()), shown)


def _masked(number: str) -> str:
    hidden = max(len(number) - SHOWN_AT_END, SHOWN_AT_END)
    return "*" * hidden + number[hidden:]
