"""An upload as a whole: what is accepted, what is rejected, and the counts."""

from __future__ import annotations

import re

import polars as pl
import pytest

from schemas.audit import Findings, RejectedRows
from schemas.housing import Agreements, Appraisals, HouseholdSurvey, ImageryRegister, Payees, PaymentReceipts
from schemas.raw_sheet import Merge
from schemas.sheet import Rule, Sheet
from schemas.sheets import ALL_SHEETS
from tests.transforms.intake.in_memory import (
    Value,
    appraisal,
    error_cell,
    example,
    found,
    percent,
    raw_sheet,
    read,
    read_rows,
    resident_id,
    survey,
    table,
)
from transforms.intake import sheet_reading
from transforms.intake.messages import _MESSAGES
from transforms.intake.records import Faults, check_rules
from transforms.intake.sheet_reading import ContractBreachError, CountMismatchError
from transforms.intake.upload import refused_upload


@pytest.mark.parametrize("contract", ALL_SHEETS, ids=lambda contract: contract.title)
def test_an_example_left_standing_is_skipped(contract: type[Sheet]) -> None:
    left = {name: column.example or None for name, column in contract.columns.items()}
    reading = read_rows(contract, left, example(contract))
    assert (reading.status, reading.rows_accepted, reading.rows_skipped) == ("accepted", 1, 1)
    assert reading.records[contract.table]["row_number"].to_list() == [3]


@pytest.mark.parametrize("contract", ALL_SHEETS, ids=lambda contract: contract.title)
def test_the_examples_of_every_sheet_are_accepted(contract: type[Sheet]) -> None:
    reading = read_rows(contract, example(contract))
    assert (reading.status, reading.message, found(reading, "rule", "header")) == ("accepted", None, [])
    records = reading.records[contract.table]
    assert dict(records.schema) == contract.frame_schema() | {"is_void": pl.Boolean()}
    assert records.select("upload_id", "sheet", "row_number", "is_void").row(0) == (
        "u1",
        contract.title,
        2,
        False,
    )


@pytest.mark.parametrize("contract", ALL_SHEETS, ids=lambda contract: contract.title)
def test_every_sheet_can_withdraw_a_row_by_its_key(contract: type[Sheet]) -> None:
    ordinary = example(contract)
    key = {name: ordinary[name] for name in contract.key}
    reading = read_rows(contract, key | {"is_void": "是"})
    assert reading.status == "accepted"
    records = reading.records[contract.table]
    assert records["is_void"].to_list() == [True]
    others = [name for name in contract.columns if name not in contract.key]
    assert records.select(others).null_count().row(0) == (1,) * len(others)


def test_a_withdrawn_row_without_key_is_rejected() -> None:
    reading = read_rows(Payees, {"household_id": "H-1", "is_void": "是"}, {"is_void": "是"})
    assert found(reading, "row_number", "header", "rule") == [
        (2, "收款人证件号码", "required"),
        (3, "户编号", "required"),
        (3, "收款人证件号码", "required"),
    ]


def test_the_key_of_a_withdrawn_row_is_checked() -> None:
    void = {"is_void": "√"}
    reading = read_rows(
        HouseholdSurvey,
        void | {"building_id": "房1"},
        void | {"building_id": error_cell()},
        void | {"building_id": 7},
    )
    assert found(reading, "row_number", "rule") == [
        (2, "pattern"), (3, "excel_error"), (4, "identifier_as_number"),
    ]  # fmt: skip


def test_an_unreadable_mark_of_withdrawal_is_rejected() -> None:
    reading = read_rows(Appraisals, appraisal(1, "1") | {"is_void": "作废了"})
    assert found(reading, "column_letter", "header", "field", "rule") == [
        ("G", "作废", "is_void", "not_yes_or_no")
    ]
    assert "其余留空" in reading.findings["message"].item()


