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
    Bytes,
    Flags,
    Numbers,
    Places,
    Run,
    Words,
    begin_with,
    first_bytes,
    stands_at,
    words_at,
)

ROW_START, ROW_END = b"<row", b"</row>"
_NUMBERED_ROW: Final = b'<row r="'
_MOST_DIGITS = 7
_TAG, _SLASH, _C, _R, _QUOTE, _ZERO, _NINE = (ord(letter) for letter in '</cr"09')


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
    """The rows of a run: their numbers, as such and as digits, where each begins, and which are odd.

    `ends` are those of the content; so many `cells` stand in each.
    """

    numbers: Places
    digits: Words
    counts: Places
    starts: Places
    ends: Places
    cells: Places
    is_odd: Flags
    tags: int


def read_rows(run: Run, forms: Forms) -> RunOfRows:
    """Whole rows and nothing else, from the first `<row` to a `</row>`.

    Raises:
        NotPlainError: where rows begin and end, or what their numbers are, is not written as usual.
    """
    rows, elements = _elements(run, forms)
    cells = read_cells(elements, forms)
    shapes = forms.shapes()[cells.forms]
    shared = np.flatnonzero(shapes == Shape.SHARED)
    indexes, has_index = shared_indexes(elements.data, cells.starts[shared], cells.lengths[shared])
    rows.is_odd[elements.rows[shared[~has_index]]] = True
    rows.is_odd[elements.rows[cells.forms == 0]] = True
    is_kept = cells.has_value & ~rows.is_odd[elements.rows]
    places = (np.cumsum(~rows.is_odd) - 1).astype(np.int32)[elements.rows]
    bounds = np.append(rows.starts, run.length)
    return RunOfRows(
        numbers=rows.numbers,
        plain_numbers=rows.numbers[~rows.is_odd],
        shared=_shared(cells, places, shared, indexes, is_kept[shared]),
        written=_written(elements.data, cells, places, is_kept & (shapes != Shape.SHARED)),
        odd=tuple(run.part(*bounds[place : place + 2]) for place in np.flatnonzero(rows.is_odd)),
        width=int(cells.columns[is_kept].max(initial=-1)) + 1,
    )


def _shared(
    cells: Cells, places: NDArray[np.int32], shared: Places, indexes: NDArray[np.int32], is_kept: Flags
) -> SharedCells:
    kept = np.flatnonzero(is_kept)
    order = kept[_by_column(cells.columns[shared[kept]])]
    return SharedCells(_bounds(cells.columns[shared[order]]), places[shared[order]], indexes[order])


def _written(data: Bytes, cells: Cells, places: NDArray[np.int32], is_kept: Flags) -> WrittenCells:
    kept = np.flatnonzero(is_kept)
    order = _by_column(cells.columns[kept])
    text, ends, is_special = joined_values(data, cells.starts[kept], cells.lengths[kept], order)
    order = kept[order]
    forms = cells.forms[order] + is_special
    return WrittenCells(_bounds(cells.columns[order]), places[order], forms, ends.astype(np.int32), text)


def _by_column(columns: Places) -> Places:
    return np.argsort(columns.astype(np.uint8), kind="stable")


def _bounds(columns: Places) -> Places:
    """Of columns in order, where each begins, and where the last one ends."""
    return np.searchsorted(columns, np.arange(int(columns[-1:].max(initial=-1)) + 2))


def _elements(run: Run, forms: Forms) -> tuple[_Rows, Elements]:
    data, end = run.data, run.length
    is_tag = data[:end] == _TAG
    marks, is_row = _marks(data, is_tag)
    rows = _rows(data, marks, np.flatnonzero(is_row), end, forms)
    row_places = np.repeat(np.arange(len(rows.starts)), rows.cells)
    following, is_cell = np.append(marks[1:], end), ~is_row
    ends = np.minimum(following[is_cell], rows.ends[row_places])
    elements = Elements(data, is_tag, marks[is_cell], ends, row_places, rows.digits, rows.counts, rows.tags)
    return rows, elements


def _marks(data: Bytes, is_tag: Flags) -> tuple[Places, Flags]:
    """Where rows and cells begin, and which of these places are those of rows."""
    second = data[1 : len(is_tag) + 1]
    marks = np.flatnonzero(is_tag & ((second == _C) | (second == _R)))
    words = words_at(data, marks)
    is_row, is_cell = begin_with(ROW_START, words, data, marks), begin_with(b"<c ", words, data, marks)
    is_mark = is_row | is_cell
    return marks[is_mark], is_row[is_mark]


def _rows(data: Bytes, marks: Places, row_marks: Places, end: int, forms: Forms) -> _Rows:
    starts = marks[row_marks]
    if not len(starts) or starts[0] or not stands_at(_NUMBERED_ROW, data, starts).all():
        raise NotPlainError
    numbers, digits, counts = _row_numbers(data, starts + len(_NUMBERED_ROW))
    ends = np.append(starts[1:], end)
    has_end = stands_at(ROW_END, data, ends - len(ROW_END))
    ends -= len(ROW_END) * has_end
    cells = np.diff(np.append(row_marks, len(marks))) - 1
    tag_ends = np.minimum(np.append(marks, end)[row_marks + 1], ends)
    meanings = forms.rows.numbers(data, starts + len(_NUMBERED_ROW) + counts, tag_ends)
    is_closed = data[tag_ends - 2] == _SLASH
    is_odd = (meanings == 0) | (is_closed == has_end) | (is_closed & (cells > 0))
    tags = len(starts) + int(np.count_nonzero(has_end))
    return _Rows(numbers, digits, counts, starts, ends, cells, is_odd, tags)


def _row_numbers(data: Bytes, starts: Places) -> tuple[Places, Words, Places]:
    """The numbers, which must ascend, as such and as digits, and how many digits each has."""
    letters = data[starts[:, np.newaxis] + np.arange(_MOST_DIGITS + 1)]
    counts = np.argmin((letters >= _ZERO) & (letters <= _NINE), axis=1)
    numbers, is_number = shared_indexes(data, starts, counts)
    is_number &= (data[starts + counts] == _QUOTE) & (data[starts] != _ZERO)
    if not is_number.all() or (numbers > LAST_ROW).any() or (np.diff(numbers) <= 0).any():
        raise NotPlainError
    return numbers.astype(np.int64), first_bytes(words_at(data, starts), counts), counts
