"""Tables of many rows: put into a finished workbook as the text that spreadsheets keep, column by column.

A workbook's writer takes each cell by itself, which for a town's payment list takes minutes and gigabytes.
"""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, reduce
from typing import TypeVar
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
from xlsxwriter.utility import xl_col_to_name

T = TypeVar("T")
MANY = 2000
"""From so many rows on it is worth while."""
_QUICKLY = 1
"""The level of compression: others make a file smaller by a fifth and take twice as long, or longer."""
_ROWS_AT_ONCE = 50_000
_LONGEST_TEXT = 16_000
_LARGEST_NUMBER = 10**12
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TO_BE_ESCAPED = "[&<>]"
_TO_BE_ENCODED = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_"
_WHITE_AT_AN_END = r"^\s|\s$|\n"
_LINE_ENDS = r"[\n\x{2028}\x{2029}]"
_WIDE_OR_NOT = {"W": "W", "F": "W", "H": " ", "Na": " ", "N": " ", "A": " "}
_STYLE = re.compile(rb'<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?')


@dataclass(frozen=True)
class ManyRows:
    """Rows that stand in a sheet from `first_row` on, counted from 0, right below one written by itself.

    They look as that row does. `heights` has each row's attributes of height, as the sheet's text has them.
    """

    sheet_number: int
    first_row: int
    rows: pl.DataFrame
    heights: pl.Series

    def part_name(self) -> str:
        """Where the workbook keeps the sheet."""
        return f"xl/worksheets/sheet{self.sheet_number}.xml"


def can_be_put_in(rows: pl.DataFrame) -> bool:
    """Whether the rows are many, and none of their texts and numbers needs the writer's own care."""
    return rows.height >= MANY and not any(map(_needs_care, rows.get_columns()))


def _needs_care(values: pl.Series) -> bool:
    if values.dtype == pl.String:
        texts = values.unique()
        return _has(texts, _TO_BE_ENCODED) or bool((texts.str.len_bytes() > _LONGEST_TEXT).any())
    if not (values.dtype.is_integer() or values.dtype.is_decimal()):
        return True
    return bool(values.to_frame("number").select((pl.col("number").abs() >= _LARGEST_NUMBER).any()).item())


def _has(texts: pl.Series, pattern: str) -> bool:
    return bool(texts.str.contains(pattern).any())


def lines_in_rows(rows: pl.DataFrame, widths: Mapping[str, float]) -> pl.Series:
    """How many lines the longest text of each row takes, by the width in characters of each column."""
    texts = [
        _lines(rows[name], room).alias(name)
        for name, room in widths.items()
        if rows.schema[name] == pl.String and not _all_fit_a_line(rows[name], room)
    ]
    least = pl.repeat(1, rows.height, dtype=pl.Int64, eager=True).alias("least")
    return pl.DataFrame([least, *texts]).max_horizontal().alias("lines")


def _all_fit_a_line(values: pl.Series, room: float) -> bool:
    """Whether it is plain from their bytes, of which each character has at least as many as columns."""
    longest = values.str.len_bytes().max()
    return not isinstance(longest, int) or (longest <= room - 1 and not _has(values.unique(), _LINE_ENDS))


def _lines(values: pl.Series, room: float) -> pl.Series:
    """`print_layout.lines_of`, for a whole column; null has none."""
    different = values.drop_nulls().unique()
    texts = different.str.replace_all(_LINE_ENDS, "\n").to_frame("text")
    if texts["text"].str.contains("\n", literal=True).any():
        lines = pl.col("text").str.split("\n").list.eval(_lines_of(pl.element(), room)).list.sum()
    else:
        lines = _lines_of(pl.col("text"), room)
    return values.replace_strict(different, texts.select(lines).to_series(), default=None)


def _lines_of(line: pl.Expr, room: float) -> pl.Expr:
    width = line.str.len_chars() + line.str.count_matches(_wide_characters())
    return (width / (room - 1)).ceil().cast(pl.Int64)


@cache
def _wide_characters() -> str:
    """The class of characters that are two columns wide, as a pattern."""
    letters = map(chr, range(sys.maxunicode + 1))
    widths = "".join(map(_WIDE_OR_NOT.__getitem__, map(unicodedata.east_asian_width, letters)))
    runs = (run.span() for run in re.finditer("W+", widths))
    return "[" + "".join(rf"\x{{{first:X}}}-\x{{{end - 1:X}}}" for first, end in runs) + "]"


