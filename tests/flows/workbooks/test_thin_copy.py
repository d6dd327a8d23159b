"""Copies of workbooks with large sheets are those that openpyxl makes of the whole workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import polars as pl
import pytest
import xlsxwriter
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.reading.workbook import read_workbook
from flows.workbooks import annotation, thin_copy
from flows.workbooks.annotation import annotate
from flows.workbooks.copies import clerks_workbook
from schemas.audit import Findings

SHEET, OTHER = "入户调查", "补偿协议"
PART = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def _every_sheet_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thin_copy, "LARGE_SHEET_BYTES", 1)
    monkeypatch.setattr(thin_copy, "_ROWS_AT_TOP", 2)


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size of each workbook that openpyxl is given: two for a copy for which few rows won't do."""
    sizes: list[int] = []

    def counted(content: bytes) -> tuple[Workbook, dict[str, Worksheet]]:
        sizes.append(len(content))
        return clerks_workbook(content)

    monkeypatch.setattr(annotation, "clerks_workbook", counted)
    return sizes


def findings(*places: tuple[str, int | None, str | None]) -> pl.DataFrame:
    rows = [
        {
            "upload_id": "0" * 64,
            "file_name": "上报.xlsx",
            "sheet": sheet,
            "row_number": row,
            "column_letter": letter,
            "rule": "required",
            "severity": "error",
            "message": "请补填。",
        }
        for sheet, row, letter in places
    ]
    return pl.DataFrame(rows, schema=Findings.frame_schema())


FOUND = findings(
    (SHEET, 40, "B"), (SHEET, None, "C"), (SHEET, 300, "A"), (OTHER, 7, "B"), ("没有的表", 3, "A")
)


def clerks_file(path: Path, *, at_once: bool = False) -> Path:
    """A workbook with many looks, as Excel writes it, or with each text in its cell."""
    with xlsxwriter.Workbook(path, {"constant_memory": at_once}) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd", "border": 1})
        red = book.add_format({"font_color": "#FF0000", "text_wrap": True, "bold": True})
        for name in (SHEET, OTHER):
            sheet = book.add_worksheet(name)
            sheet.set_column(1, 1, 33)
            sheet.merge_range("A1:E1", "某村 <入户> & 调查")
            sheet.write_row(1, 0, ["户编号", "姓名", "日期", "面积", "备注"])
            for row in range(2, 200):
                if row % 50 == 0:
                    sheet.set_row(row, 40, red)
                    continue
                sheet.write_string(row, 0, f"H-{row}")
                sheet.write_string(row, 1, f"示例{row % 7} ", red if row % 3 else None)
                sheet.write_datetime(row, 2, date(2021, 2, 1 + row % 28), dated)
                sheet.write_number(row, 3, 60 + row / 8)
                sheet.write_blank(row, 4, None, dated)
                if row % 40 == 0:
                    sheet.write_boolean(row, 4, row % 80 == 0)
                    sheet.write_comment(row, 1, "村里的批注")
            sheet.merge_range("F120:G122", "并排")
            sheet.data_validation("B3:B200", {"validate": "list", "source": ["甲", "乙"]})
            sheet.freeze_panes(2, 1)
    return path


def whole(path: Path) -> dict[str, Any]:
    """All that openpyxl knows of a workbook's cells, rows and sheets."""
    book = load_workbook(path)
    return {
        sheet.title: (
            {
                cell.coordinate: (
                    cell.value,
                    cell.number_format,
                    cell.font.color.rgb if cell.font.color else None,
                    cell.font.bold,
                    cell.fill.start_color.rgb,
                    cell.border.left.style,
                    cell.alignment.wrap_text,
                    cell.comment.text if cell.comment else None,
                )
                for row in sheet.iter_rows()
                for cell in row
            },
            {row: (kept.height, kept.s) for row, kept in sheet.row_dimensions.items()},
            {letter: kept.width for letter, kept in sheet.column_dimensions.items()},
            sorted(str(merged) for merged in sheet.merged_cells.ranges),
            sorted(str(rule.sqref) for rule in sheet.data_validations.dataValidation),
            sheet.freeze_panes,
            sheet.dimensions,
        )
        for sheet in book.worksheets
    }