def test_a_no_in_the_column_of_withdrawals_withdraws_nothing() -> None:
    reading = read_rows(Appraisals, appraisal(1, "1") | {"is_void": "否"})
    assert reading.records["appraisals"]["is_void"].to_list() == [False]


def test_sheets_are_read_in_any_order_beside_unknown_ones() -> None:
    reading = read(
        raw_sheet("草稿", [["x"]]),
        raw_sheet("空表", [[" "]]),
        raw_sheet("填写说明", [["x"]]),
        raw_sheet("问题清单", [["x"]]),
        raw_sheet(" 评估结果　", table(Appraisals, [appraisal(1, "1")]), is_hidden=True),
        raw_sheet("影像登记", table(ImageryRegister, [example(ImageryRegister)])),
    )
    assert found(reading, "sheet", "rule", "severity") == [
        ("草稿", "unknown_sheet", "warning"),
        (" 评估结果　", "hidden_sheet", "warning"),
    ]
    assert sorted(reading.records) == ["appraisals", "imagery_register"]
    assert (reading.status, reading.message) == ("accepted", None)


def test_an_upload_without_a_known_sheet_is_refused() -> None:
    for sheets in ([], [raw_sheet("Sheet1", [["x"]])], [raw_sheet("填写说明", [["x"]])]):
        reading = read(*sheets)
        assert (reading.status, reading.rows_read, reading.records) == ("refused", 0, {})
        assert found(reading, "sheet", "rule", "severity") == [(None, "no_known_sheet", "error")]


def test_a_refused_upload_says_why() -> None:
    reading = refused_upload(
        upload_id="u1", file_name="a.xlsx", reason_code="damaged", message="文件已损坏。"
    )
    assert (reading.status, reading.message) == ("refused", "文件已损坏。")
    assert found(reading, "upload_id", "file_name", "rule", "message") == [
        ("u1", "a.xlsx", "damaged", "文件已损坏。")
    ]


def test_the_message_tells_what_was_not_accepted() -> None:
    reading = read(
        raw_sheet("评估结果", [["x"], ["y"]]),
        raw_sheet("影像登记", table(ImageryRegister, [{"building_id": "1"}])),
    )
    assert reading.message == "未接收的工作表：评估结果；退回 3 行。请按问题清单改正后重新上传。"
    assert reading.status == "partly_accepted"


def test_one_cell_has_one_error() -> None:
    reading = read_rows(
        HouseholdSurvey,
        survey(1, floor_area_m2="3.5万", surveyed_use="民宿", bank_account="6200000000000000001234567890123"),
    )
    assert found(reading, "header", "rule") == [
        ("房屋用途", "in_list"), ("建筑面积", "unit_of_another_size"), ("银行账号", "account_digits"),
    ]  # fmt: skip


def test_a_field_that_could_not_be_read_is_not_called_missing() -> None:
    reading = read_rows(Agreements, example(Agreements, signed_on="2099-01-01", deadline_on="2021-02-01"))
    assert found(reading, "header", "rule") == [
        ("签约截止日期", "not_before_notice"), ("签订日期", "in_future"),
    ]  # fmt: skip


def test_a_message_names_the_value_found() -> None:
    reading = read_rows(HouseholdSurvey, survey(1, surveyed_use=" 民 宿", floor_area_m2="0.00"))
    assert reading.findings["value"].to_list() == [" 民 宿", "0.00"]
    assert reading.findings.select(pl.col("message").str.contains(pl.col("value"))).to_series().all()


def test_a_long_value_is_cut() -> None:
    reading = read_rows(HouseholdSurvey, survey(1, surveyed_use="长" * 5000))
    assert reading.findings["value"].str.len_chars().item() == 200
    assert reading.findings["message"].str.len_chars().item() < 300


