"""`.xlsx` and `.xlsm` of any form: values by calamine, and what it does not tell from the XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from flows.reading.archive import Archive
from flows.reading.cells import CellValue, Percentage, sheet_cells
from flows.reading.limits import ReadingLimits
from flows.reading.positions import check_reach, column_letters
from flows.reading.sheet_xml import AsPercentage, SheetLook, look_at_sheet
from flows.reading.unreadable import UnreadableWorkbook, damaged
from flows.reading.xlsx_book import read_book
from schemas.raw_sheet import RawSheet


def read_carefully(archive: Archive, limits: ReadingLimits) -> list[RawSheet]:
    """All worksheets, in the order of the workbook.

    Raises:
        UnreadableWorkbook: a part is damaged or unsafe, or a sheet reaches too far.
    """
    book = read_book(archive)
    looks: dict[str, SheetLook] = {}
    for name, part in book.sheets:
        if archive.find(part) is None:
            raise damaged("sheet without its part")
        looks[name] = look_at_sheet(archive.chunks(part), book.percent_styles)
        check_reach(name, looks[name].last_row, looks[name].column_count, limits)
        _check_errors(name, looks[name])
    looked_at = {archive.find(part) or part for _, part in book.sheets}
    archive.check(but=looked_at)
    with CalamineWorkbook.from_filelike(BytesIO(archive.data)) as workbook:
        if workbook.sheet_names != list(looks):
            raise damaged("sheet names")
        return [
            _sheet(
                workbook.get_sheet_by_index(index),
                looks[about.name],
                is_hidden=about.visible != SheetVisibleEnum.Visible,
            )
            for index, about in enumerate(workbook.sheets_metadata)
            if about.typ == SheetTypeEnum.WorkSheet
        ]


def _check_errors(name: str, look: SheetLook) -> None:
    for row, column in look.unknown_errors:
        raise UnreadableWorkbook(
            "damaged",
            f"工作表“{name}”的 {column_letters(column)}{row} 单元格有无法识别的错误值。"
            "请改正这个单元格后重新上传。",
            "error value",
        )


def _sheet(sheet: CalamineSheet, look: SheetLook, *, is_hidden: bool) -> RawSheet:
    width = sheet.end[1] + 1 if sheet.end else 0
    furthest = max((column for values in look.exceptions.values() for column in values), default=-1)
    cells = sheet_cells(_corrected_rows(sheet, look), width=max(width, furthest + 1))
    return RawSheet(sheet.name, cells, tuple(look.merges), is_hidden)


def _corrected_rows(sheet: CalamineSheet, look: SheetLook) -> Iterator[tuple[int, Sequence[CellValue]]]:
    left_out: list[CellValue] = [None] * (sheet.start[1] if sheet.start else 0)
    number = 0
    for number, values in enumerate(sheet.iter_rows() if sheet.start else (), start=1):
        cells: Sequence[CellValue] = [*left_out, *values] if left_out else values
        exceptions = look.exceptions.get(number)
        yield number, _corrected(cells, exceptions) if exceptions else cells
    for later in sorted(row for row in look.exceptions if row > number):
        yield later, _corrected((), look.exceptions[later])


def _corrected(
    cells: Sequence[CellValue], exceptions: dict[int, CellValue | AsPercentage]
) -> Sequence[CellValue]:
    corrected = [*cells, *[None] * (max(exceptions) + 1 - len(cells))]
    for column, exception in exceptions.items():
        value = corrected[column]
        if not isinstance(exception, AsPercentage):
            corrected[column] = exception
        elif isinstance(value, float):
            corrected[column] = Percentage(value)
    return corrected
