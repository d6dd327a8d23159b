"""Names of sheets made of numbers of envoys: no two alike, and none that a spreadsheet refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_REFUSED = re.compile(r"[\[\]:*?/\\'!()\x00-\x1f\ud800-\udfff\ufffe\uffff]")
"""What Excel refuses in a name, and what a chart's references to its cells can't have in it."""
_LONGEST = 31
_BYTES_PER_UNIT = 2
_RESERVED = "history"


def safe_sheet_names(wanted: Sequence[str], taken: Iterable[str]) -> list[str]:
    """A name for each of the wanted ones, in their order: itself where it can be."""
    used = {name.casefold() for name in taken} | {_RESERVED}
    names = []
    for text in wanted:
        plain = _REFUSED.sub("_", text).strip() or "_"
        name, number = _cut(plain, _LONGEST), 1
        while name.casefold() in used:
            number += 1
            ending = f"~{number}"
            name = _cut(plain, _LONGEST - len(ending)) + ending
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, longest: int) -> str:
    """As many characters as fit into that many UTF-16 units, as Excel counts."""
    return text.encode("utf-16-le")[: longest * _BYTES_PER_UNIT].decode("utf-16-le", "ignore")
