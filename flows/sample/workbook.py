"""Writes rows into workbooks in a clerk's style, row by row, so that a million households need no memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from flows.sample.cells import (
    BooleanCell,
    Cell,
    FormulaCell,
    NumericCell,
    PercentCell,
    Record,
    TextCell,
    Value,
)
from flows.sample.styles import Style
from schemas.columns import SQUARE_METRES, YUAN, Column, Kind
from schemas.sheet import VOID_FIELD, VOID_HEADER, Sheet

ROWS_PER_SHEET = 1_000_000
_ROWS_BETWEEN_REMARKS = 50
# fixed, so that the same seed gives the same bytes
_CREATED = datetime(2025, 1, 1, 8, 0, tzinfo=UTC)
_VOID = Column(VOID_HEADER, Kind.YES_NO, "", only_yes_or_blank=True, name=VOID_FIELD)
_SERIAL_HEADER, _REMARK_HEADER = "序号", "备注"
_TOTALLED_UNITS = (SQUARE_METRES, YUAN)


@dataclass(frozen=True)
class Letter:
    """A workbook as sent: its name without ending, when it was saved, in which style it was filled in."""

    name: str
    sent_at: datetime
    style: Style
    hidden: frozenset[str] = frozenset()
    padded_titles: bool = False
    has_void_column: bool = False
    has_notes_sheet: bool = False


@dataclass
class Formats:
    """The cell formats of one workbook."""

    book: Workbook
    style: Style
    heading: Format = field(init=False)
    banner: Format = field(init=False)
    text: Format = field(init=False)
    date: Format = field(init=False)
    number: Format = field(init=False)
    money: Format = field(init=False)
    percent: Format = field(init=False)

    def __post_init__(self) -> None:
        add = self.book.add_format
        self.heading = add({"bold": True, "border": 1, "text_wrap": True, "align": "center"})
        self.banner = add({"bold": True, "font_size": 16, "align": "center"})
        self.text = add({"num_format": "@"})
        self.date = add({"num_format": self.style.date_format})
        self.number = add({"num_format": "0.00"})
        self.money = add({"num_format": "#,##0.00"})
        self.percent = add({"num_format": "0%"})


class SheetWriter:
    """One sheet being filled in. Rows go strictly downwards."""

    def __init__(self, page: Worksheet, sheet: type[Sheet], letter: Letter, formats: Formats) -> None:
        self._page, self._sheet, self._formats, self._style = page, sheet, formats, letter.style
        self._columns = [*sheet.columns.values(), *((_VOID,) if letter.has_void_column else ())]
        self._has_serial = letter.style.has_serial and _SERIAL_HEADER not in sheet.headers()
        self._offset = int(self._has_serial)
        self._row = 0
        self.rows_written = 0
        self._totals: dict[int, Decimal] = {}
        self._merges: list[tuple[int, int, int, Value]] = []
        self._write_top()

    def add_group(self, records: Sequence[Record], *, mergeable: bool = False) -> None:
        """Writes rows that belong together; with `mergeable`, equal household cells are merged over them."""
        first = self._row
        for record in records:
            self._add(record)
        if mergeable and len(records) > 1 and self._row - first == len(records):
            self._remember_merges(records, first)

    def close(self) -> None:
        """Writes what stands below the table."""
        for first, last, column, value in self._merges:
            # the cells below the first become blank, as they are when a clerk merges
            self._page.merge_range(first, column, last, column, "", self._formats.text)
            self._put(first, column, self._columns[column - self._offset], value)
        if self._style.has_total and self._totals:
            self._page.write_string(self._row, 0, "合计", self._formats.heading)
            self._totals[max(self._totals)] -= self._style.total_is_off_by
            for column, total in self._totals.items():
                self._page.write_number(self._row, column, float(total), self._formats.money)
            self._row += 1
        if self._style.sign_off:
            self._page.write_string(self._row + 1, 0, self._style.sign_off)

    def _write_top(self) -> None:
        width = len(self._columns) + self._offset
        for line in (self._style.banner, self._style.office):
            if line is not None:
                self._page.merge_range(self._row, 0, self._row, width - 1, "", self._formats.banner)
                self._page.write_string(self._row, 0, line, self._formats.banner)
                self._row += 1
        self._row += self._style.blank_rows_above
        self._page.set_column(0, width, 14)
        self._write_header()

    def _write_header(self) -> None:
        headers = [self._style.header(column) for column in self._columns]
        if self._has_serial:
            headers.insert(0, _SERIAL_HEADER)
        if self._style.has_remark:
            headers.append(_REMARK_HEADER)
        for place, header in enumerate(headers):
            self._page.write_string(self._row, place, header, self._formats.heading)
        self._row += 1

    def _add(self, record: Record) -> None:
        every = self._style.repeats_header_every
        if every and self.rows_written and self.rows_written % every == 0:
            self._write_header()
        if self._has_serial:
            self._page.write_number(self._row, 0, self.rows_written + 1)
        for place, column in enumerate(self._columns, self._offset):
            value = record.get(column.name)
            if value is not None:
                self._put(self._row, place, column, value)
        if self._style.has_remark and self.rows_written % _ROWS_BETWEEN_REMARKS == 1:
            self._page.write_string(self._row, len(self._columns) + self._offset, "已复核")
        self.rows_written += 1
        self._row += 1

    def _put(self, row: int, place: int, column: Column, value: Value) -> None:
        page, formats = self._page, self._formats
        shown = self._as_typed(column, value)
        if isinstance(shown, str):
            page.write_string(row, place, shown, formats.text if column.must_be_text else None)
        elif isinstance(shown, Decimal):
            if column.unit in _TOTALLED_UNITS:
                self._totals[place] = self._totals.get(place, Decimal(0)) + shown
            number_format = formats.money if column.unit == YUAN else formats.number
            page.write_number(row, place, float(shown), number_format)
        elif isinstance(shown, date):
            page.write_datetime(row, place, shown, formats.date)
        elif isinstance(shown, int):
            page.write_number(row, place, shown)
        else:
            self._put_cell(row, place, shown)

    def _as_typed(self, column: Column, value: Value) -> Value:
        """The value as this clerk types it."""
        style = self._style
        if isinstance(value, bool):
            marks = style.has_marks if column.kind is Kind.HAS_NOT else style.marks
            return marks[0 if value else 1]
        if isinstance(value, date):
            return style.write_date(value, self._row)
        if isinstance(value, Decimal):
            shown = style.write_number(column, value, self._row)
            if isinstance(shown, TextCell) and column.unit in _TOTALLED_UNITS:
                place = self._offset + self._columns.index(column)
                self._totals[place] = self._totals.get(place, Decimal(0)) + value
            return shown
        return style.write_text(column, value, self._row) if isinstance(value, str) else value

    def _put_cell(self, row: int, place: int, cell: Cell | int) -> None:
        page = self._page
        match cell:
            case TextCell(text):
                page.write_string(row, place, text)
            case NumericCell(value):
                page.write_number(row, place, value)
            case BooleanCell(value):
                page.write_boolean(row, place, value)
            case PercentCell(fraction):
                page.write_number(row, place, fraction, self._formats.percent)
            case FormulaCell(formula, result):
                page.write_formula(row, place, formula, None, result)

    def _remember_merges(self, records: Sequence[Record], first: int) -> None:
        for place, column in enumerate(self._columns, self._offset):
            value = records[0].get(column.name)
            if value is None or not column.fills_merged or column.name in self._sheet.key:
                continue
            if all(record.get(column.name) == value for record in records):
                self._merges.append((first, first + len(records) - 1, place, value))


class Outbox:
    """The workbooks being written: each is opened with its first row, and goes on in another when full."""

    def __init__(self, folder: Path, *, is_large: bool, rows_per_sheet: int = ROWS_PER_SHEET) -> None:
        self._folder, self._is_large, self._rows_per_sheet = folder, is_large, rows_per_sheet
        self._books: dict[tuple[str, int], tuple[Letter, Formats, Path]] = {}
        self._sheets: dict[tuple[str, str], tuple[int, SheetWriter]] = {}
        self._finished: list[SheetWriter] = []
        self._first_rows: dict[tuple[str, str], Record] = {}

    def add(self, letter: Letter, sheet: type[Sheet], records: Sequence[Record]) -> None:
        """Writes rows that belong together into the letter's sheet; no rows make a sheet with its header."""
        if records:
            self._first_rows.setdefault((letter.name, sheet.title), records[0])
        part, writer = self._sheets.get((letter.name, sheet.title), (0, None))
        if writer is None or writer.rows_written + len(records) > self._rows_per_sheet:
            if writer is not None:
                self._finished.append(writer)
            part, writer = part + 1, self._open(letter, sheet, part + 1)
            self._sheets[letter.name, sheet.title] = part, writer
        # merging needs cells of rows already left, which is not possible when they are written out at once
        writer.add_group(records, mergeable=letter.style.merges_household and not self._is_large)

    def first_row(self, letter: Letter, sheet: type[Sheet]) -> Record:
        """The first row written into the letter's sheet; empty when there is none."""
        return self._first_rows.get((letter.name, sheet.title), {})

    def close(self) -> list[Path]:
        """Saves all workbooks, each with the time at which it was sent; the paths in that order."""
        for writer in (*self._finished, *(writer for _, writer in self._sheets.values())):
            writer.close()
        saved: list[tuple[datetime, Path]] = []
        for (_, part), (letter, formats, path) in self._books.items():
            if letter.has_notes_sheet:
                formats.book.add_worksheet("说明").write_string(0, 0, "本表由填报单位自行汇总，仅供参考")
            formats.book.close()
            saved.append((letter.sent_at + timedelta(minutes=part - 1), path))
        for sent_at, path in saved:
            os.utime(path, (sent_at.timestamp(), sent_at.timestamp()))
        return [path for _, path in sorted(saved)]

    def _open(self, letter: Letter, sheet: type[Sheet], part: int) -> SheetWriter:
        if (letter.name, part) not in self._books:
            path = self._folder / (f"{letter.name}.xlsx" if part == 1 else f"{letter.name}-{part}.xlsx")
            book = Workbook(path, {"constant_memory": self._is_large})
            book.set_properties({"created": _CREATED, "author": "示例"})
            self._books[letter.name, part] = letter, Formats(book, letter.style), path
        formats = self._books[letter.name, part][1]
        title = f" {sheet.title} " if letter.padded_titles else sheet.title
        page = formats.book.add_worksheet(title)
        if sheet.title in letter.hidden:
            page.hide()
        return SheetWriter(page, sheet, letter, formats)
