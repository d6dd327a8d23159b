"""`.ods`, from its one large XML part, where each cell says what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from flows.reading.archive import Archive
from flows.reading.cells import NEVER_CALCULATED, CellValue, ErrorText, Percentage, sheet_cells
from flows.reading.limits import LAST_COLUMN, LAST_ROW, ReadingLimits
from flows.reading.positions import check_reach
from flows.reading.unreadable import damaged, password_protected
from flows.reading.xml_parts import Attributes, walk
from schemas.raw_sheet import Merge, RawSheet

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TABLE, TEXT = f"{_ODF}office:1.0 ", f"{_ODF}table:1.0 ", f"{_ODF}text:1.0 "
STYLE = f"{_ODF}style:1.0 "
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
VALUE_TYPE, VALUE = f"{OFFICE}value-type", f"{OFFICE}value"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")

_ERROR_TEXT = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:[0-9]+")
_SPACES = re.compile(r"[ \t\r\n]+")
_DURATION = re.compile(r"(-?)PT?(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:[.,]([0-9]+))?S)?")


def read_ods(archive: Archive, limits: ReadingLimits) -> list[RawSheet]:
    """All sheets, in the order of the workbook.

    Raises:
        UnreadableWorkbook: encrypted, damaged, or a sheet reaches too far.
    """
    _refuse_encrypted(archive)
    archive.check(but=("content.xml",))
    content = _Content(limits)
    walk(
        archive.chunks("content.xml"), content.on_start, content.on_end, content.on_text,
        namespace_separator=" ",
    )  # fmt: skip
    return [sheet.as_raw(content.hidden_styles) for sheet in content.sheets]


def _refuse_encrypted(archive: Archive) -> None:
    def on_start(name: str, _: Attributes) -> None:
        if name.endswith(" encryption-data"):
            raise password_protected()

    if archive.find("META-INF/manifest.xml"):
        walk(archive.chunks("META-INF/manifest.xml"), on_start, namespace_separator=" ")


@dataclass
class _Sheet:
    name: str
    style: str
    limits: ReadingLimits
    rows: list[tuple[int, list[CellValue]]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    width: int = 0
    next_row: int = 1

    def add_row(self, cells: list[CellValue], times: int) -> None:
        """Take the same row so many times; a blank one only moves on."""
        if any(value is not None for value in cells):
            if self.next_row + times - 1 > LAST_ROW:
                raise damaged("row out of the sheet")
            self.width = max(self.width, len(cells))
            check_reach(self.name, self.next_row + times - 1, self.width, self.limits)
            self.rows += [(row, cells) for row in range(self.next_row, self.next_row + times)]
        self.next_row += times

    def as_raw(self, hidden_styles: set[str]) -> RawSheet:
        return RawSheet(
            self.name, sheet_cells(self.rows, self.width), tuple(self.merges), self.style in hidden_styles
        )


class _Content:
    """Called by the parser. Only tables that stand in no other, and a cell's own paragraphs, count."""

    def __init__(self, limits: ReadingLimits) -> None:
        self.limits = limits
        self.sheets: list[_Sheet] = []
        self.hidden_styles: set[str] = set()
        self.path: list[str] = []
        self.style = ""
        self.cells: list[CellValue] = []
        self.column = 0
        self.row_times = 1
        self.cell: Attributes = {}
        self.cell_depth = self.table_depth = self.ignored_depth = 0
        self.paragraphs: list[list[str]] = []

    def on_start(self, name: str, attributes: Attributes) -> None:
        self.path.append(name)
        if self.ignored_depth:
            return
        depth = len(self.path)
        if self.cell_depth:
            self._start_in_cell(name, attributes, depth)
        elif name == f"{TABLE}table":
            self._start_table(attributes, depth)
        elif name == f"{TABLE}tracked-changes":
            self.ignored_depth = depth
        elif name == f"{TABLE}table-row" and self.table_depth:
            self.cells, self.column = [], 0
            self.row_times = _count(attributes, "number-rows-repeated")
        elif name in CELLS and self.table_depth:
            self.cell, self.cell_depth, self.paragraphs = attributes, depth, []
        elif name == f"{STYLE}style":
            self.style = attributes.get(f"{STYLE}name", "")
        elif name == f"{STYLE}table-properties" and attributes.get(f"{TABLE}display") == "false":
            self.hidden_styles.add(self.style)

    def on_text(self, text: str) -> None:
        if self.cell_depth and not self.ignored_depth and len(self.path) > self.cell_depth:
            self.paragraphs[-1].append(_SPACES.sub(" ", text))

    def on_end(self, name: str) -> None:
        depth = len(self.path)
        self.path.pop()
        if self.ignored_depth:
            self.ignored_depth = 0 if depth == self.ignored_depth else self.ignored_depth
        elif depth == self.cell_depth:
            self.cell_depth = 0
            self._end_cell()
        elif name == f"{TABLE}table-row" and self.table_depth:
            self.sheets[-1].add_row(self.cells, self.row_times)
        elif depth == self.table_depth:
            self.table_depth = 0

    def _start_table(self, attributes: Attributes, depth: int) -> None:
        self.table_depth = depth
        name, style = attributes.get(f"{TABLE}name", ""), attributes.get(f"{TABLE}style-name", "")
        self.sheets.append(_Sheet(name, style, self.limits))

    def _start_in_cell(self, name: str, attributes: Attributes, depth: int) -> None:
        if name == f"{TEXT}p" and depth == self.cell_depth + 1:
            self.paragraphs.append([])
        elif depth == self.cell_depth + 1:
            self.ignored_depth = depth
        elif name == f"{TEXT}s":
            self.paragraphs[-1].append(" " * min(_count(attributes, "c", TEXT), LAST_COLUMN))
        elif name in (f"{TEXT}tab", f"{TEXT}line-break"):
            self.paragraphs[-1].append("\t" if name.endswith("tab") else "\n")

    def _end_cell(self) -> None:
        text = "\n".join("".join(pieces) for pieces in self.paragraphs)
        value = cell_value(self.cell, text)
        times = _count(self.cell, "number-columns-repeated")
        if value is not None:
            if self.column + times > LAST_COLUMN:
                raise damaged("cell out of the sheet")
            self.cells += [None] * (self.column - len(self.cells)) + [value] * times
        rows, columns = _count(self.cell, "number-rows-spanned"), _count(self.cell, "number-columns-spanned")
        if rows * columns > 1:
            row = self.sheets[-1].next_row
            merge = Merge(row, row + rows - 1, self.column, self.column + columns - 1)
            self.sheets[-1].merges.append(merge)
        self.column += times