def test_no_message_has_a_gap() -> None:
    assert not [text for text in _MESSAGES.values() if not text.endswith("。")]
    reading = read_rows(
        HouseholdSurvey,
        survey(1) | dict.fromkeys(HouseholdSurvey.columns, error_cell()),
        dict.fromkeys(HouseholdSurvey.columns, "２月 30"),
        dict.fromkeys(HouseholdSurvey.columns, 7),
        dict.fromkeys(HouseholdSurvey.columns, True),
    )
    assert reading.rows_rejected == 4
    assert not [text for text in reading.findings["message"] if re.search(r"[{}]|「」", text)]


def test_the_same_key_over_two_sheets_of_one_title() -> None:
    reading = read(
        raw_sheet("评估结果", table(Appraisals, [appraisal(1, "1"), appraisal(2, "2")])),
        raw_sheet("评估结果 ", table(Appraisals, [appraisal(2, "2"), appraisal(3, "3")])),
    )
    assert found(reading, "sheet", "row_number", "rule") == [
        ("评估结果", 3, "duplicate_key"), ("评估结果 ", 2, "duplicate_key"),
    ]  # fmt: skip
    assert "与第 2 张同名表的第 2 行重复" in reading.findings["message"][0]
    assert "与第 1 张同名表的第 3 行重复" in reading.findings["message"][1]
    assert reading.records["appraisals"].select("sheet", "row_number").rows() == [
        ("评估结果", 2),
        ("评估结果 ", 3),
    ]


def test_duplicates_count_rejected_and_withdrawn_rows_and_name_ten() -> None:
    rows = [appraisal(1, "1")] * 13 + [
        appraisal(1, "五"),
        appraisal(1, None) | {"is_void": "是"},
        appraisal(2, "2"),
    ]
    reading = read_rows(Appraisals, *rows)
    duplicates = reading.findings.filter(rule="duplicate_key")
    assert duplicates["row_number"].to_list() == list(range(2, 17))
    assert duplicates["column_letter"].unique().to_list() == ["A"]
    assert "第 3、4、5、6、7、8、9、10、11、12 行" in duplicates["message"][0]
    assert "「评估报告号、房屋编号、评估对象」" in duplicates["message"][0]
    assert (reading.rows_accepted, reading.rows_rejected) == (1, 15)


def test_keys_are_the_same_by_what_they_mean() -> None:
    reading = read_rows(
        PaymentReceipts, *[example(PaymentReceipts, line_number=line) for line in ("1", 1, "２", "2.0", 3)]
    )
    assert reading.findings.filter(rule="duplicate_key")["row_number"].to_list() == [2, 3, 4, 5]


def test_a_household_that_contradicts_itself_is_rejected_whole() -> None:
    rows = [
        survey(1),
        survey(2, household_id="H-0001", id_number=resident_id(1), owner_name="示例乙"),
        survey(3, household_id="H-0001", owner_name="示例乙", surveyed_use="民宿"),
        survey(4),
    ]
    reading = read_rows(HouseholdSurvey, *rows)
    found_rules = reading.findings.filter(pl.col("rule") != "in_list")
    assert found_rules.select("row_number", "header", "rule").rows() == [
        (2, "被征收人", "household_contradiction"),
        (2, "证件号码", "household_contradiction"),
        (3, "被征收人", "household_contradiction"),
        (3, "证件号码", "household_contradiction"),
    ]
    assert all("第 2、3 行" in message for message in found_rules["message"])
    assert not found_rules["message"].str.contains(r"\d{8}").any()
    assert reading.records["household_survey"]["row_number"].to_list() == [5]


def test_what_differs_from_a_row_rejected_for_something_else_gets_a_warning() -> None:
    rows = [
        survey(1),
        survey(2, household_id="H-0001", owner_name="示例乙", surveyed_use="民宿"),
        survey(3, household_id="H-0001", floor_area_m2="五"),
        survey(4, household_id="H-0004", owner_name="示例乙"),
    ]
    reading = read_rows(HouseholdSurvey, *rows)
    told = reading.findings.filter(rule="contradicts_rejected")
    assert told.select("row_number", "column_letter", "header", "severity").rows() == [
        (2, "C", "被征收人", "warning")
    ]
    assert "与同一户被退回的第 3 行填的不一致" in told["message"].item()
    assert reading.records["household_survey"]["row_number"].to_list() == [2, 5]


