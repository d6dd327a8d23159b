"""Workbooks with large sheets, copied with those of their rows alone that openpyxl has something to do with.

It takes minutes for a sheet of a hundred thousand rows. The others are put back as the clerk's workbook has
them, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl
from openpyxl.utils import range_boundaries

from flows.reading.archive import open_archive
from flows.reading.limits import MIB, ReadingLimits
from flows.reading.unreadable import UnreadableWorkbook
from flows.reading.xlsx_book import read_book
from flows.workbooks.copies import LARGEST_UNPACKED_BYTES
from flows.workbooks.fixed_archive import FIXED_ZIP_TIME
from schemas.sheets import FINDINGS_TITLE

LARGE_SHEET_BYTES = 4 * MIB
"""Unpacked; in smaller sheets all rows are given to openpyxl."""
_ROWS_AT_TOP = 30
"""Headers, and what a clerk has put above them, whatever it may be."""
_MOST_ROWS_OF_RANGES = 10_000
_SHARED_TEXTS = "xl/sharedStrings.xml"
_QUICKLY = 1
_ROW, _ROW_END = re.compile(rb'\s*<row r="([0-9]{1,7})"'), b"</row>"
_EMPTY_ROW = re.compile(rb"<row ([^<>]*)/>")
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_RANGE = re.compile(rb'<(?:mergeCell|hyperlink) [^>]*?ref="([A-Z]{1,3}[0-9]{1,7}(?::[A-Z]{1,3}[0-9]{1,7})?)"')
_NOTE = re.compile(rb'<comment [^>]*?ref="[A-Z]{1,3}([0-9]{1,7})"')
_PREFIX = re.compile(rb"xmlns:([A-Za-z0-9]+)=")
_ROW_DESCENT = re.compile(rb' x14ac:dyDescent="[0-9.]*"')
_MENTIONS = (
    (
        "[Content_Types].xml",
        b"</Types>",
        (
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
            b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
        ),
    ),
    (
        "xl/_rels/workbook.xml.rels",
        b"</Relationships>",
        (
            b'<Relationship Id="sharedTexts" Target="/xl/sharedStrings.xml" '
            b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
        ),
    ),
)
_NOT_FOR_US = (b"<!", b" xmlns", b"<f>", b"<f ", b"<f/", b' cm="', b' vm="')
"""Comments and the like, formulas, which may be those of other rows, and cells that point at other parts."""


class NotThinnedError(ValueError):
    """The workbook has no large sheet, or one that can't be divided into rows with certainty."""


@dataclass(frozen=True)
class _LargeSheet:
    """A sheet's part: what stands before its rows, these by number, and what stands behind.

    `given` are the numbers of the rows that openpyxl gets.
    """

    before: bytes
    rows: dict[int, bytes]
    behind: bytes
    given: frozenset[int]

    @classmethod
    def of(cls, part: bytes, wanted: frozenset[int]) -> Self:
        """The part, divided; `wanted` are the rows that something is to be marked in."""
        start, end = part.find(b"<sheetData>") + len(b"<sheetData>"), part.rfind(b"</sheetData>")
        before, body, behind = part[:start], part[start:end], part[end:]
        prefixes = [mark + prefix + b":" for prefix in _PREFIX.findall(before) for mark in (b" ", b"<")]
        if b"x14ac:dyDescent" in body:
            body = _ROW_DESCENT.sub(b"", body)
        body = _EMPTY_ROW.sub(rb"<row \1></row>", body)
        *rows, rest = body.split(_ROW_END)
        is_odd = any(mark in body for mark in (*_NOT_FOR_US, *prefixes)) or body.count(b"<row") != len(rows)
        if start < end and not rest.strip() and not is_odd:
            numbers = [int(found[1]) for row in rows if (found := _ROW.match(row))]
            if len(numbers) == len(rows) and all(map(int.__lt__, numbers, numbers[1:])):
                ends = (row + _ROW_END for row in rows)
                given = {*wanted, *range(1, _ROWS_AT_TOP + 1), *_rows_of_ranges(behind)}
                return cls(before, dict(zip(numbers, ends, strict=True)), behind, frozenset(given))
        raise NotThinnedError

    def thin(self) -> bytes:
        """The part with the rows that are given to openpyxl."""
        return b"".join(
            [self.before, *(self.rows[row] for row in sorted(self.given & {*self.rows})), self.behind]
        )

    def whole(self, saved: bytes) -> bytes:
        """The part as it was saved, with all the other rows.

        Raises NotThinnedError where openpyxl made rows out of others than it was given.
        """
        divided = _LargeSheet.of(saved, frozenset())
        if any(row in self.rows for row in divided.rows.keys() - self.given):
            raise NotThinnedError
        others = {number: row for number, row in self.rows.items() if number not in self.given}
        rows = others | divided.rows
        dimension = _DIMENSION.search(self.before)
        before = _DIMENSION.sub(dimension[0] if dimension else b"", divided.before)
        return b"".join([before, *(rows[number] for number in sorted(rows)), divided.behind])


