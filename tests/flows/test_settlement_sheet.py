"""The settlement sheet of a household, and its case at a terminal, from a real night."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from flows.settings import CHECKOUT_POLICIES
from schemas.housing import Agreements, Appraisals, HouseholdSurvey, ImageryRegister, SpecialDecisions
from schemas.investment import Envoys
from tests.support.payout_frames import card_number, id_number
from tests.support.records import FLAT, ORDINARY_SHOP
from tests.support.town import Town
from tests.support.workbooks import agreement, register, survey

PAID, EXCHANGED, UNDECIDED, UNSIGNED, DECISION_ALONE, ENVOY = "H-1", "H-2", "H-3", "H-4", "H-5", "E-1"
WAITING = {**FLAT, "under_construction": True, "self_arranged": True, "resettlement_area_m2": 100}
UNTITLED_SHOP = {**ORDINARY_SHOP, "has_title": "无", "has_licence": "有", "material_grade": "一级"}
REPORT = {
    "report_number": "R-1",
    "building_id": "B-1",
    "subject": "附属物",
    "appraised_amount": 1000,
    "appraiser": "示例机构",
    "appraised_on": "2021-03-01",
}
DECISION = {
    "decision_number": "D-1",
    "household_id": DECISION_ALONE,
    "subject": "其他",
    "decided_amount": 10,
    "approved_on": "2021-05-01",
}
POSTED = {
    "envoy_id": ENVOY,
    "envoy_name": "某丙",
    "born_on": "1975-06-01",
    "rank_title": "正科级",
    "region": "京津冀片区",
    "posted_on": "2021-05-01",
}


def owner(serial: int) -> dict[str, object]:
    """An owner with a number and an account of their own."""
    return {"id_number": id_number(serial), "bank_account": card_number(serial)}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town after one night, with a household of each kind."""
    made = Town(tmp_path_factory.mktemp("town"))
    made.upload(
        "甲.xlsx",
        {
            HouseholdSurvey: [
                survey("B-1", PAID, floor_area_m2=65, **owner(1)),
                survey("B-2", EXCHANGED, **owner(2)),
                survey("B-3", UNDECIDED, **(owner(3) | UNTITLED_SHOP)),
                survey("B-4", UNSIGNED, **owner(4)),
            ],
            ImageryRegister: [
                register("B-1"),
                register("B-2"),
                register("B-3", registered_use="经营"),
                register("B-4"),
            ],
            Agreements: [
                agreement("B-1"),
                agreement("B-2", agreement_number="XY-2", **WAITING),
                agreement("B-3", agreement_number="XY-3"),
            ],
            Appraisals: [REPORT],
            SpecialDecisions: [DECISION],
            Envoys: [POSTED],
        },
    )
    made.night()
    return made


def written(town: Town, household: str) -> Path:
    done = town.arxan("explain", household, "--format", "xlsx")
    assert done.exit_code == 0, done.output
    return Path(done.output.strip())


def rows(path: Path) -> list[list[object]]:
    sheet = openpyxl.load_workbook(path)["征收补偿结算单"]
    found: list[list[object]] = [
        [cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)
    ]
    return [row for row in found if row]


def sheet_text(town: Town, household: str) -> str:
    return "\n".join(" | ".join(str(cell) for cell in row) for row in rows(written(town, household)))


def test_it_stands_where_it_is_looked_for_and_only_its_owner_reads_it(town: Town) -> None:
    path = written(town, PAID)
    assert path == town.out / "settlement-sheets" / "征收补偿结算单-H-1.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    elsewhere = town.arxan("explain", PAID, "--format", "xlsx", "--out", str(town.folder / "there"))
    assert elsewhere.output.strip() == str(town.folder / "there" / "征收补偿结算单-H-1.xlsx")


def test_the_same_warehouse_gives_the_same_bytes(town: Town) -> None:
    first = written(town, EXCHANGED).read_bytes()
    assert written(town, EXCHANGED).read_bytes() == first


def test_a_paid_household_sees_its_items_sums_and_where_to_sign(town: Town) -> None:
    told = sheet_text(town, PAID)
    assert "户编号：H-1　　被征收人：某甲　　截至：2024年6月30日" in told
    assert (
        "B-1 | 住宅补偿 | 60.00 ㎡ × 2,500 元/㎡ = 150,000.00 元 | 五(一)1 | 150000.0 | 应付 | 1、2、4"
        in told
    )
    assert "净额 | 172500.0 | 付给被征收人：人民币壹拾柒万贰仟伍佰元整" in told
    assert "H-1 | 清单 HC-0001 第1笔（草稿）" in told
    assert "入户调查第2行（甲.xlsx）" in told
    assert all(f"{role}（签字）" in told for role in ("被征收人", "经办人", "复核人"))
    assert "待定事项\n" not in told


def test_an_excess_is_shown_beside_the_area_that_counts(town: Town) -> None:
    assert "计入 60.00 ㎡\n超出登记 5.00 ㎡" in sheet_text(town, PAID)


def test_equal_months_are_one_row_with_their_count_and_sum(town: Town) -> None:
    told = sheet_text(town, EXCHANGED)
    # 2021-04 to 2023-03 are the first 24 months, 2023-04 to 2024-05 the 14 overdue ones
    assert "住宅临时安置补偿费\n2021-04 至 2023-03 | 每月 60.00 ㎡ × 12 元/㎡·月 = 720.00 元" in told
    assert "24 个月 × 720.00 元 = 17,280.00 元" in told
    assert "14 个月 × 1,440.00 元 = 20,160.00 元" in told


