"""Persons who are nobody, told by marks that stand nowhere else, and a search for them in any file."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

from openpyxl import load_workbook

from flows.sample.people import with_card_check, with_credit_check, with_resident_check
from schemas.columns import Column, Kind
from schemas.housing import Agreements, HouseholdSurvey, ImageryRegister, Payees, PaymentReceipts
from schemas.sheet import Sheet
from schemas.sheets import ALL_SHEETS
from tests.support.workbooks import agreement, register, survey, write_workbook

NAME, ID_NUMBER, PHONE, ACCOUNT, CREDIT_CODE = "鸑鷟", "9988771955", "1997788", "6299887766", "91998877MA"
"""What each name or free text holds, and how each number begins."""
NUMBERS = (ID_NUMBER, PHONE, ACCOUNT, CREDIT_CODE)
FILE_NAME, PLACE = "鵷鶵", "鹔鹴"
"""In the names of files, and in those of sheets and columns that nobody knows."""
MARKS = (NAME, *NUMBERS, FILE_NAME, PLACE)
PERSONAL_TEXT = frozenset(
    {
        "address", "title_number", "bank_name", "minute_number", "decision_number", "failure_reason",
        "region", "work_done", "company_location", "province", "purpose", "appraiser", "imagery_ref",
    }
)  # fmt: skip
"""Texts in which a clerk may write what concerns a person."""

_LABELS = frozenset({"region", "province", "company_location"})
"""Texts that are shown as they are wherever the row is."""


@dataclass
class Canaries:
    """Hands out values that no other row has."""

    issued: int = 0
    values: list[str] = field(default_factory=list)

    def name(self, what: str = "") -> str:
        return self._keep(f"{NAME}{what}{self._number()}")

    def id_number(self) -> str:
        number = self._number()
        digits = f"{ID_NUMBER}{1 + number // 1000:02d}01{number % 1000:03d}"
        return self._keep(with_resident_check(digits))

    def phone(self) -> str:
        return self._keep(f"{PHONE}{self._number():04d}")

    def account(self) -> str:
        return self._keep(with_card_check(f"{ACCOUNT}{self._number():08d}"))

    def credit_code(self) -> str:
        return self._keep(with_credit_check(f"{CREDIT_CODE}{self._number():07d}"))

    def any_text(self) -> str:
        """What a clerk may write who misunderstands a column altogether."""
        return f"{self.name()} {self.id_number()} {self.phone()} {self.account()}"

    def of(self, column: Column) -> str | None:
        """A valid value for a personal column; none for another."""
        if column.name == "phone":
            return self.phone()
        if column.kind is Kind.NAME or column.name in PERSONAL_TEXT:
            return self.name(column.header)
        made = {
            Kind.ID_NUMBER: self.id_number, Kind.ACCOUNT: self.account, Kind.CREDIT_CODE: self.credit_code
        }.get(column.kind)  # fmt: skip
        return made() if made else None

    def _number(self) -> int:
        self.issued += 1
        return self.issued

    def _keep(self, value: str) -> str:
        self.values.append(value)
        return value


def valid_row(canaries: Canaries, sheet: type[Sheet], **changes: object) -> dict[str, object]:
    """The template's example, with a canary in each personal column."""
    row: dict[str, object] = {name: column.example or None for name, column in sheet.columns.items()}
    row |= {name: value for name, column in sheet.columns.items() if (value := canaries.of(column))}
    return row | changes


def wrong_rows(canaries: Canaries, sheet: type[Sheet]) -> Iterator[dict[str, object]]:
    """Rows that are rejected: each column in turn is empty, misunderstood, cut short or a number."""
    for place, (name, column) in enumerate(sheet.columns.items()):
        for sort, wrong in enumerate(_wrong_values(canaries, column)):
            key = {field: f"W-{place}-{sort}" for field in sheet.key if _is_free(sheet.columns[field])}
            yield valid_row(canaries, sheet, **(key | {name: wrong}))


def _wrong_values(canaries: Canaries, column: Column) -> Iterator[object]:
    is_label = column.kind in (Kind.NAME, Kind.IDENTIFIER) or column.name in _LABELS
    yield canaries.name() if is_label else canaries.any_text()
    if column.required:
        yield None
    if column.kind in (Kind.ID_NUMBER, Kind.CREDIT_CODE, Kind.ACCOUNT) and (value := canaries.of(column)):
        yield value[:-1] + ("0" if value[-1] != "0" else "1")
        yield int(canaries.account())
    if column.kind is Kind.NAME:
        yield f"{canaries.name()}\u202e{canaries.id_number()}"


def _is_free(column: Column) -> bool:
    return column.kind is Kind.IDENTIFIER and column.name not in {"period", "household_id"}


