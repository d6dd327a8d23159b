"""Annotated copies, read back: marks, notes, the list, and what must not come alive or get lost."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from flows.workbooks.annotation import annotate
from flows.workbooks.findings_sheet import ERROR_FILL, LISTED_HEADERS, WARNING_FILL
from schemas.audit import Findings
from schemas.raw_sheet import BOOLEAN, CELL_KIND, DATE, ERROR_VALUE, NUMBER, PERCENTAGE, TEXT, Merge, RawSheet

SHEET = "入户调查"
RED, YELLOW = ERROR_FILL.start_color.rgb, WARNING_FILL.start_color.rgb
HOSTILE = "=cmd|' /C calc'!A0"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def finding(
    row: int | None = None,
    letter: str | None = None,
    message: str = "请补填。",
    *,
    sheet: str | None = SHEET,
    severity: str = "error",
    value: str | None = None,
) -> dict[str, object]:
    return {
        "upload_id": "0" * 64,
        "file_name": "上报.xlsx",
        "sheet": sheet,
        "row_number": row,
        "column_letter": letter,
        "header": "户编号",
        "field": "household_id",
        "value": value,
        "rule": "required",
        "severity": severity,
        "message": message,
    }


def findings(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=Findings.frame_schema())


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "上报.xlsx"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "out" / "上报-批注.xlsx"


def clerks_book() -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for row in (["户编号", "面积", "备注"], ["H-1", 56.3, "甲"], ["H-2", 40, "乙"], ["H-3", 12, "丙"]):
        sheet.append(row)
    return book, sheet


def annotated(
    source: Path, target: Path, *rows: dict[str, object], raw: list[RawSheet] | None = None
) -> Workbook:
    assert annotate(source, findings(*rows), target, raw) == target
    return load_workbook(target)


def note(sheet: Worksheet, place: str) -> str:
    comment = sheet[place].comment
    return comment.text if comment else ""


def colour(sheet: Worksheet, place: str) -> str:
    return str(sheet[place].fill.start_color.rgb)


def test_cells_are_coloured_by_the_worst_and_say_everything(source: Path, target: Path) -> None:
    book, _ = clerks_book()
    book.save(source)
    sheet = annotated(
        source,
        target,
        finding(2, "B", "多半录错。", severity="warning"),
        finding(3, "A", "应为文本。", severity="warning"),
        finding(3, "A", "编号重复。"),
    )[SHEET]
    assert (colour(sheet, "B2"), colour(sheet, "A3")) == (YELLOW, RED)
    assert note(sheet, "B2") == "【提醒】多半录错。"
    assert note(sheet, "A3") == "【提醒】应为文本。\n【错误】编号重复。"
    assert sheet["A2"].comment is None
    assert [cell.value for cell in sheet[2]] == ["H-1", 56.3, "甲"]


def test_findings_without_a_cell_mark_the_first_of_their_row_or_sheet(source: Path, target: Path) -> None:
    book, _ = clerks_book()
    book.save(source)
    sheet = annotated(
        source,
        target,
        finding(4, None, "与上一行矛盾。"),
        finding(None, None, "缺少列。"),
        finding(9, "E", "空。"),
    )[SHEET]
    assert "与上一行矛盾" in note(sheet, "A4")
    assert "缺少列" in note(sheet, "A1")
    assert "空" in note(sheet, "E9")


def test_sheets_whose_names_differ_in_spaces_are_told_apart(source: Path, target: Path) -> None:
    book, _ = clerks_book()
    book.create_sheet(f"{SHEET} ")["A1"] = "户编号"
    book.save(source)
    copy = annotated(source, target, finding(2, "B"), finding(3, "A", sheet=f"{SHEET} "))
    assert [sheet for sheet in copy.sheetnames if colour(copy[sheet], "B2") == RED] == [SHEET]
    assert [sheet for sheet in copy.sheetnames if colour(copy[sheet], "A3") == RED] == [f"{SHEET} "]
    assert [cell.value for cell in copy.worksheets[0]["A"]] == ["工作表", SHEET, f"「{SHEET} 」"]


def test_the_clerks_own_note_is_kept(source: Path, target: Path) -> None:
    book, sheet = clerks_book()
    sheet["A2"].comment = Comment("户主在外地", "示例员")
    book.save(source)
    marked = annotated(source, target, finding(2, "A"))[SHEET]["A2"].comment
    assert marked is not None
    assert marked.text == "户主在外地\n【错误】请补填。"
    assert marked.author == "示例员"


def test_a_merged_cell_is_marked_at_its_top_left(source: Path, target: Path) -> None:
    book, sheet = clerks_book()
    sheet.merge_cells("A2:A4")
    book.save(source)
    marked = annotated(source, target, finding(2, "A", "一。", severity="warning"), finding(4, "A", "二。"))[
        SHEET
    ]
    assert note(marked, "A2") == "【提醒】一。\n【错误】A4：二。"
    assert colour(marked, "A2") == RED
    assert [str(merged) for merged in marked.merged_cells.ranges] == ["A2:A4"]


def test_the_list_stands_first_and_alone_is_selected(source: Path, target: Path) -> None:
    book, _ = clerks_book()
    book.save(source)
    copy = annotated(
        source,
        target,
        finding(2, "A", value="甲"),
        finding(sheet=None, message="文件中没有认识的工作表。", severity="warning"),
        finding(5, "B", sheet="没有的表"),
    )
    listed = copy.worksheets[0]
    assert copy.sheetnames == ["问题清单", SHEET]
    assert copy.active is listed
    assert [sheet.sheet_view.tabSelected for sheet in copy.worksheets] == [True, False]
    assert [tuple(cell.value for cell in row) for row in listed.iter_rows()] == [
        LISTED_HEADERS,
        (SHEET, 2, "A", "户编号", "甲", "错误", "请补填。"),
        (None, None, None, "户编号", None, "提醒", "文件中没有认识的工作表。"),
        ("没有的表", 5, "B", "户编号", None, "错误", "请补填。"),
    ]
    assert (listed.freeze_panes, listed.auto_filter.ref) == ("A2", "A1:G4")


def test_a_second_round_replaces_the_first(source: Path, target: Path, tmp_path: Path) -> None:
    book, sheet = clerks_book()
    sheet["B3"].comment = Comment("请复测", "示例员")
    book.save(source)
    annotate(source, findings(finding(2, "A"), finding(3, "B")), target)
    again = annotated(target, tmp_path / "again.xlsx", finding(4, "C", "新问题。"))
    assert again.sheetnames == ["问题清单", SHEET]
    assert again.worksheets[0].max_row == 2
    marked = again[SHEET]
    assert (note(marked, "A2"), note(marked, "B3"), note(marked, "C4")) == ("", "请复测", "【错误】新问题。")
    assert {colour(marked, "A2"), colour(marked, "B3")} == {"00000000"}


def test_hostile_text_is_text(source: Path, target: Path) -> None:
    book, sheet = clerks_book()
    sheet["C2"].value = HOSTILE
    sheet["C2"].data_type = "s"
    book.save(source)
    control, long = "甲\x00\x0b\uffff乙", "长" * 40_000
    copy = annotated(
        source,
        target,
        finding(2, "C", HOSTILE, value=HOSTILE),
        finding(3, "C", control, value=control),
        finding(4, "C", long, value=long),
        finding(4, "A", "+1", value="@SUM(A1)"),
    )
    listed = copy.worksheets[0]
    assert {cell.data_type for row in listed.iter_rows() for cell in row} <= {"s", "n"}
    assert listed["E2"].value == listed["G2"].value == HOSTILE
    assert listed["E3"].value == "甲乙"
    assert len(str(listed["E4"].value)) == 32_767
    assert (copy[SHEET]["C2"].data_type, copy[SHEET]["C2"].value) == ("s", HOSTILE)
    assert b"<f>" not in b"".join(_worksheets(target))


def _worksheets(path: Path) -> list[bytes]:
    with ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]


def test_macros_are_left_behind(tmp_path: Path, target: Path) -> None:
    source = tmp_path / "上报.xlsm"
    with xlsxwriter.Workbook(source) as book:
        book.add_worksheet(SHEET).write_string(0, 0, "户编号")
        book.add_vba_project(BytesIO(b"macro"), is_stream=True)
    copy = annotated(source, target, finding(2, "A"))
    assert copy.sheetnames == ["问题清单", SHEET]
    with ZipFile(target) as archive:
        assert not any("vba" in name.lower() for name in archive.namelist())
        types = archive.read("[Content_Types].xml")
    assert b"spreadsheetml.sheet.main+xml" in types
    assert b"macroEnabled" not in types


def test_formulas_of_the_clerk_are_kept_and_calculated_on_opening(source: Path, target: Path) -> None:
    book, sheet = clerks_book()
    sheet["B5"] = "=SUM(B2:B4)"
    book.save(source)
    copy = annotated(source, target, finding(2, "A"))
    assert copy[SHEET]["B5"].value == "=SUM(B2:B4)"
    assert copy.calculation.fullCalcOnLoad


def raw_sheet(name: str = SHEET, *, is_hidden: bool = False) -> RawSheet:
    texts = [
        "152202198001011200",
        "56.3",
        "2021-03-05",
        "TRUE",
        "#REF!",
        "0.5",
        HOSTILE,
        "2021-03-05 14:30:00",
    ]
    kinds = [NUMBER, NUMBER, DATE, BOOLEAN, ERROR_VALUE, PERCENTAGE, TEXT, DATE]
    columns: dict[str, pl.Series] = {"row_number": pl.Series([3, 5], dtype=pl.Int64)}
    for place, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
        columns[f"text_{place}"] = pl.Series([text, None], dtype=pl.String)
        columns[f"kind_{place}"] = pl.Series([kind, "blank"], dtype=CELL_KIND)
    return RawSheet(name, pl.DataFrame(columns), (Merge(3, 4, 0, 0),), is_hidden=is_hidden)


@pytest.mark.parametrize("content", [OLE_MAGIC, b"", b"PK\x03\x04broken"], ids=["xls", "empty", "broken"])
def test_other_workbooks_are_rebuilt_from_their_cells(source: Path, target: Path, content: bytes) -> None:
    source.write_bytes(content)
    copy = annotated(
        source, target, finding(4, "A", "号码录成了数字。"), raw=[raw_sheet(), raw_sheet("问题清单")]
    )
    assert copy.sheetnames == ["问题清单", SHEET]
    sheet = copy[SHEET]
    assert [cell.data_type for cell in sheet[3]] == ["n", "n", "d", "b", "e", "n", "s", "d"]
    assert sheet["B3"].value == 56.3
    assert str(sheet["C3"].value) == "2021-03-05 00:00:00"
    assert sheet["C3"].number_format == "yyyy-mm-dd"
    assert str(sheet["H3"].value) == "2021-03-05 14:30:00"
    assert (sheet["F3"].value, sheet["F3"].number_format) == (0.5, "0.##%")
    assert (sheet["G3"].value, sheet["G3"].number_format) == (HOSTILE, "@")
    assert note(sheet, "A3") == "【错误】A4：号码录成了数字。"


def test_sheet_names_that_excel_refuses_are_mended_in_a_rebuilt_copy(source: Path, target: Path) -> None:
    source.write_bytes(OLE_MAGIC)
    long = "很长的名称" * 10
    raw = [raw_sheet("表/一", is_hidden=True), raw_sheet(long + "甲"), raw_sheet(long + "乙")]
    copy = annotated(source, target, finding(3, "B", sheet=long + "乙"), raw=raw)
    assert [len(name) for name in copy.sheetnames[2:]] == [28, 29]
    assert copy.sheetnames[1] == "表_一"
    assert copy["表_一"].sheet_state == "hidden"
    assert colour(copy.worksheets[3], "B3") == RED


@pytest.mark.parametrize(
    ("content", "largest"), [(b"not a workbook", 2**20), (OLE_MAGIC, 2**20), (b"too large", 3)]
)
def test_what_can_not_be_opened_gets_the_list_alone(
    source: Path, target: Path, content: bytes, largest: int
) -> None:
    source.write_bytes(content)
    annotate(source, findings(finding(2, "A", value=HOSTILE)), target, None, largest_copied_bytes=largest)
    copy = load_workbook(target)
    assert copy.sheetnames == ["问题清单"]
    assert (copy.worksheets[0]["E2"].value, copy.worksheets[0]["E2"].data_type) == (HOSTILE, "s")
    assert copy.worksheets[0].freeze_panes == "A2"


def test_a_source_that_is_gone_gets_the_list_alone(source: Path, target: Path) -> None:
    assert annotated(source, target, finding(2, "A")).sheetnames == ["问题清单"]


def _with_part_changed(source: Path, old: bytes, new: bytes) -> None:
    with ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(source, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content.replace(old, new))


def test_a_merge_over_the_whole_sheet_is_not_opened(source: Path, target: Path) -> None:
    book, sheet = clerks_book()
    sheet.merge_cells("A2:A4")
    book.save(source)
    _with_part_changed(source, b'ref="A2:A4"', b'ref="A2:XFD1048576"')
    assert annotated(source, target, finding(2, "A")).sheetnames == ["问题清单"]


def test_entities_in_the_xml_are_not_followed(source: Path, target: Path) -> None:
    book, _ = clerks_book()
    book.save(source)
    _with_part_changed(
        source, b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet '
    )
    assert annotated(source, target, finding(2, "A")).sheetnames == ["问题清单"]


@pytest.mark.parametrize("kind", ["own", "rebuilt", "list"])
def test_the_same_input_gives_the_same_bytes(source: Path, tmp_path: Path, kind: str) -> None:
    book, _ = clerks_book()
    book.save(source)
    if kind != "own":
        source.write_bytes(OLE_MAGIC)
    raw = [raw_sheet()] if kind == "rebuilt" else None
    found = findings(finding(3, "A"), finding(3, "B", severity="warning"))
    first, second = (annotate(source, found, tmp_path / f"{n}.xlsx", raw).read_bytes() for n in "12")
    assert first == second


def test_nothing_found_gives_an_empty_list(source: Path, target: Path) -> None:
    book, _ = clerks_book()
    book.save(source)
    assert annotated(source, target).worksheets[0].max_row == 1
