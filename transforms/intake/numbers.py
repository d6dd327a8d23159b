"""Reading what people write for a number: exact decimals and whole numbers, with the column's own unit."""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

from schemas.columns import PERCENT, Column, Kind
from schemas.raw_sheet import BOOLEAN, DATE, NUMBER, PERCENTAGE
from transforms.intake.text import compact
from transforms.intake.units import other_spellings, own_spellings

MOST_DIGITS_OF_A_COUNT = 9
_CURRENCY = "(?:¥|￥|RMB|CNY|人民币)"
_SIGN = "[-−]"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_FINE_FRACTION = pl.Decimal(38, 20)


def read_numbers(cells: pl.DataFrame, column: Column) -> pl.DataFrame:
    """`value` in the column's type, null where there is a `problem` (a rule's name) or no content.

    Takes `text` and `kind`. A percent is read as its percentage, and only where the unit is %.
    """
    scale = column.scale if column.kind is Kind.DECIMAL else 0
    limit = column.precision - scale if column.kind is Kind.DECIMAL else MOST_DIGITS_OF_A_COUNT
    # what needs no reading: nearly all of most columns
    plain = f"^[0-9]{{1,{limit}}}" + (rf"(?:\.[0-9]{{1,{scale}}})?$" if scale else "$")
    is_plain = pl.col("text").is_null() | (
        (pl.col("kind") == NUMBER) & pl.col("text").str.contains(plain).fill_null(value=False)
    )
    needs_reading = cells.select(~is_plain).to_series()
    value = pl.when(is_plain).then("text").cast(pl.Decimal(38, max(scale, 1))).cast(column.dtype)
    read = cells.select(value.alias("value"), pl.lit(None, pl.String).alias("problem"))
    if not needs_reading.any():
        return read
    others = _read_others(cells.filter(needs_reading), column, scale, limit)
    places = needs_reading.arg_true()
    return pl.DataFrame([read[name].scatter(places, others[name]) for name in ("value", "problem")])


def _read_others(cells: pl.DataFrame, column: Column, scale: int, limit: int) -> pl.DataFrame:
    texts = _as_percentages(cells, column)
    units = "|".join(map(re.escape, own_spellings(column.unit)))
    others = "|".join(map(re.escape, other_spellings(column.unit))) if column.unit else "$."
    amount = rf"(?i)^(?:{_SIGN}?{_CURRENCY}?|{_CURRENCY}{_SIGN})({_DIGITS})"
    text = pl.col("text")
    digits = text.str.extract(rf"{amount}(?:{units})?$", 1).str.replace_all(",", "", literal=True)
    whole = digits.str.extract(r"^0*(\d*)", 1)
    fraction = digits.str.extract(r"\.(\d*?)0*$", 1).fill_null("")
    problem = (
        pl.when(text.is_null())
        .then(pl.lit(None, pl.String))
        .when(pl.col("kind") == BOOLEAN)
        .then(pl.lit("boolean_in_number"))
        .when(pl.col("kind") == DATE)
        .then(pl.lit("date_in_number"))
        .when((pl.col("kind") == PERCENTAGE) & (column.unit != PERCENT))
        .then(pl.lit("not_a_number"))
        .when(digits.is_null() & text.str.contains(rf"{amount}(?:{others})$"))
        .then(pl.lit("unit_of_another_size"))
        .when(digits.is_null())
        .then(pl.lit("not_a_number"))
        .when(fraction.str.len_bytes() > scale)
        .then(pl.lit("too_many_decimals" if scale else "not_a_whole_number"))
        .when(whole.str.len_bytes() > limit)
        .then(pl.lit("out_of_range"))
    )
    exact = pl.concat_str(
        pl.when(text.str.contains(_SIGN)).then(pl.lit("-")).otherwise(pl.lit("")),
        pl.lit("0"),
        whole,
        pl.lit("."),
        fraction,
        pl.lit("0"),
    )
    parsed = texts.select(
        exact.alias("exact"),
        problem.alias("problem"),
    )
    value = pl.when(pl.col("problem").is_null()).then("exact").cast(pl.Decimal(38, max(scale, 1)))
    return parsed.select(value.cast(column.dtype).alias("value"), "problem")


def _as_percentages(cells: pl.DataFrame, column: Column) -> pl.DataFrame:
    """The texts without white space; of a percent cell, which holds a fraction, the percentage."""
    cells = cells.with_columns(compact(cells["text"]))
    is_percent = pl.col("kind") == PERCENTAGE
    if column.unit != PERCENT or not cells.select(is_percent.any()).item():
        return cells
    percentage = pl.when(is_percent).then(_percentage(pl.col("text")))
    return cells.with_columns(pl.coalesce(percentage, "text").alias("text"))


def percent_as_shown(fraction: pl.Expr) -> pl.Expr:
    """What a percent cell shows, cut to two decimals: 33.33…% of 0.333333333333333."""
    percentage = _percentage(fraction)
    return pl.concat_str(
        percentage.str.extract(r"^(-?\d+(?:\.\d{1,2})?)", 1),
        pl.when(percentage.str.contains(r"\.\d{3}")).then(pl.lit("…")).otherwise(pl.lit("")),
        pl.lit("%"),
    )


def _percentage(fraction: pl.Expr) -> pl.Expr:
    # a larger one is no percentage that anybody means, and has no room
    usual = pl.when(fraction.str.contains(r"^-?\d{1,15}(?:\.|$)")).then(fraction)
    percentage = usual.cast(_FINE_FRACTION, strict=False) * Decimal(100)
    return percentage.cast(pl.String).str.strip_chars_end("0").str.strip_chars_end(".")
