"""The blank workbooks, read back: headers, drop-downs, limits, formats, the example row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.reading.workbook import read_workbook
from flows.workbooks.instructions import ROW_MEANINGS
from flows.workbooks.template import EXAMPLE_NOTE, TEMPLATES, write_templates
from schemas.columns import Column, Kind
from schemas.housing import Agreements, HouseholdSurvey
from schemas.investment import IncentiveClaims, TravelTickets
from schemas.sheet import Sheet
from schemas.sheets import ALL_SHEETS, INSTRUCTIONS_TITLE
from transforms.intake.upload import read_upload

HEADERS_AND_VOID = {sheet: [*(c.header for c in sheet.columns.values()), "作废"] for sheet in ALL_SHEETS}


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_templates(tmp_path_factory.mktemp("templates") / "new")


@pytest.fixture(scope="module")
def books(paths: list[Path]) -> list[Workbook]:
    return [load_workbook(path) for path in paths]


@pytest.fixture(scope="module")
def pages(books: list[Workbook]) -> dict[str, Worksheet]:
    return {page.title: page for book in books for page in book.worksheets}


def _letter(sheet: type[Sheet], field: str) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[list(sheet.columns).index(field)]


def _validation(page: Worksheet, letter: str) -> DataValidation:
    found: list[DataValidation] = [
        v for v in page.data_validations.dataValidation if str(v.sqref) == f"{letter}2:{letter}2001"
    ]
    assert len(found) == 1
    return found[0]


def _example_cells(page: Worksheet, sheet: type[Sheet]) -> Iterator[tuple[Column, object]]:
    for column, cell in zip(sheet.columns.values(), page[2], strict=False):
        yield column, cell.value


def test_there_are_two_by_name(paths: list[Path]) -> None:
    assert [path.name for path in paths] == ["房屋征收数据模板.xlsx", "招商引资数据模板.xlsx"]


def test_the_same_classes_give_the_same_bytes(paths: list[Path], tmp_path: Path) -> None:
    again = write_templates(tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in paths]


def test_each_has_the_instructions_and_then_its_sheets_all_visible(books: list[Workbook]) -> None:
    for book, sheets in zip(books, TEMPLATES.values(), strict=True):
        assert book.sheetnames == [INSTRUCTIONS_TITLE, *(sheet.title for sheet in sheets)]
        assert {page.sheet_state for page in book.worksheets} == {"visible"}


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.table)
def test_headers_are_the_contract_and_stay_in_view(pages: dict[str, Worksheet], sheet: type[Sheet]) -> None:
    page = pages[sheet.title]
    assert [cell.value for cell in page[1]] == HEADERS_AND_VOID[sheet]
    assert page.freeze_panes == "A2"
    assert page.print_title_rows == "$1:$1"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.table)
def test_required_headers_look_different(pages: dict[str, Worksheet], sheet: type[Sheet]) -> None:
    colours: dict[bool, set[object]] = {True: set(), False: set()}
    for column, cell in zip(sheet.columns.values(), pages[sheet.title][1], strict=False):
        colours[column.required].add(cell.fill.start_color.rgb)
    assert not colours[True] & colours[False]


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.table)
def test_every_column_says_what_belongs_in_it(pages: dict[str, Worksheet], sheet: type[Sheet]) -> None:
    validations = pages[sheet.title].data_validations.dataValidation
    assert len(validations) == len(sheet.columns) + 1
    for validation, column in zip(validations, sheet.columns.values(), strict=False):
        assert column.description in str(validation.prompt)
        assert len(str(validation.promptTitle)) <= 32
        assert len(str(validation.prompt)) <= 255
        assert len(str(validation.formula1 or "")) <= 257


def test_choices_have_a_drop_down(pages: dict[str, Worksheet]) -> None:
    estates = _validation(pages["补偿协议"], _letter(Agreements, "resettlement_estate"))
    assert estates.type == "list"
    assert str(estates.formula1).startswith('"圣泉小区,闻泉小区,')
    has_title = _validation(pages["入户调查"], _letter(HouseholdSurvey, "has_title"))
    assert has_title.formula1 == '"有,无"'
    disputes = _validation(pages["补偿协议"], _letter(Agreements, "disputes_price"))
    assert disputes.formula1 == '"是,否"'
    refunded = _validation(pages["驻外票据"], _letter(TravelTickets, "is_refunded"))
    assert refunded.formula1 == '"是"'
    assert _validation(pages["补偿协议"], "R").formula1 == '"是"'


def test_decimals_have_their_limits(pages: dict[str, Worksheet]) -> None:
    area = _validation(pages["入户调查"], _letter(HouseholdSurvey, "floor_area_m2"))
    assert (area.type, area.formula1, area.formula2) == ("decimal", "0.01", "100000")
    share = _validation(pages["优惠政策申报"], _letter(IncentiveClaims, "core_revenue_share"))
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "100")
    agreed = _validation(pages["补偿协议"], _letter(Agreements, "agreed_amount"))
    assert Decimal(str(agreed.formula1)) < Decimal(-1_000_000)


def test_only_planned_dates_may_lie_ahead(pages: dict[str, Worksheet]) -> None:
    surveyed = _validation(pages["入户调查"], _letter(HouseholdSurvey, "surveyed_on"))
    assert (surveyed.type, surveyed.formula2) == ("date", "TODAY()")
    deadline = _validation(pages["补偿协议"], _letter(Agreements, "deadline_on"))
    assert (deadline.type, deadline.formula2) == ("date", "73415")


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.table)
def test_whole_columns_have_the_format_of_their_kind(pages: dict[str, Worksheet], sheet: type[Sheet]) -> None:
    expected = {
        Kind.IDENTIFIER: "@",
        Kind.TEXT: "@",
        Kind.NAME: "@",
        Kind.ID_NUMBER: "@",
        Kind.CREDIT_CODE: "@",
        Kind.ACCOUNT: "@",
        Kind.DECIMAL: "#,##0.00",
        Kind.INTEGER: "0",
        Kind.DATE: "yyyy-mm-dd",
    }
    page = pages[sheet.title]
    for name, column in sheet.columns.items():
        dimension = page.column_dimensions[_letter(sheet, name)]
        assert dimension.number_format == expected.get(column.kind, "General")


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.table)
def test_the_example_is_typed_grey_and_says_that_it_goes(
    pages: dict[str, Worksheet], sheet: type[Sheet]
) -> None:
    page = pages[sheet.title]
    first = page["A2"]
    assert first.comment is not None
    assert EXAMPLE_NOTE in first.comment.text
    assert first.font.italic
    assert first.font.color is not None
    assert first.font.color.rgb == "FF808080"
    assert page.max_row == 2
    for column, value in _example_cells(page, sheet):
        if column.kind is Kind.DATE:
            assert value is None or isinstance(value, datetime)
        elif column.kind in (Kind.DECIMAL, Kind.INTEGER):
            assert value is None or isinstance(value, int | float)
        else:
            assert value is None or value == column.example


@pytest.mark.parametrize("sheet", ALL_SHEETS, ids=lambda sheet: sheet.table)
def test_the_example_keeps_every_rule(sheet: type[Sheet]) -> None:
    """So that a clerk who copies it sees what is right."""
    row = {name: _parsed(column) for name, column in sheet.columns.items()}
    missing = [
        column.header for name, column in sheet.columns.items() if column.required and row[name] is None
    ]
    frame = pl.DataFrame([row], schema={name: column.dtype for name, column in sheet.columns.items()})
    broken = [
        rule.name
        for rule in sheet.all_rules()
        if not frame.select(rule.holds().fill_null(value=True)).to_series().all()
    ]
    assert (missing, broken) == ([], [])


def test_a_template_as_it_is_brings_nothing_but_a_row_to_skip(paths: list[Path]) -> None:
    """Nobody's example becomes a household, when a clerk leaves it standing."""
    for path, sheets in zip(paths, TEMPLATES.values(), strict=True):
        reading = read_upload(
            read_workbook(path), upload_id="0" * 64, file_name=path.name, as_of=date(2024, 6, 1)
        )
        assert reading.findings.is_empty()
        assert (reading.rows_accepted, reading.rows_skipped) == (0, len(sheets))


