"""The investment sheets: envoys and what they do, projects, introducers, promotion officers, claims."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.check_digits import credit_code_is_valid, resident_id_is_valid
from schemas.columns import PERCENT, TEN_THOUSAND_YUAN, YUAN, Column, Kind
from schemas.sheet import Rule, Sheet, required_when

EXAMPLE_CREDIT_CODE = "91000000000000000K"
RANKS = ("副科级", "正科级", "副处级", "正处级")
INDUSTRIES = (
    "生态环保型工业",
    "文化旅游",
    "现代服务业",
    "战略性新兴产业",
    "交通电力水利邮政广电",
    "其他鼓励类",
)
INTRODUCER_KINDS = ("单位", "自然人", "企业法人", "第三方机构", "招商大使", "产业推介官")
CLAIM_ARTICLES = ("第九条", "第十条", "第十二条", "第十三条", "第十五条", "第十七条")


def _identifier(header: str, description: str, example: str, *, required: bool = True) -> Column:
    return Column(header, Kind.IDENTIFIER, description, required=required, example=example)


def _envoy_id(*, required: bool = True) -> Column:
    return _identifier("大使编号", "招商大使的编号", "DS-01", required=required)


def _project_id() -> Column:
    return _identifier("项目编号", "投资项目的编号", "XM-2021-001")


def _officer_id() -> Column:
    return _identifier("推介官编号", "产业推介官的编号", "TJ-01")


def _day(
    header: str, description: str, example: str = "", *, required: bool = False, planned: bool = False
) -> Column:
    return Column(header, Kind.DATE, description, required=required, may_be_future=planned, example=example)


def _name(header: str, description: str, example: str = "", *, required: bool = True) -> Column:
    return Column(header, Kind.NAME, description, required=required, example=example)


def _amount(
    header: str,
    description: str,
    example: str = "",
    *,
    unit: str = YUAN,
    required: bool = False,
    above_zero: bool = False,
    minimum: int = 0,
) -> Column:
    return Column(
        header,
        Kind.DECIMAL,
        description,
        required=required,
        unit=unit,
        minimum=Decimal(minimum),
        above_minimum=above_zero,
        example=example,
    )


def _count(header: str, description: str, unit: str, example: str = "") -> Column:
    return Column(header, Kind.INTEGER, description, unit=unit, minimum=Decimal(0), example=example)


def _identity_number() -> Column:
    """An ID number or a credit code: the sheet has no column that says which, so either standard may hold."""
    return Column(
        "证件号码",
        Kind.ID_NUMBER,
        "居民身份证号码或统一社会信用代码；必须以文本录入",
    )


def _account_columns() -> tuple[Column, Column, Column]:
    return (
        _name("开户名", "收款账户的户名", required=False),
        _name("开户银行", "开户银行及网点", required=False),
        Column("银行账号", Kind.ACCOUNT, "8 至 30 位数字；必须以文本录入"),
    )


def _either_identity_rule() -> Rule:
    return Rule(
        "id_number_check",
        "id_number",
        "证件号码「{value}」既不是有效的居民身份证号码，也不是有效的统一社会信用代码，请对照证件重新录入。",
        lambda: resident_id_is_valid(pl.col("id_number")) | credit_code_is_valid(pl.col("id_number")),
    )


class Envoys(Sheet, title="招商大使", table="envoys", key=("envoy_id",)):
    """One row per posted envoy."""

    envoy_id = _envoy_id()
    envoy_name = _name("姓名", "招商大使的姓名", "示例丙")
    born_on = _day("出生日期", "出生日期", "1975-06-01", required=True)
    rank_title = Column("职级", Kind.ENUM, "派驻时的职级", required=True, choices=RANKS, example="正科级")
    region = Column("派驻片区", Kind.TEXT, "派驻的片区", required=True, example="京津冀片区")
    posted_on = _day("派驻日期", "派驻开始的日期", "2021-05-01", required=True)
    posting_ends_on = _day("期满日期", "派驻期满的日期", "2024-04-30", planned=True)


class TravelTickets(Sheet, title="驻外票据", table="travel_tickets", key=("ticket_number",)):
    """One row per ticket; it proves the stay from arrival to return, both days counted."""

    ticket_number = _identifier("票据号", "机票或车票的票据号", "P-2021-0001")
    envoy_id = _envoy_id()
    ticket_kind = Column(
        "票据类型", Kind.ENUM, "票据的种类", required=True, choices=("机票", "车票"), example="机票"
    )
    arrived_on = _day("到达日期", "到达驻地的日期", "2021-05-10", required=True)
    returned_on = _day("返回日期", "离开驻地的日期", "2021-05-21", required=True)
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

    envoy_id = _envoy_id()
    day = _day("日期", "日志的日期", "2021-05-10", required=True)
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

    envoy_id = _envoy_id()
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
    submitted_on = _day("报送日期", "报送的日期", "2021-06-03", required=True)

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

    envoy_id = _envoy_id()
    visited_on = _day("走访日期", "走访的日期", "2021-05-12", required=True)
    company_name = _name("企业名称", "所走访企业的名称", "示例科技有限公司")
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

    envoy_id = _envoy_id()
    negotiated_on = _day("洽谈日期", "洽谈的日期", "2021-05-14", required=True)
    project_id = _project_id()
    project_name = _name("项目名称", "项目的名称", "示例康养项目")
    is_in_depth = Column("深入洽谈", Kind.YES_NO, "是否深入洽谈", required=True, example="是")


class Projects(Sheet, title="投资项目", table="projects", key=("project_id",)):
    """One row per investment project."""

    project_id = _project_id()
    project_name = _name("项目名称", "项目的名称", "示例康养项目")
    investor_name = _name("投资企业", "投资企业的名称", "示例科技有限公司")
    investor_code = Column(
        "统一社会信用代码",
        Kind.CREDIT_CODE,
        "投资企业的统一社会信用代码；必须以文本录入",
        required=True,
        example=EXAMPLE_CREDIT_CODE,
    )
    introducer_id = _identifier("引资人编号", "第一引资人的编号", "YZ-01", required=False)
    fixed_investment_10k_yuan = _amount(
        "固定资产投资", "固定资产投资额", "6000", unit=TEN_THOUSAND_YUAN, required=True
    )
    total_investment_10k_yuan = _amount(
        "总投资", "总投资额，不小于固定资产投资", "8000", unit=TEN_THOUSAND_YUAN, required=True
    )
    industry = Column(
        "产业类别", Kind.ENUM, "项目的产业类别", required=True, choices=INDUSTRIES, example="文化旅游"
    )
    is_key_supported = Column("重点扶持", Kind.YES_NO, "是否重点扶持类项目", required=True, example="是")
    landed_on = _day("落地日期", "项目落地的日期", "2021-06-01")
    in_production_on = _day("达产日期", "全部建成投产的日期")
    verification = Column(
        "核实结论",
        Kind.ENUM,
        "联合考核组的核实结论",
        required=True,
        choices=("已核实", "未核实"),
        example="已核实",
    )
    has_violation = Column("违法违规", Kind.YES_NO, "有无违法违规行为", required=True, example="否")
    listed_on = _day("公司上市日期", "投资企业上市的日期")

    rules = (
        Rule(
            "not_below_fixed_investment",
            "total_investment_10k_yuan",
            "总投资「{value}」小于固定资产投资，请核对两个数。",
            lambda: pl.col("total_investment_10k_yuan") >= pl.col("fixed_investment_10k_yuan"),
        ),
        Rule(
            "not_before_landing",
            "in_production_on",
            "达产日期「{value}」早于落地日期，请核对两个日期。",
            lambda: pl.col("in_production_on") >= pl.col("landed_on"),
        ),
    )


class Introducers(Sheet, title="引资人", table="introducers", key=("introducer_id",)):
    """One row per introducer of projects, with the account that a reward goes to."""

    introducer_id = _identifier("引资人编号", "引资人的编号", "YZ-01")
    introducer_name = _name("名称", "引资人的姓名或单位名称", "示例丁")
    introducer_kind = Column(
        "类型", Kind.ENUM, "引资人的类型", required=True, choices=INTRODUCER_KINDS, example="自然人"
    )
    envoy_id = _envoy_id(required=False)
    is_public_official = Column("公职人员", Kind.YES_NO, "是否公职人员；类型为自然人时必填", example="否")
    investment_target_10k_yuan = _amount(
        "招商目标", "单位的招商目标；类型为单位时必填", unit=TEN_THOUSAND_YUAN
    )
    id_number = _identity_number()
    account_name, bank_name, bank_account = _account_columns()

    rules = (
        required_when(
            "envoy_id", "大使编号", lambda: pl.col("introducer_kind") == "招商大使", "类型为招商大使"
        ),
        required_when(
            "is_public_official", "公职人员", lambda: pl.col("introducer_kind") == "自然人", "类型为自然人"
        ),
        required_when(
            "investment_target_10k_yuan",
            "招商目标",
            lambda: pl.col("introducer_kind") == "单位",
            "类型为单位",
        ),
        _either_identity_rule(),
    )


class PromotionOfficers(Sheet, title="产业推介官", table="promotion_officers", key=("officer_id",)):
    """One row per engaged promotion officer."""

    officer_id = _officer_id()
    introducer_id = _identifier("引资人编号", "对应的引资人编号", "YZ-02", required=False)
    officer_name = _name("姓名或单位", "推介官的姓名或单位名称", "示例戊")
    born_on = _day("出生日期", "出生日期；单位不填", "1970-03-01")
    province = Column("所在省份", Kind.TEXT, "推介官所在的省份", required=True, example="江苏省")
    engaged_on = _day("聘期开始", "聘期的第一天", "2021-05-01", required=True)
    engaged_until = _day("聘期结束", "聘期的最后一天", "2022-04-30", required=True, planned=True)
    funding_limit = _amount("工作经费标准", "每个聘期年度的工作经费", "30000", required=True, minimum=30_000)

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

    activity_id = _identifier("活动编号", "活动的编号", "HD-2021-001")
    officer_id = _officer_id()
    activity_kind = Column(
        "活动类型",
        Kind.ENUM,
        "活动的类型",
        required=True,
        choices=("组织考察", "月度联络", "自主招商活动"),
        example="组织考察",
    )
    held_on = _day("日期", "活动的日期", "2021-07-10", required=True)
    companies = _count("参加企业数", "参加的企业数", "家", "6")
    signed_projects = _count("签约项目数", "促成签约的项目数", "个", "2")


class OfficerExpenses(Sheet, title="推介官经费", table="officer_expenses", key=("invoice_number",)):
    """One row per invoice of a promotion officer."""

    invoice_number = _identifier("发票号码", "发票的号码", "FP-00000001")
    officer_id = _officer_id()
    expense_amount = _amount("金额", "发票金额", "1200.00", required=True, above_zero=True)
    spent_on = _day("发生日期", "费用发生的日期", "2021-07-11", required=True)
    purpose = Column("用途", Kind.TEXT, "费用的用途", required=True, example="组织考察交通费")


class IncentiveClaims(Sheet, title="优惠政策申报", table="incentive_claims", key=("claim_id",)):
    """One row per claim to an incentive."""

    claim_id = _identifier("申报编号", "申报的编号", "SB-2023-001")
    project_id = _project_id()
    article = Column(
        "条款",
        Kind.ENUM,
        "申报所依据的优惠政策条款",
        required=True,
        choices=CLAIM_ARTICLES,
        example="第十三条",
    )
    year = Column(
        "年度",
        Kind.INTEGER,
        "申报的年度",
        required=True,
        minimum=Decimal(1990),
        maximum=Decimal(2100),
        example="2023",
    )
    operating_since = _day("经营开始日期", "开始经营的日期")
    committed_years = _count("承诺经营年限", "承诺的经营年限", "年")
    core_revenue_share = Column(
        "主营收入占比",
        Kind.DECIMAL,
        "主营业务收入占总收入的百分比",
        unit=PERCENT,
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
    local_income_tax = _amount("所得税地方留成", "企业所得税本级留成部分，以汇算清缴为准")
    land_contract_on = _day("土地合同日期", "土地出让合同签订的日期", "2021-06-10")
    agreed_investment_10k_yuan = _amount("协议投资", "投资协议约定的投资额", "12000", unit=TEN_THOUSAND_YUAN)
    invested_within_three_years_10k_yuan = _amount(
        "三年内到位投资", "土地合同起三年内到位的投资", "12500", unit=TEN_THOUSAND_YUAN
    )
    on_schedule = Column("按期投产", Kind.YES_NO, "是否按期投产达效")
    local_jobs = _count("本地就业人数", "吸纳本地就业的人数", "人")
    design_fee = _amount("规划设计费", "旅游项目的前期规划设计费")
    claimant_name = _name("申报人", "申报人的姓名或单位名称", "示例己")
    id_number = _identity_number()
    account_name, bank_name, bank_account = _account_columns()

    rules = (_either_identity_rule(),)


INVESTMENT_SHEETS: tuple[type[Sheet], ...] = (
    Envoys,
    TravelTickets,
    EnvoyJournal,
    EnvoyReports,
    CompanyVisits,
    Negotiations,
    Projects,
    Introducers,
    PromotionOfficers,
    OfficerActivities,
    OfficerExpenses,
    IncentiveClaims,
)
