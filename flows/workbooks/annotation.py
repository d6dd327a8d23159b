"""The annotated copy of an upload: the clerk's own workbook with what was found marked in it."""

from __future__ import annotations

import errno
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile, LargeZipFile

import polars as pl
from openpyxl import Workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from flows.reading.workbook import UnreadableWorkbook, read_workbook
from flows.workbooks.copies import clerks_workbook, rebuilt_workbook
from flows.workbooks.findings_sheet import add_findings_sheet, write_findings_alone
from flows.workbooks.fixed_archive import saved
from flows.workbooks.marks import mark_cells
from flows.workbooks.thin_copy import ThinCopy
from schemas.raw_sheet import RawSheet
from schemas.sheets import FINDINGS_TITLE

LARGEST_COPIED_BYTES = 10 * 1024**2
"""Larger uploads get the list alone: openpyxl takes some two hundred times a workbook's size in
memory, and some seconds for each of its megabytes, unless most of it are rows in which nothing is marked."""
_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BadZipFile,
    EOFError,
    InvalidFileException,
    LargeZipFile,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What openpyxl raises on damaged, encrypted and strange workbooks; it has no error of its own for them."""
_DISK = (errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC, errno.EROFS)
"""These are not the workbook's doing: a lesser copy would pass for all that can be made of it."""


def annotate(
    source: Path,
    findings: pl.DataFrame,
    target: Path,
    sheets: Sequence[RawSheet] | None = None,
    *,
    largest_copied_bytes: int = LARGEST_COPIED_BYTES,
) -> Path:
    """Write an .xlsx of an upload with its findings marked and listed; returns the target.

    `findings` has the columns of `audit.findings`, `sheets` the cells as they were read. A workbook that is
    an .xlsx or .xlsm by content is copied as it is, without macros. Otherwise, or where it can't be opened,
    a workbook is made of the same cells from `sheets`; without these, or above the size in bytes, the list
    stands alone.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if _is_small_enough(source, largest_copied_bytes):
        if sheets and _is_written(lambda: _with_large_sheets(source, findings), target, sheets):
            return target
        if _is_written(lambda: _marked(*clerks_workbook(source.read_bytes()), findings), target):
            return target
        if sheets and _is_written(lambda: _marked(*rebuilt_workbook(sheets), findings), target):
            return target
    write_findings_alone(findings, target)
    return target


def _is_small_enough(source: Path, largest: int) -> bool:
    try:
        return source.stat().st_size <= largest
    except OSError:
        return False


def _is_written(
    make: Callable[[], bytes], target: Path, must_read_as: Sequence[RawSheet] | None = None
) -> bool:
    """Whether the copy could be made and saved. Raises OSError for a disk that takes no file."""
    try:
        target.write_bytes(make())
        return must_read_as is None or _reads_as(must_read_as, target)
    except _DAMAGE as error:
        if isinstance(error, OSError) and error.errno in _DISK:
            raise
        return False


def _marked(book: Workbook, sheets: dict[str, Worksheet], findings: pl.DataFrame) -> bytes:
    mark_cells(sheets, findings)
    add_findings_sheet(book, findings)
    _show_first_sheet_alone(book)
    return saved(book)


def _with_large_sheets(source: Path, findings: pl.DataFrame) -> bytes:
    """The clerk's workbook, of whose large sheets openpyxl gets the rows alone that are to be marked.

    Raises NotThinnedError where it has none, or they are not written as usual.
    """
    thin = ThinCopy.of(source.read_bytes(), findings)
    book, sheets = clerks_workbook(thin.content)
    content = _marked(book, sheets, findings)
    return thin.whole(content, {sheet.title: sheet.path.removeprefix("/") for sheet in book.worksheets})


def _reads_as(sheets: Sequence[RawSheet], target: Path) -> bool:
    """Whether every cell is as it was in the clerk's workbook."""
    try:
        copied = {sheet.name: sheet.cells for sheet in read_workbook(target)}
    except UnreadableWorkbook:
        return False
    return all(
        sheet.name in copied and sheet.cells.equals(copied[sheet.name])
        for sheet in sheets
        if sheet.name.strip() != FINDINGS_TITLE
    )


def _show_first_sheet_alone(book: Workbook) -> None:
    """Show the list. Two selected sheets would be edited together."""
    book.active = 0
    for place, sheet in enumerate(book.worksheets):
        for view in sheet.views.sheetView:
            view.tabSelected = place == 0
