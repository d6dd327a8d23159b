"""A form on A4 paper: lines of text and several tables on one grid of columns, from the top down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from flows.lists.form_rows import FormRows, can_be_put_in
from flows.lists.print_layout import A4, LINE_HEIGHT, TITLE_HEIGHT, CellStyle, PrintedBook, lines_of

_LINE_HEIGHTS: dict[str, float] = {"title": TITLE_HEIGHT, "small": 12}
_HIGHEST_ROW = 409
"""What a row of a spreadsheet can be at most, in points."""
_HIGHEST_PAGE = 1300
"""Points that can be shrunk onto one page: text of 10 points is then printed at 6, and more is too small."""
_TITLE_ROWS = 2
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Block:
    """A column of one table: its header, the frame's field, and the columns of the grid that it covers."""

    header: str
    field: str
    first: int
    last: int
    style: str = CellStyle.TEXT


@dataclass(frozen=True)
class Cell:
    """A cell that stands by itself, over columns of the grid."""

    value: str | Decimal
    first: int
    last: int
    style: str


class FormSheet:
    """One sheet, A4 portrait, as wide as one page; text goes into cells as text and never as a formula."""

    def __init__(self, book: PrintedBook, name: str, widths: Sequence[float]) -> None:
        self._book = book
        self._sheet: Worksheet = book.add_blank(name)
        self._formats: dict[str, Format] = book.formats
        self._widths = widths
        self._row = self._headings = 0
        self._height = 0.0
        for index, width in enumerate(widths):
            self._sheet.set_column(index, index, width)

    def set_up_print(self, *, foot_left: str, foot_right: str) -> None:
        """How it is printed, once all is on it: shrunk onto one page while that can be read.

        Otherwise it takes as many pages as it needs, with the title on each.
        """
        sheet = self._sheet
        sheet.set_portrait()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 1 if self._height <= _HIGHEST_PAGE else 0)
        sheet.repeat_rows(0, _TITLE_ROWS - 1)
        sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer(f"&L&8{foot_left}&C&8第 &P 页 共 &N 页&R&8{foot_right}")

    def add_text(self, text: str, style: str = "plain") -> None:
        """A line of text across the page, as high as it needs."""
        lines = lines_of(text, sum(self._widths))
        line_height = _LINE_HEIGHTS.get(style, LINE_HEIGHT)
        self._add([Cell(text, 0, len(self._widths) - 1, style)], line_height * lines)

    def add_heading(self, title: str) -> None:
        """The heading of the form's next part, with its number."""
        self.add_text(f"{_NUMERALS[self._headings]}、{title}", "heading")
        self._headings += 1

    def add_table(self, title: str, blocks: Sequence[Block], rows: pl.DataFrame) -> None:
        """A numbered heading, the header and one row per row of the frame; nothing at all without rows."""
        if rows.is_empty():
            return
        self.add_heading(title)
        self.add_cells([Cell(block.header, block.first, block.last, "header") for block in blocks])
        shown = rows.select([block.field for block in blocks]).rows()
        between = shown[1:-1] if can_be_put_in(shown) and _is_whole(blocks) else []
        self._write_rows(blocks, shown[: len(shown) - len(between) - 1])
        self._put_in(blocks, between)
        self._write_rows(blocks, shown[-1:])

    def _write_rows(self, blocks: Sequence[Block], rows: Sequence[Sequence[Any]]) -> None:
        for values in rows:
            self.add_cells(
                [
                    Cell("" if value is None else value, block.first, block.last, block.style)
                    for value, block in zip(values, blocks, strict=True)
                ]
            )

    def _put_in(self, blocks: Sequence[Block], rows: Sequence[Sequence[str | None]]) -> None:
        """Put in rows that look as the one above them does."""
        rooms = [sum(self._widths[block.first : block.last + 1]) for block in blocks]
        heights = [
            min(
                LINE_HEIGHT * max(lines_of(text or "", room) for text, room in zip(row, rooms, strict=True)),
                _HIGHEST_ROW,
            )
            for row in rows
        ]
        spans = [(block.first, block.last) for block in blocks]
        self._book.put_into_form(self._sheet, FormRows(self._row, spans, rows, heights))
        self._height += sum(heights)
        self._row += len(rows)

    def add_cells(self, cells: Sequence[Cell], *, height: float | None = None) -> None:
        """One row, as high as the longest of its texts needs."""
        lines = [
            lines_of(cell.value, sum(self._widths[cell.first : cell.last + 1]))
            for cell in cells
            if isinstance(cell.value, str)
        ]
        self._add(cells, height or LINE_HEIGHT * max(lines, default=1))

    def _add(self, cells: Sequence[Cell], height: float) -> None:
        shown_height = min(height, _HIGHEST_ROW)
        self._sheet.set_row(self._row, shown_height)
        self._height += shown_height
        for cell in cells:
            style = self._formats[cell.style]
            if cell.first < cell.last:
                self._sheet.merge_range(self._row, cell.first, self._row, cell.last, "", style)
            match cell.value:
                case "":
                    self._sheet.write_blank(self._row, cell.first, None, style)
                case str():
                    self._sheet.write_string(self._row, cell.first, cell.value, style)
                case number:
                    self._sheet.write_number(self._row, cell.first, number, style)
        self._row += 1


def _is_whole(blocks: Sequence[Block]) -> bool:
    """Whether the blocks cover the columns from the first on without a gap."""
    return [block.first for block in blocks] == [0, *(block.last + 1 for block in blocks[:-1])]
