"""Annotated copies of the uploads with findings, under names of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

LONGEST_STEM_BYTES = 200
SUFFIX = "-批注"


def annotated_names(file_names: Iterable[str]) -> Iterator[str]:
    """`<name>-批注.xlsx` for each file; a second one of the same name is numbered."""
    taken: set[str] = set()
    for file_name in file_names:
        stem = _shortened(Path(file_name).stem)
        name, number = f"{stem}{SUFFIX}.xlsx", 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}{SUFFIX}-{number}.xlsx"
        taken.add(name.casefold())
        yield name


def _shortened(stem: str) -> str:
    """A name that still fits a file system's 255 bytes with what is added to it."""
    return stem.encode()[:LONGEST_STEM_BYTES].decode(errors="ignore")
