"""Runs of XML as arrays of bytes: words taken out at many places at once, and wordings told apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Places: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = NDArray[np.int16]

WORD_BYTES: Final = 8
LONGEST_WORDING: Final = 64
PADDING: Final = bytes(2 * LONGEST_WORDING)
"""Behind all that runs are taken out of, so that words can be taken out up to their ends."""
_MASKS = np.array([(1 << 8 * length) - 1 for length in range(WORD_BYTES + 1)], dtype=np.uint64)


@dataclass(frozen=True)
class Run:
    """A run of XML: so many of the bytes are its own, and what is behind them may be anything."""

    data: Bytes
    length: int

    @classmethod
    def of(cls, padded: bytes, start: int, end: int) -> Run:
        """From a start to an end in bytes that have the padding behind them."""
        length = end - start
        return cls(np.frombuffer(padded, np.uint8, count=length + len(PADDING), offset=start), length)

    def places_of(self, byte: int) -> Places:
        """Where a byte stands."""
        return np.flatnonzero(self.data[: self.length] == byte)

    def part(self, start: int, end: int) -> bytes:
        """What stands between two places."""
        return self.data[start:end].tobytes()


def words_at(data: Bytes, places: Places) -> Words:
    """The eight bytes from each place on."""
    every: Words = np.ndarray((len(data) - WORD_BYTES + 1,), dtype="<u8", buffer=data.data, strides=(1,))
    return every[places]


def first_bytes(words: Words, counts: Places) -> Words:
    """Of each word so many bytes, at most the eight that there are, with zeros behind."""
    return words & _MASKS[np.clip(counts, 0, WORD_BYTES)]


def stands_at(text: bytes, data: Bytes, places: Places) -> Flags:
    """Whether the text stands at each of the places."""
    found = np.ones(len(places), dtype=np.bool_)
    for start in range(0, len(text), WORD_BYTES):
        part = text[start : start + WORD_BYTES]
        words = words_at(data, places + start if start else places)
        found &= (words & _MASKS[len(part)]) == int.from_bytes(part, "little")
    return found


def begin_with(text: bytes, words: Words, data: Bytes, places: Places) -> Flags:
    """`stands_at` where the words at the places are known: those that begin otherwise are not looked at."""
    found: Flags = (words & _MASKS[min(len(text), WORD_BYTES)]) == int.from_bytes(text[:WORD_BYTES], "little")
    if len(text) > WORD_BYTES:
        found[found] = stands_at(text[WORD_BYTES:], data, places[found] + WORD_BYTES)
    return found


@dataclass
class Wordings:
    """Numbers the different wordings that come up in like places.

    `meaning` is asked once about each of them what it is, and gives the number. What is too long, and what
    comes up after very many others, has the number 0.
    """

    meaning: Callable[[bytes], int]
    most: int = 2_000
    known: dict[bytes, int] = field(default_factory=dict)

    def numbers(self, data: Bytes, starts: Places, ends: Places) -> Numbers:
        """The meaning of what stands between each start and end."""
        numbers = np.zeros(len(starts), dtype=np.int16)
        lengths = ends - starts
        left = np.flatnonzero((lengths > 0) & (lengths <= LONGEST_WORDING))
        starts, lengths = (starts, lengths) if len(left) == len(starts) else (starts[left], lengths[left])
        while len(left) and len(self.known) < self.most:
            text = data[starts[0] : starts[0] + lengths[0]].tobytes()
            if text not in self.known:
                self.known[text] = self.meaning(text)
            is_same = (lengths == len(text)) & stands_at(text, data, starts)
            numbers[left[is_same]] = self.known[text]
            is_other = ~is_same
            left, starts, lengths = left[is_other], starts[is_other], lengths[is_other]
        return numbers
