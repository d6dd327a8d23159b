"""Reading the sheets of one contract: usually one in a workbook, and never two rows with the same key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from pandera.errors import SchemaError, SchemaErrors

from schemas.audit import RejectedRows
from schemas.housing import HouseholdSurvey
from schemas.raw_sheet import RawSheet
from schemas.sheet import PROVENANCE, VOID_FIELD, Sheet
from transforms.frames import has_repeats, stacked
from transforms.intake.between_rows import Places, check_households, check_keys
from transforms.intake.cells import (
    DUPLICATE_COLUMN,
    HEADER_IN_ANOTHER_UNIT,
    ROW_NUMBER,
    SHEET_INDEX,
    record_cells,
)
from transforms.intake.form import SheetForm, letters_of, read_form
from transforms.intake.layout import Layout
from transforms.intake.records import (
    Faults,
    Notes,
    check_cells,
    check_notices,
    check_rules,
    read_records,
    settle,
)
from transforms.intake.rows import SheetRows
from transforms.intake.text import compact
from transforms.intake.totals import differing_totals


class CountMismatchError(Exception):
    """Rows read are not the sum of those accepted, rejected and skipped."""


class ContractBreachError(Exception):
    """Accepted records break their sheet's contract."""


@dataclass(frozen=True)
class SheetReading:
    """What came of the sheets of one contract: `records` has the contract's columns and `is_void`.

    `rejected` is as `schemas.audit.RejectedRows`; of a refused sheet it has the rows below its header.

    `layouts` by the sheet's index, for those with a header; `refused` names the sheets refused.
    """

    contract: type[Sheet]
    records: pl.DataFrame
    found: tuple[pl.DataFrame, ...]
    layouts: Mapping[int, Layout]
    refused: tuple[str, ...]
    rows_read: int
    rejected: pl.DataFrame
    rows_rejected: int
    rows_skipped: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing of it was rejected."""
        return not self.refused and not self.rows_rejected


@dataclass(frozen=True)
class _ReadableSheet:
    index: int
    raw: RawSheet
    layout: Layout
    rows: SheetRows


def read_sheets(
    sheets: Mapping[int, RawSheet], contract: type[Sheet], *, upload_id: str, as_of: date
) -> SheetReading:
    """Read the sheets, by their index in the workbook, that have the contract's title."""
    forms = [read_form(index, raw, contract) for index, raw in sheets.items()]
    readable = [
        _ReadableSheet(form.index, form.raw, form.layout, form.rows)
        for form in forms
        if form.layout is not None and form.rows is not None
    ]
    found = [finding for form in forms for finding in form.found]
    records = pl.DataFrame(schema=contract.frame_schema() | {VOID_FIELD: pl.Boolean()})
    rejected = RejectedRows.empty()
    if readable:
        places = {index: place for place, index in enumerate(sheets, start=1)}
        faults, totals = _checked(readable, places, contract, as_of)
        found += [*totals, *faults.found]
        names = {sheet.index: sheet.raw.name for sheet in readable}
        records = _accepted(faults, contract, upload_id, names)
        rejected = _rejected(faults, contract, upload_id, names)
    reading = SheetReading(
        contract=contract,
        records=records,
        found=tuple(found),
        layouts={form.index: form.layout for form in forms if form.layout is not None},
        refused=tuple(form.raw.name for form in forms if form.is_refused),
        rows_read=sum(form.rows_read for form in forms),
        rejected=stacked([rejected, *(_unread(form, contract, upload_id) for form in forms)]),
        rows_rejected=rejected.height + sum(form.rows_read for form in forms if form.is_refused),
        rows_skipped=sum(sheet.rows.skipped for sheet in readable),
    )
    check_counts(reading)
    return reading


def _checked(
    sheets: Sequence[_ReadableSheet], places: Places, contract: type[Sheet], as_of: date
) -> tuple[Faults, list[pl.DataFrame]]:
    cells = stacked(
        record_cells(sheet.rows.records, sheet.raw, sheet.index, sheet.layout, contract) for sheet in sheets
    )
    wide = read_records(cells, contract, as_of)
    totals = [
        differing_totals(
            wide.filter(pl.col(SHEET_INDEX) == sheet.index),
            sheet.rows.totals,
            sheet.index,
            sheet.layout,
            contract,
        )
        for sheet in sheets
    ]
    faults = Faults(settle(wide, contract))
    check_cells(faults, contract, _notes(sheets), as_of)
    check_rules(faults, contract)
    check_keys(faults, contract, places)
    if contract is HouseholdSurvey:
        check_households(faults, places)
    check_notices(faults, contract)
    return faults, totals


