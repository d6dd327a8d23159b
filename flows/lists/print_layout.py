"""Workbooks ready to print: A4 landscape, one page wide, title rows on each page, page numbers.

Text goes into cells as text and never as a formula or a link, whatever it begins with.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache

import polars as pl
import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.errors import OperatorError
from flows.lists.form_rows import FormRows, with_form_rows
from flows.lists.many_rows import ManyRows, can_be_put_in, lines_in_rows, with_many_rows

FONT = "宋体"
AMOUNT_FORMAT = "#,##0.00"
TOTAL_LABEL = "合计"
A4 = 9
TITLE_HEIGHT, LINE_HEIGHT, _SIGNATURE_HEIGHT = 30, 16, 36
HIGHEST_ROW = 409
"""What a row of a spreadsheet can be at most, in points."""
_HEADER_ROW = 3
MOST_ROWS = 1_000_000
"""Of one table on a sheet, which has 1 048 576 rows with its headings, total, notes and signatures."""
_PIXELS_PER_CHARACTER, _PIXELS_OF_PADDING, _POINTS_PER_PIXEL = 7, 5, 0.75
_CHART_GAP = 4
PutIn = Callable[[Worksheet, int, pl.DataFrame, pl.Series], None]
"""Puts many rows, with what is said of their heights, into a sheet from a row on."""


class TableTooLongError(OperatorError):
    """A table has more rows than a sheet can have; the text says how to list less at a time."""


class CellStyle(StrEnum):
    """How a column's cells look; amounts and counts are numbers, the rest is text."""

    TEXT = "text"
    CENTRED = "centred"
    COUNT = "count"
    AMOUNT = "amount"


@dataclass(frozen=True)
class PrintedColumn:
    """A column of a printed table: its header, the frame's field, its width in characters, its style."""

    header: str
    field: str
    width: float
    style: CellStyle = CellStyle.TEXT


@dataclass(frozen=True)
class PrintedPage:
    """A printed table: what stands above it, its columns, and the left and right foot of each page."""

    sheet_name: str
    title: str
    warning: str
    heading: str
    columns: tuple[PrintedColumn, ...]
    foot_left: str = ""
    foot_right: str = ""