def test_rejected_rows_of_which_only_one_differs_are_told_apart() -> None:
    bad = [survey(n, household_id="H-0001", surveyed_use="民宿", account_name=name)
           for n, name in ((1, None), (2, "示例甲"), (3, "示例乙"))]  # fmt: skip
    reading = read_rows(HouseholdSurvey, *bad, survey(4, household_id="H-0001", account_name="示例甲"))
    told = reading.findings.filter(rule="contradicts_rejected")
    assert told.select("row_number", "header").rows() == [(5, "开户名")]
    assert "第 4 行" in told["message"].item()


def test_a_withdrawn_or_another_households_rejected_row_contradicts_nothing() -> None:
    void: dict[str, Value] = {"household_id": "H-0001", "owner_name": "示例乙", "is_void": "是"}
    other = survey(2, owner_name="示例乙", surveyed_use="民宿")
    assert read_rows(HouseholdSurvey, survey(1), void, other).findings.filter(severity="warning").is_empty()


def test_a_cell_that_is_rejected_has_no_warning_beside() -> None:
    rows = [survey(1, household_id=7, building_id=number) for number in (1, 1, 2)]
    assert found(read_rows(HouseholdSurvey, *rows), "row_number", "field", "rule") == [
        (2, "household_id", "identifier_as_number"), (2, "building_id", "duplicate_key"),
        (3, "household_id", "identifier_as_number"), (3, "building_id", "duplicate_key"),
        (4, "household_id", "identifier_as_number"), (4, "building_id", "identifier_as_number"),
    ]  # fmt: skip


def test_a_percent_cell_is_told_as_it_is_shown() -> None:
    reading = read_rows(Payees, example(Payees, share=percent("0.333333333333333")))
    assert reading.findings["value"].item() == "33.33…%"
    assert "「33.33…%」的小数位太多" in reading.findings["message"].item()


def test_a_short_account_in_a_numeric_cell_has_lost_no_digits_but_zeros() -> None:
    short, long = survey(1, bank_account=123456789012), survey(2, bank_account=6222021234567890123)
    messages = read_rows(HouseholdSurvey, short, long).findings["message"].to_list()
    assert ["15 位" in message for message in messages] == [False, True]
    assert all("设为“文本”" in message for message in messages)


def test_a_withdrawn_row_contradicts_nothing() -> None:
    void: dict[str, Value] = {
        "household_id": "H-0001",
        "building_id": "X",
        "owner_name": "示例乙",
        "is_void": "是",
    }
    assert read_rows(HouseholdSurvey, survey(1), void).status == "accepted"


def totals(
    *rows: list[Value], header: str = "评估金额", merges: tuple[Merge, ...] = ()
) -> list[tuple[object, ...]]:
    headers: list[Value] = [header if text == "评估金额" else text for text in table(Appraisals, [])[0]]
    reading = read(raw_sheet("评估结果", [headers, *rows], merges=merges))
    told = reading.findings.filter(rule="total_differs")
    return told.select("row_number", "column_letter", "value").rows()


def report(building: int, amount: Value) -> list[Value]:
    return table(Appraisals, [appraisal(building, amount)])[1]


def total(amount: Value) -> list[Value]:
    return ["合计", None, None, amount]


def test_a_total_may_be_of_all_or_since_the_last_total() -> None:
    rows = [report(1, "1"), report(2, "2"), total("3元"), report(3, 4), total(4), total(7), total("七")]
    assert totals(*rows) == []


def test_a_total_of_anything_else_is_told() -> None:
    assert totals(report(1, "1.10"), total("1.2"), report(2, "2"), total("3.2")) == [
        (3, "D", "1.2"),
        (5, "D", "3.2"),
    ]


