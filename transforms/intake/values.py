"""Reading the cells of one column by its kind: what each says, or what is wrong with it."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.columns import Column, Kind
from schemas.raw_sheet import BOOLEAN, DATE, ERROR_VALUE, NUMBER, PERCENTAGE, UNCALCULATED
from transforms.intake.dates import read_dates
from transforms.intake.numbers import read_numbers
from transforms.intake.text import compact, has_hidden_marks, tidy, tidy_name

IDENTIFIER_AS_NUMBER = "identifier_as_number"
SHORT_NUMBER = "short_number_in_text_column"
_MARKS_OF_YES = ("√", "✓", "✔", "Y", "1", "TRUE")
_MARKS_OF_NO = ("×", "✗", "✘", "X", "N", "0", "FALSE")
_WORDS = {Kind.YES_NO: ("是", "否"), Kind.HAS_NOT: ("有", "无")}
_NOT_TEXT = [NUMBER, PERCENTAGE, BOOLEAN, DATE]
_NOTHING = pl.lit(None, pl.String)


def read_values(cells: pl.DataFrame, column: Column, as_of: date) -> pl.DataFrame:
    """`value`, `problem` (a rule's name) and `notice` (a warning's) for each cell of a column.

    Takes `text` and `kind`. The value has the column's type, and is null where the cell is blank or there
    is a problem.
    """
    has_no_value = pl.col("kind").is_in([ERROR_VALUE, UNCALCULATED])
    if not cells.select(has_no_value.any()).item():
        return _read(cells, column, as_of)
    without = pl.when(has_no_value).then(_NOTHING).otherwise("text").alias("text")
    lost = (
        pl.when(pl.col("kind") == ERROR_VALUE)
        .then(pl.lit("excel_error"))
        .when(pl.col("kind") == UNCALCULATED)
        .then(pl.lit("formula_without_value"))
    )
    return _read(cells.with_columns(without), column, as_of).with_columns(
        pl.coalesce(cells.select(lost).to_series(), "problem").alias("problem")
    )


def _read(cells: pl.DataFrame, column: Column, as_of: date) -> pl.DataFrame:
    match column.kind:
        case Kind.DECIMAL | Kind.INTEGER:
            read = read_numbers(cells, column)
        case Kind.DATE:
            read = read_dates(cells, may_be_future=column.may_be_future, as_of=as_of)
        case Kind.YES_NO | Kind.HAS_NOT:
            read = read_yes_or_no(cells, column)
        case Kind.ID_NUMBER | Kind.CREDIT_CODE | Kind.ACCOUNT:
            read = _read_long_number(cells)
        case Kind.IDENTIFIER:
            return _without_hidden_marks(_read_identifier(cells))
        case Kind.ENUM:
            choices = compact(cells["text"]).replace(dict(column.synonyms))
            read = _as_it_stands(choices)
        case Kind.NAME:
            read = _without_hidden_marks(_as_it_stands(tidy_name(cells["text"])))
        case _:
            read = _as_it_stands(tidy(cells["text"]))
    return read.with_columns(_NOTHING.alias("notice"))


def _as_it_stands(values: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"value": values}).with_columns(_NOTHING.alias("problem"))


def _is_any_not_text(cells: pl.DataFrame) -> bool:
    return bool(cells["kind"].is_in(_NOT_TEXT).any())


def _without_hidden_marks(read: pl.DataFrame) -> pl.DataFrame:
    """Names and identifiers are compared and signed for: what can't be seen has no place in them."""
    is_hidden = has_hidden_marks(pl.col("value"))
    if not read.select(is_hidden.any()).item():
        return read
    return read.with_columns(
        pl.when(~is_hidden).then("value").alias("value"),
        pl.when(is_hidden).then(pl.lit("hidden_characters")).otherwise("problem").alias("problem"),
    )


def read_yes_or_no(cells: pl.DataFrame, column: Column) -> pl.DataFrame:
    """`value`, and `problem` where the cell says neither of the column's two words nor a mark of them."""
    yes, no = _WORDS[column.kind]
    if cells["text"].is_in([yes, no]).all() and not _is_any_not_text(cells):
        return _as_it_stands(cells["text"] == yes)
    meanings = dict.fromkeys((yes, *_MARKS_OF_YES), True) | dict.fromkeys((no, *_MARKS_OF_NO), False)
    meanings |= {synonym: meanings[meant] for synonym, meant in column.synonyms}
    text = pl.col("text")
    meaning = text.str.to_uppercase().replace_strict(meanings, default=None, return_dtype=pl.Boolean)
    is_readable = ~pl.col("kind").is_in([DATE, PERCENTAGE])
    return (
        cells.with_columns(compact(cells["text"]))
        .with_columns(pl.when(is_readable).then(meaning).alias("value"))
        .select(
            "value",
            pl.when(text.is_not_null() & pl.col("value").is_null())
            .then(pl.lit("not_yes_or_no"))
            .alias("problem"),
        )
    )


def _read_long_number(cells: pl.DataFrame) -> pl.DataFrame:
    """A number that must be text, since Excel drops zeros in front, and what is behind the 15th digit."""
    if not _is_any_not_text(cells):
        return _as_it_stands(compact(cells["text"]).str.to_uppercase())
    is_changed = pl.col("kind").is_in(_NOT_TEXT)
    has_lost_digits = (pl.col("kind") == NUMBER) & pl.col("text").str.contains(r"^\d{16,}$")
    return cells.with_columns(compact(cells["text"]).str.to_uppercase()).select(
        pl.when(~is_changed).then("text").alias("value"),
        pl.when(is_changed & has_lost_digits)
        .then(pl.lit("number_in_text_column"))
        .when(is_changed)
        .then(pl.lit(SHORT_NUMBER))
        .alias("problem"),
    )


def _read_identifier(cells: pl.DataFrame) -> pl.DataFrame:
    """A whole number of at most 15 digits is what was typed, but for zeros in front of it."""
    if not _is_any_not_text(cells):
        return _as_it_stands(compact(cells["text"])).with_columns(_NOTHING.alias("notice"))
    kind = pl.col("kind")
    is_whole = (kind == NUMBER) & pl.col("text").str.contains(r"^\d{1,15}$")
    is_changed = kind.is_in(_NOT_TEXT) & ~is_whole
    return cells.with_columns(compact(cells["text"])).select(
        pl.when(~is_changed).then("text").alias("value"),
        pl.when(is_changed).then(pl.lit("identifier_changed_by_excel")).alias("problem"),
        pl.when(is_whole).then(pl.lit(IDENTIFIER_AS_NUMBER)).alias("notice"),
    )
