from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from flows.reading.workbook import ReadingLimits, UnreadableWorkbook, read_workbook
from schemas.raw_sheet import Merge
from tests.support.filled_cells import filled_cells
from tests.support.ods import MANIFEST_ENTRY, cell, row_of, table, write_ods

HIDDEN_STYLE = (
    '<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/>'
    '</style:style><style:style style:name="ta2" style:family="table">'
    '<style:table-properties table:display="false"/></style:style>'
)
BLANK_ROWS = '<table:table-row table:number-rows-repeated="{}"><table:table-cell/></table:table-row>'


def only_sheet(path: Path) -> dict[str, tuple[str, str | None]]:
    (sheet,) = read_workbook(path)
    return filled_cells(sheet)


def one_cell(tmp_path: Path, written: str) -> tuple[str, str | None] | None:
    return only_sheet(write_ods(tmp_path / "a", table(row_of(written)))).get("A1")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (cell("甲"), ("text", "甲")),
        (cell("56.30", "float", "56.300000000000004"), ("number", "56.3")),
        (cell("￥300", "currency", "300"), ("number", "300")),
        (cell("50%", "percentage", "0.5"), ("percent", "0.5")),
        (cell("TRUE", "boolean", "true"), ("boolean", "TRUE")),
        (cell("FALSE", "boolean", "false"), ("boolean", "FALSE")),
        (cell("21年3月5日", "date", "2021-03-05"), ("date", "2021-03-05")),
        (cell("x", "date", "2021-03-05T14:30:00"), ("date", "2021-03-05 14:30:00")),
        (cell("x", "date", "2021-03-05T14:30:00.123456789"), ("date", "2021-03-05 14:30:00")),
        (cell("x", "date", "2021-03-05T00:00:00"), ("date", "2021-03-05")),
        (cell("14:30", "time", "PT14H30M00S"), ("text", "14:30:00")),
        (cell("30:00", "time", "PT30H00M05.25S"), ("text", "30:00:05")),
        (cell("2", "float", "2", 'table:formula="of:=1+1"'), ("number", "2")),
        (cell("", "", "", 'table:formula="of:=1+1"'), ("uncalculated", None)),
        (cell("", "string", "", 'table:formula="of:=&quot;&quot;"'), None),
        (cell("#REF!", "string", "", 'table:formula="of:=A" calcext:value-type="error"'), ("error", "#REF!")),
        (cell("#DIV/0!", "float", "0", 'table:formula="of:=1/0"'), ("error", "#DIV/0!")),
        (cell("Err:502", "float", "0", 'table:formula="of:=x"'), ("error", "Err:502")),
        (cell("#REF!"), ("text", "#REF!")),
        (cell(""), None),
        (cell("a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d"), ("text", "a   b\tc\nd")),
        (cell("<text:span>天</text:span>\n  <text:span>池</text:span>"), ("text", "天 池")),
        (cell("x", "string", "存的值"), ("text", "存的值")),
        (cell("1e300", "float", "NaN"), ("error", "#NUM!")),
    ],
)
def test_a_cell_says_what_it_is(
    tmp_path: Path, written: str, expected: tuple[str, str | None] | None
) -> None:
    assert one_cell(tmp_path, written) == expected


