"""The cells of plain rows: where each stands, how it is written, and where its value is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from flows.reading.forms import BEHIND_FORMULA, Forms, Shape
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
    """The cells of a run of rows: where each begins and ends, and the place in `digits` of its row.

    A row's number is the first `counts` bytes of its `digits`. `is_tag` says of each byte whether a tag
    begins there; the rows have so many `row_tags`.
    """

    data: Bytes
    is_tag: Flags
    starts: Places
    ends: Places
    rows: Places
    digits: Words
    counts: Places
    row_tags: int


@dataclass(frozen=True)
class Cells:
    """The cells of a run, in order: column from 0, form, and value. Form 0 is that of an odd cell."""

    columns: Places
    forms: Numbers
    starts: Places
    lengths: Places
    has_value: Flags


def read_cells(elements: Elements, forms: Forms) -> Cells:
    """All cells of a run."""
    data = elements.data
    columns, references_end, is_odd = _places(elements)
    heads = forms.heads_of(data, references_end, elements.ends)
    heads[is_odd] = 0
    starts = references_end + _of_each(heads, [len(head.text) for head in forms.heads])
    ends = elements.ends - _of_each(heads, [len(head.tail) for head in forms.heads])
    _pass_formulas(elements, forms, heads, starts)
    heads[
        (starts > ends) | ((starts == ends) & ~_of_each(heads, [head.may_be_empty for head in forms.heads]))
    ] = 0
    # of what has only the tags of its form no value has any; what has others is rare
    usual = int(_of_each(heads, [head.tags if head.form else 0 for head in forms.heads]).sum())
    if np.count_nonzero(elements.is_tag) != usual + elements.row_tags:
        tags = np.flatnonzero(elements.is_tag)
        heads[np.searchsorted(tags, ends) > np.searchsorted(tags, starts)] = 0
    numbers = _of_each(heads, [head.form for head in forms.heads]).astype(np.int16)
    shapes = forms.shapes()[numbers]
    return Cells(columns, numbers, starts, ends - starts, (numbers > 0) & (shapes != Shape.EMPTY))


def _of_each(numbers: Numbers, values: Sequence[int]) -> Places:
    return np.array(values)[numbers]


def _pass_formulas(elements: Elements, forms: Forms, heads: Numbers, starts: Places) -> None:
    """Let values begin behind the formulas that stand before them."""
    places = np.flatnonzero(_of_each(heads, [head.has_formula for head in forms.heads]))
    if len(places):
        tags = np.append(np.flatnonzero(elements.is_tag), 0)
        formulas_end = tags[np.searchsorted(tags[:-1], starts[places])]
        heads[places[~stands_at(BEHIND_FORMULA, elements.data, formulas_end)]] = 0
        starts[places] = formulas_end + len(BEHIND_FORMULA)


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
    data, starts, rows = elements.data, elements.starts, elements.rows
    letters = words_at(data, starts + len(_REFERENCE))
    first = (letters & np.uint64(0xFF)).astype(np.int64) - _A
    second = ((letters >> np.uint64(8)) & np.uint64(0xFF)).astype(np.int64) - _A
    has_two = (second >= 0) & (second < _LETTERS)
    columns = np.where(has_two, (first + 1) * _LETTERS + second, first)
    digits = np.where(has_two, letters >> np.uint64(16), letters >> np.uint64(8))
    counts = elements.counts[rows]
    is_odd = ~stands_at(_REFERENCE, data, starts)
    is_odd |= (first < 0) | (first >= _LETTERS) | (columns >= PLAIN_COLUMNS)
    is_odd |= first_bytes(digits, counts) != elements.digits[rows]
    is_odd[1:] |= (rows[1:] == rows[:-1]) & (columns[1:] <= columns[:-1])
    return columns, starts + (len(_REFERENCE) + 1) + has_two + counts, is_odd
