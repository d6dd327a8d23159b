"""Findings as they come up, by sheet and field, and the table that they are reported in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from schemas.audit import Findings
from schemas.raw_sheet import RawSheet
from schemas.sheet import ERROR, VOID_FIELD, VOID_HEADER, WARNING, Sheet
from transforms.frames import stacked
from transforms.intake.layout import Layout

LONGEST_VALUE = 200
FOUND_SCHEMA: dict[str, pl.DataType] = {
    "sheet_index": pl.Int64(),
    "row_number": pl.Int64(),
    "field": pl.String(),
    "position": pl.Int64(),
    "value": pl.String(),
    "rule": pl.String(),
    "severity": pl.String(),
    "message": pl.String(),
}
"""A row per finding: the sheet's place among those read, the column's place from 0 = A where it is known."""
_LOCATION_SCHEMA = {
    "sheet_index": pl.Int64(),
    "field": pl.String(),
    "place": pl.Int64(),
    "header": pl.String(),
}
_LETTERS = 26


@dataclass(frozen=True)
class SheetHeaders:
    """A sheet that was read, for naming what was found in it; without a contract when it is unknown."""

    raw: RawSheet
    contract: type[Sheet] | None = None
    layout: Layout | None = None


def column_letter(position: int) -> str:
    """The column's letters as Excel shows them, from 0 = A."""
    letters = ""
    position += 1
    while position:
        position, letter = divmod(position - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def with_value(template: str, value: pl.Expr) -> pl.Expr:
    """The template with the value for each `{value}` in it."""
    first, *others = template.split("{value}")
    shown = value.fill_null("").str.slice(0, LONGEST_VALUE)
    parts = [part for text in others for part in (shown, pl.lit(text))]
    return pl.concat_str(pl.lit(first), *parts)


@dataclass(frozen=True)
class HeaderCell:
    """A cell of the header: its row as Excel shows it, its column from 0 = A, and what it says."""

    row_number: int
    position: int
    text: str
    field: str | None = None


def found_in_sheet(
    sheet_index: int, rule: str, message: str, *, severity: str = WARNING, cell: HeaderCell | None = None
) -> pl.DataFrame:
    """One finding about a sheet or a cell of its header."""
    place = (cell.row_number, cell.field, cell.position) if cell else (None, None, None)
    shown = cell.text[:LONGEST_VALUE] or None if cell else None
    row = (sheet_index, *place, shown, rule, severity, message)
    return pl.DataFrame([row], schema=FOUND_SCHEMA, orient="row")


def report(
    found: Sequence[pl.DataFrame], sheets: Sequence[SheetHeaders], *, upload_id: str, file_name: str
) -> pl.DataFrame:
    """The findings as `schemas.audit.Findings`, in the order of sheets, rows and columns."""
    every = stacked([pl.DataFrame(schema=FOUND_SCHEMA), *found])
    names = {index: sheet.raw.name for index, sheet in enumerate(sheets)}
    place = pl.coalesce("position", "place")
    letters = {
        number: column_letter(number) for number in range(max((s.raw.width for s in sheets), default=0))
    }
    frame = (
        every.join(_locations(sheets), on=["sheet_index", "field"], how="left", maintain_order="left")
        .with_columns(place.alias("place"))
        .sort("sheet_index", "row_number", "place", nulls_last=False, maintain_order=True)
        .select(
            pl.lit(upload_id).alias("upload_id"),
            pl.lit(file_name).alias("file_name"),
            pl.col("sheet_index").replace_strict(names, default=None, return_dtype=pl.String).alias("sheet"),
            "row_number",
            pl.col("place")
            .replace_strict(letters, default=None, return_dtype=pl.String)
            .alias("column_letter"),
            "header",
            "field",
            "value",
            "rule",
            "severity",
            "message",
        )
    )
    return Findings.conform(frame)


def refusal(*, upload_id: str, file_name: str, rule: str, message: str) -> pl.DataFrame:
    """The one finding of a file that is refused as a whole."""
    every = found_in_sheet(-1, rule, message, severity=ERROR)
    return report([every], (), upload_id=upload_id, file_name=file_name)


def _locations(sheets: Sequence[SheetHeaders]) -> pl.DataFrame:
    rows = []
    for index, sheet in enumerate(sheets):
        if sheet.contract is None:
            continue
        headers = {name: column.header for name, column in sheet.contract.columns.items()}
        positions = sheet.layout.positions if sheet.layout else {}
        rows += [
            (index, field, positions.get(field), header)
            for field, header in (headers | {VOID_FIELD: VOID_HEADER}).items()
        ]
    return pl.DataFrame(rows, schema=_LOCATION_SCHEMA, orient="row")