@pytest.mark.parametrize("at_once", [False, True])
def test_a_copy_is_the_one_that_openpyxl_makes_of_the_whole(
    tmp_path: Path, copies: list[int], *, at_once: bool
) -> None:
    source = clerks_file(tmp_path / "上报.xlsx", at_once=at_once)
    annotate(source, FOUND, tmp_path / "thin.xlsx", read_workbook(source))
    assert len(copies) == 1
    annotate(source, FOUND, tmp_path / "whole.xlsx")
    assert len(copies) == 2
    assert copies[0] < copies[1]
    assert whole(tmp_path / "thin.xlsx") == whole(tmp_path / "whole.xlsx")


def test_a_second_round_takes_the_marks_of_the_first_off(tmp_path: Path, copies: list[int]) -> None:
    source = clerks_file(tmp_path / "上报.xlsx")
    first, again = tmp_path / "first.xlsx", findings((SHEET, 90, "D"))
    annotate(source, FOUND, first, read_workbook(source))
    annotate(first, again, tmp_path / "thin.xlsx", read_workbook(first))
    assert len(copies) == 2
    annotate(first, again, tmp_path / "whole.xlsx")
    assert whole(tmp_path / "thin.xlsx") == whole(tmp_path / "whole.xlsx")


def test_a_copy_of_a_workbook_that_openpyxl_wrote(tmp_path: Path, copies: list[int]) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    for row in range(1, 60):
        sheet.append([f"H-{row}", row, "甲&乙"])
        sheet.row_dimensions[row + 3].height = 20
    book.save(tmp_path / "上报.xlsx")
    annotate(tmp_path / "上报.xlsx", FOUND, tmp_path / "thin.xlsx", read_workbook(tmp_path / "上报.xlsx"))
    assert len(copies) == 1
    annotate(tmp_path / "上报.xlsx", FOUND, tmp_path / "whole.xlsx")
    assert whole(tmp_path / "thin.xlsx") == whole(tmp_path / "whole.xlsx")


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (b'<c r="D4"><v>60.375</v></c>', b'<c r="D4"><f>60+1</f><v>61</v></c>'),
        (b'<row r="5"', b'<!-- a row --><row r="5"'),
        (b'<row r="5"', b'<row r="3"'),
        (b'<c r="D4">', b'<c r="D4" vm="1">'),
        (b"</sheetData>", b"<row r=\"400\" xmlns:q='q' q:a='1'></row></sheetData>"),
    ],
)
def test_what_is_not_written_as_usual_is_left_to_openpyxl(
    tmp_path: Path, copies: list[int], earlier: bytes, later: bytes
) -> None:
    usual, source = clerks_file(tmp_path / "usual.xlsx"), tmp_path / "上报.xlsx"
    with ZipFile(usual) as archive, ZipFile(source, "w", ZIP_DEFLATED) as changed:
        for part in archive.namelist():
            content = archive.read(part)
            if part == PART:
                assert content.count(earlier) == 1
                content = content.replace(earlier, later)
            changed.writestr(part, content)
    found = findings((SHEET, 40, "B"))
    annotate(source, found, tmp_path / "thin.xlsx", read_workbook(usual))
    annotate(source, found, tmp_path / "whole.xlsx")
    assert whole(tmp_path / "thin.xlsx") == whole(tmp_path / "whole.xlsx")
    assert copies[-2] == copies[-1]


def test_a_copy_that_reads_otherwise_is_not_kept(tmp_path: Path, copies: list[int]) -> None:
    source = clerks_file(tmp_path / "上报.xlsx")
    sheets = read_workbook(source)
    sheets[0].cells[5, 1] = "另一"
    annotate(source, FOUND, tmp_path / "copy.xlsx", sheets)
    assert len(copies) == 2


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    source = clerks_file(tmp_path / "上报.xlsx")
    sheets = read_workbook(source)
    first, second = (annotate(source, FOUND, tmp_path / f"{n}.xlsx", sheets).read_bytes() for n in "12")
    assert first == second
