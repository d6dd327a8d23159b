"""Workbooks with large sheets: their plain rows by column, and whatever is not plain by the careful reader.

The careful reader is given a copy of the workbook without the plain rows, and others with those of their
values that need its care, each once. So no value is read otherwise than it would be in a small sheet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import polars as pl

from flows.reading.archive import Archive
from flows.reading.careful_copy import CarefulCopy
from flows.reading.divided import NotPlainError
from flows.reading.forms import Form, Shape
from flows.reading.limits import ReadingLimits
from flows.reading.plain_cells import PLAIN_COLUMNS
from flows.reading.plain_columns import PlainColumns
from flows.reading.plain_sheet import PlainSheet, read_plain_sheet
from flows.reading.plain_texts import SharedTexts, read_plain_texts
from flows.reading.positions import check_reach
from flows.reading.xlsx_book import main_part, part_relations, read_book
from schemas.raw_sheet import BLANK, CELL_KIND, RawSheet
from transforms.frames import stacked

SHARED_TEXTS: Final = "xl/sharedStrings.xml"
_NUMBER_IN_ANY_FORMAT = 45_000
_INDEX = re.compile(rb">([0-9]{1,9})<")
_BLANK_TEXT = b"<si><t></t></si>"
_TYPES = {Shape.NUMBER: "n", Shape.TEXT: "str", Shape.BOOLEAN: "b", Shape.INLINE: "inlineStr"}


def read_large(archive: Archive, limits: ReadingLimits, large: Sequence[str]) -> list[RawSheet]:
    """All worksheets, of which those with these parts are read by column.

    Raises:
        NotPlainError: the workbook has to be read with care as a whole.
        UnreadableWorkbook: a part is damaged or unsafe, or a sheet reaches too far.
    """
    plain = {part: read_plain_sheet(archive.chunks(part)) for part in large}
    texts = _read_shared_texts(archive)
    copy = CarefulCopy.of(archive, limits, {*large, archive.find(SHARED_TEXTS) or SHARED_TEXTS})
    rests = {part: sheet.rest for part, sheet in plain.items()}
    read = copy.read(rests, _needed_texts(texts, b"".join([*rests.values(), *copy.small_sheets()])))
    parts = {name: archive.find(part) for name, part in read_book(archive).sheets}
    styles = sorted(
        {form.style for sheet in plain.values() for form in sheet.forms.forms if _is_number(form)}
    )
    of_styles = [f' s="{style}"><v>{_NUMBER_IN_ANY_FORMAT}</v></c>' for style in styles]
    of_texts = [f' t="s"><v>{index}</v></c>' for index in range(len(texts.odd))]
    known = copy.values(pl.Series([*of_styles, *of_texts], dtype=pl.String), list(texts.odd.values()))
    kinds = dict(zip(styles, known["kind"].head(len(styles)), strict=True))
    shared = texts.all_texts(known["read"].slice(len(styles)))
    result = []
    for raw in read:
        sheet = plain.get(parts[raw.name] or "")
        if sheet is None:
            result.append(raw)
            continue
        check_reach(raw.name, sheet.last_row, PLAIN_COLUMNS, limits)
        columns = PlainColumns(sheet, shared, kinds)
        result.append(_together(raw, _cells(columns, sheet, copy)))
    return result


def _read_shared_texts(archive: Archive) -> SharedTexts:
    parts = {
        relation.part for relation in part_relations(archive, main_part(archive)).values()
        if relation.kind == "sharedStrings"
    }  # fmt: skip
    stored = archive.find(SHARED_TEXTS)
    if stored is None and not parts:
        return SharedTexts()
    if stored is None or parts != {SHARED_TEXTS}:
        raise NotPlainError
    return read_plain_texts(archive.chunks(stored))


def _needed_texts(texts: SharedTexts, rest: bytes) -> list[bytes]:
    """The items of shared texts to the last that the rest may need, those that it does not need blank."""
    needed = sorted({int(index) for index in _INDEX.findall(rest)})
    items, end = [], 0
    written = texts.written()
    for index in needed:
        if index < texts.count:
            item = texts.odd.get(index) or f"<si><t>{written[index]}</t></si>".encode()
            items += [_BLANK_TEXT * (index - end), item]
            end = index + 1
    return items


def _cells(columns: PlainColumns, sheet: PlainSheet, copy: CarefulCopy) -> pl.DataFrame:
    values = columns.for_care()
    if values.is_empty():
        return columns.cells(values.with_columns(read=pl.lit(None, pl.String), kind=pl.lit(BLANK, CELL_KIND)))
    before, behind = (
        pl.col("form").replace_strict(
            {number: _around(form)[side] for number, form in enumerate(sheet.forms.forms)},
            return_dtype=pl.String,
        )
        for side in (0, 1)
    )
    written = values.select(pl.concat_str(before, "text", behind)).to_series()
    return columns.cells(values.hstack(copy.values(written, [])))


def _around(form: Form) -> tuple[str, str]:
    """What stands in a cell of this form before its value, from behind its reference on, and behind it."""
    stated = f' t="{_TYPES[form.shape]}"' if form.is_typed and form.shape in _TYPES else ""
    opened, closed = ("<is><t>", "</t></is>") if form.shape is Shape.INLINE else ("<v>", "</v>")
    return f' s="{form.style}"{stated}>{opened}', f"{closed}</c>"


def _together(rest: RawSheet, cells: pl.DataFrame) -> RawSheet:
    width = max(rest.width, (cells.width - 1) // 2)
    if width > PLAIN_COLUMNS:
        raise NotPlainError
    together = _widened(cells, width)
    if not rest.cells.is_empty():
        together = stacked([together, _widened(rest.cells, width)]).sort("row_number")
    return RawSheet(rest.name, together, rest.merges, rest.is_hidden)


def _widened(cells: pl.DataFrame, width: int) -> pl.DataFrame:
    return cells.with_columns(
        column
        for place in range((cells.width - 1) // 2, width)
        for column in (
            pl.lit(None, pl.String).alias(f"text_{place}"),
            pl.lit(BLANK, CELL_KIND).alias(f"kind_{place}"),
        )
    )


def _is_number(form: Form) -> bool:
    return form.shape is Shape.NUMBER