def cell_value(attributes: Attributes, text: str) -> CellValue:
    """What a cell with these attributes and this text holds.

    Raises:
        UnreadableWorkbook: its value is none of its type.
    """
    value_type = attributes.get(VALUE_TYPE)
    has_formula = f"{TABLE}formula" in attributes
    if attributes.get(f"{CALC}value-type") == "error" or (has_formula and _ERROR_TEXT.fullmatch(text)):
        return ErrorText(text or "#VALUE!")
    if value_type is None:
        return NEVER_CALCULATED if has_formula and not text else text or None
    try:
        return _typed_value(value_type, attributes, text)
    except (KeyError, ValueError):
        raise damaged(f"value of type {value_type}") from None


def _typed_value(value_type: str, attributes: Attributes, text: str) -> CellValue:
    match value_type:
        case "float" | "currency":
            return float(attributes[VALUE])
        case "percentage":
            return Percentage(attributes[VALUE])
        case "boolean":
            return attributes[f"{OFFICE}boolean-value"] == "true"
        case "date":
            return _date(attributes[f"{OFFICE}date-value"])
        case "time":
            return _time(attributes[f"{OFFICE}time-value"])
    return attributes.get(f"{OFFICE}string-value", text) or None


def _date(written: str) -> date:
    moment = datetime.fromisoformat(written.partition(".")[0])
    return moment.date() if moment.time() == time() else moment


def _time(written: str) -> timedelta:
    match = _DURATION.fullmatch(written)
    if match is None:
        raise ValueError
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:4])
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -duration if match[1] else duration


def _count(attributes: Attributes, name: str, namespace: str = TABLE) -> int:
    written = attributes.get(namespace + name, "1")
    return int(written) if written.isdecimal() else 1
