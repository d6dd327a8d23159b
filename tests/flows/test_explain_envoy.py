"""What is told of an envoy's score: items, duties, readings, and the evidence of a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from flows.envoy_case import EnvoyCase
from flows.explain_envoy import Evidence, YearNotScoredError, envoy_text
from schemas.investment_scores import EnvoyDuty, ScoreItem
from tests.support.score_frames import (
    SENTENCES,
    UPLOAD,
    duty,
    evaluation,
    evidence_frame,
    evidence_row,
    question,
    score,
)

ENVOY = {
    "envoy_id": "DS-1",
    "envoy_name": "某丙",
    "rank_title": "正科级",
    "region": "京津冀片区",
    "posted_on": date(2021, 5, 1),
    "posting_ends_on": None,
}


def case(*scores: dict[str, object], **parts: list[dict[str, object]]) -> EnvoyCase:
    found = evaluation(list(scores), **parts)
    with_count = found.scores.with_columns(ranked=pl.lit(12))
    return EnvoyCase(ENVOY, with_count, found.items, found.duties, found.questions)


def test_a_year_is_told_with_items_duties_and_readings() -> None:
    told = envoy_text(
        case(
            score("DS-1", 4, consequence="推荐晋升", is_excellent_by_bonus=True),
            duties=[
                duty("DS-1", EnvoyDuty.LANDED_PROJECT, met=None),
                duty("DS-1", EnvoyDuty.AGE_AT_POSTING, met=False),
            ],
        ),
        {"days_short": "附表1：天数的理解。"},
    )
    assert "招商大使 DS-1  某丙  正科级\n派驻 京津冀片区，2021-05-01 至 今\n" in told
    assert "══ 2021 年度 ══" in told
    assert "总分 95.00 = 基本分 95.00 + 加分 0.00，优秀（因加分达到优秀），12 人中第 4 名" in told
    assert "建议（供决策）：推荐晋升" in told
    assert words(told, "对接企业") == [
        "对接企业", "8.6667", "10", "1.3333", "5", "25", "30", "附表", "30", "−", "5", "=", "分",
    ]  # fmt: skip
    assert words(told, "每年落地项目")[1] == "尚不能判断"
    assert words(told, "派驻时的年龄")[1] == "未履行"
    assert words(told, "days_short") == ["days_short", "附表1：天数的理解。"]
    assert words(told, "journal_gap") == ["journal_gap"]
    assert "依据记录" not in told


def words(told: str, first: str) -> list[str]:
    """The cells of the line that begins so."""
    [line] = [line for line in told.splitlines() if line.startswith(first)]
    return line.split()


def test_a_running_year_is_marked() -> None:
    told = envoy_text(case(score("DS-1", 1, is_provisional=True)), SENTENCES)
    assert "══ 2021 年度（暂计，年度尚未结束） ══" in told


def test_every_year_is_told_or_the_one_asked_for() -> None:
    scores = (score("DS-1", 1), score("DS-1", 2, year=2022, total=Decimal("71.00")))
    both, one = envoy_text(case(*scores), SENTENCES), envoy_text(case(*scores), SENTENCES, year=2022)
    assert both.index("2021 年度") < both.index("2022 年度")
    assert "2021 年度" not in one
    assert "总分 71.00" in one


def test_a_year_that_is_not_scored_names_those_that_are() -> None:
    with pytest.raises(YearNotScoredError, match="no score for 2020: scored are 2021, 2022"):
        envoy_text(case(score("DS-1", 1), score("DS-1", 1, year=2022)), SENTENCES, year=2020)


def test_an_envoy_without_a_score_is_told_so() -> None:
    assert "尚无考评成绩" in envoy_text(case(), SENTENCES)
    with pytest.raises(YearNotScoredError, match="no year of it is scored yet"):
        envoy_text(case(), SENTENCES, year=2021)


def test_what_is_open_is_told_with_its_rows() -> None:
    told = envoy_text(case(score("DS-1", 1), questions=[question("DS-1")]), SENTENCES)
    assert "── 待定事项 ──" in told
    assert "驻外票据第7行" in told


def test_evidence_is_told_item_by_item_what_counts_first() -> None:
    rows = evidence_frame(
        [
            evidence_row("DS-1", ScoreItem.REPORTING, None, counts=False),
            evidence_row("DS-1", ScoreItem.DAYS_AWAY, 5, counts=False),
            evidence_row("DS-1", ScoreItem.DAYS_AWAY, 6, counts=True),
        ]
    )
    told = envoy_text(
        case(score("DS-1", 1)), SENTENCES, year=2021, evidence=Evidence(rows, {UPLOAD: "甲.xlsx"})
    )
    away, reports = told.split("── 依据记录：")[1:]
    assert away.startswith("工作时间（计入 1 条，不计 1 条）")
    assert away.index("驻外票据第6行（甲.xlsx）") < away.index("驻外票据第5行（甲.xlsx）")
    assert "不计  2021-05-10  =机票  已退票  驻外票据第5行（甲.xlsx）" in away
    assert reports.startswith("信息报送（计入 0 条，不计 1 条）")
    assert reports.rstrip().endswith("已退票")


def test_where_the_evidence_can_not_be_shown_it_says_why() -> None:
    told = envoy_text(case(score("DS-1", 1)), SENTENCES, year=2021, evidence=Evidence(None, {}, "政策不同。"))
    assert told.endswith("── 依据记录 ──\n政策不同。\n")
