"""A writer of small .xlsb workbooks: enough of the binary format (BIFF12) for the readers of it."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

FIRST_CUSTOM_FORMAT = 164
VISIBLE, HIDDEN, VERY_HIDDEN = 0, 1, 2


@dataclass(frozen=True)
class Styled:
    """A number in a cell of the i-th of the workbook's number formats."""

    number: float
    style: int


@dataclass(frozen=True)
class Error:
    """An error by its code: 0x17 is #REF!."""

    code: int


@dataclass(frozen=True)
class Formula:
    """A formula by the value that it had."""

    value: str | float | bool | Error


@dataclass(frozen=True)
class InlineText:
    """A text that stands in its cell and not among the shared ones."""

    text: str
    is_rich: bool = False


Cell: TypeAlias = str | float | int | bool | Styled | Error | Formula | InlineText | None
"""An int is written packed (RK), a float in full, None as a blank cell."""


@dataclass(frozen=True)
class XlsbSheet:
    """`cells` by (row, column), both from 0; `merges` as first and last row, first and last column."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    merges: Sequence[tuple[int, int, int, int]] = ()
    visibility: int = VISIBLE


@dataclass
class _SharedTexts:
    texts: list[str] = field(default_factory=list)

    def index_of(self, text: str) -> int:
        if text not in self.texts:
            self.texts.append(text)
        return self.texts.index(text)


def write_xlsb(
    path: Path, sheets: Sequence[XlsbSheet], formats: Sequence[str | int] = (0,), *, is_1904: bool = False
) -> Path:
    """A workbook of these sheets; cell style i has the i-th format, a code or a built-in one's number."""
    shared = _SharedTexts()
    parts = {f"worksheets/sheet{index}.bin": _sheet(sheet, shared) for index, sheet in enumerate(sheets, 1)}
    related = [(f"rId{index}", "worksheet", name) for index, name in enumerate(parts, 1)]
    related += [("rIdS", "styles", "styles.bin"), ("rIdT", "sharedStrings", "sharedStrings.bin")]
    parts["workbook.bin"] = _workbook(sheets, is_1904=is_1904)
    parts["styles.bin"] = _styles(formats)
    parts["sharedStrings.bin"] = _shared_part(shared.texts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        archive.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.bin")]))
        archive.writestr("xl/_rels/workbook.bin.rels", _relations(related))
        for name, content in parts.items():
            archive.writestr(f"xl/{name}", content)
    return path


def record(record_type: int, content: bytes = b"") -> bytes:
    """A record: type and length in groups of 7 bits, then its content."""
    written = (
        bytes([record_type]) if record_type < 0x80 else bytes([record_type & 0x7F | 0x80, record_type >> 7])
    )
    length, lengths = len(content), b""
    while length >= 0x80:
        lengths += bytes([length & 0x7F | 0x80])
        length >>= 7
    return written + lengths + bytes([length]) + content


def text_bytes(text: str) -> bytes:
    """A text with its length before it."""
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def _relations(related: Iterable[tuple[str, str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in related
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _workbook(sheets: Sequence[XlsbSheet], *, is_1904: bool) -> bytes:
    listed = b"".join(
        record(
            156,
            struct.pack("<II", sheet.visibility, index) + text_bytes(f"rId{index}") + text_bytes(sheet.name),
        )
        for index, sheet in enumerate(sheets, start=1)
    )
    properties = record(153, struct.pack("<II", int(is_1904), 0) + text_bytes(""))
    return record(131) + properties + record(143) + listed + record(144) + record(132)


def _styles(formats: Sequence[str | int]) -> bytes:
    codes = [(FIRST_CUSTOM_FORMAT + i, code) for i, code in enumerate(formats) if isinstance(code, str)]
    custom = b"".join(record(44, struct.pack("<H", number) + text_bytes(code)) for number, code in codes)
    numbers = [FIRST_CUSTOM_FORMAT + i if isinstance(code, str) else code for i, code in enumerate(formats)]
    cell_styles = b"".join(_style(0, number) for number in numbers)
    return (
        record(278)
        + record(615, struct.pack("<I", len(codes)))
        + custom
        + record(616)
        + record(626, struct.pack("<I", 1))
        + _style(0xFFFF, 9)
        + record(627)
        + record(617, struct.pack("<I", len(numbers)))
        + cell_styles
        + record(618)
        + record(279)
    )


def _style(parent: int, format_id: int) -> bytes:
    return record(47, struct.pack("<HH", parent, format_id) + bytes(12))


def _shared_part(texts: Sequence[str]) -> bytes:
    items = b"".join(record(19, b"\0" + text_bytes(text)) for text in texts)
    return record(159, struct.pack("<II", len(texts), len(texts))) + items + record(160)


def _sheet(sheet: XlsbSheet, shared: _SharedTexts) -> bytes:
    rows: dict[int, bytes] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        rows[row] = rows.get(row, b"") + _cell(column, cell, shared)
    data = b"".join(record(0, struct.pack("<I", row) + bytes(13)) + cells for row, cells in rows.items())
    merged = b"".join(record(176, struct.pack("<IIII", *merge)) for merge in sheet.merges)
    last_row = max((row for row, _ in sheet.cells), default=0)
    last_column = max((column for _, column in sheet.cells), default=0)
    return (
        record(129)
        + record(148, struct.pack("<IIII", 0, last_row, 0, last_column))
        + record(145)
        + data
        + record(146)
        + record(177, struct.pack("<I", len(sheet.merges)))
        + merged
        + record(178)
        + record(130)
    )


def _cell(column: int, cell: Cell, shared: _SharedTexts) -> bytes:
    style = cell.style if isinstance(cell, Styled) else 0
    record_type, value = _stored(cell, shared)
    return record(record_type, struct.pack("<II", column, style) + value)


def _stored(cell: Cell, shared: _SharedTexts) -> tuple[int, bytes]:
    match cell:
        case None:
            return 1, b""
        case Formula():
            return _stored_formula(cell)
        case Error(code=code):
            return 3, bytes([code])
        case str() | InlineText():
            return _stored_text(cell, shared)
    return _stored_number(cell)


def _stored_number(cell: float | Styled) -> tuple[int, bytes]:
    match cell:
        case bool():
            return 4, bytes([cell])
        case int():
            return 2, struct.pack("<i", cell << 2 | 2)
        case Styled(number=number):
            return 5, struct.pack("<d", number)
    return 5, struct.pack("<d", cell)


def _stored_text(cell: str | InlineText, shared: _SharedTexts) -> tuple[int, bytes]:
    if isinstance(cell, str):
        return 7, struct.pack("<I", shared.index_of(cell))
    return (62, b"\0" + text_bytes(cell.text)) if cell.is_rich else (6, text_bytes(cell.text))


def _stored_formula(formula: Formula) -> tuple[int, bytes]:
    behind = struct.pack("<HII", 0, 0, 0)
    match formula.value:
        case bool() as value:
            return 10, bytes([value]) + behind
        case str() as value:
            return 8, text_bytes(value) + behind
        case Error(code=code):
            return 11, bytes([code]) + behind
        case value:
            return 9, struct.pack("<d", value) + behind
