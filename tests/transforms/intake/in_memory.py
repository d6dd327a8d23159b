"""Sheets built in memory, as the reader of workbooks would give them, and rows that are in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl

from schemas.housing import Appraisals, HouseholdSurvey
from schemas.raw_sheet import (
    BLANK,
    BOOLEAN,
    CELL_KIND,
    DATE,
    ERROR_VALUE,
    NUMBER,
    PERCENTAGE,
    TEXT,
    UNCALCULATED,
    Merge,
    RawSheet,
)
from schemas.sheet import Sheet
from transforms.intake.upload import UploadReading, read_upload

AS_OF = date(2021, 12, 31)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Special:
    """A cell that is no plain Python value."""

    kind: str
    text: str | None


UNCALCULATED_CELL = Special(UNCALCULATED, None)
Value = str | int | Decimal | bool | date | datetime | Special | None


def resident_id(number: int) -> str:
    """An invented ID number with its check character; the 3rd ends in X."""
    digits = f"11010119000101{number:03}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


def percent(fraction: str) -> Special:
    return Special(PERCENTAGE, fraction)


def error_cell(shown: str = "#REF!") -> Special:
    return Special(ERROR_VALUE, shown)


def cell(value: Value) -> tuple[str | None, str]:
    """The text and kind that the reader of workbooks gives a value."""
    if isinstance(value, Special):
        return value.text, value.kind
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}", DATE
    kinds = {str: TEXT, bool: BOOLEAN, int: NUMBER, Decimal: NUMBER, date: DATE, type(None): BLANK}
    text = None if value is None else str(value)
    return text.upper() if text and isinstance(value, bool) else text, kinds[type(value)]


def raw_sheet(
    name: str,
    rows: Sequence[Sequence[Value]],
    *,
    merges: Sequence[Merge] = (),
    is_hidden: bool = False,
    keep_empty_rows: bool = False,
) -> RawSheet:
    """A sheet whose first row is Excel's row 1; wholly empty rows are left out unless they are kept."""
    width = max((len(row) for row in rows), default=0)
    cells = [[cell(value) for value in [*row, *[None] * (width - len(row))]] for row in rows]
    data: dict[str, pl.Series] = {
        "row_number": pl.Series(range(1, len(rows) + 1), dtype=pl.Int64),
    }
    for column in range(width):
        data[f"text_{column}"] = pl.Series([row[column][0] for row in cells], dtype=pl.String)
        data[f"kind_{column}"] = pl.Series([row[column][1] for row in cells], dtype=CELL_KIND)
    frame = pl.DataFrame(data)
    if width and not keep_empty_rows:
        frame = frame.filter(pl.any_horizontal(pl.col(f"kind_{j}") != BLANK for j in range(width)))
    return RawSheet(name, frame, tuple(merges), is_hidden)


def example(contract: type[Sheet], **changes: Value) -> dict[str, Value]:
    """A row of the sheet by field: the contract's own examples under other numbers, with changes."""
    row: dict[str, Value] = {
        name: column.example.replace("EXAMPLE", "JJG") or None for name, column in contract.columns.items()
    }
    return row | changes


def table(contract: type[Sheet], rows: Sequence[Mapping[str, Value]]) -> list[list[Value]]:
    """The header and the rows in the contract's order, with 作废 when a row has it."""
    fields = [*contract.columns]
    headers: list[Value] = [column.header for column in contract.columns.values()]
    if any("is_void" in row for row in rows):
        fields.append("is_void")
        headers.append("作废")
    return [headers, *([row.get(field) for field in fields] for row in rows)]


def survey(building: int, **changes: Value) -> dict[str, Value]:
    """A surveyed building of a household of its own."""
    identity = {"household_id": f"H-{building:04}", "building_id": f"JJG-{building:04}"}
    return example(HouseholdSurvey, **(identity | changes))


def appraisal(building: int, amount: Value, **changes: Value) -> dict[str, Value]:
    identity: dict[str, Value] = {"building_id": f"JJG-{building:04}", "appraised_amount": amount}
    return example(Appraisals, **(identity | changes))


def read(*sheets: RawSheet) -> UploadReading:
    return read_upload(sheets, upload_id="u1", file_name="表.xlsx", as_of=AS_OF)


def read_rows(contract: type[Sheet], *rows: Mapping[str, Value]) -> UploadReading:
    """The rows below a header in row 1: the first is Excel's row 2."""
    return read(raw_sheet(contract.title, table(contract, rows)))


def found(reading: UploadReading, *columns: str) -> list[tuple[object, ...]]:
    """The findings as tuples of the columns named."""
    return reading.findings.select(columns).rows()
