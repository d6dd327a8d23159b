"""XML out of a stranger's file: parsed in pieces, without entities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn
from xml.parsers import expat

from flows.reading.unreadable import damaged, unsafe

Attributes = dict[str, str]


def walk(
    chunks: Iterable[bytes],
    on_start: Callable[[str, Attributes], object],
    on_end: Callable[[str], object] | None = None,
    on_text: Callable[[str], object] | None = None,
    *,
    namespace_separator: str | None = None,
) -> None:
    """Call back for each element and text, in order.

    With `namespace_separator` names are `uri<separator>local`, without it as they are written.

    Raises:
        UnreadableWorkbook: not well-formed, or with a document type or an entity of its own.
    """
    parser = new_parser(namespace_separator)
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = on_text
    parse(parser, chunks)


def new_parser(namespace_separator: str | None = None) -> expat.XMLParserType:
    """A parser that refuses document types, and with them every entity but the five of XML."""
    parser = expat.ParserCreate(namespace_separator=namespace_separator)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    return parser


def parse(parser: expat.XMLParserType, chunks: Iterable[bytes]) -> None:
    """Feed the parser to the end.

    Raises:
        UnreadableWorkbook: not well-formed.
    """
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keyword here
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise damaged(f"XML: {expat.ErrorString(error.code)}") from None


def local_name(name: str) -> str:
    """The name without its prefix, which every producer chooses as it likes."""
    return name.rpartition(":")[2]


def _refuse(*_declaration: object) -> NoReturn:
    raise unsafe("document type or entity declared")
