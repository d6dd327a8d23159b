from __future__ import annotations

import struct
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlwt
from xlwt.CompoundDoc import XlsDoc

from flows.reading.workbook import UnreadableWorkbook, read_workbook
from schemas.raw_sheet import Merge
from tests.support.filled_cells import filled_cells

FIRST_RECORD_BYTES = 20
FILE_PASSWORD = struct.pack("<HH54x", 0x2F, 54)


def format_of(code: str) -> xlwt.XFStyle:
    return xlwt.easyxf(num_format_str=code)


def book_with(*, is_1904: bool = False) -> xlwt.Workbook:
    book = xlwt.Workbook()
    book.dates_1904 = is_1904
    sheet = book.add_sheet("入户调查")
    sheet.write(3, 2, "房屋编号")
    sheet.write(5, 3, 56.300000000000004)
    sheet.row(5).hidden = True
    sheet.write(5, 4, date(2021, 3, 5), format_of('yyyy"年"m"月"d"日"'))
    sheet.write(6, 3, 152202198001011234)
    sheet.write(6, 4, datetime.fromisoformat("2021-03-05 14:30"), format_of("yyyy-mm-dd hh:mm"))
    sheet.write(7, 2, 0.5, format_of("0.0%"))
    sheet.write(7, 3, True)
    sheet.write(7, 4, time(14, 30), format_of("h:mm"))
    sheet.row(8).set_cell_error(5, 0x17)
    sheet.write(9, 1, 1.25, format_of("[h]:mm"))
    sheet.write_merge(10, 11, 2, 3, "合并")
    sheet.write(30, 9, "", format_of("0.00"))
    hidden = book.add_sheet("藏")
    hidden.visibility = 2
    hidden.write(0, 0, "在")
    book.add_sheet("空")
    return book


@pytest.mark.parametrize("is_1904", [False, True])
def test_cells_are_where_and_what_excel_shows(tmp_path: Path, *, is_1904: bool) -> None:
    book_with(is_1904=is_1904).save(tmp_path / "a.xls")
    sheet = read_workbook(tmp_path / "a.xls")[0]

    assert filled_cells(sheet) == {
        "C4": ("text", "房屋编号"),
        "D6": ("number", "56.3"),
        "E6": ("date", "2021-03-05"),
        "D7": ("number", "152202198001011000"),
        "E7": ("date", "2021-03-05 14:30:00"),
        "C8": ("percent", "0.5"),
        "D8": ("boolean", "TRUE"),
        "E8": ("text", "14:30:00"),
        "F9": ("error", "#REF!"),
        "B10": ("text", "30:00:00"),
        "C11": ("text", "合并"),
    }
    assert sheet.merges == (Merge(11, 12, 2, 3),)
    assert sheet.cells["row_number"].to_list() == [4, 6, 7, 8, 9, 10, 11]


def test_hidden_and_empty_sheets_are_read(tmp_path: Path) -> None:
    book_with().save(tmp_path / "a.xls")
    sheets = read_workbook(tmp_path / "a.xls")

    assert [(sheet.name, sheet.is_hidden, sheet.cells.height) for sheet in sheets] == [
        ("入户调查", False, 7),
        ("藏", True, 1),
        ("空", False, 0),
    ]


def test_a_calculated_formula_is_its_value(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("表一").write(0, 0, xlwt.Formula("1+1"))
    stream = book.get_biff_data()
    value_at = stream.index(bytes.fromhex("0300 0000 0000 ffff"))
    XlsDoc().save(str(tmp_path / "a.xls"), stream[:value_at] + struct.pack("<d", 2) + stream[value_at + 8 :])

    assert filled_cells(read_workbook(tmp_path / "a.xls")[0]) == {"A1": ("number", "2")}


def test_an_encrypted_workbook_asks_for_the_password_to_be_removed(tmp_path: Path) -> None:
    stream = book_with().get_biff_data()
    XlsDoc().save(
        str(tmp_path / "a.xls"), stream[:FIRST_RECORD_BYTES] + FILE_PASSWORD + stream[FIRST_RECORD_BYTES:]
    )

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(tmp_path / "a.xls")

    assert refused.value.reason == "password"


@pytest.mark.parametrize("kept", [512, 2048, 4096])
def test_a_workbook_cut_short_is_damaged(tmp_path: Path, kept: int) -> None:
    book_with().save(tmp_path / "a.xls")
    data = (tmp_path / "a.xls").read_bytes()
    directory_at = data.index("Workbook".encode("utf-16-le"))
    (tmp_path / "a.xls").write_bytes(data[:kept] + data[directory_at - directory_at % 512 :])

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(tmp_path / "a.xls")

    assert refused.value.reason == "damaged"
