"""The shared texts of a workbook with large sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from flows.reading.byte_columns import joined_values, text_series
from flows.reading.divided import ListOfElements, NotPlainError, rest_of
from flows.reading.tags import Bytes, Places, Run, Wordings, stands_at

_ITEMS: Final = ListOfElements(b"<si", b"</si>", ("sst",))
_ITEM, _ITEM_END = b"<si>", b"</si>"
_TEXT, _KEPT_TEXT, _TEXT_END = b"<t>", b'<t xml:space="preserve">', b"</t>"
_SOUND = re.compile(rb'<phoneticPr(?: fontId="[0-9]{1,5}")?(?: type="[A-Za-z]{1,30}")?/>')
_TAGS, _TAGS_WITH_SOUND = 4, 5
_TAG, _SLASH, _S, _I = (ord(letter) for letter in "</si")


@dataclass
class SharedTexts:
    """The texts, in runs. `odd` are by number the XML of those that need care, blank in the runs."""

    runs: list[pl.Series] = field(default_factory=lambda: [pl.Series(dtype=pl.String)])
    odd: dict[int, bytes] = field(default_factory=dict)
    count: int = 0
    sounds: Wordings = field(default_factory=lambda: Wordings(lambda tag: bool(_SOUND.fullmatch(tag))))

    def written(self) -> pl.Series:
        """The texts as they are written."""
        return pl.concat(self.runs, rechunk=True)

    def all_texts(self, odd: pl.Series) -> pl.Series:
        """The texts, with these in place of the odd ones; null where they are blank."""
        texts = self.written()
        if self.odd:
            texts = texts.scatter(list(self.odd), odd)
        return texts.set(texts == "", None)

    def take(self, run: Run) -> tuple[bytes, ...]:
        """Read whole items, and give back the odd ones.

        Raises:
            NotPlainError: where items begin and end is not written as usual.
        """
        data = run.data
        starts = np.append(run.places_of(_TAG), run.length)
        items, sizes = _items(data, starts)
        begins, lengths = self._values(data, starts, items, sizes)
        is_odd = lengths < 0
        lengths[is_odd] = 0
        text, ends, is_special = joined_values(data, begins, lengths, np.arange(len(begins)))
        bounds = np.append(starts[items], run.length)
        odd = {
            self.count + int(place): run.part(*bounds[place : place + 2])
            for place in np.flatnonzero(is_odd | is_special)
        }
        self.runs.append(text_series(text, ends))
        self.odd |= odd
        self.count += len(items)
        return tuple(odd.values())

    def _values(self, data: Bytes, starts: Places, items: Places, sizes: Places) -> tuple[Places, Places]:
        """Where each item's text begins and how long it is, less than nothing for an odd item."""
        # an item of fewer tags is odd: whatever is looked at in place of the missing ones
        text, text_end, third, fourth = (
            starts[np.minimum(items + step, len(starts) - 1)] for step in (1, 2, 3, 4)
        )
        is_kept = stands_at(_KEPT_TEXT, data, text)
        begins = text + np.where(is_kept, len(_KEPT_TEXT), len(_TEXT))
        is_plain = (is_kept | stands_at(_TEXT, data, text)) & stands_at(_TEXT_END, data, text_end)
        is_plain &= (text == starts[items] + len(_ITEM)) & (third == text_end + len(_TEXT_END))
        end = np.where(sizes == _TAGS, third, fourth)
        is_plain &= starts[np.minimum(items + sizes, len(starts) - 1)] == end + len(_ITEM_END)
        with_sound = np.flatnonzero(sizes == _TAGS_WITH_SOUND)
        has_sound = self.sounds.numbers(data, third[with_sound], fourth[with_sound]) > 0
        is_known = sizes == _TAGS
        is_known[with_sound[has_sound]] = True
        return begins, np.where(is_plain & is_known, text_end - begins, -1)


def read_plain_texts(chunks: Iterable[bytes]) -> SharedTexts:
    """Divide the part of shared texts.

    Raises:
        NotPlainError: the part has to be read with care as a whole.
        UnreadableWorkbook: as `rest_of`.
    """
    texts = SharedTexts()
    rest_of(chunks, _ITEMS, texts.take)
    return texts


def _items(data: Bytes, starts: Places) -> tuple[Places, Places]:
    """The places of the items' tags among all tags, and how many tags each item has."""
    tags = starts[:-1]
    second, third = data[tags + 1], data[tags + 2]
    items, ends = (
        np.flatnonzero((second == _S) & (third == _I)),
        np.flatnonzero((second == _SLASH) & (third == _S)),
    )
    ends = ends[data[tags[ends] + len("</s")] == _I]
    are_usual = stands_at(_ITEM, data, tags[items]).all() and stands_at(_ITEM_END, data, tags[ends]).all()
    if not are_usual or len(items) != len(ends) or items[0]:
        raise NotPlainError
    if (items >= ends).any() or (items[1:] <= ends[:-1]).any():
        raise NotPlainError
    return items, ends - items + 1