def test_whoever_is_paid_and_owes_reads_that_it_was_set_off(town: Town) -> None:
    # 60 ㎡ × 1.2 - 100 ㎡ = -28 ㎡, at 3 000 -84 000; against it 37 440, 20 000 and 3 000
    told = sheet_text(town, EXCHANGED)
    assert "户应付合计（户支付） | 84000.0 | 人民币捌万肆仟元整" in told
    assert "净额 | -23560.0 | 由被征收人支付：人民币贰万叁仟伍佰陆拾元整" in told
    assert "同一户应付和应收是否抵销后支付——现按：抵销后按净额。" in told
    assert "列入应收清单" in told


def test_the_amounts_that_are_owed_add_up_to_the_net(town: Town) -> None:
    found = rows(written(town, EXCHANGED))
    owed = [Decimal(str(row[-3])) for row in found if len(row) == 8 and row[-2] == "应付"]
    net = next(row[1] for row in found if row[0] == "净额")
    assert len(owed) == 5
    assert sum(owed) == Decimal(str(net))


def test_what_is_undecided_shows_each_choice_in_words(town: Town) -> None:
    told = sheet_text(town, UNDECIDED)
    assert "有暂缓的金额" in told
    assert "无证砖混经营房屋按哪个标准？待书面决定" in told
    assert "无证砖混经营房屋按哪个标准 | 属于其他结构，按材质等级 | 210000.0" in told
    assert "无证砖混经营房屋按哪个标准 | 原文砖木为砖混之误，按该标准 | 300000.0" in told
    assert "by_grade" not in told


def test_what_is_not_signed_is_marked_as_an_estimate(town: Town) -> None:
    told = sheet_text(town, UNSIGNED)
    assert "估算的金额仅供参考" in told
    assert "尚无协议" in told
    assert "支付情况：尚未列入任何清单" in told


def test_it_is_one_page_and_its_footer_names_run_day_and_policy(town: Town) -> None:
    ((run, digest),) = town.ask("SELECT run_id, left(policy_digest, 16) FROM audit.runs")
    page = openpyxl.load_workbook(written(town, PAID))["征收补偿结算单"]
    assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight or 1) == (1, 1)
    footer = page.HeaderFooter.oddFooter
    assert footer.left.text == f"运行 {run}　截至 2024-06-30"
    assert footer.right.text == f"政策摘要 {digest}"


def test_other_policies_than_those_of_the_run_are_refused(town: Town, tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT_POLICIES, tmp_path / "policies")
    path = tmp_path / "policies" / "compensation.yaml"
    path.write_text(path.read_text("utf-8").replace("value: 3000}", "value: 3001}", 1), "utf-8")
    other = ("--policies", str(path.parent))
    done = town.arxan("explain", PAID, "--format", "xlsx", *other, "--out", str(tmp_path / "there"))
    assert (done.exit_code, "are not those of run" in done.stderr) == (1, True)
    assert not (tmp_path / "there").exists()
    at_a_terminal = town.arxan("explain", EXCHANGED, *other)
    assert at_a_terminal.exit_code == 0
    assert "适用的暂定理解" not in at_a_terminal.output


@pytest.mark.parametrize(
    ("subject", "exit_code", "told"),
    [
        ("H-9", 1, "no household or envoy has the number H-9"),
        (ENVOY, 2, "E-1 is an envoy"),
        (DECISION_ALONE, 1, "nothing can be computed for household H-5"),
    ],
)
def test_what_has_no_sheet_is_told(town: Town, subject: str, exit_code: int, told: str) -> None:
    done = town.arxan("explain", subject, "--format", "xlsx")
    assert (done.exit_code, told in done.stderr) == (exit_code, True), done.stderr


def explained(town: Town, *arguments: str) -> Mapping[str, str]:
    """What a terminal shows, by its parts."""
    _, *parts = re.split(r"^── (.+) ──$", town.arxan("explain", *arguments).output, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_at_a_terminal_equal_months_are_one_line_unless_each_is_asked_for(town: Town) -> None:
    told = explained(town, EXCHANGED)["补偿项目"]
    assert "每月 60.00 ㎡ × 12 元/㎡·月 = 720.00 元；24 个月 × 720.00 元 = 17,280.00 元" in told
    assert len(told.strip().splitlines()) == 2 + 5
    each = explained(town, EXCHANGED, "--months")["补偿项目"]
    assert len(each.strip().splitlines()) == 2 + 24 + 14 + 3
    assert "2022-12" in each


def test_at_a_terminal_the_provisional_readings_are_sentences(town: Town) -> None:
    told = explained(town, EXCHANGED)["适用的暂定理解"]
    assert "十二：逾期按两倍支付，是面积加倍还是金额加倍——现按：面积加倍后再与最低额比较。" in told
    assert "set_off" in told


def test_at_a_terminal_each_item_names_the_rows_that_it_rests_on(town: Town) -> None:
    parts = explained(town, PAID)
    line = next(line for line in parts["补偿项目"].splitlines() if "附属物补偿" in line)
    assert "评估结果第2行" in line
    assert "评估结果第2行（甲.xlsx）" in parts["依据的记录"]
