"""Rows of a form's tables, put into a finished workbook as the text that spreadsheets keep.

A workbook's writer takes each cell and each merged range by itself, which for the evidence of many envoys is
most of what a night takes in which nothing is new.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter.utility import xl_col_to_name

FEW = 3
"""A table with fewer rows is left to the writer: it writes the first and the last of each by itself."""
_LONGEST_TEXT = 16_000
_POINTS_PER_PIXEL = 0.75
"""Heights are kept in whole pixels."""
_TO_BE_ENCODED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
_STYLE = re.compile(rb'<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?')
_MERGED = re.compile(rb'<mergeCells count="([0-9]+)">(.*?)</mergeCells>', re.DOTALL)


@dataclass(frozen=True)
class FormRows:
    """Rows of texts that stand in a sheet from `first_row` on, counted from 0, below one like them.

    Each text covers the columns of its place in `spans`, from the first to the last. `heights` are in points.
    """

    first_row: int
    spans: Sequence[tuple[int, int]]
    texts: Sequence[Sequence[str | None]]
    heights: Sequence[float]


def can_be_put_in(rows: Sequence[Sequence[object]]) -> bool:
    """Whether there are rows between the first and the last, and none needs the writer's own care."""
    if len(rows) < FEW:
        return False
    values = [value for row in rows for value in row if value is not None]
    texts = [value for value in values if isinstance(value, str)]
    return (
        len(texts) == len(values)
        and max(map(len, texts), default=0) <= _LONGEST_TEXT
        and not _TO_BE_ENCODED.search("\n".join(texts))
    )


def with_form_rows(workbook: bytes, tables: Mapping[int, Sequence[FormRows]]) -> bytes:
    """The workbook with the rows in its sheets, by their numbers; the same input gives the same bytes."""
    if not tables:
        return workbook
    by_part = {f"xl/worksheets/sheet{number}.xml": its for number, its in tables.items()}
    content = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as source, ZipFile(content, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            copy = ZipInfo(part.filename, part.date_time)
            copy.compress_type, copy.external_attr = part.compress_type, part.external_attr
            text, its = source.read(part), by_part.get(part.filename)
            target.writestr(copy, b"".join(_sheet_with(text, its)) if its else text)
    return content.getvalue()


def _sheet_with(sheet: bytes, tables: Sequence[FormRows]) -> Iterator[bytes]:
    rest = 0
    for table in tables:
        model = sheet.index(b'<row r="%d"' % table.first_row, rest)
        end = sheet.index(b"</row>", model) + len(b"</row>")
        yield sheet[rest:end]
        yield from _rows(table, [style.decode() for _, style in _STYLE.findall(sheet[model:end])])
        rest = end
    yield _MERGED.sub(lambda found: _with_merged(found, tables), sheet[rest:])


def _with_merged(found: re.Match[bytes], tables: Sequence[FormRows]) -> bytes:
    added = [
        b'<mergeCell ref="%s%d:%s%d"/>' % (first, row, last, row)
        for table in tables
        for first, last in _merged_columns(table)
        for row in range(table.first_row + 1, table.first_row + 1 + len(table.texts))
    ]
    count = int(found[1]) + len(added)
    return b'<mergeCells count="%d">%s%s</mergeCells>' % (count, found[2], b"".join(added))


def _merged_columns(table: FormRows) -> list[tuple[bytes, bytes]]:
    return [
        (xl_col_to_name(first).encode(), xl_col_to_name(last).encode())
        for first, last in table.spans
        if first < last
    ]


def _rows(table: FormRows, styles: Sequence[str]) -> Iterator[bytes]:
    letters = [xl_col_to_name(column) for column in range(table.spans[-1][1] + 1)]
    for number, (texts, height) in enumerate(
        zip(table.texts, table.heights, strict=True), table.first_row + 1
    ):
        cells = [
            f'<c r="{letter}{number}" s="{style}"/>' for letter, style in zip(letters, styles, strict=True)
        ]
        for text, (first, _) in zip(texts, table.spans, strict=True):
            if text:
                shown = f'<is><t xml:space="preserve">{_escaped(text)}</t></is>'
                cells[first] = f'{cells[first][:-2]} t="inlineStr">{shown}</c>'
        shown_height = int(height / _POINTS_PER_PIXEL + 0.5) * _POINTS_PER_PIXEL
        yield f'<row r="{number}" ht="{shown_height:.16g}" customHeight="1">{"".join(cells)}</row>'.encode()


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
