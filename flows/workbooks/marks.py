"""Findings on the cells of a workbook: a fill by severity, and a note with all that was found there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.workbooks.findings_sheet import ERROR_FILL, SEVERITY_NAMES, WARNING_FILL
from flows.workbooks.safe_text import spreadsheet_text
from schemas.sheet import ERROR

NOTE_AUTHOR = "数据核对"
MOST_NOTES = 20_000
"""Beyond so many, cells are only coloured: Excel opens a workbook with more notes slowly."""
LONGEST_NOTE = 4_000
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_OUR_LINE = re.compile(rf"^【(?:{'|'.join(SEVERITY_NAMES.values())})】.*$\n?", re.MULTILINE)
_OUR_COLOURS = {ERROR_FILL.start_color.rgb, WARNING_FILL.start_color.rgb}
_NOTE_WIDTH, _LINE_HEIGHT, _TALLEST_NOTE, _LETTERS_PER_LINE = 340, 20, 420, 24


@dataclass
class _Mark:
    lines: list[str] = field(default_factory=list)
    is_error: bool = False


def mark_cells(sheets: Mapping[str, Worksheet], findings: pl.DataFrame) -> None:
    """Mark what was found on each cell. `sheets` are the worksheets by the name that findings have.

    A finding without a column marks the first cell of its row, one without a row the first cell of its
    column or sheet; one on a sheet that is not there is left to the list.
    """
    notes_left = MOST_NOTES
    for (name,), found in findings.group_by("sheet", maintain_order=True):
        sheet = sheets.get(str(name)) if name is not None else None
        if sheet is None:
            continue
        for (row, column), mark in _marks_of(sheet, found).items():
            cell = sheet.cell(row, column)
            if isinstance(cell, Cell):
                _mark(cell, mark, with_note=notes_left > 0)
                notes_left -= 1


def _marks_of(sheet: Worksheet, findings: pl.DataFrame) -> dict[tuple[int, int], _Mark]:
    """What is to be marked by row and column, with merged cells at the top left of their range."""
    top_left = _top_left_cells(sheet)
    marks: dict[tuple[int, int], _Mark] = {}
    for row, column, severity, message in _places(findings).iter_rows():
        target = top_left.get((row, column), (row, column))
        mark = marks.setdefault(target, _Mark())
        origin = "" if target == (row, column) else f"{get_column_letter(column)}{row}："
        text = " ".join(message.split())
        mark.lines.append(f"【{SEVERITY_NAMES.get(severity, severity)}】{origin}{text}")
        mark.is_error = mark.is_error or severity == ERROR
    return marks


def _places(findings: pl.DataFrame) -> pl.DataFrame:
    """Row, column, severity and message of what lies within a sheet."""
    letters = findings.get_column("column_letter").unique().drop_nulls()
    numbers = {letter: _column_number(letter) for letter in letters}
    return findings.select(
        row=pl.col("row_number").fill_null(1),
        column=pl.col("column_letter")
        .replace_strict(numbers, default=None, return_dtype=pl.Int64)
        .fill_null(1),
        severity=pl.col("severity"),
        message=pl.col("message").fill_null(""),
    ).filter(pl.col("row").is_between(1, LAST_ROW) & (pl.col("column") <= LAST_COLUMN))


def _column_number(letter: str) -> int:
    try:
        return column_index_from_string(letter)
    except ValueError:
        return 1


def _top_left_cells(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    return {
        (row, column): (merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, merged.max_row + 1)
        for column in range(merged.min_col, merged.max_col + 1)
    }


def _mark(cell: Cell, mark: _Mark, *, with_note: bool) -> None:
    cell.fill = ERROR_FILL if mark.is_error else WARNING_FILL
    if with_note:
        earlier = [cell.comment.text.rstrip()] if cell.comment else []
        lines = [*earlier, *dict.fromkeys(mark.lines)]
        cell.comment = _note("\n".join(lines), cell.comment.author if cell.comment else NOTE_AUTHOR)


def _note(text: str, author: str | None) -> Comment:
    kept = spreadsheet_text(text, LONGEST_NOTE)
    lines = sum(1 + len(line) // _LETTERS_PER_LINE for line in kept.splitlines())
    height = min(_LINE_HEIGHT * (lines + 1), _TALLEST_NOTE)
    return Comment(kept, author or NOTE_AUTHOR, height=height, width=_NOTE_WIDTH)


def remove_earlier_marks(sheet: Worksheet) -> None:
    """Take off what an earlier round marked, so that what has been mended shows as mended."""
    # the public ways through a sheet make every cell up to its last row and column
    for cell in list(sheet._cells.values()):  # noqa: SLF001
        if isinstance(cell, MergedCell) or cell.comment is None or not _OUR_LINE.search(cell.comment.text):
            continue
        kept = _OUR_LINE.sub("", cell.comment.text).strip()
        cell.comment = _note(kept, cell.comment.author) if kept else None
        if cell.fill.start_color.rgb in _OUR_COLOURS:
            cell.fill = PatternFill()
