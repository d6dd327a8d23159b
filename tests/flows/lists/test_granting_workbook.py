"""The granting workbook: what stands on its sheets, in which order, and what does not."""

from __future__ import annotations

import io
import stat
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from flows.granting import GRANTING_FILE, write_granting
from flows.lists.granting_workbook import GrantingSource, granting_workbook
from schemas.investment import Projects
from schemas.investment_payments import Incentives, OfficerReimbursements, OfficerReviews, Rewards
from schemas.investment_scores import InvestmentQuestions
from schemas.table import Table
from tests.support.records import frame
from transforms.granting import Granting
from transforms.officers.review import OfficerReview

AS_OF = date(2023, 6, 30)
READINGS = {"highest_per": "最高一种的理解。", "later_years": "后几年的理解。"}
PROJECTS = frame(
    Projects,
    [
        {
            "project_id": "XM-2",
            "project_name": "=示例康养项目",
            "investor_name": "示例",
            "investor_code": "9",
        },
        {
            "project_id": "XM-10",
            "project_name": "示例冰雪项目",
            "investor_name": "示例",
            "investor_code": "9",
        },
    ],
)
SHEETS = ["招商引资奖励", "优惠政策奖补", "推介官经费", "推介官履职", "报请决定"]


def rows(table: type[Table], ordinary: dict[str, Any], *given: dict[str, Any]) -> pl.DataFrame:
    """Rows of a table; what nobody says is null, decimals may be given as text."""
    schema = table.frame_schema()
    blank = dict.fromkeys(schema) | ordinary
    decimals = {name for name, dtype in schema.items() if dtype.is_decimal()}
    filled = [
        {n: Decimal(v) if n in decimals and v is not None else v for n, v in (blank | row).items()}
        for row in given
    ]
    return table.conform(pl.DataFrame(filled, schema=schema))


def rewards(*given: dict[str, Any]) -> pl.DataFrame:
    ordinary = {
        "introducer_id": "YZ-1", "introducer_name": "示例丁", "item": "introducer_reward",
        "item_name": "引资人奖励", "base": "60000000", "rate": "0.003", "amount": "180000",
        "outcome": "granted", "granted": False, "reason": "符合", "clause": "奖励办法 第二条",
        "basis": "60,000,000.00 元 × 0.003 = 180,000.00 元", "sources": "投资项目@0#2", "project_id": "XM-2",
    }  # fmt: skip
    return rows(Rewards, ordinary, *given)


def incentives(*given: dict[str, Any]) -> pl.DataFrame:
    ordinary = {
        "claim_id": "SB-1", "project_id": "XM-2", "claimant_name": "示例己", "article": "第十五条",
        "year": 2022, "base": "301", "rate": "200", "amount": "60200", "outcome": "granted",
        "granted": False, "reason": "符合", "clause": "优惠政策 第十五条",
        "basis": "301 × 200 元 = 60,200.00 元", "sources": "优惠政策申报@0#2",
    }  # fmt: skip
    return rows(Incentives, ordinary, *given)


def expenses(*given: dict[str, Any]) -> pl.DataFrame:
    ordinary = {
        "invoice_number": "00012345678901234567", "officer_id": "TJ-1", "officer_name": "示例戊",
        "engagement_year": "1", "spent_on": date(2022, 1, 2), "expense_amount": "900", "reimbursed": "900",
        "reason": "全额", "clause": "第四条(四)", "basis": "1 × 900.00 元 = 900.00 元",
        "sources": "推介官经费@0#2",
    }  # fmt: skip
    return rows(OfficerReimbursements, ordinary, *given)


def reviews(*given: dict[str, Any]) -> pl.DataFrame:
    ordinary = {
        "officer_id": "TJ-1", "officer_name": "示例戊", "engagement_year": "1", "duty": "delegations",
        "detail": "1 次", "clause": "第五条(一)",
    }  # fmt: skip
    return rows(OfficerReviews, ordinary, *given)


def questions(*given: dict[str, Any]) -> pl.DataFrame:
    ordinary = {
        "sheet": "投资项目", "subject_id": "XM-10", "code": "case_by_case", "clause": "优惠政策 第二十二条",
        "message": "可以一事一议", "record_count": 1, "sources": "投资项目@0#3", "waiting_amount": "0",
    }  # fmt: skip
    return rows(InvestmentQuestions, ordinary, *given)


