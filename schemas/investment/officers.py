"""The promotion officers, what they do and what they spend."""

from __future__ import annotations

import polars as pl

from schemas.columns import Column, Kind
from schemas.investment.columns import amount, count, day, identifier, name, officer_number
from schemas.sheet import Rule, Sheet


class PromotionOfficers(Sheet, title="产业推介官", table="promotion_officers", key=("officer_id",)):
    """One row per engaged promotion officer."""

    officer_id = officer_number()
    introducer_id = identifier("引资人编号", "对应的引资人编号", "EXAMPLE-YZ2", required=False)
    officer_name = name("姓名或单位", "推介官的姓名或单位名称", "示例戊")
    born_on = day("出生日期", "出生日期；单位不填", "1970-03-01")
    province = Column("所在省份", Kind.TEXT, "推介官所在的省份", required=True, example="江苏省")
    engaged_on = day("聘期开始", "聘期的第一天", "2021-05-01", required=True)
    engaged_until = day("聘期结束", "聘期的最后一天", "2022-04-30", required=True, planned=True)
    funding_limit = amount("工作经费标准", "每个聘期年度的工作经费", "30000", required=True, minimum=30_000)

    rules = (
        Rule(
            "not_before_engagement",
            "engaged_until",
            "聘期结束「{value}」早于聘期开始，请核对两个日期。",
            lambda: pl.col("engaged_until") >= pl.col("engaged_on"),
        ),
    )


class OfficerActivities(Sheet, title="推介官活动", table="officer_activities", key=("activity_id",)):
    """One row per activity of a promotion officer."""

    activity_id = identifier("活动编号", "活动的编号", "EXAMPLE-HD1")
    officer_id = officer_number()
    activity_kind = Column(
        "活动类型",
        Kind.ENUM,
        "活动的类型",
        required=True,
        choices=("组织考察", "月度联络", "自主招商活动"),
        example="组织考察",
    )
    held_on = day("日期", "活动的日期", "2021-07-10", required=True)
    companies = count("参加企业数", "参加的企业数", "家", "6")
    signed_projects = count("签约项目数", "促成签约的项目数", "个", "2")


class OfficerExpenses(Sheet, title="推介官经费", table="officer_expenses", key=("invoice_number",)):
    """One row per invoice of a promotion officer."""

    invoice_number = identifier("发票号码", "发票的号码", "EXAMPLE-FP1")
    officer_id = officer_number()
    expense_amount = amount("金额", "发票金额", "1200.00", required=True, above_zero=True)
    spent_on = day("发生日期", "费用发生的日期", "2021-07-11", required=True)
    purpose = Column("用途", Kind.TEXT, "费用的用途", required=True, example="组织考察交通费")
