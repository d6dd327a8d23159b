"""An envoy's scores, for a terminal: each item with its arithmetic and clause, and the evidence of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from flows.envoy_case import EnvoyCase
from flows.envoy_words import (
    COUNTS_WORDS,
    MET_WORDS,
    duty_title,
    in_reading_order,
    item_title,
    readings_named,
    trimmed,
)
from flows.errors import OperatorError
from flows.explain_household import short_sources
from flows.text_table import text_table, written
from schemas.investment_scores import EnvoyDuties, EnvoyScoreItems, InvestmentQuestions
from schemas.table import Table

_ITEM_NUMBERS = ("measured", "target", "shortfall", "deduction", "score", "full_mark")
_ITEM_FIELDS = ("item_name", *_ITEM_NUMBERS, "clause", "basis", "reading")
_DUTY_FIELDS = ("duty", "met", "detail", "clause")
_QUESTION_FIELDS = ("sheet", "code", "clause", "message", "record_count", "sources")
_EVIDENCE_TITLES = ("计入", "日期", "内容", "理由", "来源")


class YearNotScoredError(OperatorError):
    """The envoy has no score in the year; the text names the years that have one."""


@dataclass(frozen=True)
class Evidence:
    """The rows that speak for and against a year's score; `instead` says why they can't be shown.

    `rows` are of `transforms.envoys.evidence`; `file_names` has the file of each upload.
    """

    rows: pl.DataFrame | None
    file_names: Mapping[str, str]
    instead: str = ""


def require_scored(case: EnvoyCase, year: int) -> None:
    """Raises YearNotScoredError."""
    if year not in case.years():
        envoy_id, scored = case.envoy["envoy_id"], ", ".join(map(str, case.years()))
        known = f"scored are {scored}" if scored else "no year of it is scored yet"
        reason = f"envoy {envoy_id} has no score for {year}: {known}"
        raise YearNotScoredError(reason)


def envoy_text(
    case: EnvoyCase,
    readings: Mapping[str, str],
    *,
    year: int | None = None,
    evidence: Evidence | None = None,
) -> str:
    """The envoy's scores in Chinese: of every year, or of one with its evidence.

    `readings` has a sentence for each provisional reading; one without is named by its code alone. Raises
    YearNotScoredError.
    """
    if year is not None:
        require_scored(case, year)
    scores = [score for score in case.scores.rows(named=True) if year in (None, score["year"])]
    sections = [
        _head(case),
        *(section for score in scores for section in _year(case, score)),
        _questions(case),
        _readings(scores, readings),
        *(_evidence(evidence) if evidence else ()),
    ]
    return "\n".join(section for section in sections if section)


def _head(case: EnvoyCase) -> str:
    envoy = case.envoy
    posting = f"{written(envoy['posted_on'])} 至 {written(envoy['posting_ends_on']) or '今'}"
    head = (
        f"招商大使 {envoy['envoy_id']}  {envoy['envoy_name']}  {envoy['rank_title']}\n"
        f"派驻 {envoy['region']}，{posting}\n"
    )
    if case.years():
        return head
    return f"{head}\n尚无考评成绩：办法施行后，在任满半个月的月份才计入考评。\n"


def _year(case: EnvoyCase, score: Mapping[str, Any]) -> list[str]:
    is_its = pl.col("year") == score["year"]
    items = [
        [trimmed(value) if title in _ITEM_NUMBERS else value for title, value in row.items()]
        for row in case.items.filter(is_its).select(_ITEM_FIELDS).rows(named=True)
    ]
    duties = [
        (duty_title(duty), MET_WORDS[met], detail, clause)
        for duty, met, detail, clause in case.duties.filter(is_its).select(_DUTY_FIELDS).iter_rows()
    ]
    return [
        _score_lines(score),
        _section("考评项目", _headers(EnvoyScoreItems, _ITEM_FIELDS), items),
        _section("职责（不计分）", ("职责", *_headers(EnvoyDuties, _DUTY_FIELDS[1:])), duties),
    ]


def _score_lines(score: Mapping[str, Any]) -> str:
    mark = "（暂计，年度尚未结束）" if score["is_provisional"] else ""
    by_bonus = "（因加分达到优秀）" if score["is_excellent_by_bonus"] else ""
    rank = f"{score['ranked']} 人中第 {score['rank']} 名"
    sum_text = f"总分 {score['total']} = 基本分 {score['base_score']} + 加分 {score['bonus']}"
    lines = [
        f"══ {score['year']} 年度{mark} ══",
        f"{sum_text}，{score['grade']}{by_bonus}，{rank}",
        f"考评期间 {score['starts_on']} 至 {score['ends_on']}，在任 {score['months']} 个月",
    ]
    if score["consequence"]:
        lines.append(f"建议（供决策）：{score['consequence']}")
    return "\n".join(lines) + "\n"


def _questions(case: EnvoyCase) -> str:
    rows = [
        (*row, short_sources(sources))
        for *row, sources in case.questions.select(_QUESTION_FIELDS).iter_rows()
    ]
    return _section("待定事项", _headers(InvestmentQuestions, _QUESTION_FIELDS), rows)


def _readings(scores: Sequence[Mapping[str, Any]], readings: Mapping[str, str]) -> str:
    """What the codes of 适用理解 say."""
    codes = readings_named(pl.Series([score["reading"] for score in scores], dtype=pl.String))
    rows = [(code, readings.get(code, "")) for code in codes]
    return _section("适用的暂定理解", ("适用理解", "条款和现行理解"), rows)


def _evidence(evidence: Evidence) -> list[str]:
    """The evidence item by item, what counts first."""
    if evidence.rows is None:
        return [f"── 依据记录 ──\n{evidence.instead}\n"]
    groups = in_reading_order(evidence.rows).partition_by("item", as_dict=True, maintain_order=True)
    return [_item_evidence(str(item), rows, evidence.file_names) for (item,), rows in groups.items()]


def _item_evidence(item: str, rows: pl.DataFrame, file_names: Mapping[str, str]) -> str:
    counted = rows["counts"].sum()
    title = f"依据记录：{item_title(item)}（计入 {counted} 条，不计 {rows.height - counted} 条）"
    shown = [
        (COUNTS_WORDS[counts], day, what, reason, source_text(sheet, row, file_names.get(upload_id)))
        for counts, day, what, reason, sheet, row, upload_id in rows.select(
            "counts", "happened_on", "what", "reason", "sheet", "row_number", "upload_id"
        ).iter_rows()
    ]
    return _section(title, _EVIDENCE_TITLES, shown)


def source_text(sheet: str | None, row_number: int | None, file_name: str | None) -> str:
    """Where a row stands: `驻外票据第5行（甲.xlsx）`; nothing for what was never sent."""
    if sheet is None or row_number is None:
        return ""
    return f"{sheet}第{row_number}行" + (f"（{file_name}）" if file_name else "")


def _headers(table: type[Table], fields: Sequence[str]) -> list[str]:
    return [table.columns[name].header for name in fields]


def _section(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    return f"── {title} ──\n{text_table(headers, rows)}"