def _notes(sheets: Sequence[_ReadableSheet]) -> Notes:
    notes = {}
    for sheet in sheets:
        for field, unit in sheet.layout.foreign_units.items():
            notes[sheet.index, HEADER_IN_ANOTHER_UNIT, field] = unit
        for field in sheet.layout.repeats:
            notes[sheet.index, DUPLICATE_COLUMN, field] = letters_of(sheet.layout, field)
    return notes


def _accepted(
    faults: Faults, contract: type[Sheet], upload_id: str, names: Mapping[int, str]
) -> pl.DataFrame:
    records = faults.wide.select(
        *contract.columns,
        pl.lit(upload_id).alias("upload_id"),
        pl.col(SHEET_INDEX).replace_strict(names, return_dtype=pl.String).alias("sheet"),
        ROW_NUMBER,
        VOID_FIELD,
    )
    if faults.rejected.any():
        records = records.filter(~faults.rejected)
    current = records.drop(VOID_FIELD)
    if records[VOID_FIELD].any():
        current = current.filter(~records[VOID_FIELD])
    if _is_sound(current, faults, contract):
        return records
    try:
        contract.schema().validate(current)
    except (SchemaError, SchemaErrors) as error:
        check = error.check if isinstance(error, SchemaError) else type(error).__name__
        reason = f"{contract.table}: accepted records break the contract ({check})"
        raise ContractBreachError(reason) from None
    return records


def _is_sound(current: pl.DataFrame, faults: Faults, contract: type[Sheet]) -> bool:
    """Whether the contract's schema would find nothing: pandera takes as long again as all checks did."""
    required = [*PROVENANCE, *(name for name, column in contract.columns.items() if column.required)]
    return (
        current.schema == pl.Schema(contract.frame_schema())
        and not any(current[name].null_count() for name in required)
        and not faults.is_any_broken(~faults.rejected & ~faults.wide[VOID_FIELD])
        and not has_repeats(current.select(contract.key))
    )


def _rejected(
    faults: Faults, contract: type[Sheet], upload_id: str, names: Mapping[int, str]
) -> pl.DataFrame:
    return faults.wide.filter(faults.rejected).select(
        pl.lit(upload_id).alias("upload_id"),
        pl.lit(contract.table).alias("sheet_table"),
        pl.col(SHEET_INDEX).replace_strict(names, return_dtype=pl.String).alias("sheet"),
        ROW_NUMBER,
        pl.col(contract.key[0]).cast(pl.String).alias("leading_key"),
    )


def _unread(form: SheetForm, contract: type[Sheet], upload_id: str) -> pl.DataFrame:
    """The rows of a refused sheet, with what stands in the column of the leading key."""
    if not form.is_refused or form.layout is None or contract.key[0] not in form.layout.positions:
        return RejectedRows.empty()
    below = form.raw.cells.filter(pl.col("row_number") > form.layout.header_row)
    keys = compact(below[f"text_{form.layout.positions[contract.key[0]]}"])
    rows = below.select(
        pl.lit(upload_id).alias("upload_id"),
        pl.lit(contract.table).alias("sheet_table"),
        pl.lit(form.raw.name).alias("sheet"),
        ROW_NUMBER,
        keys.alias("leading_key"),
    )
    return rows.drop_nulls("leading_key")


def check_counts(reading: SheetReading) -> None:
    """Raises CountMismatchError when a row read is not accounted for."""
    accepted = reading.records.height
    if reading.rows_read != accepted + reading.rows_rejected + reading.rows_skipped:
        reason = (
            f"{reading.contract.table}: {reading.rows_read} rows read, but {accepted} accepted, "
            f"{reading.rows_rejected} rejected and {reading.rows_skipped} skipped"
        )
        raise CountMismatchError(reason)
