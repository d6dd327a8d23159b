from __future__ import annotations

import struct
from datetime import date
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from flows.reading.biff12 import packed_number, records
from flows.reading.workbook import ReadingLimits, UnreadableWorkbook, read_workbook
from schemas.raw_sheet import Merge
from tests.support.filled_cells import filled_cells
from tests.support.xlsb import (
    HIDDEN,
    VERY_HIDDEN,
    Cell,
    Error,
    Formula,
    InlineText,
    Styled,
    XlsbSheet,
    record,
    write_xlsb,
)

FORMATS = (0, "yyyy-mm-dd", "0.0%", 46, 31)
CELLS: dict[tuple[int, int], Cell] = {
    (3, 2): "房屋编号",
    (5, 3): 56.300000000000004,
    (5, 4): 7,
    (5, 5): -7,
    (6, 1): True,
    (6, 2): Styled(44260.604166666664, 1),
    (6, 3): Styled(0.5, 2),
    (6, 4): Styled(1.25, 3),
    (6, 5): Styled(44260, 4),
    (7, 1): Error(0x17),
    (7, 2): Formula("文字"),
    (7, 3): Formula(2.5),
    (7, 4): Formula(Error(0x07)),
    (7, 5): Formula(value=False),
    (7, 6): Formula(""),
    (8, 1): InlineText("内嵌"),
    (8, 2): InlineText("多种字体", is_rich=True),
    (8, 3): "房屋编号",
    (9, 300): None,
}


def test_cells_are_where_and_what_excel_shows(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "a", [XlsbSheet("入户调查", CELLS, merges=[(10, 11, 2, 3)])], FORMATS)
    (sheet,) = read_workbook(path)

    assert filled_cells(sheet) == {
        "C4": ("text", "房屋编号"),
        "D6": ("number", "56.3"),
        "E6": ("number", "7"),
        "F6": ("number", "-7"),
        "B7": ("boolean", "TRUE"),
        "C7": ("date", "2021-03-05 14:30:00"),
        "D7": ("percent", "0.5"),
        "E7": ("text", "30:00:00"),
        "F7": ("date", "2021-03-05"),
        "B8": ("error", "#REF!"),
        "C8": ("text", "文字"),
        "D8": ("number", "2.5"),
        "E8": ("error", "#DIV/0!"),
        "F8": ("boolean", "FALSE"),
        "B9": ("text", "内嵌"),
        "C9": ("text", "多种字体"),
        "D9": ("text", "房屋编号"),
    }
    assert sheet.merges == (Merge(11, 12, 2, 3),)
    assert sheet.width == 7


def test_another_reader_sees_the_same_values_in_these_workbooks(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "a.xlsb", [XlsbSheet("入户调查", CELLS), XlsbSheet("藏", {})], FORMATS)
    with CalamineWorkbook.from_path(path) as book:
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)

        assert book.sheet_names == ["入户调查", "藏"]
        assert rows[3][2] == rows[8][3] == "房屋编号"
        assert rows[5][3:6] == [56.300000000000004, 7, -7]
        assert rows[6][1] is True
        assert rows[6][5] == date(2021, 3, 5)
        assert rows[7][2:4] == ["文字", 2.5]


def test_hidden_sheets_are_read_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    sheets = [
        XlsbSheet("甲", {(0, 0): "一"}),
        XlsbSheet("乙", {(0, 0): "二"}, visibility=HIDDEN),
        XlsbSheet("丙", {}, visibility=VERY_HIDDEN),
    ]
    read = read_workbook(write_xlsb(tmp_path / "a", sheets))

    assert [(sheet.name, sheet.is_hidden) for sheet in read] == [("甲", False), ("乙", True), ("丙", True)]
    assert filled_cells(read[1]) == {"A1": ("text", "二")}
    assert read[2].width == 0


def test_the_1904_system_moves_the_dates(tmp_path: Path) -> None:
    sheets = [XlsbSheet("甲", {(0, 0): Styled(42798, 1)})]

    assert filled_cells(read_workbook(write_xlsb(tmp_path / "a", sheets, FORMATS, is_1904=True))[0]) == {
        "A1": ("date", "2021-03-05")
    }


@pytest.mark.parametrize(
    ("packed", "number"),
    [
        (struct.pack("<i", 7 << 2 | 2), 7.0),
        (struct.pack("<i", -7 * 4 | 2), -7.0),
        (struct.pack("<i", 5630 << 2 | 3), 56.3),
        (struct.pack("<d", 0.5)[4:], 0.5),
        (struct.pack("<I", struct.unpack("<I", struct.pack("<d", 150.0)[4:])[0] | 1), 1.5),
    ],
)
def test_a_packed_number_is_an_integer_or_a_double_perhaps_in_hundredths(
    packed: bytes, number: float
) -> None:
    assert packed_number(packed, 0) == number


def test_records_have_types_and_lengths_of_several_bytes() -> None:
    written = [(0, b""), (145, b"x"), (617, b"y" * 127), (5, b"z" * 70_000)]

    assert list(records(b"".join(record(number, content) for number, content in written))) == written


@pytest.mark.parametrize("lost", [1, 3])
def test_a_record_cut_off_is_damage(lost: int) -> None:
    with pytest.raises(UnreadableWorkbook):
        list(records((record(5, b"abc"))[:-lost]))


@pytest.mark.parametrize(
    "cells",
    [
        {(0, 0): 1, (1048575, 16383): 1},
        {(0, 16383): 1, (1048575, 0): 1},
    ],
)
def test_two_cells_in_opposite_corners_are_refused(
    tmp_path: Path, cells: dict[tuple[int, int], Cell]
) -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(write_xlsb(tmp_path / "a", [XlsbSheet("甲", cells)]))

    assert refused.value.reason == "too_large"


def test_how_far_a_sheet_may_reach_is_a_limit(tmp_path: Path) -> None:
    path = write_xlsb(tmp_path / "a", [XlsbSheet("甲", {(8, 9): 1})])

    assert read_workbook(path, ReadingLimits(cells=90))[0].width == 10
    with pytest.raises(UnreadableWorkbook):
        read_workbook(path, ReadingLimits(cells=89))


def test_a_cell_out_of_the_sheet_is_damage(tmp_path: Path) -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(write_xlsb(tmp_path / "a", [XlsbSheet("甲", {(0, 16384): 1})]))

    assert refused.value.reason == "damaged"
