"""Checking one file for `arxan check`, in the process that reads it, and what is said of it."""

from __future__ import annotations

import re
from datetime import date

from flows.annotated import packed
from flows.cage import Cause
from flows.check_files import CheckedFile
from flows.intake import ReadUpload, ended, read_one
from flows.text_table import text_table
from flows.uploads import Upload
from schemas.columns import TEXT_CELL_KINDS
from schemas.sheet import ERROR
from schemas.sheets import ALL_SHEETS

SENSITIVE_FIELDS = frozenset(
    name
    for sheet in ALL_SHEETS
    for name, column in sheet.columns.items()
    if column.kind in TEXT_CELL_KINDS or name == "phone"
)
SHOWN_AT_END = 4
_LONG_NUMBER = re.compile(r"[0-9]{14,}[0-9Xx]")


def checked_file(upload: Upload, as_of: date) -> CheckedFile:
    """Read and check one file."""
    return _checked(read_one(upload, as_of))


def ended_file(upload: Upload, cause: Cause) -> CheckedFile:
    """What is said of a file over which the process ended."""
    return _checked(ended(upload, cause))


def _checked(read: ReadUpload) -> CheckedFile:
    reading = read.reading
    if reading is None:
        return CheckedFile(_told(read), is_rejected=True, findings=None)
    findings = reading.findings
    is_rejected = reading.rows_rejected > 0 or bool((findings["severity"] == ERROR).any())
    return CheckedFile(_told(read), is_rejected, None if findings.is_empty() else packed(findings))


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