def source(**frames: pl.DataFrame) -> GrantingSource:
    ordinary: dict[str, pl.DataFrame] = {
        "rewards": rewards(),
        "incentives": incentives(),
        "expenses": expenses(),
        "reviews": reviews(),
        "questions": questions(),
        "projects": PROJECTS,
    }
    return GrantingSource(**(ordinary | frames))


def printed(made: GrantingSource) -> dict[str, list[list[Any]]]:
    """The cells of every sheet, row by row, without the empty ones behind."""
    book = openpyxl.load_workbook(io.BytesIO(granting_workbook(made, READINGS, as_of=AS_OF)))
    return {
        sheet.title: [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
        for sheet in book
    }


def column(lines: list[list[Any]], header: str) -> list[Any]:
    """What stands under a header, in the rows that are whole."""
    headers = lines[3]
    place = headers.index(header)
    return [line[place] for line in lines[4:] if len(line) == len(headers)]


def test_every_sheet_is_there_and_an_empty_one_says_so() -> None:
    sheets = printed(source(reviews=reviews({"met": True})))
    assert list(sheets) == SHEETS
    assert sheets["招商引资奖励"][4] == ["没有。"]
    assert sheets["报请决定"][4] == ["没有。"]
    assert sheets["推介官履职"][4][2:5] == ["组织考察", "履行", "1 次"]


def test_what_is_granted_stands_first_and_each_outcome_has_its_sum() -> None:
    lines = printed(
        source(
            rewards=rewards(
                {"introducer_id": "YZ-9", "outcome": "fails"},
                {"introducer_id": "YZ-10", "amount": "1.25"},
                {"introducer_id": "YZ-2"},
                {"introducer_id": "YZ-3", "outcome": "gives_way"},
            )
        )
    )["招商引资奖励"]
    assert column(lines, "结果") == ["给予", "给予", "让位", "不符合"]
    assert column(lines, "引资人") == ["示例丁\nYZ-2", "示例丁\nYZ-10", "示例丁\nYZ-3", "示例丁\nYZ-9"]
    assert column(lines, "标准")[0] == "0.003"
    assert ["给予：2 项，合计 180,001.25 元"] in lines
    assert ["不符合：1 项，合计 180,000.00 元"] in lines
    assert not any("报请决定：" in str(cell) for line in lines for cell in line)


def test_a_sum_says_what_it_lacks() -> None:
    further = {"item": "further_reward", "amount": None, "outcome": "for_decision"}
    known = {"outcome": "for_decision", "project_id": "XM-10"}
    lines = printed(source(rewards=rewards(further)))["招商引资奖励"]
    assert ["报请决定：1 项，金额尚不能计算"] in lines
    lines = printed(source(rewards=rewards(further, known)))["招商引资奖励"]
    assert ["报请决定：2 项，合计 180,000.00 元（其中 1 项的金额尚不能计算）"] in lines


def test_a_reward_of_a_year_names_the_year_and_a_project_that_is_not_there_its_number() -> None:
    unit = {"project_id": None, "year": "2022", "item": "unit_reward"}
    lines = printed(source(rewards=rewards(unit, {"project_id": "XM-404"})))["招商引资奖励"]
    assert column(lines, "项目") == ["XM-404", "2022 年度"]


def test_text_stays_text_whatever_it_begins_with() -> None:
    content = granting_workbook(source(rewards=rewards({})), READINGS, as_of=AS_OF)
    cell = openpyxl.load_workbook(io.BytesIO(content))["招商引资奖励"]["C5"]
    assert (cell.value, cell.data_type) == ("=示例康养项目\nXM-2", "s")


def test_invoices_say_what_became_of_them() -> None:
    lines = printed(
        source(
            expenses=expenses(
                {"invoice_number": "00000000000000000001"},
                {"invoice_number": "2", "reimbursed": "899.99"},
                {"invoice_number": "3", "reimbursed": "0", "engagement_year": None},
                {"invoice_number": "4", "reimbursed": "0", "officer_name": None, "engagement_year": None},
            )
        )
    )["推介官经费"]
    assert column(lines, "结果") == ["全额报销", "部分报销", "不予报销", "等待登记"]
    assert column(lines, "发票号码")[0] == "00000000000000000001"
    assert column(lines, "聘期年度") == ["第 1 年", "第 1 年", "聘期外", "聘期外"]
    assert column(lines, "推介官") == ["示例戊\nTJ-1", "示例戊\nTJ-1", "示例戊\nTJ-1", "TJ-1"]
    assert ["部分报销：1 项，合计 899.99 元"] in lines


def test_duties_are_told_in_words() -> None:
    lines = printed(
        source(
            reviews=reviews(
                {"met": True},
                {"met": False, "duty": "signed_projects"},
                {"duty": "landed_projects", "engagement_year": None},
            )
        )
    )["推介官履职"]
    assert column(lines, "结果") == ["履行", "未履行", "尚不能判断"]
    assert column(lines, "聘期年度") == ["第 1 年", "第 1 年", "整个聘期"]
    assert ["未履行：1 项"] in lines


def test_what_is_to_be_decided_is_listed_with_what_would_settle_it() -> None:
    made = source(
        rewards=rewards(
            {"introducer_id": "YZ-1"},
            {"introducer_id": "YZ-2", "outcome": "for_decision", "reason": "另予奖励"},
            {"introducer_id": "YZ-3", "outcome": "held", "reason": "缺落地日期"},
        ),
        incentives=incentives({"outcome": "held", "reason": "待审查", "project_id": "XM-10"}),
        questions=questions(
            {}, {"subject_id": "XM-2", "code": "landed_on_missing", "message": "请补填落地日期"}
        ),
    )
    lines = printed(made)["报请决定"]
    # 决定意见 is left blank for the pen, and so is an amount that nobody knows
    shown = [line for line in lines if isinstance(line[0], int)]
    assert [line[:4] for line in shown] == [
        [1, "招商引资奖励", "报请决定", "示例丁\nYZ-2"],
        [2, "招商引资奖励", "暂缓", "示例丁\nYZ-3"],
        [3, "优惠政策奖补", "暂缓", "示例己\nSB-1"],
        [4, "一事一议", "报请决定", "示例冰雪项目\nXM-10"],
    ]
    assert [line[-3:-1] for line in shown] == [
        ["另予奖励", "请作出决定，并记下决定文号"],
        ["缺落地日期", "请补填落地日期"],
        ["待审查", "理由所列事项落实后重新核定"],
        ["可以一事一议", "请一事一议决定，并记下决定文号"],
    ]
    assert lines[-3][0].startswith("经办人（签字）")


def test_provisional_readings_are_named_where_something_rests_on_them() -> None:
    sheets = printed(
        source(rewards=rewards({"reading": "highest_per"}), incentives=incentives({"reading": "later_years"}))
    )
    assert ["1．最高一种的理解。"] in sheets["招商引资奖励"]
    assert ["1．后几年的理解。"] in sheets["优惠政策奖补"]
    assert sheets["报请决定"][-5:-3] == [["1．最高一种的理解。"], ["2．后几年的理解。"]]


def test_the_pages_are_a4_landscape_with_titles_and_numbers() -> None:
    content = granting_workbook(source(rewards=rewards({})), READINGS, as_of=AS_OF)
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$4"
        assert sheet.oddFooter is not None
        assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"


@pytest.fixture
def granting() -> Granting:
    return Granting(rewards({}), incentives(), questions())


def test_the_file_is_its_owners_alone_and_the_same_every_time(granting: Granting, tmp_path: Path) -> None:
    review = OfficerReview(reviews({"met": True}), expenses({}), questions())
    folders = [tmp_path / "first", tmp_path / "second"]
    contents = []
    for folder in folders:
        folder.mkdir()
        paths = write_granting(granting, review, READINGS, folder, AS_OF, projects=PROJECTS)
        assert paths == [folder / GRANTING_FILE]
        assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600
        contents.append(paths[0].read_bytes())
    assert contents[0] == contents[1]


def test_with_nothing_to_show_nothing_is_written(tmp_path: Path) -> None:
    granting = Granting(rewards(), incentives(), questions({"code": "landed_on_missing"}))
    review = OfficerReview(reviews(), expenses(), questions())
    assert write_granting(granting, review, READINGS, tmp_path, AS_OF, projects=PROJECTS) == []
    assert list(tmp_path.iterdir()) == []
