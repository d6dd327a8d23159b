"""Each thing that people really send, in a real workbook, and what becomes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypedDict, Unpack

import openpyxl
import pytest
import xlwt

from flows.reading.workbook import ReadingLimits, UnreadableWorkbook, read_workbook
from schemas.housing import Agreements, Appraisals, HouseholdSurvey, ImageryRegister, Payees
from schemas.investment import CompanyVisits, EnvoyReports, Envoys, PromotionOfficers
from schemas.sheet import Sheet
from tests.support import ods
from tests.support.xlsb import XlsbSheet, write_xlsb
from tests.transforms.intake.in_memory import (
    AS_OF,
    Special,
    Value,
    appraisal,
    example,
    found,
    resident_id,
    survey,
    table,
)
from transforms.intake.upload import UploadReading, read_upload, refused_upload

Rows = list[list[Value]]
BLANK_ROW: list[Value] = []
TITLE: list[Value] = ["天池镇房屋征收登记表"]
NO_ROWS: Rows = []
TRUE, FALSE = True, False


@dataclass(frozen=True)
class Case:
    """A sheet as sent, from Excel's row 1 on, and what becomes of it.

    `accepted` are the row numbers of the records, `findings` their row, column and rule.
    """

    contract: type[Sheet]
    rows: Rows
    accepted: Sequence[int] = ()
    skipped: int = 0
    findings: Sequence[tuple[int | None, str | None, str]] = ()
    values: Mapping[str, Sequence[object]] = field(default_factory=dict)
    merges: Sequence[str] = ()
    formats: Mapping[str, str] = field(default_factory=dict)
    hidden_rows: Sequence[int] = ()
    is_hidden: bool = False
    title: str = ""


def write(path: Path, case: Case) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = case.title or case.contract.title
    for number, row in enumerate(case.rows, start=1):
        for column, value in enumerate(row, start=1):
            if not isinstance(value, Special | None):
                sheet.cell(number, column).value = value
    for merged in case.merges:
        sheet.merge_cells(merged)
    for reference, number_format in case.formats.items():
        sheet[reference].number_format = number_format
    for number in case.hidden_rows:
        sheet.row_dimensions[number].hidden = True
    if case.is_hidden:
        book.create_sheet("填写说明")
        sheet.sheet_state = "hidden"
    book.save(path)
    return path


def received(path: Path, limits: ReadingLimits | None = None) -> UploadReading:
    try:
        sheets = read_workbook(path, limits)
    except UnreadableWorkbook as error:
        return refused_upload(
            upload_id="u1", file_name=path.name, reason_code=error.reason, message=error.message
        )
    return read_upload(sheets, upload_id="u1", file_name=path.name, as_of=AS_OF)


def check(case: Case, reading: UploadReading) -> None:
    assert found(reading, "row_number", "column_letter", "rule") == list(case.findings)
    records = reading.records.get(case.contract.table)
    assert (records["row_number"].to_list() if records is not None else []) == list(case.accepted)
    for name, values in case.values.items():
        assert records is not None
        assert records[name].to_list() == list(values)
    errors = reading.findings.filter(severity="error")["row_number"].drop_nulls().n_unique()
    counts = (reading.rows_accepted, reading.rows_rejected, reading.rows_skipped)
    assert counts == (len(case.accepted), errors, case.skipped)
    assert reading.rows_read == sum(counts)
    assert reading.status == ("partly_accepted" if errors else "accepted")


class Expected(TypedDict, total=False):
    """The fields of a case beside its rows."""

    accepted: Sequence[int]
    skipped: int
    findings: Sequence[tuple[int | None, str | None, str]]
    values: Mapping[str, Sequence[object]]
    merges: Sequence[str]
    formats: Mapping[str, str]
    hidden_rows: Sequence[int]
    is_hidden: bool
    title: str


def surveys(
    *rows: Mapping[str, Value], above: Rows = NO_ROWS, behind: Rows = NO_ROWS, **expected: Unpack[Expected]
) -> Case:
    return Case(HouseholdSurvey, [*above, *table(HouseholdSurvey, rows), *behind], **expected)


def appraisals(
    *rows: Mapping[str, Value], above: Rows = NO_ROWS, behind: Rows = NO_ROWS, **expected: Unpack[Expected]
) -> Case:
    return Case(Appraisals, [*above, *table(Appraisals, rows), *behind], **expected)


def renamed(
    contract: type[Sheet],
    headers: Mapping[str, str],
    row: Mapping[str, Value],
    **expected: Unpack[Expected],
) -> Case:
    rows = table(contract, [row])
    rows[0] = [headers.get(str(header), header) for header in rows[0]]
    return Case(contract, rows, **expected)


HEADER = table(Appraisals, [])[0]
REPORTS = [appraisal(1, "100"), appraisal(2, "200.5"), appraisal(3, "300")]
OF_THE_HOUSEHOLD = dict.fromkeys(("household_id", "owner_name", "id_kind", "id_number"))
TWO_HOUSES = [survey(1), survey(2) | OF_THE_HOUSEHOLD]


def area(value: Value, expected: str) -> Case:
    return surveys(
        survey(1, floor_area_m2=value), accepted=[2], values={"floor_area_m2": [Decimal(expected)]}
    )


def amount(value: Value, expected: str) -> Case:
    return appraisals(appraisal(1, value), accepted=[2], values={"appraised_amount": [Decimal(expected)]})


def day(value: Value) -> Case:
    return surveys(survey(1, surveyed_on=value), accepted=[2], values={"surveyed_on": [date(2021, 3, 5)]})


def has_licence(value: Value, *, meant: bool) -> Case:
    return surveys(survey(1, has_licence=value), accepted=[2], values={"has_licence": [meant]})


def assisted(value: Value, *, meant: bool) -> Case:
    return surveys(survey(1, housing_assistance=value), accepted=[2], values={"housing_assistance": [meant]})


def share(value: Value, number_format: str = "General") -> Case:
    return Case(
        Payees,
        table(Payees, [example(Payees, share=value)]),
        accepted=[2],
        values={"share": [Decimal(50)]},
        formats={"G2": number_format, "F2": number_format},
    )


READ: dict[str, Case] = {
    "title rows and a merged banner above the header": appraisals(
        *REPORTS,
        above=[TITLE, ["填报单位：天池镇", None, None, "单位：元"]],
        merges=["A1:F1"],
        accepted=[4, 5, 6],
    ),
    "a header in the 20th row": appraisals(*REPORTS, above=[TITLE, *[BLANK_ROW] * 18], accepted=[21, 22, 23]),
    "blank rows, which shift no row number": Case(
        Appraisals,
        [
            BLANK_ROW,
            HEADER,
            BLANK_ROW,
            table(Appraisals, REPORTS)[1],
            [" ", "　", "\u00a0"],
            table(Appraisals, [appraisal(2, "五")])[1],
            BLANK_ROW,
            table(Appraisals, REPORTS)[3],
        ],
        accepted=[4, 8],
        findings=[(6, "D", "not_a_number")],
    ),
    "hidden rows, which are read and shift no row number": appraisals(
        REPORTS[0],
        appraisal(2, "五"),
        REPORTS[2],
        hidden_rows=[2, 3],
        accepted=[2, 4],
        findings=[(3, "D", "not_a_number")],
    ),
    "a header and title repeated on every printed page": Case(
        Appraisals,
        [
            TITLE,
            HEADER,
            table(Appraisals, REPORTS)[1],
            TITLE,
            ["评估报告号", "房屋 编号", "评估对象", "评估金额（元）", "评估机构", "评估日期"],
            table(Appraisals, REPORTS)[2],
        ],
        merges=["A1:F1", "A4:F4"],
        accepted=[3, 6],
        skipped=2,
    ),
    "sign-off lines": appraisals(
        *REPORTS,
        behind=[
            ["制表人：示例甲", None, "审核：示例乙"],
            [None, "填表日期：2021年3月5日"],
            ["负责人（签字）："],
            ["审 核 人 :", None, "示例甲"],
        ],
        accepted=[2, 3, 4],
        skipped=4,
    ),
    "totals rows": appraisals(
        *REPORTS,
        behind=[
            ["小计", None, None, Decimal("600.5")],
            ["合　计：", None, None, "600.50元"],
            [None, "总计"],
            ["共计3户"],
        ],
        accepted=[2, 3, 4],
        skipped=4,
    ),
    "a subtotal for each page": Case(
        Appraisals,
        [
            *table(Appraisals, REPORTS[:2]),
            ["本页小计", None, None, Decimal("300.5")],
            table(Appraisals, REPORTS)[3],
            ["本页小计", None, None, 300],
            ["累计合计", None, None, Decimal("600.5")],
        ],
        accepted=[2, 3, 5],
        skipped=3,
    ),
    "a total that differs from the rows above it": appraisals(
        *REPORTS,
        behind=[["合计", None, None, 601]],
        accepted=[2, 3, 4],
        skipped=1,
        findings=[(5, "D", "total_differs")],
    ),
    "totals of which the later ones differ": Case(
        Appraisals,
        [
            HEADER,
            table(Appraisals, [appraisal(1, 100)])[1],
            ["小计", None, None, 100],
            table(Appraisals, [appraisal(2, 50)])[1],
            ["小计", None, None, 51],
            ["合计", None, None, 151],
        ],
        accepted=[2, 4],
        skipped=3,
        findings=[(5, "D", "total_differs"), (6, "D", "total_differs")],
    ),
    "a total of areas that differs": surveys(
        survey(1, floor_area_m2=80),
        behind=[["合计", *[None] * 9, "80.5㎡"]],
        accepted=[2],
        skipped=1,
        findings=[(3, "K", "total_differs")],
    ),
    "headers with units in full-width brackets": renamed(
        HouseholdSurvey, {"建筑面积": "建筑面积（㎡）"}, survey(1), accepted=[2]
    ),
    "headers with spaces": renamed(HouseholdSurvey, {"建筑面积": "建筑 面积"}, survey(1), accepted=[2]),
    "headers with line breaks": renamed(
        HouseholdSurvey,
        {"建筑面积": "建筑\n面积\n(㎡)", "户编号": "　户\u00a0编号 "},
        survey(1),
        accepted=[2],
    ),
    "headers with units in brackets": renamed(
        Appraisals, {"评估金额": "评估金额(元)"}, REPORTS[0], accepted=[2], values={"appraised_amount": [100]}
    ),
    "headers with remarks and marks": renamed(
        Appraisals,
        {"评估金额": "评估金额【含税】", "评估日期": "评估日期*", "评估机构": "＊评估机构：（全称）"},
        REPORTS[0],
        accepted=[2],
    ),
    "full-width digits in a number": area("５６．３", "56.3"),
    "full-width letters and digits in an identifier": surveys(
        survey(1, building_id="ＪＪＧ－０００１"), accepted=[2], values={"building_id": ["JJG-0001"]}
    ),
    "full-width digits in an ID number": surveys(
        survey(1, id_number="１１０１０１１９０００１０１０００６"),
        accepted=[2],
        values={"id_number": [resident_id(0)]},
    ),
    "non-breaking and ideographic spaces": surveys(
        survey(1, building_id="\u00a0JJG-0001　", owner_name="示　例\u00a0甲", floor_area_m2=" 56.3\u00a0"),
        accepted=[2],
        values={"building_id": ["JJG-0001"], "owner_name": ["示例甲"], "floor_area_m2": [Decimal("56.3")]},
    ),
    "56.3㎡, which is 56.3 and not 56.32": area("56.3㎡", "56.3"),
    "an area with m2 behind it": area("56.3 m2", "56.3"),
    "an area in 平方米": area("56.3平方米", "56.3"),
    "thousands separators and the unit": amount("1,234.50元", "1234.50"),
    "full-width thousands separators": amount("１，２３４．５", "1234.50"),
    "a currency sign": amount("￥300", "300"),
    "a date cell": day(date(2021, 3, 5)),
    "a date cell with a time": day(datetime.fromisoformat("2021-03-05 14:30")),
    "a date with hyphens": day("2021-03-05"),
    "a date with slashes": day("2021/3/5"),
    "a date with points": day("2021.3.5"),
    "a date in Chinese": day("2021年3月5日"),
    "a date of eight digits": day("20210305"),
    "a date of eight digits in a numeric cell": day(20210305),
    "a number beyond the 15 digits that Excel shows": area(Decimal("56.300000000000004"), "56.3"),
    "an identifier in a numeric cell": surveys(
        survey(1, building_id=10023),
        accepted=[2],
        values={"building_id": ["10023"]},
        findings=[(2, "B", "identifier_as_number")],
    ),
    "a percentage as 50": share(50),
    "a percentage as 50%": share("50%"),
    "a percentage as 0.5 in a percent format": share(Decimal("0.5"), "0%"),
    "TRUE": assisted(TRUE, meant=True),
    "FALSE": assisted(FALSE, meant=False),
    "√ for 是": assisted("√", meant=True),
    "× for 否": assisted("×", meant=False),
    "Y for 是": assisted("Y", meant=True),
    "N for 否": assisted("n", meant=False),
    "1 for 是": assisted(1, meant=True),
    "0 for 否": assisted("0", meant=False),
    "√ for 有": has_licence("√", meant=True),
    "× for 无": has_licence("×", meant=False),
    "an older certificate, which counts as 有": surveys(
        survey(1, has_title="房屋所有权证"), accepted=[2], values={"has_title": [True]}
    ),
    "x in lower case at the end of an ID number": surveys(
        survey(1, id_number=resident_id(9).lower()), accepted=[2], values={"id_number": [resident_id(9)]}
    ),
    "owner and household merged over their rows": surveys(
        *TWO_HOUSES,
        merges=["A2:A3", "C2:C3", "D2:D3", "E2:E3"],
        accepted=[2, 3],
        values={
            "household_id": ["H-0001"] * 2,
            "owner_name": ["示例甲"] * 2,
            "id_number": [resident_id(0)] * 2,
        },
    ),
    "a key merged over its rows": appraisals(
        REPORTS[0],
        appraisal(1, "50", report_number=None, subject="房屋", building_id=None),
        merges=["A2:A3", "B2:B3"],
        accepted=[2, 3],
        values={"report_number": ["JJG-PG1"] * 2, "building_id": ["JJG-0001"] * 2},
    ),
    "a blank row within a merged range": appraisals(
        REPORTS[0],
        dict.fromkeys(Appraisals.columns),
        appraisal(3, "五", report_number=None),
        merges=["A2:A4"],
        accepted=[2],
        findings=[(4, "D", "not_a_number")],
    ),
    "a blank fact of a household, which contradicts nothing": surveys(
        survey(1), survey(2, household_id="H-0001", household_since=None, account_name=None), accepted=[2, 3]
    ),
    "a hidden sheet": appraisals(
        *REPORTS, is_hidden=True, accepted=[2, 3, 4], findings=[(None, None, "hidden_sheet")]
    ),
    "spaces around the sheet's name": appraisals(*REPORTS, title=" 评估结果　", accepted=[2, 3, 4]),
    "columns that are not in the contract": Case(
        Appraisals,
        [
            ["序号", *HEADER, "备注", None],
            [1, *table(Appraisals, REPORTS)[1], "无", None],
            [2, *table(Appraisals, REPORTS)[2], None, "补"],
        ],
        accepted=[2, 3],
        findings=[(1, "A", "unknown_column"), (1, "H", "unknown_column"), (1, "I", "unknown_column")],
    ),
    "rows numbered in advance": Case(
        Appraisals,
        [["序号", *HEADER], [1, *table(Appraisals, REPORTS)[1]], [2], [3]],
        accepted=[2],
        skipped=2,
        findings=[(1, "A", "unknown_column")],
    ),
    "a withdrawn row, which needs only its key": appraisals(
        REPORTS[0],
        {"report_number": "PG-9", "building_id": "JJG-0009", "subject": "房屋", "is_void": "是"},
        {
            "report_number": "PG-9",
            "building_id": "JJG-0009",
            "subject": "附属物",
            "is_void": "√",
            "appraised_amount": "#REF!",
            "appraised_on": "不详",
        },
        accepted=[2, 3, 4],
        values={"is_void": [False, True, True], "appraised_amount": [Decimal(100), None, None]},
    ),
    "planned dates in the future": Case(
        Agreements,
        table(Agreements, [example(Agreements, deadline_on=date(2030, 1, 1))]),
        accepted=[2],
    ),
    "an end of posting in the future": Case(
        Envoys, table(Envoys, [example(Envoys, posting_ends_on="2030-01-01")]), accepted=[2]
    ),
    "an end of engagement in the future": Case(
        PromotionOfficers,
        table(PromotionOfficers, [example(PromotionOfficers, engaged_until="2030-01-01")]),
        accepted=[2],
    ),
    "a card number that fails its check": surveys(
        survey(1, bank_account="6200000000000000001"), accepted=[2], findings=[(2, "U", "card_check")]
    ),
}


def rejected(changes: dict[str, Value], column: str, rule: str) -> Case:
    """A bad row between two good ones: they are accepted, and its number is the one that Excel shows."""
    rows = [survey(1), survey(2) | changes, survey(3)]
    return surveys(*rows, accepted=[2, 4], findings=[(3, column, rule)])


def wrong_area(value: Value, rule: str) -> Case:
    return rejected({"floor_area_m2": value}, "K", rule)


def wrong_amount(value: Value, rule: str, number_format: str = "General") -> Case:
    rows = [REPORTS[0], appraisal(2, value), REPORTS[2]]
    return appraisals(*rows, accepted=[2, 4], findings=[(3, "D", rule)], formats={"D3": number_format})


def wrong_day(value: Value, rule: str) -> Case:
    return rejected({"surveyed_on": value}, "V", rule)


def one_wrong(contract: type[Sheet], column: str, rule: str, **changes: Value) -> Case:
    return Case(contract, table(contract, [example(contract, **changes)]), findings=[(2, column, rule)])


def contradicting(column: str, **changes: Value) -> Case:
    return surveys(
        survey(1),
        survey(2, household_id="H-0001") | changes,
        survey(3),
        accepted=[4],
        findings=[(2, column, "household_contradiction"), (3, column, "household_contradiction")],
    )


REJECTED: dict[str, Case] = {
    "a required cell that is empty": rejected({"owner_name": None}, "C", "required"),
    "a required cell with nothing but spaces": rejected({"owner_name": " 　"}, "C", "required"),
    "a field that another field makes required": rejected({"residence_origin": None}, "I", "required_when"),
    "a value off its list": rejected({"surveyed_use": "民宿"}, "H", "in_list"),
    "an identifier that is written wrongly": rejected({"building_id": "房-1"}, "B", "pattern"),
    "a number that is none": wrong_area("约五十", "not_a_number"),
    "wrong thousands separators": wrong_amount("1,23", "not_a_number"),
    "a number off its range": wrong_area(0, "above"),
    "a number above its range": wrong_area("100000.01", "at_most"),
    "a negative amount": wrong_amount(-1, "at_least"),
    "months that are not whole": rejected({"months_in_business": Decimal("24.5")}, "O", "not_a_whole_number"),
    "a date that is none": wrong_day("2021-02-30", "not_a_date"),
    "a date's serial number": wrong_day(44260, "not_a_date"),
    "a date before 1900": wrong_day("1899-05-01", "not_a_date"),
    "a date in the future": wrong_day("2022-01-01", "in_future"),
    "an ID number in a numeric cell": rejected(
        {"id_number": 110101190001010006}, "E", "number_in_text_column"
    ),
    "a credit code in a numeric cell": one_wrong(
        CompanyVisits, "D", "number_in_text_column", company_code=910000000000000000
    ),
    "an account in a numeric cell": rejected({"bank_account": 12345678}, "U", "number_in_text_column"),
    "an ID number with a wrong check digit": rejected(
        {"id_number": "110101190001010007"}, "E", "id_number_check"
    ),
    "a credit code with a wrong check character": one_wrong(
        CompanyVisits, "D", "credit_code_check", company_code="91000000000000000A"
    ),
    "a credit code where an organisation's is asked for": rejected(
        {"id_kind": "统一社会信用代码", "id_number": resident_id(1)}, "E", "id_number_check"
    ),
    "an account that is not 8 to 30 digits": rejected({"bank_account": "6222-0000"}, "U", "account_digits"),
    "a year and month typed as a number": wrong_day(Decimal("2016.1"), "year_and_month"),
    "a year and month as text": wrong_day("2021年3月", "year_and_month"),
    "an amount with a unit of another size": wrong_amount("3.5万", "unit_of_another_size"),
    "an area in 亩": wrong_area("2亩", "unit_of_another_size"),
    "a column headed with a unit of another size": renamed(
        Appraisals, {"评估金额": "评估金额（万元）"}, REPORTS[0], findings=[(2, "D", "unit_of_another_size")]
    ),
    "more decimals than the field has": wrong_area(Decimal("56.305"), "too_many_decimals"),
    "an Excel error value": wrong_area("#REF!", "excel_error"),
    "a formula that was never calculated": wrong_area("=1+1", "formula_without_value"),
    "a TRUE in a number column": wrong_area(TRUE, "boolean_in_number"),
    "a percent in a column of amounts": wrong_amount(Decimal("0.5"), "not_a_number", "0%"),
    "a date in a number column": wrong_area(date(2021, 3, 5), "date_in_number"),
    "an identifier that Excel made a date": one_wrong(
        EnvoyReports, "C", "identifier_changed_by_excel", period=date(2021, 3, 1)
    ),
    "neither 是 nor 否": rejected({"housing_assistance": "不详"}, "R", "not_yes_or_no"),
    "a number merged over several rows": surveys(
        survey(1),
        survey(2, floor_area_m2=None),
        survey(3),
        merges=["K2:K3"],
        accepted=[4],
        findings=[(2, "K", "merged_number"), (3, "K", "merged_number")],
    ),
    "the same key twice": surveys(
        survey(1),
        survey(2),
        survey(1, household_id="H-9"),
        accepted=[3],
        findings=[(2, "B", "duplicate_key"), (4, "B", "duplicate_key")],
    ),
    "two owners of one household": contradicting("C", owner_name="示例乙"),
    "two ID numbers of one household": contradicting("E", id_number=resident_id(1)),
    "two 立户日期 of one household": contradicting("G", household_since="2002-01-01"),
    "a household that is and is not 住房保障对象": contradicting("R", housing_assistance="是"),
    "two accounts of one household": contradicting("U", bank_account="12345678"),
}


@pytest.mark.parametrize("case", READ.values(), ids=READ)
def test_is_read_without_a_complaint(case: Case, tmp_path: Path) -> None:
    reading = received(write(tmp_path / "book.xlsx", case))
    check(case, reading)


@pytest.mark.parametrize("case", REJECTED.values(), ids=REJECTED)
def test_is_rejected_at_its_row_and_column(case: Case, tmp_path: Path) -> None:
    reading = received(write(tmp_path / "book.xlsx", case))
    check(case, reading)
    told = reading.findings.select("sheet", "header", "field", "message")
    assert told.null_count().sum_horizontal().item() == 0


FORMAT_ROWS = table(Appraisals, [appraisal(1, "100"), appraisal(2, "3.5万")])


def as_xlsm(path: Path) -> None:
    write(path.with_suffix(".xlsx"), Case(Appraisals, FORMAT_ROWS)).rename(path)


def as_xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet(Appraisals.title)
    for number, row in enumerate(FORMAT_ROWS):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.save(str(path))


def as_xlsb(path: Path) -> None:
    cells = {
        (number, column): str(value)
        for number, row in enumerate(FORMAT_ROWS)
        for column, value in enumerate(row)
    }
    write_xlsb(path, [XlsbSheet(Appraisals.title, cells)])


def as_ods(path: Path) -> None:
    rows = "".join(ods.row_of("".join(ods.cell(str(value)) for value in row)) for row in FORMAT_ROWS)
    ods.write_ods(path, ods.table(rows, name=Appraisals.title))


FORMATS: dict[str, Callable[[Path], None]] = {
    ".xlsx": as_xlsm,
    ".xlsm": as_xlsm,
    ".xls": as_xls,
    ".xlsb": as_xlsb,
    ".ods": as_ods,
}


@pytest.mark.parametrize("named", ["by its own suffix", "by another"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_a_workbook_is_read_by_its_content(suffix: str, named: str, tmp_path: Path) -> None:
    path = tmp_path / f"book{suffix}"
    FORMATS[suffix](path)
    if named == "by another":
        path = Path(shutil.move(path, tmp_path / "book.csv"))
    expected = Case(Appraisals, [], accepted=[2], findings=[(3, "D", "unit_of_another_size")])
    check(expected, received(path))


REFUSED_FILES: dict[str, tuple[bytes, str]] = {
    "damaged": (b"PK\x03\x04" + b"\0" * 100, "damaged"),
    "not a workbook": ("户编号,房屋编号\n".encode(), "not_a_workbook"),
    "empty": (b"", "empty"),
}


@pytest.mark.parametrize(("content", "rule"), REFUSED_FILES.values(), ids=REFUSED_FILES)
def test_a_file_that_can_not_be_read_is_refused(content: bytes, rule: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    reading = received(path)
    assert (reading.status, found(reading, "rule", "sheet", "row_number")) == (
        "refused",
        [(rule, None, None)],
    )
    assert reading.message


def test_a_file_over_the_size_limit_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", Case(Appraisals, FORMAT_ROWS))
    reading = received(path, ReadingLimits(file_bytes=100))
    assert (reading.status, found(reading, "rule")) == ("refused", [("too_large",)])


def test_a_file_without_a_known_sheet_is_refused(tmp_path: Path) -> None:
    reading = received(write(tmp_path / "book.xlsx", Case(Appraisals, FORMAT_ROWS, title="Sheet1")))
    assert (reading.status, found(reading, "rule")) == ("refused", [("no_known_sheet",)])
    assert reading.rows_read == 0


def test_a_sheet_without_a_required_column_is_refused_whole(tmp_path: Path) -> None:
    rows = [[*row[:3], *row[4:]] for row in FORMAT_ROWS] + [["合计"]]
    reading = received(write(tmp_path / "book.xlsx", Case(Appraisals, [TITLE, *rows])))
    assert found(reading, "row_number", "rule", "severity") == [(None, "missing_column", "error")]
    assert "「评估金额」" in reading.findings["message"].item()
    assert (reading.rows_read, reading.rows_rejected, reading.status) == (3, 3, "partly_accepted")
    assert reading.message is not None
    assert "评估结果" in reading.message


def test_a_refused_sheet_does_not_hold_back_the_others(tmp_path: Path) -> None:
    path = write(tmp_path / "book.xlsx", Case(Appraisals, FORMAT_ROWS[1:]))
    book = openpyxl.load_workbook(path)
    register = book.create_sheet(ImageryRegister.title)
    for row in table(ImageryRegister, [example(ImageryRegister)]):
        register.append(row)
    for name in ("草稿", "问题清单"):
        book.create_sheet(name).append(["随手记"])
    book.save(path)
    reading = received(path)
    assert found(reading, "sheet", "rule") == [("评估结果", "no_header"), ("草稿", "unknown_sheet")]
    assert reading.records["imagery_register"]["row_number"].to_list() == [2]
    assert (reading.rows_read, reading.rows_accepted, reading.rows_rejected) == (3, 1, 2)