def test_a_total_counts_the_numbers_of_rejected_rows_and_merged_ones_once() -> None:
    rejected = [*report(1, "1")[:5], "不详"]
    assert totals(rejected, report(2, "2"), report(3, None), total("3"), merges=(Merge(3, 4, 3, 3),)) == []


def test_a_total_in_another_unit_is_not_compared() -> None:
    assert totals(report(1, "1"), total("5"), header="评估金额（万元）") == []


def test_a_total_says_both_sums() -> None:
    header = table(Appraisals, [])[0]
    reading = read(raw_sheet("评估结果", [header, report(1, "1"), total("1"), report(2, "2"), total("9")]))
    assert "共 2.00元，全部共 3.00元" in reading.findings["message"].item()
    assert (reading.status, reading.findings["severity"].item()) == ("accepted", "warning")


def test_findings_stand_in_the_order_of_sheets_rows_and_columns() -> None:
    bad = survey(1, owner_name=None, surveyed_use="民宿")
    reading = read(
        raw_sheet(
            "入户调查", [["序", *row] for row in table(HouseholdSurvey, [bad, bad | {"building_id": "2"}])]
        ),
        raw_sheet("评估结果", table(Appraisals, [appraisal(1, "五")])),
    )
    order = reading.findings.select("sheet", "row_number", "column_letter").rows()
    assert order == [
        ("入户调查", 1, "A"), ("入户调查", 2, "D"), ("入户调查", 2, "I"), ("入户调查", 3, "D"),
        ("入户调查", 3, "I"), ("评估结果", 2, "D"),
    ]  # fmt: skip
    assert dict(reading.findings.schema) == Findings.frame_schema()


def test_a_breach_of_the_contract_after_the_checks_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_reading, "check_rules", lambda *_: None)
    with pytest.raises(ContractBreachError) as caught:
        read_rows(HouseholdSurvey, survey(1, id_number="110101190001010007"))
    assert "id_number_check" in str(caught.value)
    assert "1101011900" not in str(caught.value)


def test_a_broken_rule_that_rejects_nothing_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    def checked_in_vain(faults: Faults, contract: type[Sheet]) -> None:
        check_rules(faults, contract)
        faults.rejected = faults.rejected & ~faults.rejected

    monkeypatch.setattr(sheet_reading, "check_rules", checked_in_vain)
    with pytest.raises(ContractBreachError, match="id_number_check"):
        read_rows(HouseholdSurvey, survey(1, id_number="110101190001010007"))


@pytest.mark.parametrize("check", ["check_cells", "check_keys"])
def test_what_is_missing_or_there_twice_is_a_bug_where_it_was_not_looked_for(
    monkeypatch: pytest.MonkeyPatch, check: str
) -> None:
    monkeypatch.setattr(sheet_reading, check, lambda *_: None)
    with pytest.raises(ContractBreachError):
        read_rows(HouseholdSurvey, survey(1, owner_name=None), survey(2), survey(2))


def test_pandera_is_asked_only_when_something_is_amiss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HouseholdSurvey, "schema", lambda: pytest.fail("asked"))
    assert read_rows(HouseholdSurvey, survey(1), survey(2, owner_name=None)).rows_accepted == 1


def test_counts_that_do_not_add_up_are_a_bug() -> None:
    reading = sheet_reading.SheetReading(
        contract=Appraisals, records=pl.DataFrame(), found=(), layouts={}, refused=(),
        rejected=RejectedRows.empty(), rows_read=1, rows_rejected=0, rows_skipped=0,
    )  # fmt: skip
    with pytest.raises(CountMismatchError, match="1 rows read"):
        sheet_reading.check_counts(reading)


def test_rules_of_every_sheet_have_messages_that_end() -> None:
    rules: list[Rule] = [rule for contract in ALL_SHEETS for rule in contract.all_rules()]
    assert not [rule for rule in rules if not rule.message.endswith("。")]
