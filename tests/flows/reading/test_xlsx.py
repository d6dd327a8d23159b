from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from flows.reading.workbook import ReadingLimits, UnreadableWorkbook, read_workbook
from schemas.raw_sheet import Merge
from tests.support.filled_cells import filled_cells
from tests.support.raw_xlsx import (
    MAIN,
    raw_xlsx_parts,
    row_of,
    shared_texts,
    styles,
    worksheet,
    write_parts,
    write_raw_xlsx,
)

STRICT = "http://purl.oclc.org/ooxml"
HALF_PAST_TWO = datetime.fromisoformat("2021-03-05 14:30")


def only_sheet(path: Path) -> dict[str, tuple[str, str | None]]:
    (sheet,) = read_workbook(path)
    return filled_cells(sheet)


@pytest.fixture
def filled_by_openpyxl(tmp_path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book["Sheet"]
    sheet.title = "入户调查"
    sheet["C4"] = "房屋编号"
    sheet["D6"], sheet["D7"], sheet["D8"] = 56.300000000000004, 152202198001011234, True
    sheet.row_dimensions[6].hidden = True
    sheet["E6"], sheet["E7"], sheet["E8"] = date(2021, 3, 5), HALF_PAST_TWO, time(14, 30)
    sheet["E9"] = timedelta(hours=30)
    sheet["F6"], sheet["F7"] = "=1/0", 0.5
    sheet["F7"].number_format = "0.0%"
    sheet["F8"] = "#REF!"
    sheet["F8"].data_type = "e"
    sheet.merge_cells("C11:D12")
    sheet["C11"] = "合并"
    sheet["H40"].number_format = "0.00"
    book.create_chartsheet("图")
    book.create_sheet("藏").sheet_state = "hidden"
    book.create_sheet("深藏").sheet_state = "veryHidden"
    book["深藏"]["A1"] = "在"
    book.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_cells_are_where_and_what_excel_shows(filled_by_openpyxl: Path) -> None:
    sheet = read_workbook(filled_by_openpyxl)[0]

    assert sheet.name == "入户调查"
    assert filled_cells(sheet) == {
        "C4": ("text", "房屋编号"),
        "D6": ("number", "56.3"),
        "E6": ("date", "2021-03-05"),
        "F6": ("uncalculated", None),
        "D7": ("number", "152202198001011000"),
        "E7": ("date", "2021-03-05 14:30:00"),
        "F7": ("percent", "0.5"),
        "D8": ("boolean", "TRUE"),
        "E8": ("text", "14:30:00"),
        "F8": ("error", "#REF!"),
        "E9": ("text", "30:00:00"),
        "C11": ("text", "合并"),
    }
    assert sheet.merges == (Merge(11, 12, 2, 3),)
    assert sheet.cells["row_number"].to_list() == [4, 6, 7, 8, 9, 11]


def test_hidden_sheets_are_read_and_chart_sheets_are_not(filled_by_openpyxl: Path) -> None:
    sheets = read_workbook(filled_by_openpyxl)

    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [
        ("入户调查", False),
        ("藏", True),
        ("深藏", True),
    ]
    assert sheets[1].width == 0
    assert sheets[1].cells.height == 0
    assert filled_cells(sheets[2]) == {"A1": ("text", "在")}


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_are_right_in_both_date_systems(tmp_path: Path, *, is_1904: bool) -> None:
    book = openpyxl.Workbook()
    if is_1904:
        book.epoch = CALENDAR_MAC_1904
    book["Sheet"].append([date(2021, 3, 5), HALF_PAST_TWO])
    book.save(tmp_path / "a.xlsx")

    assert list(only_sheet(tmp_path / "a.xlsx").values()) == [
        ("date", "2021-03-05"),
        ("date", "2021-03-05 14:30:00"),
    ]


@pytest.mark.parametrize("constant_memory", [False, True])
def test_what_xlsxwriter_writes_is_read(tmp_path: Path, *, constant_memory: bool) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": constant_memory}) as book:
        sheet = book.add_worksheet("表一")
        sheet.write_string(1, 1, " 甲\n乙 ")
        sheet.write_number(1, 2, 0.25, book.add_format({"num_format": "0%"}))
        sheet.write_number(1, 3, 44260, book.add_format({"num_format": 14}))
        sheet.write_formula(2, 1, "=1+1", None, 2)
        sheet.write_string(2, 2, "   ")
        sheet.write_formula(2, 3, "=NA()", None, "#N/A")
        sheet.write_boolean(2, 4, False)
        sheet.merge_range(3, 1, 4, 1, "合")

    (read,) = read_workbook(path)
    assert filled_cells(read) == {
        "B2": ("text", " 甲\n乙 "),
        "C2": ("percent", "0.25"),
        "D2": ("date", "2021-03-05"),
        "B3": ("number", "2"),
        "C3": ("text", "   "),
        "D3": ("error", "#N/A"),
        "E3": ("boolean", "FALSE"),
        "B4": ("text", "合"),
    }
    assert read.merges == (Merge(4, 5, 1, 1),)


def test_texts_are_joined_from_their_runs_and_without_their_readings(tmp_path: Path) -> None:
    shared = shared_texts(
        "<r><t>天</t></r><r><rPr><b/></rPr><t>池</t></r>",
        "<t>金江沟</t><rPh sb='0' eb='1'><t>jin</t></rPh>",
        "<t>a_x000D_b&lt;&#x4E00;</t>",
        "<t/>",
    )
    shared_cells = "".join(f'<c r="{"ABCD"[i]}1" t="s"><v>{i}</v></c>' for i in range(4))
    inline = '<c r="E1" t="inlineStr"><is><r><t>x</t></r><r><t>y</t></r></is></c>'
    path = write_raw_xlsx(tmp_path / "a", row_of(shared_cells + inline), shared_text_part=shared)

    assert [text for _, text in only_sheet(path).values()] == ["天池", "金江沟", "a\rb<一", "xy"]


def test_prefixes_and_single_quotes_make_no_difference(tmp_path: Path) -> None:
    part = (
        f"<x:worksheet xmlns:x='{MAIN}'><x:sheetData><x:row r='3'>"
        "<x:c r='B3' t='inlineStr'><x:is><x:t>甲</x:t></x:is></x:c><x:c r='C3' s='1'><x:v>0.5</x:v></x:c>"
        "<x:c t='e' r='D3'><x:v>#REF!</x:v></x:c><x:c r='E3'><x:f>A1</x:f></x:c>"
        "</x:row></x:sheetData><x:mergeCells><x:mergeCell ref='B3:B4'/></x:mergeCells></x:worksheet>"
    )
    parts = raw_xlsx_parts({"表一": part}) | {"xl/styles.xml": styles(0, 10)}
    (sheet,) = read_workbook(write_parts(tmp_path / "a", parts))

    assert filled_cells(sheet) == {
        "B3": ("text", "甲"),
        "C3": ("percent", "0.5"),
        "D3": ("error", "#REF!"),
        "E3": ("uncalculated", None),
    }
    assert sheet.merges == (Merge(3, 4, 1, 1),)


def test_the_strict_variant_is_read(tmp_path: Path) -> None:
    main = f"{STRICT}/spreadsheetml/main"
    part = worksheet(row_of('<c r="A1"><v>1</v></c><c r="B1" t="d"><v>2021-03-05</v></c>'), namespace=main)
    parts = raw_xlsx_parts({"表一": part}, office=f"{STRICT}/officeDocument/relationships", main=main)

    assert only_sheet(write_parts(tmp_path / "a", parts)) == {
        "A1": ("number", "1"),
        "B1": ("date", "2021-03-05"),
    }


def test_a_number_with_spaces_around_it_stays_a_number(tmp_path: Path) -> None:
    path = write_raw_xlsx(tmp_path / "a", row_of('<c r="A1"><v> 152202198001011234 </v></c>'))

    assert only_sheet(path) == {"A1": ("number", "152202198001011000")}


def test_formulas_below_and_right_of_all_values_are_not_lost(tmp_path: Path) -> None:
    rows = row_of('<c r="B2"><v>1</v></c>', 2) + row_of('<c r="A4"><f>B2</f></c><c r="D4"><f>B2</f></c>', 4)

    assert only_sheet(write_raw_xlsx(tmp_path / "a", rows)) == {
        "B2": ("number", "1"),
        "A4": ("uncalculated", None),
        "D4": ("uncalculated", None),
    }


def test_a_percent_format_says_nothing_about_a_text(tmp_path: Path) -> None:
    cells = '<c r="A1" s="1" t="str"><v>50%</v></c><c r="B1" s="1" t="b"><v>1</v></c>'
    path = write_raw_xlsx(tmp_path / "a", row_of(cells), style_part=styles(0, "0%"))

    assert only_sheet(path) == {"A1": ("text", "50%"), "B1": ("boolean", "TRUE")}


def test_the_dates_of_the_chinese_edition_need_no_code(tmp_path: Path) -> None:
    cells = "".join(f'<c s="{style}"><v>44260</v></c>' for style in range(3))
    path = write_raw_xlsx(tmp_path / "a", row_of(cells), style_part=styles(31, 57, 58))

    assert set(only_sheet(path).values()) == {("date", "2021-03-05")}


def test_two_cells_in_opposite_corners_are_refused_before_anything_is_allocated(tmp_path: Path) -> None:
    rows = row_of('<c r="A1"><v>1</v></c>') + row_of('<c r="XFD1048576"><v>1</v></c>', 1048576)

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(write_raw_xlsx(tmp_path / "a", rows))

    assert refused.value.reason == "too_large"
    assert "XFD1048576" in refused.value.message


def test_a_blank_cell_in_the_far_corner_is_no_reason_to_refuse(tmp_path: Path) -> None:
    rows = row_of('<c r="A1"><v>1</v></c>') + row_of('<c r="XFD1048576" s="0"/>', 1048576)

    assert only_sheet(write_raw_xlsx(tmp_path / "a", rows)) == {"A1": ("number", "1")}


def test_how_far_a_sheet_may_reach_is_a_limit(tmp_path: Path) -> None:
    path = write_raw_xlsx(tmp_path / "a", row_of('<c r="GB9"><v>1</v></c>', 9))

    assert read_workbook(path, ReadingLimits(cells=9 * 184))[0].width == 184
    with pytest.raises(UnreadableWorkbook):
        read_workbook(path, ReadingLimits(cells=9 * 184 - 1))


def test_an_error_unknown_to_the_reader_is_located_for_the_clerk(tmp_path: Path) -> None:
    path = write_raw_xlsx(tmp_path / "a", row_of('<c r="C7" t="e"><v>#SPILL!</v></c>', 7))

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(path)

    assert "“表一”的 C7" in refused.value.message


@pytest.mark.parametrize(
    "broken",
    [
        {"xl/workbook.xml": "<workbook"},
        {"xl/worksheets/sheet1.xml": worksheet(row_of('<c r="A1" t="s"><v>9</v></c>'))},
        {"xl/_rels/workbook.xml.rels": "<Relationships/>"},
        {"_rels/.rels": "<Relationships/>"},
        {"xl/styles.xml": "<styleSheet><numFmts><numFmt/></numFmts></styleSheet>"},
    ],
)
def test_a_workbook_that_contradicts_itself_is_damaged(tmp_path: Path, broken: dict[str, str]) -> None:
    parts = raw_xlsx_parts({"表一": worksheet("")}) | broken

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(write_parts(tmp_path / "a", parts))

    assert refused.value.reason == "damaged"


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    parts = raw_xlsx_parts({"Sheet": worksheet(""), "SHEET": worksheet("")})

    with pytest.raises(UnreadableWorkbook, match="two sheets"):
        read_workbook(write_parts(tmp_path / "a", parts))


def test_a_workbook_without_styles_or_shared_texts_is_read(tmp_path: Path) -> None:
    parts = raw_xlsx_parts({"表一": worksheet(row_of('<c r="A1"><v>1</v></c>'))})
    del parts["xl/styles.xml"], parts["xl/sharedStrings.xml"]

    assert only_sheet(write_parts(tmp_path / "a", parts)) == {"A1": ("number", "1")}
