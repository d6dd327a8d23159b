"""Parts that are one long list of like elements: taken out of the XML in runs, and the rest checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from flows.reading.limits import MIB
from flows.reading.tags import PADDING, Run
from flows.reading.unreadable import damaged
from flows.reading.xml_parts import new_parser

RUN_BYTES: Final = 2 * MIB
MOST_REST_BYTES: Final = 64 * MIB
_LONGEST_ELEMENT: Final = 8 * MIB


class NotPlainError(Exception):
    """A part is written in a form that only the careful reader knows."""


@dataclass(frozen=True)
class ListOfElements:
    """Which elements are taken out, by how they begin and end, and in which elements they must stand."""

    start: bytes
    end: bytes
    path: Sequence[str]


def rest_of(
    chunks: Iterable[bytes], elements: ListOfElements, take: Callable[[Run], Iterable[bytes]]
) -> bytes:
    """The part without its elements, which `take` is given in runs; those that it gives back stay.

    No comment, instruction, raw text or declaration stands in a part that is divided, so that whatever looks
    like an element is one.

    Raises:
        NotPlainError: the part can't be divided.
        UnreadableWorkbook: the rest is not well-formed, or as `chunks`.
    """
    rest = _Rest(elements.path)
    waiting = b""
    for pieces in _together(chunks):
        seen = b"".join((waiting, *pieces, PADDING))
        _refuse_markup(seen)
        end = seen.rfind(elements.end) + len(elements.end)
        if end < len(elements.end):
            if len(seen) > _LONGEST_ELEMENT:
                raise NotPlainError
            waiting = seen[: -len(PADDING)]
            continue
        start = seen.find(elements.start, 0, end)
        rest.add(seen[:start])
        rest.check_path()
        for odd in take(Run.of(seen, start, end)):
            rest.add(odd)
            rest.check_path()
        waiting = seen[end : -len(PADDING)]
    rest.add(waiting)
    return rest.end()


class _Rest:
    """What is left of a part, parsed as it comes."""

    def __init__(self, path: Sequence[str]) -> None:
        self._wanted = list(path)
        self._path: list[str] = []
        self._parser = new_parser()
        self._parser.StartElementHandler = lambda name, _: self._path.append(name)
        self._parser.EndElementHandler = lambda _: self._path.pop()
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > MOST_REST_BYTES:
            raise NotPlainError
        self._pieces.append(piece)
        self._parse(piece, is_last=False)

    def check_path(self) -> None:
        if self._path != self._wanted:
            raise NotPlainError

    def end(self) -> bytes:
        self._parse(b"", is_last=True)
        return b"".join(self._pieces)

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        try:
            self._parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise damaged(f"XML: {expat.ErrorString(error.code)}") from None


def _refuse_markup(seen: bytes) -> None:
    """Nothing but tags and text, and the declaration at the beginning."""
    start = max(seen.find(b"?>"), 0) if seen.startswith((b"<?xml ", b"\xef\xbb\xbf<?xml ")) else 0
    # single bytes are found much faster, and these are rare
    has_any = (mark in seen and b"<" + mark in seen[start:] for mark in (b"!", b"?"))
    if any(has_any):
        raise NotPlainError


def _together(chunks: Iterable[bytes]) -> Iterator[list[bytes]]:
    pieces: list[bytes] = []
    size = 0
    for chunk in chunks:
        pieces.append(chunk)
        size += len(chunk)
        if size >= RUN_BYTES:
            yield pieces
            pieces, size = [], 0
    yield pieces
