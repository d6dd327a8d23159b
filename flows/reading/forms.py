"""The forms in which plain cells are written, apart from their places and values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Final

import numpy as np

from flows.reading.tags import Bytes, Flags, Numbers, Places, Wordings, begin_with, stands_at, words_at

_ATTRIBUTE = rb' ([A-Za-z][A-Za-z0-9:._-]*)="[ !#-%\'-;=?-~]*"'
_ATTRIBUTE_NAME = re.compile(_ATTRIBUTE)
_ROW_WORDING = re.compile(rb'"((?:%b)*)/?>' % _ATTRIBUTE)
_HEAD = re.compile(
    rb'"(?:(?: s="([0-9]{1,5})")?(?: t="(n|s|str|b|inlineStr)")?| t="(n|s|str|b|inlineStr)" s="([0-9]{1,5})")'
    rb"(/>|></c>|>(?:<f((?:%b)*)/>)?<v>|><f>|><is><t>)" % _ATTRIBUTE
)
_LONGEST_HEAD: Final = 128
_BYTES_OF_ODD: Final = 32
_MOST_LOOKED_INTO: Final = 1_000
BEHIND_FORMULA: Final = b"</f><v>"
_VALUE_END, _INLINE, _INLINE_END = b"</v></c>", b"><is><t>", b"</t></is></c>"


class Shape(IntEnum):
    """How a cell's value is written; none, in a plain cell, is that of an empty element."""

    ODD, EMPTY, NUMBER, SHARED, TEXT, BOOLEAN, INLINE = range(7)


_SHAPES = {
    b"n": Shape.NUMBER,
    b"s": Shape.SHARED,
    b"str": Shape.TEXT,
    b"b": Shape.BOOLEAN,
    b"inlineStr": Shape.INLINE,
}


@dataclass(frozen=True)
class Form:
    """What a cell says beside its place and value: how the value is written, and the cell's style.

    A cell of a number may have its type stated, or not. A special value holds bytes that may stand for
    something else.
    """

    shape: Shape
    style: int
    is_typed: bool = False
    is_special: bool = False


@dataclass(frozen=True)
class Head:
    """What stands in a cell around its value: `text` from behind its reference on, and `tail`.

    Where `has_formula`, a formula and its end stand between `text` and the value.
    """

    text: bytes
    tail: bytes = b""
    form: int = 0
    has_formula: bool = False
    may_be_empty: bool = True

    @property
    def tags(self) -> int:
        """How many tags such a cell has."""
        inner = BEHIND_FORMULA if self.has_formula else b""
        return 1 + (self.text + inner + self.tail).count(b"<")


@dataclass
class Forms:
    """The forms that have come up in a sheet, by their numbers; 0 is that of what is no plain cell.

    Behind each form comes that of the same cells with special values.
    """

    forms: list[Form] = field(default_factory=lambda: [Form(Shape.ODD, 0)])
    rows: Wordings = field(default_factory=lambda: Wordings(_row_meaning))
    heads: list[Head] = field(default_factory=lambda: [Head(b"")])
    _odd: int = 0

    def shapes(self) -> Bytes:
        """The shape of each form."""
        return np.array([form.shape for form in self.forms], dtype=np.uint8)

    def heads_of(self, data: Bytes, starts: Places, ends: Places) -> Numbers:
        """Which of the heads each cell has whose reference ends at a start; 0 for an odd one.

        After very many heads and odd cells nothing is learnt any more.
        """
        numbers = np.zeros(len(starts), dtype=np.int16)
        words, left = words_at(data, starts), np.arange(len(starts))

        def without(head: Head, number: int) -> Places:
            has_head = begin_with(head.text, words[left], data, starts[left])
            found = left[has_head]
            numbers[found[_has_tail(head, data, starts[found], ends[found])]] = number
            return left[~has_head]

        for number, head in enumerate(self.heads[1:], start=1):
            left = without(head, number)
        while len(left) and self._odd + len(self.heads) < _MOST_LOOKED_INTO:
            first = starts[left[0]]
            match = _HEAD.match(data[first : first + _LONGEST_HEAD].tobytes())
            learnt = self._learnt(match) if match else None
            if learnt is not None:
                self.heads.append(learnt)
                left = without(learnt, len(self.heads) - 1)
            else:
                self._odd += 1
                left = without(Head(data[first : first + _BYTES_OF_ODD].tobytes()), 0)
        return numbers

    def _learnt(self, match: re.Match[bytes]) -> Head | None:
        stated, style, body = match[2] or match[3], int(match[1] or match[4] or 0), match[5]
        shape = _SHAPES[stated or b"n"]
        is_empty, is_inline = not body.endswith((b"<v>", b"<f>", b"<t>")), body == _INLINE
        has_formula = b"<f" in body
        if is_empty and shape is not Shape.NUMBER:
            return None
        if is_inline != (shape is Shape.INLINE) or (has_formula and shape is Shape.SHARED):
            return None
        if match[6] and not _are_different(match[6]):
            return None
        form = Form(Shape.EMPTY if is_empty else shape, style, is_typed=stated is not None)
        if form not in self.forms:
            self.forms += [form, replace(form, is_special=True)]
        return Head(
            match[0],
            b"" if is_empty else _INLINE_END if is_inline else _VALUE_END,
            self.forms.index(form),
            has_formula=body.endswith(b"<f>"),
            may_be_empty=is_empty or shape in (Shape.TEXT, Shape.INLINE),
        )


def _has_tail(head: Head, data: Bytes, starts: Places, ends: Places) -> Flags:
    room: Places = ends - starts - (len(head.text) + len(head.tail))
    has_room: Flags = room >= 0 if head.tail else room == 0
    return has_room & stands_at(head.tail, data, ends - len(head.tail))


def _row_meaning(wording: bytes) -> int:
    match = _ROW_WORDING.fullmatch(wording)
    return int(match is not None and _are_different(match[1], b"r"))


def _are_different(attributes: bytes, *before: bytes) -> bool:
    names = [*before, *_ATTRIBUTE_NAME.findall(attributes)]
    return len(set(names)) == len(names)
