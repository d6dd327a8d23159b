"""What single cells say, kind by kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.columns import Column
from schemas.housing import Agreements, Appraisals, HouseholdSurvey, Payees, SpecialDecisions
from schemas.investment import IncentiveClaims, Projects
from schemas.raw_sheet import CELL_KIND, NUMBER, TEXT
from tests.transforms.intake.in_memory import AS_OF, Special, Value, cell, error_cell, percent
from transforms.intake.values import read_values

AMOUNT = Appraisals.columns["appraised_amount"]
INVESTMENT = Projects.columns["total_investment_10k_yuan"]
AREA = HouseholdSurvey.columns["floor_area_m2"]
SHARE = Payees.columns["share"]
MONTHS = HouseholdSurvey.columns["months_in_business"]
YEAR = IncentiveClaims.columns["year"]
DAY = HouseholdSurvey.columns["surveyed_on"]
DEADLINE = Agreements.columns["deadline_on"]
ASSISTED = HouseholdSurvey.columns["housing_assistance"]
TITLE = HouseholdSurvey.columns["has_title"]
OWNER = HouseholdSurvey.columns["owner_name"]
ADDRESS = HouseholdSurvey.columns["phone"]
BUILDING = HouseholdSurvey.columns["building_id"]
DECISION = SpecialDecisions.columns["decision_number"]
ID_NUMBER = HouseholdSurvey.columns["id_number"]
ACCOUNT = HouseholdSurvey.columns["bank_account"]
USE = HouseholdSurvey.columns["surveyed_use"]


WRITTEN_DAYS: list[Value] = [
    None, "", "2021-03-05", "2021/3/5", "２０２１年3月5日", "2021-03-05 14:30", "202103", "2021-02-30",
    "1899-01-01", "2999-01-01", "昨天",
]  # fmt: skip


def read_cell(column: Column, value: Value) -> tuple[object, object, object]:
    text, kind = cell(value)
    return read_text(column, text, kind)


def read_text(column: Column, text: str | None, kind: str) -> tuple[object, object, object]:
    cells = pl.DataFrame({"text": [text], "kind": [kind]}, schema={"text": pl.String(), "kind": CELL_KIND})
    row = read_values(cells, column, AS_OF)
    assert row.columns == ["value", "problem", "notice"]
    assert row.schema["value"] == column.dtype
    value, problem, notice = row.row(0)
    return value, problem, notice


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        (AMOUNT, "1,234.50元", "1234.5"),
        (AMOUNT, "12,345,678.9", "12345678.9"),
        (AMOUNT, "１，２３４．５０", "1234.5"),
        (AMOUNT, "-￥300", "-300"),
        (AMOUNT, "￥-300", "-300"),
        (AMOUNT, "¥ 300", "300"),
        (AMOUNT, "RMB300", "300"),
        (AMOUNT, "−5", "-5"),
        (AMOUNT, "0.1050", None),
        (AMOUNT, "0.100", "0.1"),
        (AMOUNT, ".5", "0.5"),
        (AMOUNT, "000000000000000000001", "1"),
        (AMOUNT, "9999999999999999.99", "9999999999999999.99"),
        (AREA, "56.3㎡", "56.3"),
        (AREA, "56.3 m²", "56.3"),
        (AREA, "56.3M2", "56.3"),
        (AREA, "56.3ｍ２", "56.3"),
        (AREA, "56.3 平方米", "56.3"),
        (AREA, "56.3平米", "56.3"),
        (AREA, "56.3平", "56.3"),
        (INVESTMENT, "6,000万元", "6000"),
        (INVESTMENT, "6000万", "6000"),
        (SHARE, "33.33％", "33.33"),
        (SHARE, percent("0.3333"), "33.33"),
        (SHARE, percent("1"), "100"),
        (SHARE, Decimal("0.5"), "0.5"),
        (MONTHS, "24个月", "24"),
        (MONTHS, "24月", "24"),
        (MONTHS, "1,200", "1200"),
        (MONTHS, Decimal("24.0"), "24"),
        (YEAR, "2023年", "2023"),
        (YEAR, 2023, "2023"),
    ],
)
def test_a_number_is_read_exactly(column: Column, written: Value, meant: str | None) -> None:
    expected = (None, "too_many_decimals", None) if meant is None else (Decimal(meant), None, None)
    assert read_cell(column, written) == expected


@pytest.mark.parametrize(
    ("column", "written", "problem"),
    [
        (AMOUNT, "1,23", "not_a_number"),
        (AMOUNT, "1,2345", "not_a_number"),
        (AMOUNT, "1e5", "not_a_number"),
        (AMOUNT, "--5", "not_a_number"),
        (AMOUNT, "5.", "not_a_number"),
        (AMOUNT, "约300", "not_a_number"),
        (AMOUNT, "100-200", "not_a_number"),
        (AMOUNT, "/", "not_a_number"),
        (AMOUNT, "3.5万", "unit_of_another_size"),
        (AMOUNT, "3千元", "unit_of_another_size"),
        (AMOUNT, "3亿", "unit_of_another_size"),
        (AMOUNT, "3美元", "unit_of_another_size"),
        (AMOUNT, "50%", "unit_of_another_size"),
        (INVESTMENT, "6000元", "unit_of_another_size"),
        (INVESTMENT, "0.6亿元", "unit_of_another_size"),
        (AREA, "2亩", "unit_of_another_size"),
        (AREA, "0.1公顷", "unit_of_another_size"),
        (SHARE, "5‰", "unit_of_another_size"),
        (MONTHS, "2年", "unit_of_another_size"),
        (AMOUNT, percent("0.5"), "not_a_number"),
        (AMOUNT, error_cell("#DIV/0!"), "excel_error"),
        (AMOUNT, "1.005", "too_many_decimals"),
        (SHARE, percent("0.33333"), "too_many_decimals"),
        (SHARE, percent("150000000000012345"), "out_of_range"),
        (SHARE, percent("1" + "0" * 30), "out_of_range"),
        (AMOUNT, "99999999999999999", "out_of_range"),
        (MONTHS, "9999999999", "out_of_range"),
        (MONTHS, "24.5", "not_a_whole_number"),
        (MONTHS, date(2021, 3, 5), "date_in_number"),
    ],
)
def test_what_is_no_number_of_the_column_is_a_problem(column: Column, written: Value, problem: str) -> None:
    assert read_cell(column, written) == (None, problem, None)


@given(st.decimals(-(10**15), 10**15, places=2), st.booleans())
def test_every_amount_is_read_as_it_was_written(amount: Decimal, with_thousands: bool) -> None:
    written = f"{amount:,}" if with_thousands else f"{amount}"
    assert read_text(AMOUNT, written, TEXT) == (amount, None, None)


@given(st.integers(-(10**14), 10**14).map(lambda cents: Decimal(cents) / 10))
def test_every_number_cell_is_read_as_excel_shows_it(amount: Decimal) -> None:
    assert read_text(AMOUNT, format(amount.normalize(), "f"), NUMBER) == (amount, None, None)


@given(
    st.dates(date(1900, 1, 1), AS_OF), st.sampled_from(["{0}-{1}-{2}", "{0}年{1}月{2}日", "{0}/{1:02}/{2}"])
)
def test_every_day_is_read_as_it_was_written(day: date, form: str) -> None:
    assert read_text(DAY, form.format(day.year, day.month, day.day), TEXT) == (day, None, None)


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-05 00:00:00", "2021/3/5 8:30", "2021-03-05T00:00:00", "２０２１－０３－０５",
        "2021年 3月 5日", "2021年3月5", " 20210305 ", date(2021, 3, 5), 20210305,
    ],
)  # fmt: skip
def test_a_day_may_be_written_in_many_ways(written: Value) -> None:
    assert read_cell(DAY, written) == (date(2021, 3, 5), None, None)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("2021-3/5", "not_a_date"),
        ("2021-02-30", "not_a_date"),
        ("2021年13月1日", "not_a_date"),
        ("20211301", "not_a_date"),
        ("1899-12-31", "not_a_date"),
        (date(1899, 12, 31), "not_a_date"),
        ("21-3-5", "not_a_date"),
        ("3/5/2021", "not_a_date"),
        ("44260", "not_a_date"),
        (True, "not_a_date"),
        (percent("0.5"), "not_a_date"),
        (44260, "number_not_a_date"),
        (2016, "number_not_a_date"),
        (Decimal("2016.1"), "year_and_month"),
        ("2016.10", "year_and_month"),
        ("2021-03", "year_and_month"),
        ("2021年3月", "year_and_month"),
        (202103, "year_and_month"),
        ("2022-01-01", "in_future"),
    ],
)
def test_what_is_no_day_is_a_problem(written: Value, problem: str) -> None:
    assert read_cell(DAY, written) == (None, problem, None)


def test_the_day_of_the_run_is_not_in_the_future() -> None:
    assert read_cell(DAY, AS_OF) == (AS_OF, None, None)


def test_a_planned_day_may_lie_ahead() -> None:
    assert read_cell(DEADLINE, "2030-01-01") == (date(2030, 1, 1), None, None)


@pytest.mark.parametrize("written", ["是", "√", "✓", "✔", "Y", "y", "Ｙ", "1", "TRUE", 1, True, " 是 "])
def test_yes(written: Value) -> None:
    assert read_cell(ASSISTED, written) == (True, None, None)


@pytest.mark.parametrize("written", ["否", "×", "✗", "✘", "X", "x", "N", "n", "0", "FALSE", 0, False])
def test_no(written: Value) -> None:
    assert read_cell(ASSISTED, written) == (False, None, None)


@pytest.mark.parametrize("written", ["有", "无", "不详", "2", percent("1"), date(2021, 3, 5), 2])
def test_neither_yes_nor_no(written: Value) -> None:
    assert read_cell(ASSISTED, written) == (None, "not_yes_or_no", None)


@pytest.mark.parametrize(
    ("written", "meant"), [("有", True), ("无", False), ("√", True), ("房屋所有权证", True)]
)
def test_has_or_has_not(written: str, *, meant: bool) -> None:
    assert read_cell(TITLE, written) == (meant, None, None)


def test_a_word_of_the_other_pair_is_not_understood() -> None:
    assert read_cell(TITLE, "是") == (None, "not_yes_or_no", None)


@pytest.mark.parametrize(
    ("column", "written", "meant"),
    [
        (OWNER, " 张　三\u00a0丰 ", "张三丰"),
        (OWNER, "示例\n甲", "示例甲"),
        (OWNER, "示\u200b例甲", "示例甲"),
        (OWNER, "John   Smith", "John Smith"),
        (OWNER, "ＡＢＣ公司（甲）", "ABC公司（甲）"),
        (ADDRESS, 13800000000, "13800000000"),
        (ADDRESS, "０４７ - 1", "047 - 1"),
        (ADDRESS, date(2021, 3, 5), "2021-03-05"),
        (BUILDING, "ＪＪＧ－ 0001", "JJG-0001"),
        (DECISION, "阿政决〔2021〕 1 号", "阿政决〔2021〕1号"),
        (ID_NUMBER, " 11010119000101009x", "11010119000101009X"),
        (ACCOUNT, "6200 0000 0000", "620000000000"),
        (USE, " 住 宅", "住宅"),
        (OWNER, " \u3000\u200b", None),
        (OWNER, "", None),
        (BUILDING, "", None),
    ],
)
def test_text_is_tidied_by_its_kind(column: Column, written: Value, meant: str | None) -> None:
    assert read_cell(column, written) == (meant, None, None)


@pytest.mark.parametrize("written", [11010119000101, Decimal("1.5"), percent("0.5"), True, date(2021, 3, 5)])
@pytest.mark.parametrize("column", [ID_NUMBER, ACCOUNT], ids=["id", "account"])
def test_a_long_number_must_stand_in_a_text_cell(column: Column, written: Value) -> None:
    assert read_cell(column, written) == (None, "short_number_in_text_column", None)


@pytest.mark.parametrize("column", [ID_NUMBER, ACCOUNT], ids=["id", "account"])
def test_of_16_digits_in_a_number_the_last_is_lost(column: Column) -> None:
    assert read_cell(column, 10**15 - 1)[1] == "short_number_in_text_column"
    assert read_cell(column, 10**15)[1] == "number_in_text_column"


def test_a_whole_number_may_be_an_identifier() -> None:
    assert read_cell(BUILDING, 10**15 - 1) == (str(10**15 - 1), None, "identifier_as_number")


@pytest.mark.parametrize("written", [10**15, Decimal("1.5"), -5, percent("0.5"), True, date(2021, 3, 1)])
def test_what_excel_made_of_an_identifier_is_a_problem(written: Value) -> None:
    assert read_cell(BUILDING, written) == (None, "identifier_changed_by_excel", None)


@pytest.mark.parametrize("column", [AMOUNT, DAY, ASSISTED, OWNER, BUILDING, ID_NUMBER, USE])
def test_a_cell_without_value_is_a_problem_in_every_column(column: Column) -> None:
    assert read_cell(column, error_cell())[1] == "excel_error"
    assert read_cell(column, Special("uncalculated", None))[1] == "formula_without_value"
    assert read_cell(column, None) == (None, None, None)


@given(st.lists(st.tuples(st.sampled_from(WRITTEN_DAYS), st.sampled_from(list(CELL_KIND.categories)))))
def test_a_day_that_stands_often_is_read_each_time(cells: list[tuple[str | None, str]]) -> None:
    schema = {"text": pl.String(), "kind": CELL_KIND}
    once = pl.DataFrame(cells, schema=schema, orient="row")
    often = pl.concat([once] * 40, rechunk=True)
    rows = [read_values(row, DAY, AS_OF).row(0) for row in once.iter_slices(1)]
    assert read_values(often, DAY, AS_OF).rows() == rows * 40