def write_owed(canaries: Canaries, inbox: Path) -> Path:
    """A workbook of a household with two payees that is owed money, and one whose account is missing."""
    address = {"address": canaries.name(), "imagery_ref": canaries.name()}
    kept = {"agreement_number": canaries.name()}
    sheets: dict[type[Sheet], list[dict[str, object]]] = {
        HouseholdSurvey: [
            survey("O-1", "OH-1", **_survey(canaries)),
            survey("O-2", "OH-2", **_survey(canaries) | {"account_name": None, "bank_account": None}),
        ],
        ImageryRegister: [register(number, **address) for number in ("O-1", "O-2")],
        Agreements: [agreement(number, **kept) for number in ("O-1", "O-2")],
        Payees: [valid_row(canaries, Payees, household_id="OH-1", share=share) for share in (60, 40)],
    }
    return write_workbook(inbox / f"{FILE_NAME}应付户.xlsx", sheets)


def write_answers(canaries: Canaries, inbox: Path, batch_id: str) -> Path:
    """The bank's answers to two lines: one failed, for a reason that names a person; and other owners."""
    key = {"batch_id": batch_id, "paid_on": "2024-06-20"}
    reason = {"result": "失败", "failure_reason": canaries.any_text()}
    sheets: dict[type[Sheet], list[dict[str, object]]] = {
        PaymentReceipts: [key | {"line_number": 1, **reason}, key | {"line_number": 2, "result": "成功"}],
        HouseholdSurvey: [survey("O-1", "OH-1", **_survey(canaries))],
    }
    return write_workbook(inbox / f"{FILE_NAME}回执.xlsx", sheets)


def _survey(canaries: Canaries) -> dict[str, str]:
    return {name: value for name, column in HouseholdSurvey.columns.items() if (value := canaries.of(column))}


def write_canaries(canaries: Canaries, inbox: Path, sheets: Sequence[type[Sheet]] = ALL_SHEETS) -> list[Path]:
    """A workbook per sheet, named after a person: an accepted row, contradictions, and rejected ones.

    Each has a column and a sheet that nobody knows, named after a person too.
    """
    written = []
    for sheet in sheets:
        good, again = valid_row(canaries, sheet), valid_row(canaries, sheet)
        rows = [good, *wrong_rows(canaries, sheet), again, *_twice(canaries, sheet)]
        path = inbox / f"{FILE_NAME}某{sheet.title}.xlsx"
        written.append(_with_unknown_places(canaries, write_workbook(path, {sheet: rows}), sheet))
    refused = inbox / f"{FILE_NAME}.txt"
    refused.write_text(canaries.any_text(), "utf-8")
    return [*written, refused]


def _twice(canaries: Canaries, sheet: type[Sheet]) -> list[dict[str, object]]:
    """Two rows of one key that say different things."""
    key = {name: f"T-{canaries.name()}" for name in sheet.key if _is_free(sheet.columns[name])}
    return [valid_row(canaries, sheet, **key), valid_row(canaries, sheet, **key)]


def _with_unknown_places(canaries: Canaries, path: Path, sheet: type[Sheet]) -> Path:
    book = load_workbook(path)
    page = book[sheet.title]
    page.cell(1, page.max_column + 1, f"{PLACE}某{sheet.title}")
    page.cell(2, page.max_column, canaries.any_text())
    book.create_sheet(f"{PLACE}某{sheet.title}").append([canaries.any_text()])
    book.save(path)
    return path


@cache
def forms(text: str) -> tuple[bytes, ...]:
    """How a text may stand in a file, a database or a log."""
    plain = text.encode()
    escaped = json.dumps(text)[1:-1]
    base64_forms = (base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3))
    return tuple(
        {
            plain, text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("gb18030"),
            escaped.encode(), escaped.upper().replace("\\U", "\\u").encode(), quote(text).encode(),
            repr(plain)[2:-1].encode(), plain.hex().encode(),
            *base64_forms,
        }
    )  # fmt: skip


def marks_in(content: bytes, marks: Iterable[str]) -> set[str]:
    """The marks that a content holds in any form."""
    return {mark for mark in marks if any(form in content for form in forms(mark))}


def marks_in_file(path: Path, marks: Sequence[str]) -> set[str]:
    """The marks in a file; what is packed is unpacked."""
    found = marks_in(path.read_bytes(), marks)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for part in archive.infolist():
                found |= marks_in(part.filename.encode() + archive.read(part), marks)
    return found


def marks_below(folder: Path, marks: Sequence[str]) -> Mapping[str, set[str]]:
    """By each file's path below the folder: the marks in its name and content. Only those that have any."""
    found = {
        path.relative_to(folder).as_posix(): marks_in(path.name.encode(errors="surrogateescape"), marks)
        | (marks_in_file(path, marks) if path.is_file() else set())
        for path in sorted(folder.rglob("*"))
    }
    return {name: marks for name, marks in found.items() if marks}
