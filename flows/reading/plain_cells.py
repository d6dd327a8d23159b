"""The cells of plain rows: where each stands, how it is written, and where its value is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from flows.reading.forms import Forms, Shape
from flows.reading.tags import Bytes, Flags, Numbers, Places, Words, first_bytes, stands_at, words_at

PLAIN_COLUMNS: Final = 182
"""A plain row ends before column GA: cells further right are read with care, to know how far they reach."""
_LETTERS = 26
_A = ord("A")
_REFERENCE = b'<c r="'
_LONGEST_INDEX = 8
_ZEROS, _HIGH_HALVES, _SIXES = (np.uint64(byte * 0x0101010101010101) for byte in (0x30, 0xF0, 0x06))
_PAIRS = ((8, 10, 0x00FF00FF00FF00FF), (16, 100, 0x0000FFFF0000FFFF), (32, 10_000, 0x00000000FFFFFFFF))


@dataclass(frozen=True)
class Elements:
    """The tags of a run of rows by where they begin, `starts`, the run's end behind them.

    `cells` are the places among them of cells' tags, `sizes` how many tags each cell has, `rows` the places
    in `digits` of the rows that they stand in. A row's number is the first `counts` bytes of its `digits`.
    """

    data: Bytes
    starts: Places
    cells: Places
    sizes: Places
    rows: Places
    digits: Words
    counts: Places


@dataclass(frozen=True)
class Cells:
    """The cells of a run, in order: column from 0, form, and value. Form 0 is that of an odd cell."""

    columns: Places
    forms: Numbers
    starts: Places
    lengths: Places
    has_value: Flags


@dataclass(frozen=True)
class _Wording:
    """The bytes of a cell around its value, from the tag `first` of the cell on to its end."""

    size: int
    before: bytes
    behind: bytes
    first: int = 1

    @property
    def last(self) -> int:
        """The tag that the value ends before."""
        return self.first + self.before.count(b"<")


_EMPTY = _Wording(1, b"", b"")
_WITHOUT_VALUE = _Wording(2, b"", b"</c>")
_VALUE = _Wording(4, b"<v>", b"</v></c>")
_INLINE = _Wording(6, b"<is><t>", b"</t></is></c>")
_BEHIND_CLOSED_FORMULA = _Wording(5, b"<v>", b"</v></c>", first=2)
_BEHIND_FORMULA = _Wording(6, b"</f><v>", b"</v></c>", first=2)


def read_cells(elements: Elements, forms: Forms) -> Cells:
    """All cells of a run, from their tags."""
    data, cells = elements.data, elements.cells
    columns, references_end, is_odd = _places(elements)
    numbers = forms.cells.numbers(data, references_end, elements.starts[cells + 1])
    shapes = forms.shapes()[numbers]
    starts, lengths = np.zeros((2, len(cells)), dtype=np.int64)
    is_found = np.zeros(len(cells), dtype=np.bool_)

    def find(wanted: Flags, wording: _Wording) -> None:
        places = np.flatnonzero(wanted & (elements.sizes == wording.size) & ~is_found)
        found, starts[places], lengths[places] = _values(elements, cells[places], wording)
        is_found[places[found]] = True

    is_written = (shapes == Shape.NUMBER) | (shapes == Shape.TEXT) | (shapes == Shape.BOOLEAN)
    find(shapes == Shape.EMPTY, _EMPTY)
    find(shapes == Shape.NUMBER, _WITHOUT_VALUE)
    find(is_written | (shapes == Shape.SHARED), _VALUE)
    find(shapes == Shape.INLINE, _INLINE)
    closed, is_open = _formulas(elements, is_written & ~is_found, forms)
    find(closed, _BEHIND_CLOSED_FORMULA)
    find(is_open, _BEHIND_FORMULA)
    is_found &= (
        (lengths > 0)
        | (shapes == Shape.TEXT)
        | (shapes == Shape.INLINE)
        | (elements.sizes <= _WITHOUT_VALUE.size)
    )
    numbers[is_odd | ~is_found] = 0
    return Cells(columns, numbers, starts, lengths, (numbers > 0) & (elements.sizes > _WITHOUT_VALUE.size))


def shared_indexes(data: Bytes, starts: Places, lengths: Places) -> tuple[NDArray[np.int32], Flags]:
    """The numbers that stand there, and whether each is one: up to eight digits and nothing else."""
    # zeros in front, so that all have eight digits
    missing = (8 * (_LONGEST_INDEX - np.clip(lengths, 1, _LONGEST_INDEX))).astype(np.uint64)
    digits = (words_at(data, starts) << missing) | (_ZEROS & ((np.uint64(1) << missing) - np.uint64(1)))
    is_number = ((digits & _HIGH_HALVES) == _ZEROS) & (((digits + _SIXES) & _HIGH_HALVES) == _ZEROS)
    is_number &= (lengths >= 1) & (lengths <= _LONGEST_INDEX)
    values = np.where(is_number, digits, _ZEROS) - _ZEROS
    for bits, factor, mask in _PAIRS:
        tens, ones = values & np.uint64(mask), (values >> np.uint64(bits)) & np.uint64(mask)
        values = tens * np.uint64(factor) + ones
    return values.astype(np.int32), is_number


def _places(elements: Elements) -> tuple[Places, Places, Flags]:
    """Of each cell the column, where its reference ends, and whether it is odd by its place."""
    data, starts = elements.data, elements.starts[elements.cells]
    letters = words_at(data, starts + len(_REFERENCE))
    first = (letters & np.uint64(0xFF)).astype(np.int64) - _A
    second = ((letters >> np.uint64(8)) & np.uint64(0xFF)).astype(np.int64) - _A
    has_two = (second >= 0) & (second < _LETTERS)
    columns = np.where(has_two, (first + 1) * _LETTERS + second, first)
    digits = np.where(has_two, letters >> np.uint64(16), letters >> np.uint64(8))
    counts, rows = elements.counts[elements.rows], elements.rows
    wanted = elements.digits[rows]
    is_odd = ~stands_at(_REFERENCE, data, starts)
    is_odd |= (first < 0) | (first >= _LETTERS) | (columns >= PLAIN_COLUMNS)
    references_end = starts + (len(_REFERENCE) + 1) + has_two + counts
    is_odd |= first_bytes(digits, counts) != wanted
    is_odd[1:] |= (rows[1:] == rows[:-1]) & (columns[1:] <= columns[:-1])
    return columns, references_end, is_odd


def _values(elements: Elements, cells: Places, wording: _Wording) -> tuple[Flags, Places, Places]:
    """Whether each cell is worded so, and then where its value begins and how long it is."""
    data, starts = elements.data, elements.starts
    begins = starts[cells + wording.first] + len(wording.before)
    ends = starts[cells + wording.last]
    is_so = starts[cells + wording.size] == ends + len(wording.behind)
    is_so &= stands_at(wording.before, data, begins - len(wording.before)) & (begins <= ends)
    is_so &= stands_at(wording.behind, data, ends)
    return is_so, begins, ends - begins


def _formulas(elements: Elements, wanted: Flags, forms: Forms) -> tuple[Flags, Flags]:
    """Whether each cell begins with a formula of one tag, and with one of two."""
    data, starts = elements.data, elements.starts
    closed, is_open = np.zeros((2, len(wanted)), dtype=np.bool_)
    places = np.flatnonzero(wanted & (elements.sizes > _VALUE.size))
    if len(places):
        first, following = starts[elements.cells[places] + 1], starts[elements.cells[places] + 2]
        closed[places] = forms.formulas.numbers(data, first, following) > 0
        is_open[places] = stands_at(b"<f>", data, first)
    return closed, is_open