class PrintedBook:
    """A workbook in memory; the same content gives the same bytes."""

    def __init__(self, as_of: date) -> None:
        self._buffer = io.BytesIO()
        self._many_rows: list[ManyRows] = []
        self._form_rows: dict[int, list[FormRows]] = {}
        self._book = xlsxwriter.Workbook(self._buffer, {"in_memory": True})
        # the clock would make each night's file differ from the same list written again
        self._book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)})
        base = {"font_name": FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
        boxed = {**base, "border": 1}
        # a figure that is too wide is printed smaller, and not as ####
        figure = {**boxed, "text_wrap": False, "shrink": True, "align": "right", "num_format": AMOUNT_FORMAT}
        self.formats: dict[str, Format] = {
            name: self._book.add_format(properties)
            for name, properties in {
                "title": {**base, "font_size": 18, "bold": True, "align": "center"},
                "warning": {**base, "bold": True, "align": "center", "font_color": "#C00000"},
                "plain": base,
                "small": {**base, "font_size": 8},
                "heading": {**base, "bold": True},
                "header": {**boxed, "bold": True, "align": "center", "bg_color": "#E7E6E6"},
                "total": {**boxed, "bold": True},
                "total_amount": {**figure, "bold": True},
                CellStyle.TEXT: boxed,
                CellStyle.CENTRED: {**boxed, "align": "center"},
                CellStyle.COUNT: {**boxed, "align": "center", "num_format": "0"},
                CellStyle.AMOUNT: figure,
            }.items()
        }

    def add_page(self, page: PrintedPage) -> PrintedSheet:
        """A new sheet with its headings."""
        return PrintedSheet(self.add_blank(page.sheet_name), page, self.formats, self._put_in)

    def _put_in(self, sheet: Worksheet, first_row: int, rows: pl.DataFrame, heights: pl.Series) -> None:
        number = self._book.worksheets().index(sheet) + 1
        self._many_rows.append(ManyRows(number, first_row, rows, heights))

    def put_into_form(self, sheet: Worksheet, rows: FormRows) -> None:
        """Rows of a form, from the top down, which are put into its sheet when the workbook is finished."""
        self._form_rows.setdefault(self._book.worksheets().index(sheet) + 1, []).append(rows)

    def add_blank(self, sheet_name: str) -> Worksheet:
        """A new sheet with nothing on it, for a page that is no single table."""
        return self._book.add_worksheet(sheet_name)

    def new_chart(self, *, is_stacked: bool = False) -> Chart:
        """A chart of lying bars, to be filled and then put on one of the sheets."""
        return self._book.add_chart({"type": "bar", "subtype": "stacked"} if is_stacked else {"type": "bar"})

    def content(self) -> bytes:
        """The finished workbook; nothing can be added after it."""
        self._book.close()
        workbook = with_many_rows(self._buffer.getvalue(), self._many_rows)
        return with_form_rows(workbook, self._form_rows)


class PrintedSheet:
    """One sheet, written from the top down: rows, total, notes, signatures."""

    def __init__(
        self, sheet: Worksheet, page: PrintedPage, formats: dict[str, Format], put_in: PutIn
    ) -> None:
        self._sheet, self._page, self._formats, self._put_in = sheet, page, formats, put_in
        self._row = 0
        self._set_up_print()
        for index, column in enumerate(page.columns):
            sheet.set_column(index, index, column.width)
        self._across(page.title, "title", height=TITLE_HEIGHT)
        self._across(page.warning, "warning")
        self._across(page.heading, "plain")
        for index, column in enumerate(page.columns):
            sheet.write_string(self._row, index, column.header, formats["header"])
        sheet.set_row(self._row, self._height_of([column.header for column in page.columns]))
        self._row += 1

    def add_rows(self, rows: pl.DataFrame) -> None:
        """One row per row of the frame, which has the page's fields; null leaves a cell empty.

        Raises TableTooLongError for more than MOST_ROWS: a spreadsheet would drop what it has no row for.
        """
        if rows.height > MOST_ROWS:
            reason = (
                f"{self._page.title} has {rows.height} rows, and a sheet can have {MOST_ROWS}: "
                "set a lower batch limit in data/policies/payouts.yaml, so that less is listed at a time"
            )
            raise TableTooLongError(reason)
        shown = rows.select([column.field for column in self._page.columns])
        if not can_be_put_in(shown):
            self._write_rows(shown)
            return
        self._write_rows(shown.head(1))
        following = shown.slice(1)
        widths = {column.field: column.width for column in self._page.columns}
        self._put_in(self._sheet, self._row, following, _heights(lines_in_rows(following, widths)))
        self._row += following.height

    def _write_rows(self, rows: pl.DataFrame) -> None:
        styles = [column.style for column in self._page.columns]
        for values in rows.iter_rows():
            self._sheet.set_row(self._row, self._height_of(values))
            for index, (value, style) in enumerate(zip(values, styles, strict=True)):
                self._write(index, value, self._formats[style])
            self._row += 1

    @property
    def next_row(self) -> int:
        """The row that is written next, counted from 0."""
        return self._row

    def add_chart(self, chart: Chart, height: float) -> None:
        """A chart across the page, `height` points high."""
        put_chart(self._sheet, chart, self._row, [column.width for column in self._page.columns], height)
        self._row += 1

    def add_total(self, total: Decimal, field: str, words: str = "") -> None:
        """The row of the total: the figure under its column, the words beside it."""
        place = [column.field for column in self._page.columns].index(field)
        for index in range(len(self._page.columns)):
            self._sheet.write_blank(self._row, index, None, self._formats["total"])
        self._sheet.write_string(self._row, 0, TOTAL_LABEL, self._formats["total"])
        self._sheet.write_number(self._row, place, total, self._formats["total_amount"])
        if words:
            self._across(words, "total", first=place + 1)
        else:
            self._row += 1

    def add_notes(self, notes: Sequence[str]) -> None:
        """Lines of text across the page, each as high as it needs."""
        for note in notes:
            self._across(note, "plain")

    def add_signatures(self, roles: Sequence[str]) -> None:
        """One line per role, to be signed and dated by hand."""
        for role in roles:
            signature = f"{role}（签字）：____________________　　　　日期：________年____月____日"
            self._across(signature, "plain", height=_SIGNATURE_HEIGHT)

    def _set_up_print(self) -> None:
        sheet, page = self._sheet, self._page
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, _HEADER_ROW)
        sheet.freeze_panes(_HEADER_ROW + 1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer(f"&L{page.foot_left}&C第 &P 页 共 &N 页&R{page.foot_right}")

    def _height_of(self, values: Sequence[object]) -> float:
        """The height at which the longest text of a row is shown whole: no program fits it to what wraps."""
        lines = [
            lines_of(value, column.width) if isinstance(value, str) else 1
            for value, column in zip(values, self._page.columns, strict=True)
        ]
        return max(lines) * LINE_HEIGHT

    def _write(self, index: int, value: object, style: Format) -> None:
        match value:
            case None:
                self._sheet.write_blank(self._row, index, None, style)
            case Decimal() | int():
                self._sheet.write_number(self._row, index, value, style)
            case _:
                self._sheet.write_string(self._row, index, str(value), style)

    def _across(self, text: str, style: str, *, first: int = 0, height: int | None = None) -> None:
        """One merged cell from column `first` to the last, high enough for its text."""
        last = len(self._page.columns) - 1
        room = sum(column.width for column in self._page.columns[first:])
        self._sheet.set_row(self._row, height or LINE_HEIGHT * lines_of(text, room))
        if first < last:
            self._sheet.merge_range(self._row, first, self._row, last, "", self._formats[style])
        self._sheet.write_string(self._row, first, text, self._formats[style])
        self._row += 1


def _heights(lines: pl.Series) -> pl.Series:
    """For rows of so many lines what a sheet's text says of their height, which is kept in whole pixels."""
    pixels = {count: int(count * LINE_HEIGHT / _POINTS_PER_PIXEL + 0.5) for count in lines.unique()}
    texts = {
        count: f' ht="{height * _POINTS_PER_PIXEL:.16g}" customHeight="1"' for count, height in pixels.items()
    }
    return lines.replace_strict(texts, return_dtype=pl.String)


def put_chart(sheet: Worksheet, chart: Chart, row: int, widths: Sequence[float], height: float) -> None:
    """A chart over the columns from the first one on, all of it in one row, which no page break divides."""
    sheet.set_row(row, min(height, HIGHEST_ROW))
    width = sum(int(width * _PIXELS_PER_CHARACTER) + _PIXELS_OF_PADDING for width in widths)
    pixels = int(min(height, HIGHEST_ROW) / _POINTS_PER_PIXEL)
    chart.set_size({"width": width - 2 * _CHART_GAP, "height": pixels - 2 * _CHART_GAP})
    sheet.insert_chart(row, 0, chart, {"x_offset": _CHART_GAP, "y_offset": _CHART_GAP})


def total_of(amounts: pl.Series) -> Decimal:
    """The exact sum of amounts in 元."""
    return Decimal(amounts.sum())


def lines_of(text: str, room: float) -> int:
    """How many lines a text takes in a cell of that width, with a character to spare in each."""
    if 2 * len(text) < room and text.isprintable():
        return 1
    return max(1, sum(math.ceil(_width(line) / (room - 1)) for line in text.splitlines()))


def _width(text: str) -> int:
    """The width in characters of a spreadsheet column: Chinese ones are two wide."""
    return sum(map(_width_of, text))


@cache
def _width_of(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
