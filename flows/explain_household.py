"""What a household gets, for a terminal: every item with its arithmetic, clause and source row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from flows.household_case import STATUS_WORDS, HouseholdCase
from flows.text_table import grouped, text_table
from schemas.compensation import Buildings, LineItems, OpenQuestions
from schemas.compensation_items import ALL_ITEMS
from schemas.table import Table
from transforms.compensation.month_runs import alternative_runs, item_runs

_YES_NO = {True: "是", False: "否"}
_SOURCE = re.compile(r"(?P<sheet>\S+)@[0-9a-f]+#(?P<row>\d+)")
_ITEM_FIELDS = ("building_id", "item_name", "period", "basis", "amount", "status", "clause", "reading")
_BUILDING_FIELDS = ("building_id", "use", "compensable_area_m2", "excess_area_m2", "eligible", "reason")
_QUESTION_FIELDS = ("building_id", "code", "clause", "message", "waiting_amount")


def household_text(case: HouseholdCase, readings: Mapping[str, str], *, each_month: bool = False) -> str:
    """The whole of a household's case, in Chinese; equal months as one line if not `each_month`.

    `readings` has a sentence for each provisional reading; one without is named by its code alone.
    """
    sections = (
        _buildings(case),
        _items(case, each_month=each_month),
        _readings(case, readings),
        _alternatives(case, each_month=each_month),
        _section(
            "待定事项",
            _headers(OpenQuestions, _QUESTION_FIELDS),
            case.questions.select(_QUESTION_FIELDS).rows(),
        ),
        _section("支付", ("收款人编号", "去向", "金额", "事由"), case.payments.rows()),
        _records(case),
    )
    return "\n".join((_head(case), *(section for section in sections if section)))


def short_sources(sources: str) -> str:
    """`入户调查@0123456789abcdef#2` as `入户调查第2行`; its file is named with the records."""
    return "、".join(f"{found['sheet']}第{found['row']}行" for found in _SOURCE.finditer(sources))


def _head(case: HouseholdCase) -> str:
    summary = case.summary
    if summary is None:
        return f"户 {case.household_id}：尚无可计算的入户调查。\n"
    return (
        f"户 {case.household_id}  {summary['owner_name']}  {STATUS_WORDS[summary['status']]}\n"
        f"应付给户 {grouped(summary['amount_paid_to'])} 元，户应付 {grouped(summary['amount_owed_by'])} 元，"
        f"净额 {grouped(summary['net_amount'])} 元；"
        f"暂缓 {grouped(summary['held_amount'])} 元，估算 {grouped(summary['estimated_amount'])} 元\n"
    )


def _buildings(case: HouseholdCase) -> str:
    joined = case.buildings.join(case.agreements, on="building_id", how="left", maintain_order="left")
    rows = joined.select(*_BUILDING_FIELDS, "signing_status", "method", "signed_on").rows()
    shown = [[_YES_NO[cell] if isinstance(cell, bool) else cell for cell in row] for row in rows]
    titles = [*_headers(Buildings, _BUILDING_FIELDS), "签约状态", "补偿方式", "签订日期"]
    return _section("房屋", titles, shown)


def _items(case: HouseholdCase, *, each_month: bool) -> str:
    lines = case.items if each_month else item_runs(case.items)
    rows = lines.select(
        *_ITEM_FIELDS[:3],
        pl.col("basis").str.replace_all("\n", "；", literal=True),
        "amount",
        pl.col("status").replace_strict(STATUS_WORDS, return_dtype=pl.String),
        *_ITEM_FIELDS[6:],
        "sources",
    ).rows()
    shown = [(*row[:-1], short_sources(row[-1])) for row in rows]
    return _section("补偿项目", [*_headers(LineItems, _ITEM_FIELDS), "依据记录"], shown)


def _readings(case: HouseholdCase, readings: Mapping[str, str]) -> str:
    """What the codes of 适用理解 say."""
    known = [(code, readings[code]) for code in case.reading_codes() if code in readings]
    return _section("适用的暂定理解", ("适用理解", "条款和现行理解"), known)


def _alternatives(case: HouseholdCase, *, each_month: bool) -> str:
    titles = {item.code: item.title for item in ALL_ITEMS}
    lines = case.alternatives if each_month else alternative_runs(case.alternatives)
    rows = lines.select(
        "building_id",
        pl.col("item").replace_strict(titles, return_dtype=pl.String),
        "period",
        "reading",
        "choice",
        "amount",
    ).rows()
    return _section("待定理解的各种选择", ("房屋编号", "项目", "期间", "待定理解", "选择", "金额"), rows)


def _records(case: HouseholdCase) -> str:
    rows = case.records.select(
        "building_id", pl.format("{}第{}行（{}）", "sheet", "row_number", "file_name")
    ).rows()
    return _section("依据的记录", ("房屋编号", "记录"), rows)


def _headers(table: type[Table], fields: Sequence[str]) -> list[str]:
    return [table.columns[name].header for name in fields]


def _section(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    return f"── {title} ──\n{text_table(headers, rows)}"
