"""Workbooks whose bytes follow from their content alone, not from when they were written."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

FIXED_MOMENT = datetime(2021, 1, 7)  # noqa: DTZ001 - document properties have no time zone
FIXED_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PROPERTIES_PART = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def saved(book: Workbook) -> bytes:
    """A workbook as it is saved; the same cells give the same bytes."""
    written = BytesIO()
    book.save(written)
    packed = BytesIO()
    stamp = FIXED_MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with ZipFile(written) as parts, ZipFile(packed, "w") as archive:
        for part in parts.infolist():
            content = parts.read(part)
            if part.filename == _PROPERTIES_PART:
                content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
            archive.writestr(ZipInfo(part.filename, FIXED_ZIP_TIME), content, ZIP_DEFLATED)
    return packed.getvalue()
