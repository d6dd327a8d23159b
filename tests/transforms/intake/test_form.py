"""Headers, rows and merged cells: what is found where."""

from __future__ import annotations

import pytest

from schemas.housing import Appraisals, HouseholdSurvey
from schemas.raw_sheet import Merge, RawSheet
from schemas.sheet import Sheet
from tests.transforms.intake.in_memory import (
    Value,
    appraisal,
    error_cell,
    found,
    raw_sheet,
    read,
    survey,
    table,
)
from transforms.intake.findings import column_letter
from transforms.intake.layout import find_layout
from transforms.intake.upload import UploadReading

HEADER = table(Appraisals, [])[0]
TOWN: list[Value] = ["天池镇评估结果"]


def rows_of(*reports: dict[str, Value]) -> list[list[Value]]:
    return table(Appraisals, reports)[1:]


def sheet(*rows: list[Value], merges: tuple[Merge, ...] = ()) -> RawSheet:
    return raw_sheet("评估结果", rows, merges=merges)


GOOD = rows_of(appraisal(1, "100"), appraisal(2, "200"), appraisal(3, "300"))


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("评估金额（元）", None),
        ("评估金额(单位:元)", None),
        ("评估金额（含税）", None),
        ("评估金额（人民币元，含税）", None),
        ("评估金额（万元）", "万元"),
        ("评估金额（单位：万元）", "万元"),
        ("评估金额（万元，含税）", "万元"),
        ("评估金额【万】", "万"),
        ("评估金额（含税）（千元）", "千元"),
    ],
)
def test_the_unit_in_a_header(header: str, unit: str | None) -> None:
    headers = [header if text == "评估金额" else text for text in HEADER]
    layout = find_layout(sheet(headers), Appraisals)
    assert layout is not None
    assert layout.positions["appraised_amount"] == 3
    assert layout.foreign_units.get("appraised_amount") == unit


@pytest.mark.parametrize(
    ("contract", "field", "header", "unit"),
    [
        (HouseholdSurvey, "floor_area_m2", "建筑面积（亩）", "亩"),
        (HouseholdSurvey, "floor_area_m2", "建筑面积(m2)", None),
        (HouseholdSurvey, "months_in_business", "连续经营月数（年）", "年"),
        (HouseholdSurvey, "months_in_business", "连续经营月数（自2016年起）", None),
        (HouseholdSurvey, "phone", "联系电话（万元）", None),
    ],
)
def test_a_unit_is_of_another_size_only_beside_the_columns_own(
    contract: type[Sheet], field: str, header: str, unit: str | None
) -> None:
    headers = [header if header.startswith(str(text)) else text for text in table(contract, [])[0]]
    layout = find_layout(raw_sheet(contract.title, [headers]), contract)
    assert layout is not None
    assert layout.foreign_units == ({} if unit is None else {field: unit})


def test_the_header_is_the_row_with_the_most_headers() -> None:
    legend: list[Value] = ["评估报告号", "房屋编号", "见下"]
    layout = find_layout(sheet(legend, HEADER, HEADER), Appraisals)
    assert layout is not None
    assert (layout.header_row, layout.titles) == (2, layout.titles)


def test_one_header_alone_is_none() -> None:
    reading = read(sheet(["评估报告号", "甲"], ["1", "2"], [None, None]))
    assert found(reading, "rule", "severity") == [("no_header", "error")]
    assert (reading.rows_read, reading.rows_rejected) == (2, 2)


def test_a_header_below_the_20th_row_is_not_looked_for() -> None:
    reading = read(sheet(*[TOWN] * 20, HEADER, *GOOD))
    assert found(reading, "rule") == [("no_header",)]
    assert (reading.rows_read, reading.rows_rejected) == (24, 24)


def test_all_rows_of_a_refused_sheet_are_rejected() -> None:
    headers = [None if text == "评估金额" else text for text in HEADER]
    reading = read(sheet(headers, *GOOD, ["合计", None, None, "600"], headers))
    assert found(reading, "rule", "row_number") == [("missing_column", None)]
    assert (reading.rows_read, reading.rows_rejected, reading.rows_skipped) == (5, 5, 0)


def withdrawals(*marks: Value) -> UploadReading:
    rows: list[list[Value]] = [["房屋编号", "作废"], *([f"JJG-{n}", mark] for n, mark in enumerate(marks))]
    return read(raw_sheet("入户调查", rows))


