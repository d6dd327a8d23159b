"""The plain rows of a large sheet as the frame of a `RawSheet`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from flows.reading.byte_columns import text_series
from flows.reading.divided import NotPlainError
from flows.reading.forms import Form, Shape
from flows.reading.plain_sheet import PlainSheet
from flows.reading.tags import Flags, Places
from schemas.raw_sheet import BLANK, CELL_KIND, NUMBER, PERCENTAGE, TEXT

_CODES = {str(kind): code for code, kind in enumerate(CELL_KIND.categories)}
_AS_EXCEL_SHOWS_IT: Final = r"^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]*[1-9])?$"
_LONGEST_EXACT: Final = 16
"""15 digits, and a point or a sign."""


@dataclass(frozen=True)
class _Column:
    """Texts and codes of kinds, by plain row; what is in the rows `with_care`, by form, is not known yet."""

    text: pl.Series
    codes: NDArray[np.uint8]
    with_care: Mapping[int, Places]


class PlainColumns:
    """The columns of a sheet's plain rows.

    `shared` are the shared texts, `kinds` what a number is in a cell of each style.
    """

    def __init__(self, sheet: PlainSheet, shared: pl.Series, kinds: Mapping[int, str]) -> None:
        self._sheet, self._shared = sheet, shared
        forms = sheet.forms.forms
        self._codes = np.array([_CODES[_kind(form, kinds)] for form in forms], dtype=np.uint8)
        self._is_number = sheet.forms.shapes() == Shape.NUMBER
        self._needs_care = np.array([_needs_care(form, kinds) for form in forms])
        self._columns = [self._column(place) for place in range(sheet.width)]

    def for_care(self) -> pl.DataFrame:
        """The values that need the careful reader, each once: `form` and `text` as it is written."""
        values = [
            pl.DataFrame(schema={"form": pl.Int16(), "text": pl.String()}),
            *(values for column in self._columns for values in _for_care(column)),
        ]
        return pl.concat(values, rechunk=True).unique()

    def cells(self, read: pl.DataFrame) -> pl.DataFrame:
        """The frame of a `RawSheet`; to each value `for_care` the careful reader's `read` and `kind`."""
        columns = {"row_number": pl.Series(self._sheet.row_numbers())}
        is_blank = np.ones(len(columns["row_number"]), dtype=np.bool_)
        for place, column in enumerate(self._columns):
            text, codes = _settled(column, read)
            is_blank &= codes == _CODES[BLANK]
            columns[f"text_{place}"] = text
            columns[f"kind_{place}"] = pl.Series(codes).cat.to(CELL_KIND)
        frame = pl.DataFrame(columns)
        return frame.filter(~is_blank) if is_blank.any() else frame

    def _column(self, place: int) -> _Column:
        written, shared = self._sheet.written(place), self._sheet.shared(place)
        text = text_series(written.text, written.ends)
        codes = self._codes[written.forms]
        codes[np.diff(written.ends, prepend=0) == 0] = _CODES[BLANK]
        needs_care = self._needs_care[written.forms]
        is_number = self._is_number[written.forms] & ~needs_care
        if is_number.any():
            needs_care |= is_number & ~_as_excel_shows_it(text)
        if len(shared.rows):
            if shared.indexes.max() >= len(self._shared):
                raise NotPlainError
            texts = self._shared.gather(shared.indexes)
            text = texts if len(texts) == len(text) else text.scatter(shared.rows, texts)
            codes[shared.rows] = np.where(texts.is_null().to_numpy(), _CODES[BLANK], _CODES[TEXT])
        text = text.set(pl.Series(codes == _CODES[BLANK]), None)
        places = np.flatnonzero(needs_care)
        forms = written.forms[places]
        return _Column(text, codes, {int(form): places[forms == form] for form in np.unique(forms)})


def _for_care(column: _Column) -> Iterator[pl.DataFrame]:
    for form, places in column.with_care.items():
        texts = column.text.gather(places).unique()
        yield pl.DataFrame({"text": texts}).select(pl.lit(form, pl.Int16).alias("form"), "text")


def _settled(column: _Column, read: pl.DataFrame) -> tuple[pl.Series, NDArray[np.uint8]]:
    text, codes = column.text, column.codes
    for form, places in column.with_care.items():
        values = pl.DataFrame({"text": text.gather(places)})
        found = values.join(read.filter(form=form), on="text", how="left", maintain_order="left")
        codes[places] = found["kind"].to_physical().to_numpy()
        text = found["read"] if len(places) == len(codes) else text.scatter(places, found["read"])
    return text, codes


def _as_excel_shows_it(text: pl.Series) -> Flags:
    is_so = text.str.contains(_AS_EXCEL_SHOWS_IT) & (text.str.len_bytes() <= _LONGEST_EXACT) & (text != "-0")
    return is_so.to_numpy()


def _needs_care(form: Form, kinds: Mapping[int, str]) -> bool:
    is_other_number = form.shape is Shape.NUMBER and kinds[form.style] not in (NUMBER, PERCENTAGE)
    return form.is_special or form.shape is Shape.BOOLEAN or is_other_number


def _kind(form: Form, kinds: Mapping[int, str]) -> str:
    if form.shape in (Shape.ODD, Shape.EMPTY):
        return BLANK
    return kinds[form.style] if form.shape is Shape.NUMBER else TEXT
