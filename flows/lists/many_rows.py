"""Tables of many rows: put into a finished workbook as the text that spreadsheets keep, column by column.

A workbook's writer takes each cell by itself, which for a town's payment list takes minutes and gigabytes.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import polars as pl
from xlsxwriter.utility import xl_col_to_name

MANY = 2000
"""From so many rows on it is worth while."""
_ROWS_AT_ONCE = 50_000
_LONGEST_TEXT = 16_000
_LARGEST_NUMBER = 10**12
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TO_BE_ENCODED = r"[\x00-\x09\x0b-\x1f\x7f-\x9f\x{FFFE}\x{FFFF}]|_x[0-9A-Fa-f]{4}_"
_LINE_ENDS = r"[\n\x{2028}\x{2029}]"
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
        frame = values.to_frame("text")
        is_odd = pl.col("text").str.contains(_TO_BE_ENCODED) | (
            pl.col("text").str.len_bytes() > _LONGEST_TEXT
        )
        return bool(frame.select(is_odd.any()).item())
    if not (values.dtype.is_integer() or values.dtype.is_decimal()):
        return True
    return bool(values.to_frame("number").select((pl.col("number").abs() >= _LARGEST_NUMBER).any()).item())


def lines_in_rows(rows: pl.DataFrame, widths: Mapping[str, float]) -> pl.Series:
    """How many lines the longest text of each row takes, by the width in characters of each column."""
    texts = [
        _lines(rows[name], room).alias(name)
        for name, room in widths.items()
        if rows.schema[name] == pl.String
    ]
    least = pl.repeat(1, rows.height, dtype=pl.Int64, eager=True).alias("least")
    return pl.DataFrame([least, *texts]).max_horizontal().alias("lines")


def _lines(values: pl.Series, room: float) -> pl.Series:
    """`print_layout.lines_of`, for a whole column; null has none."""
    texts = values.str.replace_all(_LINE_ENDS, "\n")
    frame = texts.to_frame("text")
    if not texts.str.contains("\n", literal=True).any():
        return frame.select(_lines_of(pl.col("text"), room))["text"]
    lines = pl.col("text").str.split("\n").list.eval(_lines_of(pl.element(), room))
    return frame.select(pl.when(pl.col("text").is_not_null()).then(lines.list.sum()))["text"]


def _lines_of(line: pl.Expr, room: float) -> pl.Expr:
    width = line.str.len_chars() + line.str.count_matches(_wide_characters())
    return (width / (room - 1)).ceil().cast(pl.Int64)


@cache
def _wide_characters() -> str:
    """The class of characters that are two columns wide, as a pattern."""
    wide = [code for code in range(0x110000) if unicodedata.east_asian_width(chr(code)) in "WF"]
    firsts = [code for code, before in zip(wide, [-1, *wide], strict=False) if code != before + 1]
    lasts = [code for code, after in zip(wide, [*wide[1:], -1], strict=True) if code != after - 1]
    return "[" + "".join(rf"\x{{{a:X}}}-\x{{{b:X}}}" for a, b in zip(firsts, lasts, strict=True)) + "]"


def with_many_rows(workbook: bytes, tables: Sequence[ManyRows]) -> bytes:
    """The workbook with the rows in their sheets; the same input gives the same bytes."""
    if not tables:
        return workbook
    content = io.BytesIO()
    with ZipFile(io.BytesIO(workbook)) as source, ZipFile(content, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            its = [
                table for table in tables if part.filename == f"xl/worksheets/sheet{table.sheet_number}.xml"
            ]
            sheet = ZipInfo(part.filename, part.date_time)
            sheet.compress_type, sheet.external_attr = part.compress_type, part.external_attr
            with target.open(sheet, "w", force_zip64=bool(its)) as file:
                for text in _sheet_with(source.read(part), its):
                    file.write(text)
    return content.getvalue()


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
        _cell(pl.col(name), kind, xl_col_to_name(place), styles[xl_col_to_name(place)])
        for place, (name, kind) in enumerate(frame.schema.items())
    ]
    text = pl.concat_str(
        pl.lit('<row r="'), "row", pl.lit('"'), "height", pl.lit(">"), *cells, pl.lit("</row>")
    )
    for part in numbered.iter_slices(_ROWS_AT_ONCE):
        yield part.select(text.str.join("")).item().encode()


def _cell(value: pl.Expr, kind: pl.DataType, letters: str, style: str) -> pl.Expr:
    start = pl.concat_str(pl.lit(f'<c r="{letters}'), "row", pl.lit(f'" s="{style}"' if style else '"'))
    if kind == pl.String:
        escaped = reduce(_replaced, _ESCAPED.items(), value)
        text = [pl.lit(' t="inlineStr"><is><t xml:space="preserve">'), escaped, pl.lit("</t></is></c>")]
    else:
        text = [pl.lit("><v>"), value.cast(pl.String), pl.lit("</v></c>")]
    return pl.when(value.is_null()).then(start + "/>").otherwise(pl.concat_str(start, *text))


def _replaced(text: pl.Expr, mark: tuple[str, str]) -> pl.Expr:
    return text.str.replace_all(*mark, literal=True)
