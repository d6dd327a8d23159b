"""What each row below the header is: a record's, or one that is read and skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from schemas.raw_sheet import ERROR_VALUE, NUMBER, TEXT, UNCALCULATED, RawSheet
from schemas.sheet import Sheet
from transforms.intake.layout import FEWEST_HEADERS, Layout, header_fields
from transforms.intake.text import compact, has_content

_TOTAL = (
    r"^\(?(?:本页|本户|本表|累计|以上|全部)?(?:合计|小计|总计|共计)\)?(?:\([^()]*\))?:?"
    r"(?:[-¥￥]*\d[\d.,]*(?:元|万元|㎡|平方米|户|处|人)?)?$"
)
_SIGNERS = "制表|审核|复核|填表|填报|编制|经办|负责|调查|校对|批准|单位负责|领导"
_SIGNATURE = "签字|签名|签章|盖章|\\([^()]*\\)"
_SIGN_OFF = (
    rf"^(?:(?:{_SIGNERS})(?:人|员|者|组|单位|部门|机关|领导|日期|时间|{_SIGNATURE})*:"
    rf"|(?:{_SIGNERS})人?(?:{_SIGNATURE})?$)"
)
_LABEL = f"{_TOTAL}|{_SIGN_OFF}"
_FIRST = "first_text"


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
    return cells.filter(pl.any_horizontal(pl.lit(value=False), *map(_is_filled, columns)))


def divide_rows(raw: RawSheet, layout: Layout, contract: type[Sheet]) -> SheetRows:
    """Tell records from totals, sign-off lines, repeated headers and titles, notes and our own example."""
    below = raw.cells.filter(pl.col("row_number") > layout.header_row)
    rows = _with_first_text(content_rows(below, range(raw.width)), raw.width)
    suspects = rows.filter(
        _says(rows[_FIRST], _LABEL) | rows[_FIRST].is_in(layout.titles).fill_null(value=False)
    )
    no_records = suspects
    if not suspects.is_empty():
        no_records = suspects.filter(
            (_says(suspects[_FIRST], _LABEL) | _is_title(suspects, raw.width, layout))
            & ~_could_be_record(suspects, layout, contract)
        )
    skipped = [
        no_records["row_number"],
        _repeated_headers(rows, layout, contract),
        _examples(rows, layout, contract),
    ]
    others = rows.filter(~pl.col("row_number").is_in(pl.concat(skipped).implode()))
    records = content_rows(others, layout.positions.values())
    return SheetRows(
        records=records,
        totals=no_records.filter(_says(no_records[_FIRST], _TOTAL)),
        skipped=rows.height - records.height,
    )


def filled_columns(records: pl.DataFrame, columns: Iterable[int]) -> list[int]:
    """Which of the columns hold something in a record's row."""
    places = list(columns)
    filled = records.select(_is_filled(place).any().alias(str(place)) for place in places)
    return [place for place in places if filled[str(place)].any()]


def _is_filled(column: int) -> pl.Expr:
    has_no_text = pl.col(f"kind_{column}").is_in([ERROR_VALUE, UNCALCULATED])
    return has_no_text | has_content(pl.col(f"text_{column}"))


def _with_first_text(rows: pl.DataFrame, width: int) -> pl.DataFrame:
    """With the text of each row's first filled cell, without white space."""
    cells = (pl.when(has_content(pl.col(f"text_{column}"))).then(f"text_{column}") for column in range(width))
    first = rows.select(pl.coalesce(*cells, pl.lit(None, pl.String)).alias(_FIRST)).to_series()
    return rows.with_columns(compact(first))


def _says(texts: pl.Series, pattern: str) -> pl.Series:
    return texts.str.contains(pattern).fill_null(value=False)


def _could_be_record(rows: pl.DataFrame, layout: Layout, contract: type[Sheet]) -> pl.Series:
    """Whether each cell of the key is filled with what may be a key: such a row is never skipped."""
    could_be = pl.Series([True], dtype=pl.Boolean).new_from_index(0, rows.height)
    for name in contract.key:
        position, pattern = layout.positions[name], contract.columns[name].pattern
        texts = compact(rows[f"text_{position}"])
        could_be &= texts.is_not_null() & ~_says(texts, _LABEL)
        could_be &= ~texts.is_in(layout.titles).fill_null(value=False)
        if pattern is not None:
            could_be &= _says(texts, pattern) & rows[f"kind_{position}"].is_in([TEXT, NUMBER])
    return could_be


def _is_title(rows: pl.DataFrame, width: int, layout: Layout) -> pl.Series:
    """Whether the row repeats what stands above the header, and holds nothing else."""
    is_title = pl.Series([True], dtype=pl.Boolean).new_from_index(0, rows.height)
    for column in range(width):
        texts = compact(rows[f"text_{column}"])
        is_blank = ~rows.select(_is_filled(column)).to_series()
        is_title &= is_blank | texts.is_in(layout.titles).fill_null(value=False)
    return is_title


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
        suspects = suspects.filter(~_is_filled(position) | may_be_header.fill_null(value=False))
        if suspects.is_empty():
            return suspects["row_number"]
    headers = pl.Series([0], dtype=pl.Int64).new_from_index(0, suspects.height)
    is_other = pl.Series([False], dtype=pl.Boolean).new_from_index(0, suspects.height)
    for field, position in layout.positions.items():
        is_header = header_fields(suspects[f"text_{position}"], contract)["field"].eq_missing(field)
        headers += is_header.cast(pl.Int64)
        is_other |= suspects.select(_is_filled(position)).to_series() & ~is_header
    return suspects["row_number"].filter((headers >= FEWEST_HEADERS) & ~is_other)