@dataclass(frozen=True)
class ThinCopy:
    """A workbook without most of its rows, and what it takes to make it whole again."""

    content: bytes
    sheets: Mapping[str, _LargeSheet]
    shared_texts: bytes | None

    @classmethod
    def of(cls, content: bytes, findings: pl.DataFrame) -> Self:
        """Without the rows of large sheets that no finding is about.

        Raises NotThinnedError where that is not to be had; `content` is a workbook that could be read.
        """
        try:
            parts = read_book(open_archive(content, ReadingLimits())).sheets
        except UnreadableWorkbook:
            raise NotThinnedError from None
        with ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED_BYTES:
                raise NotThinnedError
            large = {
                name: part
                for name, part in parts
                if name.strip() != FINDINGS_TITLE and _size(archive, part) >= LARGE_SHEET_BYTES
            }
            if not large:
                raise NotThinnedError
            noted = frozenset(_noted_rows(archive))
            sheets = {
                name: _LargeSheet.of(archive.read(part), noted | _found_rows(findings, name))
                for name, part in large.items()
            }
            thin = {large[name]: sheet.thin() for name, sheet in sheets.items()}
            shared = archive.read(_SHARED_TEXTS) if _SHARED_TEXTS in archive.namelist() else None
            copied = {part: thin.get(part) or archive.read(part) for part in archive.namelist()}
        return cls(_packed(copied), sheets, shared)

    def whole(self, saved: bytes, parts: Mapping[str, str]) -> bytes:
        """The workbook that was saved with all rows again; `parts` are those of its sheets, by their name.

        Raises NotThinnedError where they don't go together.
        """
        with ZipFile(BytesIO(saved)) as archive:
            contents = {part: archive.read(part) for part in archive.namelist()}
        # openpyxl writes each text into its cell; the rows that are put back have theirs here
        if self.shared_texts is not None:
            if _SHARED_TEXTS in contents:
                raise NotThinnedError
            contents[_SHARED_TEXTS] = self.shared_texts
            for part, end, mention in _MENTIONS:
                contents[part] = contents[part].replace(end, mention + end)
        for name, sheet in self.sheets.items():
            contents[parts[name]] = sheet.whole(contents[parts[name]])
        return _packed(contents)


def _found_rows(findings: pl.DataFrame, sheet: str) -> frozenset[int]:
    return frozenset(findings.filter(pl.col("sheet") == sheet)["row_number"].drop_nulls())


def _noted_rows(archive: ZipFile) -> Iterator[int]:
    """Rows of whatever sheet that have a note: an earlier round's are taken off."""
    for part in archive.namelist():
        if "comments" in part and part.endswith(".xml"):
            yield from map(int, _NOTE.findall(archive.read(part)))


def _rows_of_ranges(behind: bytes) -> Iterator[int]:
    """Rows of merged and linked cells, which openpyxl makes when it opens a workbook."""
    rows_left = _MOST_ROWS_OF_RANGES
    for reference in _RANGE.findall(behind):
        _, first, _, last = range_boundaries(reference.decode())
        rows_left -= int(last or 0) - int(first or 0) + 1
        if rows_left < 0:
            raise NotThinnedError
        yield from range(int(first or 0), int(last or 0) + 1)


def _size(archive: ZipFile, part: str) -> int:
    return archive.getinfo(part).file_size if part in archive.namelist() else 0


def _packed(parts: Mapping[str, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in parts.items():
            archive.writestr(ZipInfo(name, FIXED_ZIP_TIME), content, ZIP_DEFLATED, _QUICKLY)
    return written.getvalue()
