"""The forms in which plain cells are written, apart from their places and values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np

from flows.reading.tags import Bytes, Wordings

_ATTRIBUTE = rb' ([A-Za-z][A-Za-z0-9:._-]*)="[ !#-%\'-;=?-~]*"'
_ATTRIBUTE_NAME = re.compile(_ATTRIBUTE)
_ROW_WORDING = re.compile(rb'"((?:%b)*)/?>' % _ATTRIBUTE)
_FORMULA_TAG = re.compile(rb"<f((?:%b)*)/>" % _ATTRIBUTE)
_CELL_WORDING = re.compile(
    rb'"(?: s="([0-9]{1,5})")?(?: t="(n|s|str|b|inlineStr)")?(/?)>'
    rb'|" t="(n|s|str|b|inlineStr)" s="([0-9]{1,5})"(/?)>'
)


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


@dataclass
class Forms:
    """The forms that have come up in a sheet, by their numbers; 0 is that of what is no plain cell.

    Behind each form comes that of the same cells with special values.
    """

    forms: list[Form] = field(default_factory=lambda: [Form(Shape.ODD, 0)])
    cells: Wordings = field(init=False)
    rows: Wordings = field(default_factory=lambda: Wordings(_row_meaning))
    formulas: Wordings = field(default_factory=lambda: Wordings(_formula_meaning))

    def __post_init__(self) -> None:
        self.cells = Wordings(self._cell_meaning)

    def shapes(self) -> Bytes:
        """The shape of each form."""
        return np.array([form.shape for form in self.forms], dtype=np.uint8)

    def _cell_meaning(self, wording: bytes) -> int:
        match = _CELL_WORDING.fullmatch(wording)
        if not match:
            return 0
        stated, style, is_empty = match[2] or match[4], int(match[1] or match[5] or 0), match[3] or match[6]
        shape = _SHAPES[stated or b"n"]
        if is_empty and shape is not Shape.NUMBER:
            return 0
        form = Form(Shape.EMPTY if is_empty else shape, style, is_typed=stated is not None)
        if form not in self.forms:
            self.forms += [form, replace(form, is_special=True)]
        return self.forms.index(form)


def _row_meaning(wording: bytes) -> int:
    match = _ROW_WORDING.fullmatch(wording)
    return int(match is not None and _are_different(match[1], b"r"))


def _formula_meaning(tag: bytes) -> int:
    match = _FORMULA_TAG.fullmatch(tag)
    return int(match is not None and _are_different(match[1]))


def _are_different(attributes: bytes, *before: bytes) -> bool:
    names = [*before, *_ATTRIBUTE_NAME.findall(attributes)]
    return len(set(names)) == len(names)
