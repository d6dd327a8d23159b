"""`.xls` by xlrd, which tells of each cell what it is."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import xlrd

from flows.reading.cells import CellValue, ErrorText, sheet_cells
from flows.reading.number_formats import NumberFormat, formatted_number, number_format
from flows.reading.unreadable import damaged, password_protected
from schemas.raw_sheet import Merge, RawSheet


def read_xls(data: bytes) -> list[RawSheet]:
    """All worksheets, in the order of the workbook.

    A formula of which no value was stored can't be told from an empty text in this format: it is blank.

    Raises:
        UnreadableWorkbook: encrypted, or not a workbook that xlrd can read.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, ragged_rows=True, logfile=StringIO()
        )
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise password_protected() from None
        raise damaged("XLRDError") from None
    formats = [_format(book, style.format_key) for style in book.xf_list]
    return [_sheet(sheet, formats) for sheet in book.sheets()]


def _format(book: Any, format_id: int) -> NumberFormat:  # noqa: ANN401 - xlrd carries no types
    stated = book.format_map.get(format_id)
    return number_format(format_id, stated.format_str if stated else None)


def _sheet(sheet: Any, formats: list[NumberFormat]) -> RawSheet:  # noqa: ANN401
    width = max((sheet.row_len(row) for row in range(sheet.nrows)), default=0)
    merges = tuple(
        Merge(first_row + 1, end_row, first_column, end_column - 1)
        for first_row, end_row, first_column, end_column in sheet.merged_cells
    )
    return RawSheet(
        sheet.name, sheet_cells(_rows(sheet, formats), width), merges, is_hidden=sheet.visibility != 0
    )


def _rows(sheet: Any, formats: list[NumberFormat]) -> Iterator[tuple[int, list[CellValue]]]:  # noqa: ANN401
    is_1904 = bool(sheet.book.datemode)
    for row in range(sheet.nrows):
        types, values = sheet.row_types(row), sheet.row_values(row)
        cells = [
            _value(sheet, row, column, formats, is_1904=is_1904)
            if types[column] in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)
            else _other(types[column], values[column])
            for column in range(len(values))
        ]
        yield row + 1, cells


def _value(
    sheet: Any,  # noqa: ANN401
    row: int,
    column: int,
    formats: list[NumberFormat],
    *,
    is_1904: bool,
) -> CellValue:
    its_format = formats[sheet.cell_xf_index(row, column)]
    return formatted_number(sheet.cell_value(row, column), its_format, is_1904=is_1904)


def _other(cell_type: int, value: Any) -> CellValue:  # noqa: ANN401
    if cell_type == xlrd.XL_CELL_TEXT:
        return str(value)
    if cell_type == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if cell_type == xlrd.XL_CELL_ERROR:
        return ErrorText(xlrd.error_text_from_code.get(value, "#VALUE!"))
    return None