def test_a_sheet_that_only_withdraws_needs_only_the_key() -> None:
    reading = withdrawals("是", "√")
    assert (reading.status, reading.rows_accepted, reading.findings.height) == ("accepted", 2, 0)
    assert reading.records["household_survey"]["is_void"].to_list() == [True, True]


def test_such_a_sheet_may_have_a_total() -> None:
    rows: list[list[Value]] = [["房屋编号", "作废"], ["JJG-1", "是"], ["合计", 1], ["注：无"]]
    assert read(raw_sheet("入户调查", rows)).rows_skipped == 2


@pytest.mark.parametrize("marks", [["是", None], ["是", "否"], [None], []])
def test_a_sheet_of_a_key_that_does_not_only_withdraw_is_refused(marks: list[Value]) -> None:
    assert found(withdrawals(*marks), "rule") == [("missing_column",)]


def test_a_sheet_that_withdraws_without_the_whole_key_is_refused() -> None:
    rows: list[list[Value]] = [["房屋编号", "评估对象", "作废"], ["JJG-1", "房屋", "是"]]
    assert found(read(raw_sheet("评估结果", rows)), "rule") == [("missing_column",)]


def test_an_empty_known_sheet_is_nothing() -> None:
    reading = read(raw_sheet("评估结果", []), raw_sheet("入户调查", [[" "], ["　"]]))
    assert (reading.status, reading.message, reading.findings.height) == ("accepted", None, 0)


def test_a_blank_template_is_nothing() -> None:
    assert read(sheet(HEADER)).status == "accepted"


def test_two_columns_with_the_same_header() -> None:
    headers: list[Value] = [*HEADER, "评估金额（元）", "房屋编号"]
    reading = read(
        sheet(headers, [*GOOD[0], "100", None], [*GOOD[1], "201", None], [*GOOD[2], None, "JJG-3"])
    )
    assert found(reading, "row_number", "column_letter", "rule", "severity") == [
        (1, "G", "duplicate_column", "warning"),
        (1, "H", "duplicate_column", "warning"),
        (3, "D", "duplicate_column", "error"),
        (4, "B", "duplicate_column", "error"),
    ]
    assert "D、G列" in reading.findings["message"][2]
    assert reading.rows_accepted == 1


def test_a_column_without_header_and_content_is_nothing() -> None:
    blank: list[Value] = [None]
    reading = read(
        sheet([*HEADER, None, " "], *[row + blank for row in GOOD], ["制表：", *blank * 6, "审核："])
    )
    assert reading.findings.is_empty()


def test_a_note_beside_the_columns_is_read_and_skipped() -> None:
    reading = read(sheet([*HEADER, "备注"], GOOD[0], [*[None] * 6, "以下空白"]))
    assert (reading.rows_read, reading.rows_skipped) == (2, 1)
    assert found(reading, "rule", "column_letter", "value", "header") == [
        ("unknown_column", "G", "备注", None)
    ]


@pytest.mark.parametrize(
    "label",
    [
        "合计", "小 计", "总　计：", "共计", "本页小计", "本户合计", "本表总计", "累计合计", "合计：600元",
        "合计（元）", "制表：", "制表人：示例甲", "审核人:", "复核：", "填表日期：2021年3月5日",
        "经办人(签字)：", "负责人：", "调查员：示例乙", "校对：", "批准：", "单位负责人（盖章）：",
        "领导签字：", "审核", "制表人",
    ],
)  # fmt: skip
@pytest.mark.parametrize("column", [0, 2])
def test_totals_and_sign_off_lines_are_skipped(label: str, column: int) -> None:
    reading = read(sheet(HEADER, GOOD[0], [*[None] * column, label]))
    assert (reading.status, reading.rows_accepted, reading.rows_skipped) == ("accepted", 1, 1)


@pytest.mark.parametrize("label", ["合计户", "审核通过", "制表示例公司", "小计算机厂", "备注：无"])
def test_what_only_looks_like_a_label_is_a_record(label: str) -> None:
    assert read(sheet(HEADER, [label, *GOOD[0][1:]])).rows_accepted == 1


