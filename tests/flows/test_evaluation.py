"""The envoys' evaluation in a warehouse: stored, checked, explained and written."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.evaluation import check_envoys, evaluate_envoys, write_evaluation
from flows.explain import explanation
from flows.policies import load_policies
from flows.warehouse.tables import current_records
from schemas.housing import HouseholdSurvey
from schemas.investment import (
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Envoys,
    Introducers,
    Negotiations,
    Projects,
    TravelTickets,
)
from schemas.sheet import Sheet
from tests.support.town import Town
from tests.support.workbooks import Row, survey

CREDIT_CODE = "91000000000000000K"
SHEETS: dict[type[Sheet], list[Row]] = {
    Envoys: [
        {
            "envoy_id": "E-1",
            "envoy_name": "某丙",
            "born_on": "1975-06-01",
            "rank_title": "正科级",
            "region": "京津冀片区",
            "posted_on": "2022-01-01",
        },
        {
            "envoy_id": "E-2",
            "envoy_name": "某丁",
            "born_on": "1975-06-01",
            "rank_title": "正科级",
            "region": "京津冀片区",
            "posted_on": "2022-01-01",
        },
    ],
    TravelTickets: [
        {
            "ticket_number": f"T-{number}",
            "envoy_id": envoy,
            "ticket_kind": "机票",
            "arrived_on": "2022-05-10",
            "returned_on": "2022-05-21",
            "is_refunded": refunded,
        }
        for number, envoy, refunded in ((1, "E-1", None), (2, "E-1", True), (3, "E-2", None))
    ],
    EnvoyJournal: [{"envoy_id": "E-1", "day": "2022-05-10", "work_done": "走访示例公司"}],
    EnvoyReports: [
        {"envoy_id": "E-1", "report_kind": "月报", "period": "2022-05", "submitted_on": "2022-06-03"}
    ],
    CompanyVisits: [
        {
            "envoy_id": "E-1",
            "visited_on": "2022-05-12",
            "company_name": "示例科技有限公司",
            "company_code": CREDIT_CODE,
            "company_location": "天津市",
        }
    ],
    Negotiations: [
        {
            "envoy_id": "E-1",
            "negotiated_on": "2022-05-14",
            "project_id": "XM-1",
            "project_name": "示例项目",
            "is_in_depth": True,
        }
    ],
    Projects: [
        {
            "project_id": "XM-1",
            "project_name": "示例项目",
            "investor_name": "示例科技有限公司",
            "investor_code": CREDIT_CODE,
            "introducer_id": "YZ-1",
            "fixed_investment_10k_yuan": 6000,
            "total_investment_10k_yuan": 8000,
            "industry": "文化旅游",
            "is_key_supported": False,
            "landed_on": "2022-09-01",
            "verification": "已核实",
            "has_violation": False,
        }
    ],
    Introducers: [
        {
            "introducer_id": "YZ-1",
            "introducer_name": "某丙",
            "introducer_kind": "招商大使",
            "envoy_id": "E-1",
        }
    ],
}


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town with two envoys and a household, after one night; no test changes what it holds."""
    town = Town(tmp_path_factory.mktemp("town"))
    town.upload("甲.xlsx", {HouseholdSurvey: [survey()], **SHEETS})
    town.night()
    return town


def test_the_evaluation_is_stored_once_and_holds(scored: Town) -> None:
    settings = scored.settings()
    policies = load_policies(settings.policies)
    with duckdb.connect(str(scored.warehouse)) as connection:
        records = current_records(connection)
        evaluation = evaluate_envoys(connection, records, policies, settings.as_of)
        assert check_envoys(evaluation, records) == []
        [(rows,)] = connection.execute("SELECT count(*) FROM investment.envoy_scores").fetchall()
    assert rows == evaluation.scores.height == 6


def test_the_workbooks_name_the_files(scored: Town, tmp_path: Path) -> None:
    settings = scored.settings()
    policies = load_policies(settings.policies)
    with duckdb.connect(str(scored.warehouse)) as connection:
        records = current_records(connection)
        evaluation = evaluate_envoys(connection, records, policies, settings.as_of)
        written = write_evaluation(
            connection, evaluation, records, policies, settings.as_of, tmp_path / "lists"
        )
    assert [path.name for path in written] == [f"考评成绩-{year}.xlsx" for year in (2022, 2023, 2024)]
    sheet = openpyxl.load_workbook(written[0])["E-1"]
    texts = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any(text.startswith("〔1〕甲.xlsx") for text in texts)
    assert "驻外票据第2行〔1〕" in texts


def test_explaining_a_year_shows_what_counts_and_what_does_not(scored: Town) -> None:
    told = scored.arxan("explain", "E-1", "--year", "2022").output
    assert "2 人中第 1 名" in told
    assert "驻外票据第2行（甲.xlsx）" in told
    assert "已退票" in told
    assert "依据记录：加分项（计入 1 条，不计 0 条）" in told
    # the other envoy's ticket is in the fourth row
    assert "驻外票据第4行" not in told


def test_explaining_without_a_year_shows_each(scored: Town) -> None:
    told = scored.arxan("explain", "E-2").output
    for year in ("2022 年度 ══", "2023 年度 ══", "2024 年度（暂计，年度尚未结束） ══"):
        assert year in told
    assert "依据记录" not in told
    assert "days_short" in told
    assert "现按" in told


def test_a_year_that_is_not_scored_ends_with_1_and_a_household_s_year_is_wrong_use(scored: Town) -> None:
    done = scored.arxan("explain", "E-1", "--year", "2021")
    assert (done.exit_code, done.stderr) == (
        1,
        "envoy E-1 has no score for 2021: scored are 2022, 2023, 2024\n",
    )
    assert scored.arxan("explain", "H-1", "--year", "2022").exit_code == 2
    assert scored.arxan("explain", "E-1", "--year", "2022", "--format", "xlsx").exit_code == 2


def test_by_other_policies_no_evidence_is_shown(scored: Town, tmp_path: Path) -> None:
    settings = scored.settings()
    others = tmp_path / "others"
    shutil.copytree(settings.policies, others)
    with (others / "envoys.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    told = explanation(scored.warehouse, "E-1", others, year=2022)
    assert "政策文件夹中的文件与上次运行所用的不同" in told
    assert "驻外票据第2行" not in told
    assert "现按" not in told
