"""The score workbooks: what stands on which sheet, that text stays text, and that bytes repeat."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.lists import score_workbook
from flows.lists.score_workbook import envoys_with_sheet, score_workbooks, write_scores
from schemas.investment_scores import EnvoyDuty, ScoreItem
from tests.support.score_frames import (
    SENTENCES,
    UPLOAD,
    duty,
    evaluation,
    evidence_frame,
    evidence_row,
    question,
    ranking,
    score,
)
from transforms.envoys.evaluation import Evaluation

AS_OF = date(2022, 8, 15)
NAME = "考评成绩-2021.xlsx"
NO_EVIDENCE = evidence_frame([])
RUNNING = {"is_provisional": True, "ends_on": date(2021, 8, 15)}


def books(found: Evaluation, evidence: pl.DataFrame = NO_EVIDENCE) -> dict[str, bytes]:
    return score_workbooks(found, evidence, {UPLOAD: "甲.xlsx"}, SENTENCES, AS_OF)


def opened(found: Evaluation, evidence: pl.DataFrame = NO_EVIDENCE) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(books(found, evidence)[NAME]))


def text(sheet: Worksheet) -> str:
    rows = sheet.iter_rows(values_only=True)
    return "\n".join(" | ".join(shown(cell) for cell in row if cell is not None) for row in rows)


def charts(sheet: Worksheet) -> list[Any]:
    found: list[Any] = vars(sheet)["_charts"]
    return found


def shown(cell: object) -> str:
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def test_each_year_is_a_workbook() -> None:
    assert list(books(evaluation([score("DS-1", 1), score("DS-1", 1, year=2022)]))) == [
        "考评成绩-2021.xlsx",
        "考评成绩-2022.xlsx",
    ]


def test_an_ended_year_is_ranked_by_the_year_with_every_item_and_the_totals() -> None:
    lower = {"total": Decimal("55.00"), "grade": "不合格", "months": 5}
    told = text(opened(evaluation([score("DS-1", 2, **lower), score("DS-2", 1)]))["排名"])
    assert "2021年度考评成绩排名\n" in told
    assert "1 | DS-2 | 某丙 | 20 | 10 | 10 | 25 | 30 | 95 | 0 | 95 | 优秀 | 在任 8 个月" in told
    assert told.index("DS-2") < told.index("DS-1")
    assert "合计 2 人：优秀 1 人，合格 0 人，不合格 1 人；总分平均 75.00 分。" in told
    assert "1．附表1：天数的理解。" in told
    assert "暂计" not in told


def test_a_running_year_is_ranked_by_its_latest_quarter_and_marked() -> None:
    found = evaluation(
        [score("DS-1", 1, **RUNNING), score("DS-2", 2, **RUNNING), score("DS-3", 3, **RUNNING)],
        rankings=[ranking("DS-1", 1, 1), ranking("DS-1", 2, 2), ranking("DS-2", 2, 1)],
    )
    told = text(opened(found)["排名"])
    assert "2021年第二季度考评排名通报" in told
    assert "暂计：年度尚未结束" in told
    assert "1 | DS-2 | 某丙 | 90 | 20" in told
    assert told.index("DS-2") < told.index("DS-1") < told.index("DS-3")


def test_a_running_year_without_an_ended_quarter_is_ranked_as_it_stands() -> None:
    book = opened(evaluation([score("DS-1", 1, **RUNNING)]))
    assert "2021年度考评成绩排名（暂计）" in text(book["排名"])
    assert "本年度尚无结束的季度。" in text(book["季度通报"])
    assert "年度结束后提出。" in text(book["建议事项"])


def test_each_ended_quarter_is_a_table() -> None:
    rankings = [ranking("DS-1", quarter, 1) for quarter in (1, 2, 3, 4)]
    told = text(opened(evaluation([score("DS-1", 1)], rankings=rankings))["季度通报"])
    for heading in ("一、第一季度（至2021年3月31日）", "四、第四季度（至2021年12月31日）"):
        assert heading in told
    assert told.count("1 | DS-1 | 某丙 | 80 | 10 | 90") == 4


def test_proposals_are_the_consequences_and_the_duties_not_met() -> None:
    found = evaluation(
        [score("DS-1", 1, consequence="推荐晋升"), score("DS-2", 2)],
        duties=[
            duty("DS-1", EnvoyDuty.LANDED_PROJECT, met=True),
            duty("DS-2", EnvoyDuty.LANDED_PROJECT, met=None),
            duty("DS-2", EnvoyDuty.AGE_AT_POSTING, met=False),
        ],
    )
    told = text(opened(found)["建议事项"])
    assert "DS-1 | 某丙 | 95 | 优秀 | 推荐晋升" in told
    assert "DS-2 | 某丙 | 派驻时的年龄 | age_at_posting 的说明 | 第一条" in told
    assert "landed_project" not in told


def test_without_proposals_it_says_so() -> None:
    told = text(opened(evaluation([score("DS-1", 1)]))["建议事项"])
    assert told.count("无。") == 2


def test_an_envoys_sheet_has_the_arithmetic_the_duties_and_each_row() -> None:
    found = evaluation(
        [score("DS-1", 1)],
        duties=[duty("DS-1", EnvoyDuty.POSTING_TERM, met=None)],
        questions=[question("DS-1"), question("DS-2")],
    )
    evidence = evidence_frame(
        [
            evidence_row("DS-1", ScoreItem.REPORTING, None, counts=False),
            evidence_row("DS-1", ScoreItem.DAYS_AWAY, 5, counts=False),
            evidence_row("DS-1", ScoreItem.DAYS_AWAY, 6, counts=True),
            evidence_row("DS-2", ScoreItem.DAYS_AWAY, 99, counts=True),
        ]
    )
    told = text(opened(found, evidence)["DS-1"])
    assert "总分 95.00 = 基本分 95.00 + 加分 0.00，优秀，第 1 名" in told
    assert "对接企业 | 8.6667 | 10 | 1.3333 | 5 | 25 | 30 | 附表 | 30 − 5 = 分" in told
    assert "派驻期限 | 尚不能判断 | posting_term 的说明 | 第一条" in told
    assert told.count("请补报招商大使") == 1
    assert "四、依据：工作时间（计入 1 条，不计 1 条）" in told
    assert (
        "计入 | 2021-05-10 | =机票 | 驻外票据第6行〔1〕\n"
        "不计 | 2021-05-10 | =机票 | 已退票 | 驻外票据第5行〔1〕\n"
        "五、依据：信息报送（计入 0 条，不计 1 条）"
    ) in told
    assert "〔1〕甲.xlsx（上传编号 0123456789abcdef）" in told
    assert told.endswith("不计 | 2021-05-10 | =机票 | 已退票")
    assert "第99行" not in told


def test_a_year_in_which_nothing_was_sent_has_no_files_to_name() -> None:
    evidence = evidence_frame([evidence_row("DS-1", ScoreItem.REPORTING, None, counts=False)])
    told = text(opened(evaluation([score("DS-1", 1)]), evidence)["DS-1"])
    assert told.endswith("计入 | 日期 | 内容 | 理由 | 来源\n不计 | 2021-05-10 | =机票 | 已退票")
    assert "〔" not in told


def test_text_is_text_and_charts_are_charts() -> None:
    evidence = evidence_frame([evidence_row("=1+1", ScoreItem.DAYS_AWAY, 5, counts=True)])
    book = opened(evaluation([score("=1+1", 1)]), evidence)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert {"=1+1", "=机票"} <= {cell.value for cell in cells}
    assert [len(charts(sheet)) for sheet in book.worksheets] == [1, 0, 0, 1]


def test_it_prints_on_a4_with_its_titles_on_each_page() -> None:
    for sheet in opened(evaluation([score("DS-1", 1)])).worksheets:
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows
        assert "&P" in str(sheet.oddFooter)


def test_the_same_evaluation_gives_the_same_bytes() -> None:
    found = evaluation([score("DS-1", 1), score("DS-2", 2)], rankings=[ranking("DS-1", 1, 1)])
    evidence = evidence_frame([evidence_row("DS-1", ScoreItem.DAYS_AWAY, row, counts=True) for row in (2, 3)])
    assert books(found, evidence) == books(found, evidence.reverse())


def test_beyond_the_most_sheets_a_line_says_where_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score_workbook, "MOST_ENVOY_SHEETS", 1)
    found = evaluation([score("DS-1", 2), score("DS-2", 1)])
    book = opened(found)
    assert book.sheetnames == ["排名", "季度通报", "建议事项", "DS-2"]
    assert "arxan explain 大使编号 --year 2021" in text(book["排名"])
    assert envoys_with_sheet(found) == ["DS-2"]


def test_a_reading_without_a_sentence_is_no_silence() -> None:
    with pytest.raises(KeyError, match="unheard_of"):
        books(evaluation([score("DS-1", 1, reading="unheard_of")]))


def test_many_envoys_are_compared_by_those_in_front() -> None:
    book = opened(evaluation([score(f"DS-{number}", number) for number in range(1, 41)]))
    [chart] = charts(book["排名"])
    assert len(chart.series) == 6
    assert chart.series[0].cat.strRef.f == "排名!$C$5:$C$34"


def test_the_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    written = write_scores({NAME: b"content"}, tmp_path / "lists")
    assert [path.name for path in written] == [NAME]
    assert written[0].stat().st_mode & 0o077 == 0