@pytest.mark.parametrize("label", ["合计", "制表：示例甲", "天池镇评估结果"])
def test_a_row_with_a_whole_key_is_never_skipped(label: str) -> None:
    headers: list[Value] = ["片区", *HEADER]
    reading = read(sheet(TOWN, headers, [label, *GOOD[0]], [label, *GOOD[1]]))
    assert (reading.rows_accepted, reading.rows_skipped) == (2, 0)


def test_a_signer_named_in_the_key_column_is_no_key() -> None:
    reading = read(raw_sheet("入户调查", [*table(HouseholdSurvey, [survey(1)]), ["制表人：", "示例甲"]]))
    assert (reading.rows_accepted, reading.rows_skipped) == (1, 1)


def test_a_repeated_title_is_skipped_but_not_a_like_text_of_a_record() -> None:
    reading = read(
        sheet(TOWN, ["单位：元"], HEADER, GOOD[0], TOWN, ["单位：元"], HEADER, GOOD[1], ["天池镇"])
    )
    assert (reading.rows_accepted, reading.rows_skipped, reading.rows_rejected) == (2, 3, 1)


def test_a_lone_header_text_is_no_repeated_header() -> None:
    reading = read(sheet(HEADER, GOOD[0], ["评估报告号"]))
    assert (reading.rows_skipped, reading.rows_rejected) == (0, 1)


def test_a_row_with_nothing_but_an_error_is_not_blank() -> None:
    reading = read(sheet(HEADER, GOOD[0], [None, None, None, error_cell()]))
    assert reading.rows_rejected == 1
    assert ("excel_error",) in found(reading, "rule")


def test_rows_are_numbered_as_excel_shows_them_when_empty_ones_are_kept() -> None:
    rows = [HEADER, [], GOOD[0], [], [*GOOD[1][:3], "五", *GOOD[1][4:]]]
    for keep in (True, False):
        reading = read(raw_sheet("评估结果", rows, keep_empty_rows=keep))
        assert found(reading, "row_number") == [(5,)]
        assert reading.records["appraisals"]["row_number"].to_list() == [3]
        assert reading.rows_read == 2


def test_merges_hold_for_each_record_that_they_cover() -> None:
    rows = [*GOOD[:1], [None, "JJG-0002", *GOOD[1][2:]], [], [None, "JJG-0003", *GOOD[2][2:]]]
    rows += rows_of(appraisal(4, "4", report_number="PG-2"))
    reading = read(sheet(HEADER, *rows, merges=(Merge(2, 5, 0, 0), Merge(1, 1, 0, 3))))
    records = reading.records["appraisals"]
    assert records["report_number"].to_list() == [*["JJG-PG1"] * 3, "PG-2"]
    assert records["row_number"].to_list() == [2, 3, 5, 6]
    assert found(reading, "row_number", "rule") == []


def test_a_merge_over_columns_counts_for_its_first() -> None:
    rows = [["PG-1", None, *GOOD[0][2:]], ["PG-2", None, *GOOD[0][2:]]]
    reading = read(sheet(HEADER, *rows, merges=(Merge(2, 2, 0, 1), Merge(3, 3, 0, 1))))
    assert found(reading, "row_number", "column_letter", "rule") == [
        (2, "B", "required"),
        (3, "B", "required"),
    ]


def test_a_number_merged_with_a_blank_row_is_not_divided() -> None:
    reading = read(sheet(HEADER, GOOD[0], [], GOOD[1], merges=(Merge(2, 3, 3, 3), Merge(2, 3, 0, 0))))
    assert (reading.rows_accepted, reading.status) == (2, "accepted")


def test_a_merged_blank_number_is_only_missing() -> None:
    months = survey(1, months_in_business=None), survey(2, months_in_business=None)
    column = list(HouseholdSurvey.columns).index("months_in_business")
    rows = table(HouseholdSurvey, months)
    assert read(raw_sheet("入户调查", rows, merges=(Merge(2, 3, column, column),))).status == "accepted"


@pytest.mark.parametrize(
    ("position", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16383, "XFD")]
)
def test_column_letters(position: int, letter: str) -> None:
    assert column_letter(position) == letter


def test_a_header_merged_with_the_row_below_it_makes_no_row() -> None:
    reading = read(
        sheet(HEADER, [], GOOD[0], merges=tuple(Merge(1, 2, column, column) for column in range(6)))
    )
    assert (reading.rows_read, reading.rows_accepted, reading.status) == (1, 1, "accepted")
