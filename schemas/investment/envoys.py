"""The posted envoys and what they do."""

from __future__ import annotations

import polars as pl

from schemas.columns import Column, Kind
from schemas.investment.columns import (
    EXAMPLE_CREDIT_CODE,
    RANKS,
    day,
    envoy_number,
    identifier,
    name,
    project_number,
)
from schemas.sheet import Rule, Sheet


class Envoys(Sheet, title="招商大使", table="envoys", key=("envoy_id",)):
    """One row per posted envoy."""

    envoy_id = envoy_number()
    envoy_name = name("姓名", "招商大使的姓名", "示例丙")
    born_on = day("出生日期", "出生日期", "1975-06-01", required=True)
    rank_title = Column("职级", Kind.ENUM, "派驻时的职级", required=True, choices=RANKS, example="正科级")
    region = Column("派驻片区", Kind.TEXT, "派驻的片区", required=True, example="京津冀片区")
    posted_on = day("派驻日期", "派驻开始的日期", "2021-05-01", required=True)
    posting_ends_on = day("期满日期", "派驻期满的日期", "2024-04-30", planned=True)


class TravelTickets(Sheet, title="驻外票据", table="travel_tickets", key=("ticket_number",)):
    """One row per ticket; it proves the stay from arrival to return, both days counted."""

    ticket_number = identifier("票据号", "机票或车票的票据号", "EXAMPLE-P1")
    envoy_id = envoy_number()
    ticket_kind = Column(
        "票据类型", Kind.ENUM, "票据的种类", required=True, choices=("机票", "车票"), example="机票"
    )
    arrived_on = day("到达日期", "到达驻地的日期", "2021-05-10", required=True)
    returned_on = day("返回日期", "离开驻地的日期", "2021-05-21", required=True)
    is_refunded = Column("已退票", Kind.YES_NO, "退票的填是，其余空白", only_yes_or_blank=True)

    rules = (
        Rule(
            "not_before_arrival",
            "returned_on",
            "返回日期「{value}」早于到达日期，请核对两个日期。",
            lambda: pl.col("returned_on") >= pl.col("arrived_on"),
        ),
    )


class EnvoyJournal(Sheet, title="招商日志", table="envoy_journal", key=("envoy_id", "day")):
    """One row per envoy and day written up."""

    envoy_id = envoy_number()
    day = day("日期", "日志的日期", "2021-05-10", required=True)
    work_done = Column("工作内容", Kind.TEXT, "当天的招商工作", required=True, example="走访示例公司")


_PERIOD_PATTERNS = {
    "季报": r"^[0-9]{4}Q[1-4]$",
    "月报": r"^[0-9]{4}-(0[1-9]|1[0-2])$",
    "周报": r"^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$",
}


def _period_matches() -> pl.Expr:
    period = pl.col("period")
    year = period.str.slice(0, 4).cast(pl.Int32, strict=False)
    week = period.str.extract(r"W([0-9]{2})$", 1).cast(pl.Int8, strict=False)
    last_week = pl.date(year, 12, 28).dt.week()
    matches: pl.Expr = pl.lit(value=None, dtype=pl.Boolean)
    for kind, pattern in _PERIOD_PATTERNS.items():
        matches = pl.when(pl.col("report_kind") == kind).then(period.str.contains(pattern)).otherwise(matches)
    return matches & ((pl.col("report_kind") != "周报") | (week <= last_week).fill_null(value=False))


class EnvoyReports(Sheet, title="信息报送", table="envoy_reports", key=("envoy_id", "report_kind", "period")):
    """One row per envoy, kind of report and period reported on."""

    envoy_id = envoy_number()
    report_kind = Column(
        "报送类型",
        Kind.ENUM,
        "报送的种类",
        required=True,
        choices=tuple(_PERIOD_PATTERNS),
        example="月报",
    )
    period = Column(
        "所属期",
        Kind.IDENTIFIER,
        "季报写 2021Q1，月报写 2021-03，周报写 2021-W05（ISO 周）",
        required=True,
        example="2021-05",
    )
    submitted_on = day("报送日期", "报送的日期", "2021-06-03", required=True)

    rules = (
        Rule(
            "period_matches_kind",
            "period",
            "所属期「{value}」与报送类型不符：季报写 2021Q1，月报写 2021-03，周报写 2021-W05。",
            _period_matches,
        ),
    )


class CompanyVisits(
    Sheet, title="企业走访", table="company_visits", key=("envoy_id", "visited_on", "company_code")
):
    """One row per envoy, day and company visited."""

    envoy_id = envoy_number()
    visited_on = day("走访日期", "走访的日期", "2021-05-12", required=True)
    company_name = name("企业名称", "所走访企业的名称", "示例科技有限公司")
    company_code = Column(
        "统一社会信用代码",
        Kind.CREDIT_CODE,
        "企业的统一社会信用代码；必须以文本录入",
        required=True,
        example=EXAMPLE_CREDIT_CODE,
    )
    company_location = Column(
        "企业所在地", Kind.TEXT, "企业所在地；在阿尔山市的不算外地企业", required=True, example="天津市"
    )


class Negotiations(
    Sheet, title="项目洽谈", table="negotiations", key=("envoy_id", "negotiated_on", "project_id")
):
    """One row per envoy, day and project negotiated."""

    envoy_id = envoy_number()
    negotiated_on = day("洽谈日期", "洽谈的日期", "2021-05-14", required=True)
    project_id = project_number()
    project_name = name("项目名称", "项目的名称", "示例康养项目")
    is_in_depth = Column("深入洽谈", Kind.YES_NO, "是否深入洽谈", required=True, example="是")
