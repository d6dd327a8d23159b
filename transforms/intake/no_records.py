"""Which rows below a header are no records: totals, sign-off lines, notes and repeated titles."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from schemas.columns import Kind
from schemas.raw_sheet import ERROR_VALUE, NUMBER, TEXT, UNCALCULATED, RawSheet
from schemas.sheet import VOID_FIELD, Sheet
from transforms.frames import only
from transforms.intake.labels import is_label, may_be_label, may_be_note, may_be_total
from transforms.intake.layout import Layout
from transforms.intake.merges import filled_down, vertical_merges
from transforms.intake.text import compact, has_content

FIRST_TEXT, _PLACE = "first_text", "place"
MOST_CELLS_OF_A_NOTE = 4


def is_filled(column: int) -> pl.Expr:
    """Whether a cell holds something other than white space."""
    has_no_text = pl.col(f"kind_{column}").is_in([ERROR_VALUE, UNCALCULATED])
    return has_no_text | has_content(pl.col(f"text_{column}"))


def with_first_text(rows: pl.DataFrame, width: int) -> pl.DataFrame:
    """With the text of each row's first filled cell, without white space."""
    first = pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
    left = rows.with_row_index(_PLACE)
    for column in range(width):
        # most rows have a first cell: the further columns are looked at for the others alone
        has_text = left.select(has_content(pl.col(f"text_{column}"))).to_series()
        found = only(left.select(_PLACE, f"text_{column}"), has_text)
        if found.height == rows.height:
            first = found[f"text_{column}"]
        elif not found.is_empty():
            first = first.scatter(found[_PLACE], found[f"text_{column}"])
        left = left.filter(~has_text)
        if left.is_empty():
            break
    return rows.with_columns(compact(first.alias(FIRST_TEXT)))


def no_records(rows: pl.DataFrame, raw: RawSheet, layout: Layout, contract: type[Sheet]) -> pl.DataFrame:
    """Those of the rows, which have their first text, that are no records. A whole key makes a record."""
    is_suspect = may_be_label(rows[FIRST_TEXT]) | _is_in_titles(rows[FIRST_TEXT], layout)
    suspects = rows.filter(is_suspect).rechunk()
    if suspects.is_empty():
        return suspects
    sheet = (raw, layout, contract)
    return suspects.filter(_is_labelled(suspects, *sheet) | _may_be_labelled(suspects, *sheet))


def _is_labelled(rows: pl.DataFrame, raw: RawSheet, layout: Layout, contract: type[Sheet]) -> pl.Series:
    """Whether the row begins with a label, or has nothing but titles, and no whole key beside it."""
    is_known = is_label(rows[FIRST_TEXT]) | _is_title(rows, raw.width, layout)
    keys = [_cells(rows, layout.positions[name]) for name in contract.key]
    return is_known & ~_may_be_key(keys, layout, contract, is_label)


def _may_be_labelled(rows: pl.DataFrame, raw: RawSheet, layout: Layout, contract: type[Sheet]) -> pl.Series:
    """Whether the row begins with what may be a label, and holds too little beside it to be a record.

    A total has nothing but numbers, a note few cells, and neither a whole key, of which a merged cell
    may be a part. A row that withdraws a record needs no more than a key, and so is never too little.
    """
    is_total = may_be_total(rows[FIRST_TEXT]) & ~_has_words(rows, layout, contract)
    cells = rows.select(pl.sum_horizontal(*map(is_filled, range(raw.width)))).to_series()
    is_note = may_be_note(rows[FIRST_TEXT]) & (cells <= MOST_CELLS_OF_A_NOTE)
    is_note &= ~_is_complete(rows, layout, contract)
    merges = vertical_merges(raw, layout.header_row)
    keys = []
    for name in contract.key:
        place = layout.positions[name]
        is_merged = place in merges
        keys.append(
            filled_down(rows, raw, place, contract.columns[name], merges[place])
            if is_merged
            else _cells(rows, place)
        )
    withdraws = _for_each(rows, value=False)
    if VOID_FIELD in layout.positions:
        withdraws = rows.select(is_filled(layout.positions[VOID_FIELD])).to_series()
    return (is_total | is_note) & ~withdraws & ~_may_be_key(keys, layout, contract, may_be_label)


def _cells(rows: pl.DataFrame, column: int) -> pl.DataFrame:
    return rows.select(pl.col(f"text_{column}").alias("text"), pl.col(f"kind_{column}").alias("kind"))


def _may_be_key(
    keys: list[pl.DataFrame],
    layout: Layout,
    contract: type[Sheet],
    is_other: Callable[[pl.Series], pl.Series],
) -> pl.Series:
    """Whether each cell of the key holds what may be its part: no title, and nothing that is other."""
    may_be = _for_each(keys[0], value=True)
    for name, cells in zip(contract.key, keys, strict=True):
        texts, pattern = compact(cells["text"]), contract.columns[name].pattern
        may_be &= texts.is_not_null() & ~is_other(texts) & ~_is_in_titles(texts, layout)
        if pattern is not None:
            has_form = texts.str.contains(pattern).fill_null(value=False)
            may_be &= has_form & cells["kind"].is_in([TEXT, NUMBER])
    return may_be


def _has_words(rows: pl.DataFrame, layout: Layout, contract: type[Sheet]) -> pl.Series:
    """Whether something that is no number, beside the first text and the key, is filled in as required."""
    has_words = _for_each(rows, value=False)
    for name, column in contract.columns.items():
        place = layout.positions.get(name)
        is_number = column.kind in (Kind.DECIMAL, Kind.INTEGER)
        if place is None or is_number or name in contract.key or not column.required:
            continue
        texts = compact(rows[f"text_{place}"])
        has_words |= texts.str.contains(r"\w").fill_null(value=False) & (texts != rows[FIRST_TEXT])
    return has_words


def _is_complete(rows: pl.DataFrame, layout: Layout, contract: type[Sheet]) -> pl.Series:
    required = {name for name, column in contract.columns.items() if column.required}
    if not required.issubset(layout.positions):
        return _for_each(rows, value=False)
    cells = [is_filled(layout.positions[name]) for name in required]
    return rows.select(pl.all_horizontal(cells).alias("is_complete")).to_series()


def _is_title(rows: pl.DataFrame, width: int, layout: Layout) -> pl.Series:
    """Whether the row repeats what stands above the header, and holds nothing else."""
    is_title = _for_each(rows, value=True)
    for column in range(width):
        is_blank = ~rows.select(is_filled(column)).to_series()
        is_title &= is_blank | _is_in_titles(compact(rows[f"text_{column}"]), layout)
    return is_title


def _is_in_titles(texts: pl.Series, layout: Layout) -> pl.Series:
    return texts.is_in(layout.titles).fill_null(value=False)


def _for_each(rows: pl.DataFrame, *, value: bool) -> pl.Series:
    return pl.Series([value], dtype=pl.Boolean).new_from_index(0, rows.height)