def test_paragraphs_are_lines_and_notes_are_not_text(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>批注</text:p></office:annotation>"
    written = (
        f'<table:table-cell office:value-type="string">{note}<text:p>一</text:p><text:p>二</text:p>'
        "</table:table-cell>"
    )

    assert one_cell(tmp_path, written) == ("text", "一\n二")


def test_repeated_rows_and_columns_keep_everything_in_its_place(tmp_path: Path) -> None:
    rows = (
        BLANK_ROWS.format(3)
        + row_of(
            '<table:table-cell table:number-columns-repeated="2"/>'
            + cell("甲", attributes='table:number-columns-repeated="2"')
            + '<table:table-cell table:number-columns-repeated="16380"/>'
        )
        + row_of(cell("7", "float", "7"), 'table:number-rows-repeated="2"')
        + "<table:table-row-group>"
        + row_of(cell("组内"), 'table:visibility="filter"')
        + "</table:table-row-group>"
        + BLANK_ROWS.format(1048569)
    )
    path = write_ods(tmp_path / "a.ods", table(rows))

    assert only_sheet(path) == {
        "C4": ("text", "甲"),
        "D4": ("text", "甲"),
        "A5": ("number", "7"),
        "A6": ("number", "7"),
        "A7": ("text", "组内"),
    }
    assert read_workbook(path)[0].width == 4
    with CalamineWorkbook.from_path(path) as book:
        assert book.get_sheet_by_index(0).to_python(skip_empty_area=False)[3:] == [
            ["", "", "甲", "甲"],
            [7, "", "", ""],
            [7, "", "", ""],
            ["组内", "", "", ""],
        ]


def test_spanned_cells_are_merges(tmp_path: Path) -> None:
    covered = "<table:covered-table-cell/>"
    rows = row_of(cell("题")) + row_of(
        cell("x")
        + cell("合", attributes='table:number-columns-spanned="2" table:number-rows-spanned="3"')
        + covered
        + cell("后")
    )
    (sheet,) = read_workbook(write_ods(tmp_path / "a", table(rows)))

    assert sheet.merges == (Merge(2, 4, 1, 2),)
    assert filled_cells(sheet)["D2"] == ("text", "后")


def test_sheets_come_in_order_with_the_hidden_ones_marked(tmp_path: Path) -> None:
    tables = table(row_of(cell("一")), "甲", "ta1") + table(row_of(cell("二")), "乙", "ta2") + table("", "丙")
    sheets = read_workbook(write_ods(tmp_path / "a", tables, styles=HIDDEN_STYLE))

    assert [(sheet.name, sheet.is_hidden, sheet.width) for sheet in sheets] == [
        ("甲", False, 1),
        ("乙", True, 1),
        ("丙", False, 0),
    ]


def test_changes_that_were_tracked_are_not_cells(tmp_path: Path) -> None:
    tracked = (
        "<table:tracked-changes><table:deletion><table:table-cell><text:p>删</text:p></table:table-cell>"
        "</table:deletion></table:tracked-changes>"
    )

    assert only_sheet(write_ods(tmp_path / "a", tracked + table(row_of(cell("甲"))))) == {
        "A1": ("text", "甲")
    }


def test_an_encrypted_workbook_asks_for_the_password_to_be_removed(tmp_path: Path) -> None:
    entry = MANIFEST_ENTRY.replace("/>", "><manifest:encryption-data/></manifest:file-entry>")

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(write_ods(tmp_path / "a", table(""), manifest_entry=entry))

    assert refused.value.reason == "password"


@pytest.mark.parametrize(("rows", "columns"), [(1, 16384), (1048576, 16384), (1048576, 1)])
def test_repeats_that_fill_a_whole_sheet_are_refused(tmp_path: Path, rows: int, columns: int) -> None:
    repeated = row_of(
        cell("x", attributes=f'table:number-columns-repeated="{columns}"'),
        f'table:number-rows-repeated="{rows}"',
    )

    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(write_ods(tmp_path / "a", table(repeated)), ReadingLimits(cells=16383))

    assert refused.value.reason == "too_large"


@pytest.mark.parametrize(
    "rows",
    [
        row_of(cell("x", attributes='table:number-columns-repeated="16385"')),
        row_of(cell("x"), 'table:number-rows-repeated="1048577"'),
        row_of(cell("x", "float", "abc")),
        row_of(cell("x", "float")),
        row_of(cell("x", "date", "0000-99-99")),
        row_of(cell("x", "time", "14:30")),
    ],
)
def test_what_no_spreadsheet_can_hold_is_damage(tmp_path: Path, rows: str) -> None:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(write_ods(tmp_path / "a", table(rows)))

    assert refused.value.reason == "damaged"
