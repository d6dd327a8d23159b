"""The cells of a sheet's records by field, merged values filled in, faults of the sheet's form marked."""

from __future__ import annotations

import polars as pl

from schemas.columns import Column, Kind
from schemas.raw_sheet import BLANK, CELL_KIND, RawSheet
from schemas.sheet import VOID_FIELD, VOID_HEADER, Sheet
from transforms.intake.layout import Layout
from transforms.intake.merges import filled_down, vertical_merges
from transforms.intake.text import compact

VOID_COLUMN = Column(
    VOID_HEADER, Kind.YES_NO, "该编号的记录作废的填是，其余留空", only_yes_or_blank=True, name=VOID_FIELD
)
SHEET_INDEX, ROW_NUMBER = "sheet_index", "row_number"
HEADER_IN_ANOTHER_UNIT, DUPLICATE_COLUMN = "header_in_another_unit", "duplicate_column"
_BLANK_CELL = pl.DataFrame(schema={"text": pl.String(), "kind": CELL_KIND, "problem": pl.String()})


def all_columns(contract: type[Sheet]) -> dict[str, Column]:
    """The sheet's columns by field, 作废 among them."""
    return contract.columns | {VOID_FIELD: VOID_COLUMN}


def text_of(field: str) -> str:
    """The column that holds the text found in a field's cell."""
    return f"{field}:text"


def kind_of(field: str) -> str:
    """The column that holds the kind of a field's cell."""
    return f"{field}:kind"


def problem_of(field: str) -> str:
    """The column that holds what is wrong with a field's cell."""
    return f"{field}:problem"


def record_cells(
    records: pl.DataFrame, raw: RawSheet, sheet_index: int, layout: Layout, contract: type[Sheet]
) -> pl.DataFrame:
    """One row per record: sheet and row, and for each field the cell's text, kind and problem."""
    merges = vertical_merges(raw, layout.header_row)
    columns = records.select(pl.lit(sheet_index, pl.Int64).alias(SHEET_INDEX), ROW_NUMBER).get_columns()
    for field, column in all_columns(contract).items():
        cells = _cells(records, raw, layout, field, column, merges)
        names = {"text": text_of(field), "kind": kind_of(field), "problem": problem_of(field)}
        columns += [cells[part].alias(name) for part, name in names.items()]
    return pl.DataFrame(columns)


def _cells(
    records: pl.DataFrame,
    raw: RawSheet,
    layout: Layout,
    field: str,
    column: Column,
    merges: dict[int, pl.DataFrame],
) -> pl.DataFrame:
    position = layout.positions.get(field)
    if position is None:
        return _BLANK_CELL.clear(records.height).with_columns(pl.col("kind").fill_null(BLANK))
    cells = _one_column(records, raw, position, column, merges)
    if field in layout.foreign_units:
        is_filled = compact(cells["text"]).is_not_null()
        cells = cells.with_columns(pl.when(is_filled).then(pl.lit(HEADER_IN_ANOTHER_UNIT)).alias("problem"))
    for repeat in layout.repeats.get(field, ()):
        first = compact(cells["text"])
        second = compact(_one_column(records, raw, repeat, column, merges)["text"])
        differs = second.is_not_null() & second.ne_missing(first)
        marked = pl.when(differs).then(pl.lit(DUPLICATE_COLUMN))
        cells = cells.with_columns(pl.coalesce("problem", marked).alias("problem"))
    return cells


def _one_column(
    records: pl.DataFrame, raw: RawSheet, position: int, column: Column, merges: dict[int, pl.DataFrame]
) -> pl.DataFrame:
    if position in merges:
        return filled_down(records, raw, position, column, merges[position])
    none = pl.Series([None], dtype=pl.String).new_from_index(0, records.height)
    return pl.DataFrame(
        {"text": records[f"text_{position}"], "kind": records[f"kind_{position}"], "problem": none}
    )