def with_many_rows(workbook: bytes, tables: Sequence[ManyRows]) -> bytes:
    """The workbook with the rows in their sheets; the same input gives the same bytes."""
    if not tables:
        return workbook
    content = io.BytesIO()
    with (
        ZipFile(io.BytesIO(workbook)) as source,
        ZipFile(content, "w", ZIP_DEFLATED, compresslevel=_QUICKLY) as target,
    ):
        for name in source.namelist():
            its = [table for table in tables if table.part_name() == name]
            with target.open(name, "w", force_zip64=bool(its)) as file:
                for text in _one_ahead(_sheet_with(source.read(name), its)):
                    file.write(text)
    return content.getvalue()


def _one_ahead(pieces: Iterator[T]) -> Iterator[T]:
    """The pieces, of which the next one is made while one is used."""
    with ThreadPoolExecutor(1) as maker:
        coming = maker.submit(next, pieces, None)
        while (piece := coming.result()) is not None:
            coming = maker.submit(next, pieces, None)
            yield piece


def _sheet_with(sheet: bytes, tables: Sequence[ManyRows]) -> Iterator[bytes]:
    rest = 0
    for table in sorted(tables, key=lambda table: table.first_row):
        model = sheet.index(b'<row r="%d"' % table.first_row, rest)
        end = sheet.index(b"</row>", model) + len(b"</row>")
        yield sheet[rest:end]
        styles = {letters.decode(): style for letters, style in _STYLE.findall(sheet[model:end])}
        yield from _texts(table, {letters: style.decode() for letters, style in styles.items()})
        rest = end
    yield sheet[rest:]


def _texts(table: ManyRows, styles: Mapping[str, str]) -> Iterator[bytes]:
    """The rows as the sheet's text, so many at a time."""
    frame = table.rows.select(pl.nth(place).alias(str(place)) for place in range(table.rows.width))
    numbered = frame.with_columns(
        row=pl.int_range(table.first_row + 1, table.first_row + 1 + pl.len()).cast(pl.String),
        height=table.heights,
    )
    cells = [
        piece
        for place, values in enumerate(frame.get_columns())
        for piece in _cell(values, xl_col_to_name(place), styles[xl_col_to_name(place)])
    ]
    text = pl.concat_str(
        pl.lit('<row r="'), "row", pl.lit('"'), "height", pl.lit(">"), *cells, pl.lit("</row>")
    )
    for part in numbered.iter_slices(_ROWS_AT_ONCE):
        yield part.select(text.str.join("")).to_series().cast(pl.Binary).item()


def _cell(values: pl.Series, letters: str, style: str) -> Iterator[pl.Expr]:
    """The pieces of the text of a column's cells; each piece that is put together takes time of its own."""
    value = pl.col(values.name)
    yield from (pl.lit(f'<c r="{letters}'), pl.col("row"))
    styled = f'" s="{style}"' if style else '"'
    pieces = _written(values, value, styled)
    if values.has_nulls():
        yield pl.when(value.is_null()).then(pl.lit(f"{styled}/>")).otherwise(pl.concat_str(pieces))
    else:
        yield from pieces


def _written(values: pl.Series, value: pl.Expr, styled: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    if values.dtype != pl.String:
        return pl.lit(f"{styled}><v>"), _number(value, values.dtype), pl.lit("</v></c>")
    texts = values.unique()
    kept = ' xml:space="preserve"' if _has(texts, _WHITE_AT_AN_END) else ""
    escaped = reduce(_replaced, _ESCAPED.items(), value) if _has(texts, _TO_BE_ESCAPED) else value
    return pl.lit(f'{styled} t="inlineStr"><is><t{kept}>'), escaped, pl.lit("</t></is></c>")


def _number(value: pl.Expr, kind: pl.DataType) -> pl.Expr:
    """The number as spreadsheets write it, without zeros at the end of its decimals."""
    text = value.cast(pl.String)
    has_point = isinstance(kind, pl.Decimal) and kind.scale > 0
    return text.str.strip_chars_end("0").str.strip_chars_end(".") if has_point else text


def _replaced(text: pl.Expr, mark: tuple[str, str]) -> pl.Expr:
    return text.str.replace_all(*mark, literal=True)
