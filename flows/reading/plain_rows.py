"""Rows of a sheet in the form that all spreadsheet programs write, read as arrays of bytes.

A row in any other form is odd: it is given back as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from flows.reading.byte_columns import joined_values
from flows.reading.divided import NotPlainError
from flows.reading.forms import Forms, Shape
from flows.reading.limits import LAST_ROW
from flows.reading.plain_cells import Cells, Elements, read_cells, shared_indexes
from flows.reading.tags import (
    PADDING,
    Bytes,
    Flags,
    Numbers,
    Places,
    Words,
    first_bytes,
    padded,
    stands_at,
    words_at,
)

ROW_START, ROW_END = b"<row", b"</row>"
_NUMBERED_ROW: Final = b'<row r="'
_MOST_DIGITS = 7
_TAG, _SLASH, _C, _R, _O, _SPACE, _QUOTE, _ZERO, _NINE = (ord(letter) for letter in '</cro "09')


@dataclass(frozen=True)
class SharedCells:
    """The cells with shared texts of a run's plain rows, by column and then row.

    Those of column j are from `bounds[j]` on, before `bounds[j + 1]`; `rows` are places in the plain rows.
    """

    bounds: Places
    rows: NDArray[np.int32]
    indexes: NDArray[np.int32]


@dataclass(frozen=True)
class WrittenCells:
    """The cells whose values stand in them, likewise; the values stand in `text` one behind the other."""

    bounds: Places
    rows: NDArray[np.int32]
    forms: Numbers
    ends: NDArray[np.int32]
    text: bytes


@dataclass(frozen=True)
class RunOfRows:
    """The numbers of all rows of a run and of the plain ones, these ones' cells, and the odd rows' XML."""

    numbers: Places
    plain_numbers: Places
    shared: SharedCells
    written: WrittenCells
    odd: tuple[bytes, ...]
    width: int
    """How many columns there are from A to the last with a value, in plain rows."""


@dataclass(frozen=True)
class _Rows:
    """The rows of a run: their numbers, as such and as digits, where each begins, and which are odd."""

    numbers: Places
    digits: Words
    counts: Places
    starts: Places
    is_odd: Flags


def read_rows(run: bytes, forms: Forms) -> RunOfRows:
    """Whole rows and nothing else, from the first `<row` to a `</row>`.

    Raises:
        NotPlainError: where rows begin and end, or what their numbers are, is not written as usual.
    """
    rows, elements = _elements(padded(run), forms)
    cells = read_cells(elements, forms)
    shapes = forms.shapes()[cells.forms]
    shared = np.flatnonzero(shapes == Shape.SHARED)
    indexes, has_index = shared_indexes(elements.data, cells.starts[shared], cells.lengths[shared])
    rows.is_odd[elements.rows[shared[~has_index]]] = True
    rows.is_odd[elements.rows[cells.forms == 0]] = True
    is_kept = cells.has_value & ~rows.is_odd[elements.rows]
    places = (np.cumsum(~rows.is_odd) - 1).astype(np.int32)[elements.rows]
    bounds = np.append(rows.starts, len(run))
    return RunOfRows(
        numbers=rows.numbers,
        plain_numbers=rows.numbers[~rows.is_odd],
        shared=_shared(cells, places, shared, indexes, is_kept[shared]),
        written=_written(elements.data, cells, places, is_kept & (shapes != Shape.SHARED)),
        odd=tuple(run[bounds[place] : bounds[place + 1]] for place in np.flatnonzero(rows.is_odd)),
        width=int(cells.columns[is_kept].max(initial=-1)) + 1,
    )


def _shared(
    cells: Cells, places: NDArray[np.int32], shared: Places, indexes: NDArray[np.int32], is_kept: Flags
) -> SharedCells:
    order = _by_column(cells.columns[shared], is_kept)
    return SharedCells(_bounds(cells.columns[shared[order]]), places[shared[order]], indexes[order])


def _written(data: Bytes, cells: Cells, places: NDArray[np.int32], is_kept: Flags) -> WrittenCells:
    order = _by_column(cells.columns, is_kept)
    lengths = cells.lengths[order]
    text, is_special = joined_values(data, cells.starts[order], lengths)
    ends = np.cumsum(lengths).astype(np.int32)
    forms = cells.forms[order] + is_special
    return WrittenCells(_bounds(cells.columns[order]), places[order], forms, ends, text)


def _by_column(columns: Places, is_kept: Flags) -> Places:
    kept = np.flatnonzero(is_kept)
    return kept[np.argsort(columns[kept].astype(np.uint8), kind="stable")]


def _bounds(columns: Places) -> Places:
    """Of columns in order, where each begins, and where the last one ends."""
    return np.searchsorted(columns, np.arange(int(columns[-1:].max(initial=-1)) + 2))


def _elements(data: Bytes, forms: Forms) -> tuple[_Rows, Elements]:
    tags = np.flatnonzero(data == _TAG)
    starts = np.append(tags, len(data) - len(PADDING))
    second, third = data[tags + 1], data[tags + 2]
    is_row, is_cell = (second == _R) & (third == _O), (second == _C) & (third == _SPACE)
    is_end = (second == _SLASH) & (third == _R)
    is_end[is_end] = data[tags[is_end] + 3] == _O
    row_tags, ends = np.flatnonzero(is_row), np.flatnonzero(is_end)
    rows, is_closed = _rows(data, starts, row_tags, forms)
    ends_of_each = np.diff(np.searchsorted(ends, np.append(row_tags, len(tags))))
    is_any_end = stands_at(ROW_END, data, starts[ends])
    if row_tags[0] or not is_any_end.all() or (ends_of_each != ~is_closed).any():
        raise NotPlainError

    marks = np.flatnonzero(is_row | is_cell | is_end)
    sizes = np.diff(np.append(marks, len(tags)))
    is_cell_mark = is_cell[marks]
    cells = marks[is_cell_mark]
    row_places = np.repeat(
        np.arange(len(row_tags)), np.diff(np.searchsorted(cells, np.append(row_tags, len(tags))))
    )
    last_tags = row_tags.copy()
    last_tags[~is_closed] = ends
    rows.is_odd[row_places[cells > last_tags[row_places]]] = True
    _mark_what_stands_beside_cells(starts, row_tags, marks[~is_cell_mark], sizes[~is_cell_mark], ends, rows)
    return rows, Elements(data, starts, cells, sizes[is_cell_mark], row_places, rows.digits, rows.counts)


def _mark_what_stands_beside_cells(
    starts: Places, row_tags: Places, marks: Places, sizes: Places, ends: Places, rows: _Rows
) -> None:
    """Rows with another element than cells in them, or with text behind them."""
    is_followed_by_other = sizes != 1
    rows.is_odd[np.searchsorted(row_tags, marks[is_followed_by_other], side="right") - 1] = True
    is_followed_by_text = starts[ends + 1] != starts[ends] + len(ROW_END)
    rows.is_odd[np.searchsorted(row_tags, ends[is_followed_by_text], side="right") - 1] = True


def _rows(data: Bytes, starts: Places, row_tags: Places, forms: Forms) -> tuple[_Rows, Flags]:
    """The rows, and whether each is an element without content."""
    begins, following = starts[row_tags], starts[row_tags + 1]
    if not len(row_tags) or not stands_at(_NUMBERED_ROW, data, begins).all():
        raise NotPlainError
    numbers, digits, counts = _row_numbers(data, begins + len(_NUMBERED_ROW))
    meanings = forms.rows.numbers(data, begins + len(_NUMBERED_ROW) + counts, following)
    return _Rows(numbers, digits, counts, begins, meanings == 0), data[following - 2] == _SLASH


def _row_numbers(data: Bytes, starts: Places) -> tuple[Places, Words, Places]:
    """The numbers, which must ascend, as such and as digits, and how many digits each has."""
    counts, numbers = np.zeros((2, len(starts)), dtype=np.int64)
    is_digit = np.ones(len(starts), dtype=np.bool_)
    for place in range(_MOST_DIGITS):
        byte = data[starts + place].astype(np.int64)
        is_digit &= (byte >= _ZERO) & (byte <= _NINE)
        counts += is_digit
        numbers = np.where(is_digit, numbers * 10 + byte - _ZERO, numbers)
    is_number = (counts > 0) & (data[starts + counts] == _QUOTE) & (data[starts] != _ZERO)
    if not is_number.all() or (numbers > LAST_ROW).any() or (np.diff(numbers) <= 0).any():
        raise NotPlainError
    return numbers, first_bytes(words_at(data, starts), counts), counts
