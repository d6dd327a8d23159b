"""The tables of how each envoy's work was scored, and of records of investment that keep waiting."""

from __future__ import annotations

from enum import StrEnum

from schemas.table import Table, count, day, decimal, flag, money, text

FOUR_DECIMALS = 4


class ScoreItem(StrEnum):
    """An item of the evaluation's table of marks."""

    DAYS_AWAY = "days_away"
    JOURNAL = "journal"
    REPORTING = "reporting"
    COMPANY_VISITS = "company_visits"
    NEGOTIATIONS = "negotiations"
    BONUS = "bonus"


SCORE_ITEM_TITLES = {
    ScoreItem.DAYS_AWAY: "工作时间",
    ScoreItem.JOURNAL: "工作日志",
    ScoreItem.REPORTING: "信息报送",
    ScoreItem.COMPANY_VISITS: "对接企业",
    ScoreItem.NEGOTIATIONS: "拟合作项目",
    ScoreItem.BONUS: "加分项",
}


class EnvoyDuty(StrEnum):
    """A duty of an envoy that is checked and reported, not scored."""

    LANDED_PROJECT = "landed_project"
    MONTHLY_VISITS = "monthly_visits"
    MONTHLY_NEGOTIATIONS = "monthly_negotiations"
    AGE_AT_POSTING = "age_at_posting"
    RANK_AT_POSTING = "rank_at_posting"
    POSTING_TERM = "posting_term"


class Grade(StrEnum):
    """The result of an evaluation, clause 十九."""

    EXCELLENT = "优秀"
    QUALIFIED = "合格"
    UNQUALIFIED = "不合格"


class Consequence(StrEnum):
    """What clause 二十 has the decision makers consider after a year's evaluation."""

    PROMOTION = "推荐晋升"
    REPLACEMENT = "申报撤换"


class EnvoyScores(Table, schema_name="investment", table="envoy_scores", key=("envoy_id", "year")):
    """One row per envoy and scored calendar year: the score, the grade, the place among all envoys."""

    envoy_id = text("大使编号", "招商大使的编号", required=True)
    envoy_name = text("姓名", "招商大使的姓名", required=True)
    year = count("年度", "考评的年度")
    starts_on = day("起始日期", "考评期间的第一天", required=True)
    ends_on = day("截止日期", "考评期间的最后一天；当年为业务日期", required=True)
    months = count("在任月数", "期间内派驻至少覆盖一半天数的月份")
    base_score = decimal("基本分", "前五项得分之和", required=True, unit="分")
    bonus = decimal("加分", "加分项", required=True, unit="分")
    total = decimal("总分", "基本分加加分", required=True, unit="分")
    grade = text("等次", "优秀、合格或不合格", required=True, choices=tuple(Grade))
    rank = count("名次", "按总分、基本分、加分排列，相同者并列")
    is_provisional = flag("暂计", "是 = 年度尚未结束", required=True)
    is_excellent_by_bonus = flag("因加分优秀", "是 = 没有加分就不是优秀", required=True)
    consequence = text("建议", "第二十条列出、由决策者决定的事项；没有的为空", choices=tuple(Consequence))
    reading = text("适用理解", "所依据的暂定理解，多个以空格分开")
    policy_version = day("标准版本", "适用的办法版本的生效日期", required=True)


class EnvoyScoreItems(
    Table, schema_name="investment", table="envoy_score_items", key=("envoy_id", "year", "item")
):
    """One row per envoy, scored year and item, with the arithmetic of its score."""

    envoy_id = text("大使编号", "招商大使的编号", required=True)
    year = count("年度", "考评的年度")
    item = text("项目代码", "考评项目的代码", required=True, choices=tuple(ScoreItem))
    item_name = text("项目", "考评项目的名称", required=True)
    measured = decimal(
        "实际", "驻外为月平均天数，日志为缺记天数，报送为漏报迟报次数，其余为个数", required=True, scale=4
    )
    target = decimal("目标", "应达到的数；日志和报送为 0，加分项没有", scale=4)
    shortfall = decimal("差额", "与目标相差的数；加分项没有", scale=4)
    deduction = decimal("扣分", "扣分至满分为止；加分项没有", unit="分", scale=4)
    score = decimal("得分", "满分减扣分，四舍五入到两位小数", required=True, unit="分")
    full_mark = decimal("满分", "该项的满分；加分项没有", unit="分")
    clause = text("条款", "依据的条款", required=True)
    basis = text("算式", "可以手工验算的算式", required=True)
    reading = text("适用理解", "所依据的暂定理解")


class EnvoyRankings(
    Table, schema_name="investment", table="envoy_rankings", key=("envoy_id", "year", "quarter")
):
    """One row per envoy and quarter that has ended: the score from 1 January to the quarter's end."""

    envoy_id = text("大使编号", "招商大使的编号", required=True)
    envoy_name = text("姓名", "招商大使的姓名", required=True)
    year = count("年度", "年度")
    quarter = count("季度", "1 至 4")
    base_score = decimal("基本分", "前五项得分之和", required=True, unit="分")
    bonus = decimal("加分", "加分项", required=True, unit="分")
    total = decimal("总分", "基本分加加分", required=True, unit="分")
    rank = count("名次", "按总分、基本分、加分排列，相同者并列")


class EnvoyDuties(Table, schema_name="investment", table="envoy_duties", key=("envoy_id", "year", "duty")):
    """One row per envoy, scored year and duty that is checked but not scored."""

    envoy_id = text("大使编号", "招商大使的编号", required=True)
    year = count("年度", "年度")
    duty = text("职责代码", "职责的代码", required=True, choices=tuple(EnvoyDuty))
    met = flag("履行", "是否履行；还不能判断的为空")
    detail = text("说明", "实际的数，未达到的是哪些月份，或缺什么", required=True)
    clause = text("条款", "依据的条款", required=True)


class InvestmentQuestions(Table, schema_name="investment", table="open_questions", key=()):
    """One row per thing that keeps a record of investment, or an amount that rests on it, waiting."""

    sheet = text("工作表", "有关记录所在的工作表", required=True)
    subject_id = text("编号", "大使、项目、引资人、推介官或申报的编号", required=True)
    code = text("代码", "待定事项的代码", required=True)
    clause = text("条款", "有关的条款", required=True)
    message = text("说明", "缺什么、由谁补", required=True)
    record_count = count("记录数", "有关的记录数")
    sources = text(
        "有关记录", "有关的各行（最多二十行），写作 工作表@上传编号前16位#行号，以空格分开", required=True
    )
    waiting_amount = money("等待金额", "因此暂缓的金额；不能计算的为 0", required=True)


SCORE_TABLES: tuple[type[Table], ...] = (
    EnvoyScores,
    EnvoyScoreItems,
    EnvoyRankings,
    EnvoyDuties,
    InvestmentQuestions,
)
