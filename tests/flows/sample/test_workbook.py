from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from flows.reading.workbook import read_workbook
from flows.sample.cells import BooleanCell, FormulaCell, NumericCell, PercentCell, Record
from flows.sample.styles import (
    PLAIN,
    TOWN_FIRST_CLERK,
    Style,
    broken_header,
    header_with_unit,
    mixed_dates,
    typed_numbers,
)
from flows.sample.workbook import Letter, Outbox
from schemas.housing import Appraisals, HouseholdSurvey, Payees
from schemas.raw_sheet import BOOLEAN, DATE, ERROR_VALUE, NUMBER, PERCENTAGE, TEXT, UNCALCULATED
from tests.support.filled_cells import filled_cells

SENT_AT = datetime(2025, 1, 6, 9, 30, tzinfo=UTC)
ROW: Record = {"report_number": "PG-1", "building_id": "TC-1", "subject": "房屋"}


def letter(style: Style = PLAIN, *, has_void_column: bool = False) -> Letter:
    return Letter("来信", SENT_AT, style, has_void_column=has_void_column)


def test_each_value_becomes_the_cell_that_excel_would_have(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, is_large=False)
    row: Record = {
        "report_number": "007",
        "appraised_amount": Decimal("12.50"),
        "appraised_on": date(2021, 3, 5),
    }
    outbox.add(letter(), Appraisals, [row])

    cells = filled_cells(read_workbook(outbox.close()[0])[0])

    assert cells["A2"] == (TEXT, "007")
    assert cells["D2"] == (NUMBER, "12.5")
    assert cells["F2"] == (DATE, "2021-03-05")


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        (NumericCell(2016.1), (NUMBER, "2016.1")),
        (PercentCell(0.5), (PERCENTAGE, "0.5")),
        (BooleanCell(value=True), (BOOLEAN, "TRUE")),
        (FormulaCell("=#REF!", "#REF!"), (ERROR_VALUE, "#REF!")),
        (FormulaCell("=1200*3", ""), (UNCALCULATED, None)),
    ],
)
def test_a_cell_may_be_something_else_than_its_column_holds(
    tmp_path: Path,
    cell: NumericCell | PercentCell | BooleanCell | FormulaCell,
    read_as: tuple[str, str | None],
) -> None:
    outbox = Outbox(tmp_path, is_large=False)
    outbox.add(letter(), Payees, [{"share": cell}])

    column = list(Payees.columns).index("share")
    assert filled_cells(read_workbook(outbox.close()[0])[0])[f"{chr(65 + column)}2"] == read_as


def test_a_full_sheet_goes_on_in_another_workbook_sent_a_minute_later(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, is_large=True, rows_per_sheet=3)
    for _ in range(4):
        outbox.add(letter(), Appraisals, [ROW, ROW])

    paths = outbox.close()

    assert [path.name for path in paths] == ["来信.xlsx", "来信-2.xlsx", "来信-3.xlsx", "来信-4.xlsx"]
    assert [path.stat().st_mtime - SENT_AT.timestamp() for path in paths] == [0, 60, 120, 180]
    assert all(read_workbook(path)[0].name == Appraisals.title for path in paths)


def test_cells_of_a_household_are_merged_over_its_rows(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, is_large=False)
    rows: list[Record] = [
        {"household_id": "H-1", "building_id": f"TC-{number}", "owner_name": "示例甲"} for number in (1, 2, 3)
    ]
    outbox.add(letter(Style(merges_household=True)), HouseholdSurvey, rows)

    sheet = read_workbook(outbox.close()[0])[0]

    merged = [(merge.first_row, merge.last_row, merge.first_column) for merge in sheet.merges]
    fields = list(HouseholdSurvey.columns)
    assert merged == [(2, 4, fields.index("household_id")), (2, 4, fields.index("owner_name"))]
    assert filled_cells(sheet)["A2"] == (TEXT, "H-1")
    assert "A3" not in filled_cells(sheet)


def test_banner_serial_total_and_sign_off_stand_around_the_rows(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, is_large=False)
    amounts = (Decimal("86.50"), Decimal("13.50"))
    rows: list[Record] = [{"building_id": "TC-1", "floor_area_m2": amount} for amount in amounts]
    outbox.add(letter(TOWN_FIRST_CLERK), HouseholdSurvey, rows)

    cells = filled_cells(read_workbook(outbox.close()[0])[0])

    assert cells["A1"] == (TEXT, TOWN_FIRST_CLERK.banner)
    assert cells["A3"] == (TEXT, "序号")
    assert cells["A6"] == (TEXT, "合计")
    assert (NUMBER, "100") in cells.values()
    assert cells["A8"] == (TEXT, TOWN_FIRST_CLERK.sign_off)


def test_the_column_of_withdrawals_is_there_when_the_letter_has_it(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, is_large=False)
    outbox.add(letter(has_void_column=True), Appraisals, [ROW | {"is_void": True}])

    cells = filled_cells(read_workbook(outbox.close()[0])[0])

    assert (cells["G1"], cells["G2"]) == ((TEXT, "作废"), (TEXT, "是"))


def test_headers_are_written_in_the_ways_that_are_read() -> None:
    area = HouseholdSurvey.columns["floor_area_m2"]

    assert header_with_unit(area) == "建筑面积（㎡）"
    assert broken_header(area) == "建筑 面积"
    assert broken_header(HouseholdSurvey.columns["months_in_business"]) == "连续经\n营月数"


def test_dates_and_numbers_come_in_several_spellings() -> None:
    area, day = HouseholdSurvey.columns["floor_area_m2"], date(2021, 3, 5)

    assert len({mixed_dates(day, row) for row in range(12)}) == 6
    assert len({typed_numbers(area, Decimal("56.3"), row) for row in range(23)}) == 4
