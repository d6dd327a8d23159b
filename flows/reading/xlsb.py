"""`.xlsb`, record by record: what a cell is stands in its record and its style."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from flows.reading import biff12
from flows.reading.archive import Archive
from flows.reading.cells import CellValue, ErrorText, sheet_cells
from flows.reading.limits import LAST_COLUMN, LAST_ROW, ReadingLimits
from flows.reading.number_formats import NumberFormat, formatted_number, number_format
from flows.reading.positions import check_reach
from flows.reading.unreadable import damaged
from flows.reading.xlsx_book import Relation, main_part, part_relations
from schemas.raw_sheet import Merge, RawSheet

ERROR_TEXTS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!",
    0x2A: "#N/A", 0x2B: "#GETTING_DATA",
}  # fmt: skip

_CELL = struct.Struct("<II")
_REAL = struct.Struct("<d")
_INDEX = struct.Struct("<I")
_FORMAT_ID = struct.Struct("<H")
_RANGE = struct.Struct("<IIII")
_SHEET = struct.Struct("<II")
_STYLE_BITS = 0xFFFFFF


@dataclass(frozen=True)
class _Book:
    sheets: tuple[tuple[str, str, bool], ...]
    texts: list[str]
    formats: list[NumberFormat]
    is_1904: bool


def read_xlsb(archive: Archive, limits: ReadingLimits) -> list[RawSheet]:
    """All worksheets, in the order of the workbook.

    Raises:
        UnreadableWorkbook: a part is damaged, or a sheet reaches too far.
    """
    archive.check()
    book = _book(archive)
    return [
        _read_sheet(name, archive.read(part), book, limits, is_hidden=is_hidden)
        for name, part, is_hidden in book.sheets
    ]


def _book(archive: Archive) -> _Book:
    workbook = main_part(archive)
    relations = part_relations(archive, workbook)
    part_of = {relation.kind: relation.part for relation in relations.values()}
    sheets, is_1904 = [], False
    for record, content in biff12.records(archive.read(workbook)):
        if record == biff12.WORKBOOK_PROPERTIES:
            is_1904 = bool(content[0] & 1)
        elif record == biff12.SHEET:
            visibility, _ = _SHEET.unpack_from(content)
            relation_id, end = biff12.text_at(content, _SHEET.size)
            name, _ = biff12.text_at(content, end)
            relation = relations.get(relation_id, Relation("", ""))
            if relation.kind == "worksheet":
                sheets.append((name, relation.part, visibility != 0))
    if len({name.casefold() for name, _, _ in sheets}) < len(sheets):
        raise damaged("two sheets of one name")
    return _Book(
        tuple(sheets),
        _shared_texts(archive, part_of.get("sharedStrings")),
        _formats(archive, part_of.get("styles")),
        is_1904,
    )


def _shared_texts(archive: Archive, part: str | None) -> list[str]:
    if part is None:
        return []
    return [
        biff12.text_at(content, 1)[0]
        for record, content in biff12.records(archive.read(part))
        if record == biff12.SHARED_TEXT
    ]


def _formats(archive: Archive, part: str | None) -> list[NumberFormat]:
    codes: dict[int, str] = {}
    format_ids: list[int] = []
    is_in_cell_styles = False
    for record, content in biff12.records(archive.read(part)) if part else ():
        if record == biff12.NUMBER_FORMAT:
            codes[_FORMAT_ID.unpack_from(content)[0]] = biff12.text_at(content, _FORMAT_ID.size)[0]
        elif record in (biff12.CELL_STYLES_START, biff12.CELL_STYLES_END):
            is_in_cell_styles = record == biff12.CELL_STYLES_START
        elif record == biff12.CELL_STYLE and is_in_cell_styles:
            format_ids.append(_FORMAT_ID.unpack_from(content, _FORMAT_ID.size)[0])
    return [number_format(format_id, codes.get(format_id)) for format_id in format_ids]


@dataclass
class _Sheet:
    name: str
    book: _Book
    limits: ReadingLimits
    rows: dict[int, list[CellValue]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    last_row: int = -1
    width: int = 0

    def put(self, row: int, column: int, value: CellValue) -> None:
        if row >= LAST_ROW or column >= LAST_COLUMN:
            raise damaged("cell out of the sheet")
        if row > self.last_row or column >= self.width:
            self.last_row, self.width = max(self.last_row, row), max(self.width, column + 1)
            check_reach(self.name, self.last_row + 1, self.width, self.limits)
        cells = self.rows.setdefault(row, [])
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value

    def value(self, record: int, content: bytes, style: int) -> CellValue:
        start = _CELL.size
        match record:
            case biff12.RK_CELL:
                return self.number(biff12.packed_number(content, start), style)
            case biff12.REAL_CELL | biff12.NUMBER_FORMULA:
                return self.number(_REAL.unpack_from(content, start)[0], style)
            case biff12.BOOLEAN_CELL | biff12.BOOLEAN_FORMULA:
                return bool(content[start])
            case biff12.ERROR_CELL | biff12.ERROR_FORMULA:
                return ErrorText(ERROR_TEXTS.get(content[start], "#VALUE!"))
        return self.text(record, content)

    def text(self, record: int, content: bytes) -> str:
        start = _CELL.size
        if record == biff12.SHARED_TEXT_CELL:
            (index,) = _INDEX.unpack_from(content, start)
            return self.book.texts[int(index)]
        return biff12.text_at(content, start + (record == biff12.RICH_TEXT_CELL))[0]

    def number(self, number: float, style: int) -> CellValue:
        its_format = self.book.formats[style] if style < len(self.book.formats) else NumberFormat.PLAIN
        return formatted_number(number, its_format, is_1904=self.book.is_1904)


def _read_sheet(name: str, data: bytes, book: _Book, limits: ReadingLimits, *, is_hidden: bool) -> RawSheet:
    sheet = _Sheet(name, book, limits)
    row, is_in_data = 0, False
    for record, content in biff12.records(data):
        if record in (biff12.SHEET_DATA_START, biff12.SHEET_DATA_END):
            is_in_data = record == biff12.SHEET_DATA_START
        elif record == biff12.MERGED_RANGE:
            first_row, last_row, first_column, last_column = _RANGE.unpack_from(content)
            sheet.merges.append(Merge(first_row + 1, last_row + 1, first_column, last_column))
        elif is_in_data and record == biff12.ROW:
            (row,) = _INDEX.unpack_from(content)
        elif is_in_data and (
            biff12.BLANK_CELL < record <= biff12.ERROR_FORMULA or record == biff12.RICH_TEXT_CELL
        ):
            column, style = _CELL.unpack_from(content)
            sheet.put(row, column, sheet.value(record, content, style & _STYLE_BITS))
    rows = ((number + 1, sheet.rows[number]) for number in sorted(sheet.rows))
    return RawSheet(name, sheet_cells(rows, sheet.width), tuple(sheet.merges), is_hidden)
