"""Totals as people word them, notes and sign-off lines; and the records that look like them."""

from __future__ import annotations

import pytest

from schemas.housing import Appraisals, ImageryRegister, Payees, SpecialDecisions
from schemas.raw_sheet import Merge
from schemas.sheet import Sheet
from tests.transforms.intake.in_memory import Value, appraisal, example, found, raw_sheet, read, table
from transforms.intake.upload import UploadReading

HEADER, *GOOD = table(Appraisals, [appraisal(1, "100"), appraisal(2, "200")])
TOTALS = [
    "合计金额（元）：", "合计人民币（大写）：叁佰元整", "总合计", "金江沟小计", "一、合计", "※合计",
    "合计：2户，180㎡", "年度合计", "合计数", "平均", "大写：叁佰元整", "本月累计",
]  # fmt: skip
NOTES = [
    "填报单位", "填报单位：天池镇", "制表单位（盖章）", "日期：2021年3月5日", "分管领导审核：", "主管领导：",
    "监督人：", "审批意见：同意", "注：本表一式三份", "注1：含附属物", "备注：以上数据真实",
    "说明：房屋编号", "以下空白", "第 1 页 共 3 页", "共 3 户",
]  # fmt: skip


def appraised(*rows: list[Value]) -> UploadReading:
    return read(raw_sheet("评估结果", [HEADER, *GOOD, *rows]))


def outcome(reading: UploadReading) -> tuple[int, int, int]:
    return reading.rows_accepted, reading.rows_rejected, reading.rows_skipped


@pytest.mark.parametrize("label", TOTALS)
@pytest.mark.parametrize("column", [0, 2, 4])
def test_totals_in_many_words_are_skipped(label: str, column: int) -> None:
    cells: list[Value] = [None] * 6
    cells[column] = label
    assert outcome(appraised(cells)) == (2, 0, 1)


@pytest.mark.parametrize(
    "label", ["合计金额（元）：", "总合计", "合计：2户，180㎡", "合计人民币（大写）：叁佰元"]
)
def test_totals_in_many_words_are_compared(label: str) -> None:
    assert found(appraised([label, None, None, 300]), "rule") == []
    assert found(appraised([label, None, None, 301]), "row_number", "rule") == [(4, "total_differs")]


def test_an_average_is_no_total() -> None:
    assert found(appraised(["平均", None, None, 150]), "rule") == []


@pytest.mark.parametrize("note", NOTES)
def test_notes_and_what_stands_beside_signatures_are_skipped(note: str) -> None:
    reading = appraised([note, None, "盖章", None, "审核：示例乙", "2021年3月5日"])
    assert outcome(reading) == (2, 0, 1)


def test_what_fills_more_cells_is_no_note() -> None:
    assert outcome(appraised(["备注：无", None, "附属物", "1", "机构", "2021-03-01"])) == (2, 1, 0)


@pytest.mark.parametrize("name", ["关于累计问题的决定", "说明：补办"])
def test_a_key_may_have_such_a_word_in_it(name: str) -> None:
    rows = [example(SpecialDecisions, decision_number=name)]
    reading = read(raw_sheet("一事一议", table(SpecialDecisions, rows)))
    assert outcome(reading) == (1, 0, 0)


def test_a_row_that_withdraws_such_a_key_is_not_skipped() -> None:
    void: dict[str, Value] = {"decision_number": "关于累计问题的决定", "is_void": "是"}
    assert outcome(read(raw_sheet("一事一议", table(SpecialDecisions, [void])))) == (1, 0, 0)


@pytest.mark.parametrize("contract", [Appraisals, ImageryRegister], ids=["appraisals", "register"])
def test_a_record_with_a_damaged_key_is_not_taken_for_a_total(contract: type[Sheet]) -> None:
    headers: list[Value] = ["备注", *table(contract, [])[0]]
    row: list[Value] = ["面积累计", *table(contract, [example(contract, building_id="甲")])[1]]
    assert outcome(read(raw_sheet(contract.title, [headers, row]))) == (0, 1, 0)


def test_a_merged_key_is_a_key_of_each_row() -> None:
    shared = example(Payees)
    second = shared | {
        "household_id": None, "payee_name": "示例小计", "payee_id_number": "110101190001010014",
        "payee_id_kind": "居民身份证", "share": "50",
    }  # fmt: skip
    rows = table(Payees, [shared | {"share": "50"}, second])
    reading = read(raw_sheet("收款人", rows, merges=(Merge(2, 3, 0, 0),)))
    assert reading.rows_skipped == 0


def test_a_total_among_three_others_does_not_end_the_reading() -> None:
    rows: list[list[Value]] = [
        GOOD[0], ["小计", None, None, 100], GOOD[1], ["小计", None, None, 201], ["合计", None, None, 301],
    ]  # fmt: skip
    reading = read(raw_sheet("评估结果", [HEADER, *rows]))
    assert found(reading, "row_number", "rule") == [(5, "total_differs"), (6, "total_differs")]
