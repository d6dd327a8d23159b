"""What each row below the header is: a record's, or one that is read and skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from schemas.raw_sheet import RawSheet
from schemas.sheet import Sheet
from transforms.frames import only
from transforms.intake.labels import names_total
from transforms.intake.layout import FEWEST_HEADERS, Layout, header_fields
from transforms.intake.no_records import FIRST_TEXT, is_filled, no_records, with_first_text
from transforms.intake.text import compact


@dataclass(frozen=True)
class SheetRows:
    """The non-blank rows below a header, as the cells of a `RawSheet`: those of records, and totals.

    `skipped` counts the rows that are no records, totals among them.
    """

    records: pl.DataFrame
    totals: pl.DataFrame
    skipped: int


def content_rows(cells: pl.DataFrame, columns: Iterable[int]) -> pl.DataFrame:
    """The rows that have something other than white space in one of the columns."""
    places = pl.int_range(cells.height, dtype=pl.UInt32, eager=True)
    for column in columns:
        # most rows have something in the first column: the others are looked at for the rest alone
        cell = cells.select(f"text_{column}", f"kind_{column}")
        cell = cell if len(places) == cells.height else cell[places]
        places = places.filter(cell.select(~is_filled(column)).to_series())
        if places.is_empty():
            return cells
    return cells.filter(pl.repeat(value=True, n=cells.height, eager=True).scatter(places, values=False))


def rows_below(cells: pl.DataFrame, row_number: int) -> pl.DataFrame:
    """The rows, which are in order, behind one."""
    return cells.slice(int((cells["row_number"] <= row_number).sum()))


def divide_rows(raw: RawSheet, layout: Layout, contract: type[Sheet]) -> SheetRows:
    """Tell records from totals, sign-off lines, repeated headers and titles, notes and our own example."""
    below = rows_below(raw.cells, layout.header_row)
    rows = with_first_text(content_rows(below, range(raw.width)), raw.width)
    others_than_records = no_records(rows, raw, layout, contract)
    skipped = [
        others_than_records["row_number"],
        _repeated_headers(rows, layout, contract),
        _examples(rows, layout, contract),
    ]
    others = only(rows, ~rows["row_number"].is_in(pl.concat(skipped, rechunk=True).implode()))
    records = content_rows(others, layout.positions.values())
    return SheetRows(
        records=records,
        totals=others_than_records.filter(names_total(others_than_records[FIRST_TEXT])),
        skipped=rows.height - records.height,
    )


def filled_columns(records: pl.DataFrame, columns: Iterable[int]) -> list[int]:
    """Which of the columns hold something in a record's row."""
    places = list(columns)
    filled = records.select(is_filled(place).any().alias(str(place)) for place in places)
    return [place for place in places if filled[str(place)].any()]


def _examples(rows: pl.DataFrame, layout: Layout, contract: type[Sheet]) -> pl.Series:
    """The numbers of the rows that have the key of the template's example: nobody's record, left standing."""
    for name in contract.key:
        is_example = compact(rows[f"text_{layout.positions[name]}"]) == contract.columns[name].example
        rows = rows.filter(is_example.fill_null(value=False))
    return rows["row_number"]


def _repeated_headers(rows: pl.DataFrame, layout: Layout, contract: type[Sheet]) -> pl.Series:
    """The numbers of the rows in which each filled column of the contract, two at least, holds its header."""
    suspects = rows
    starts = {field: header[0] for header, field in contract.headers().items()}
    for field, position in layout.positions.items():
        may_be_header = pl.col(f"text_{position}").str.contains(starts[field], literal=True)
        suspects = suspects.filter(~is_filled(position) | may_be_header.fill_null(value=False))
        if suspects.is_empty():
            return suspects["row_number"]
    headers = pl.Series([0], dtype=pl.Int64).new_from_index(0, suspects.height)
    is_other = pl.Series([False], dtype=pl.Boolean).new_from_index(0, suspects.height)
    for field, position in layout.positions.items():
        is_header = header_fields(suspects[f"text_{position}"], contract)["field"].eq_missing(field)
        headers += is_header.cast(pl.Int64)
        is_other |= suspects.select(is_filled(position)).to_series() & ~is_header
    return suspects["row_number"].filter((headers >= FEWEST_HEADERS) & ~is_other)
