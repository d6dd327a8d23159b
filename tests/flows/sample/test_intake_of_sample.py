"""What intake makes of the sample: nearly all is read, and each kind of mistake is found."""

from __future__ import annotations

import polars as pl
import pytest

from schemas.columns import Kind
from schemas.housing import Agreements, HouseholdSurvey, PaymentReceipts
from schemas.sheet import ERROR, WARNING, Sheet
from schemas.sheets import ALL_SHEETS
from tests.flows.sample.conftest import ReadSample

SHEETS_WITH_ROWS = [sheet for sheet in ALL_SHEETS if sheet is not PaymentReceipts]
ERRORS_BY_SHEET = {
    "影像登记": {"pattern", "duplicate_key"},
    "入户调查": {
        "above",
        "account_digits",
        "at_most",
        "boolean_in_number",
        "duplicate_key",
        "household_contradiction",
        "id_number_check",
        "in_future",
        "in_list",
        "not_a_date",
        "number_in_text_column",
        "required",
        "required_when",
        "too_many_decimals",
        "year_and_month",
    },
    "房屋认定": {"required_when"},
    "评估结果": {"excel_error", "formula_without_value", "not_a_number", "unit_of_another_size"},
    "补偿协议": {"in_list", "not_before_notice", "not_before_signing", "required_when"},
    "一事一议": {"unit_of_another_size"},
    "收款人": {"above"},
    "招商大使": {"in_list"},
    "驻外票据": {"not_before_arrival"},
    "招商日志": {"duplicate_key", "in_future", "required"},
    "信息报送": {"period_matches_kind"},
    "企业走访": {"credit_code_check", "number_in_text_column"},
    "项目洽谈": {"not_yes_or_no"},
    "投资项目": {"not_before_landing", "not_below_fixed_investment"},
    "引资人": {"required_when"},
    "产业推介官": {"at_least"},
    "推介官活动": {"not_a_number"},
    "推介官经费": {"above"},
    "优惠政策申报": {"in_list", "not_a_number"},
}
WARNINGS = {
    "card_check",
    "hidden_sheet",
    "identifier_as_number",
    "total_differs",
    "unknown_column",
    "unknown_sheet",
}


def test_nearly_all_rows_are_accepted(read_sample: ReadSample) -> None:
    accepted = sum(upload.rows_accepted for upload in read_sample.uploads)
    rejected = sum(upload.rows_rejected for upload in read_sample.uploads)

    assert accepted > 10_000
    assert 0.005 < rejected / (accepted + rejected) < 0.02


def test_no_workbook_and_no_sheet_is_refused(read_sample: ReadSample) -> None:
    assert "refused" not in {upload.status for upload in read_sample.uploads}
    assert not {"no_header", "missing_column"} & set(read_sample.findings["rule"])


@pytest.mark.parametrize("title", ERRORS_BY_SHEET)
def test_each_kind_of_mistake_is_found_and_no_other(read_sample: ReadSample, title: str) -> None:
    errors = read_sample.findings.filter(
        pl.col("severity") == ERROR, pl.col("sheet").str.strip_chars() == title
    )

    assert set(errors["rule"]) == ERRORS_BY_SHEET[title]


def test_each_kind_of_warning_is_given_and_no_other(read_sample: ReadSample) -> None:
    warnings = read_sample.findings.filter(pl.col("severity") == WARNING)

    assert set(warnings["rule"]) == WARNINGS


@pytest.mark.parametrize("sheet", SHEETS_WITH_ROWS, ids=lambda sheet: sheet.table)
def test_every_choice_of_every_column_is_taken(read_sample: ReadSample, sheet: type[Sheet]) -> None:
    rows = read_sample.accepted(sheet)

    for name, column in sheet.columns.items():
        if column.kind is Kind.ENUM:
            assert set(rows[name].drop_nulls()) == set(column.choices), name
        elif column.kind in {Kind.YES_NO, Kind.HAS_NOT} and not column.only_yes_or_blank:
            expected = {True} if (sheet.title, name) in ONLY_YES else {True, False}
            assert set(rows[name].drop_nulls()) == expected, name
        else:
            assert rows[name].drop_nulls().len() > 0, name


ONLY_YES = {("收款人", "is_frozen")}


def test_rows_are_replaced_and_withdrawn_later(read_sample: ReadSample) -> None:
    for sheet in (HouseholdSurvey, Agreements):
        rows = read_sample.accepted(sheet)

        assert rows.height > rows["building_id"].n_unique()
        assert read_sample.current()[sheet.table].height < rows["building_id"].n_unique()
