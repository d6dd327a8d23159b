"""Numbers that clerks gave, as a failed check may name them: they may have written a name instead."""

from __future__ import annotations

import re

LEFT_OUT = "…"
_PART = re.compile(r"[^/ #]+")
_SHORT_NUMBER = re.compile(r"第|行|[A-Za-z0-9_.%-]{1,32}")
_PERSONAL = re.compile(r"[0-9]{11}")


def shown_number(number: object) -> str:
    """The number, with `…` for each part between `/`, ` ` and `#` that may be personal.

    A part is shown when it is 第 or 行, or has Latin letters, digits and marks alone, and no eleven digits in
    a row.
    """
    return _PART.sub(lambda part: part.group() if _is_harmless(part.group()) else LEFT_OUT, str(number))


def _is_harmless(part: str) -> bool:
    return bool(_SHORT_NUMBER.fullmatch(part)) and not _PERSONAL.search(part)
