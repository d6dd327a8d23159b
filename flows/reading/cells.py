"""The values that a cell can hold, and a sheet's rows of them turned into text and kind by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice, zip_longest
from typing import Final, TypeAlias

import polars as pl

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
)


class Percentage(float):
    """A number in a cell with a percent format: 0.5 for 50 %."""

    __slots__ = ()


class ErrorText(str):
    """What a cell shows instead of a value, such as #REF!."""

    __slots__ = ()


class NeverCalculated:
    """A formula of which no value was ever stored."""

    __slots__ = ()


NEVER_CALCULATED: Final = NeverCalculated()
NOT_A_NUMBER: Final = "#NUM!"

CellValue: TypeAlias = str | float | int | bool | date | datetime | time | timedelta | NeverCalculated | None
"""None and the empty string are blank; a percentage or an error is one of the classes above."""

Values: TypeAlias = list[CellValue]
TextAndCode: TypeAlias = tuple[pl.Series, pl.Series]
"""A text for each value of one type and the code of its kind, null and 0 where the value is another's."""

CELLS_AT_A_TIME = 1_000_000
FEWEST_ROWS_AT_A_TIME = 16
_LONGEST_EXACT_NUMBER = 16
"""15 digits and a point: a shorter text of a number is what Excel shows, as doubles keep 15 digits."""
_KIND_CODE = {str(kind): code for code, kind in enumerate(CELL_KIND.categories)}


def sheet_cells(rows: Iterable[tuple[int, Sequence[CellValue]]], width: int) -> pl.DataFrame:
    """The frame of a `RawSheet` from rows of (row number from 1, values from column A on).

    Rows may be of different lengths up to `width`, the number of columns from A on; wholly blank rows are
    left out.
    """
    rows_at_a_time = max(FEWEST_ROWS_AT_A_TIME, CELLS_AT_A_TIME // max(width, 1))
    remaining = iter(rows)
    frames = [_frame([], width)]
    while batch := list(islice(remaining, rows_at_a_time)):
        frames.append(_frame(batch, width))
    return pl.concat(frames)


def number_text(numbers: pl.Series) -> pl.Series:
    """Float64 as plain decimal text with the 15 digits that Excel shows; null stays null."""
    shortest = numbers.cast(pl.String)
    is_exact = (shortest.str.len_bytes() <= _LONGEST_EXACT_NUMBER) & ~shortest.str.contains("e", literal=True)
    text = shortest.str.strip_suffix(".0")
    text = text.set(text == "-0", "0")
    if is_exact.fill_null(value=True).all():
        return text
    others = numbers.filter(~is_exact).unique()
    rounded = pl.DataFrame({"number": others, "rounded": [_fifteen_digits(number) for number in others]})
    return (
        pl.DataFrame({"number": numbers, "text": text, "is_exact": is_exact})
        .join(rounded, on="number", how="left", maintain_order="left")
        .select(pl.when("is_exact").then("text").otherwise("rounded"))
        .to_series()
    )


def _frame(batch: list[tuple[int, Sequence[CellValue]]], width: int) -> pl.DataFrame:
    columns = list(zip_longest(*(cells for _, cells in batch)))
    blank = _repeated(None, len(batch)), _codes([None] * len(batch), BLANK)
    frame = {"row_number": pl.Series([number for number, _ in batch], dtype=pl.Int64)}
    kinds = [f"kind_{column}" for column in range(width)]
    for column, kind in enumerate(kinds):
        types = set(map(type, columns[column])) - {type(None)} if column < len(columns) else set()
        frame[f"text_{column}"], frame[kind] = _text_and_code(columns[column], types) if types else blank
    is_filled = pl.any_horizontal(pl.col(kinds) != _KIND_CODE[BLANK]) if kinds else pl.lit(value=False)
    return pl.DataFrame(frame).filter(is_filled).with_columns(pl.col(kinds).cat.to(CELL_KIND))


def _text_and_code(values: Sequence[CellValue], types: set[type]) -> TextAndCode:
    converted = [
        _CONVERSIONS[cell_type]([value if type(value) is cell_type else None for value in values])
        for cell_type in types
    ]
    text, codes = converted[0]
    for its_text, its_codes in converted[1:]:
        text, codes = its_text.zip_with(its_text.is_not_null(), text), codes + its_codes
    return text, codes


def _repeated(text: str | None, times: int) -> pl.Series:
    return pl.Series([text], dtype=pl.String).new_from_index(0, times)


def _codes(values: Values, kind: str) -> pl.Series:
    code = _KIND_CODE[kind]
    return pl.Series([code if value is not None else 0 for value in values], dtype=pl.UInt8)


def _texts(values: Values) -> TextAndCode:
    filled: Values = [value or None for value in values]
    return pl.Series(filled, dtype=pl.String), _codes(filled, TEXT)


def _numbers(values: Values, kind: str = NUMBER) -> TextAndCode:
    numbers = pl.Series(values, dtype=pl.Float64)
    is_finite = numbers.is_finite().fill_null(value=True)
    codes = _codes(values, kind)
    if is_finite.all():
        return number_text(numbers), codes
    text = number_text(numbers.set(~is_finite, None))
    return text.set(~is_finite, NOT_A_NUMBER), codes.set(~is_finite, _KIND_CODE[ERROR_VALUE])


def _percentages(values: Values) -> TextAndCode:
    return _numbers(values, PERCENTAGE)


def _booleans(values: Values) -> TextAndCode:
    text = pl.Series(values, dtype=pl.Boolean).cast(pl.String).str.to_uppercase()
    return text, _codes(values, BOOLEAN)


def _dates(values: Values) -> TextAndCode:
    text = pl.Series(values, dtype=pl.Date).cast(pl.String)
    return text, _codes(values, DATE)


def _moments(values: Values) -> TextAndCode:
    text = pl.Series(values, dtype=pl.Datetime("us")).dt.strftime("%Y-%m-%d %H:%M:%S")
    return text.str.strip_suffix(" 00:00:00"), _codes(values, DATE)


def _times(values: Values) -> TextAndCode:
    text = pl.Series(
        [f"{value:%H:%M:%S}" if isinstance(value, time) else None for value in values], dtype=pl.String
    )
    return text, _codes(values, TEXT)


def _durations(values: Values) -> TextAndCode:
    text = pl.Series(
        [_hours(value) if isinstance(value, timedelta) else None for value in values], dtype=pl.String
    )
    return text, _codes(values, TEXT)


def _errors(values: Values) -> TextAndCode:
    text = pl.Series(values, dtype=pl.String)
    return text, _codes(values, ERROR_VALUE)


def _never_calculated(values: Values) -> TextAndCode:
    return _repeated(None, len(values)), _codes(values, UNCALCULATED)


_CONVERSIONS: dict[type, Callable[[Values], TextAndCode]] = {
    str: _texts,
    float: _numbers,
    int: _numbers,
    Percentage: _percentages,
    bool: _booleans,
    date: _dates,
    datetime: _moments,
    time: _times,
    timedelta: _durations,
    ErrorText: _errors,
    NeverCalculated: _never_calculated,
}


def _fifteen_digits(number: float) -> str:
    return format(Decimal(f"{number:.15g}"), "f")


def _hours(duration: timedelta) -> str:
    seconds = abs(duration) // timedelta(seconds=1)
    sign = "-" if duration < timedelta(0) else ""
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