def test_a_filled_template_is_taken_in_without_a_finding(paths: list[Path], tmp_path: Path) -> None:
    """Read, parsed and checked as uploads are: formats and cell types of the template are right."""
    for path, sheets in zip(paths, TEMPLATES.values(), strict=True):
        book = load_workbook(path)
        for sheet in sheets:
            for cell in book[sheet.title][2]:
                if isinstance(cell.value, str):
                    cell.value = cell.value.replace("EXAMPLE", "JJG")
        filled = tmp_path / path.name
        book.save(filled)
        reading = read_upload(
            read_workbook(filled), upload_id="0" * 64, file_name=path.name, as_of=date(2024, 6, 1)
        )
        assert reading.findings.is_empty()
        assert reading.rows_accepted == len(sheets)


def _parsed(column: Column) -> object:
    text = column.example
    if not text:
        return None
    if column.kind in (Kind.YES_NO, Kind.HAS_NOT):
        return {"是": True, "有": True, "否": False, "无": False}[text]
    if column.kind is Kind.DECIMAL:
        return Decimal(text)
    if column.kind is Kind.INTEGER:
        return int(text)
    if column.kind is Kind.DATE:
        return datetime.fromisoformat(text).date()
    return text


def test_units_stand_at_the_header(pages: dict[str, Worksheet]) -> None:
    comment = pages["投资项目"]["F1"].comment
    assert comment is not None
    assert "万元" in comment.text


def test_the_instructions_name_every_column(books: list[Workbook]) -> None:
    for book, sheets in zip(books, TEMPLATES.values(), strict=True):
        rows = {
            (row[0], row[1]): row
            for row in book[INSTRUCTIONS_TITLE].iter_rows(values_only=True)
            if row[1] is not None
        }
        for sheet in sheets:
            for column in sheet.columns.values():
                row = rows[sheet.title, column.header]
                assert (row[2] == "必填") is column.required
                assert (row[3], row[6]) == (column.kind.value, column.description)
                assert (row[4] or "") == (column.unit or "")


def test_every_sheet_says_in_chinese_what_a_row_is() -> None:
    assert set(ROW_MEANINGS) == {sheet.table for sheet in ALL_SHEETS}
