"""Investment projects, who introduced them, and the incentives claimed for them."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.columns import PERCENT, TEN_THOUSAND_YUAN, Column, Kind
from schemas.investment.columns import (
    CLAIM_ARTICLES,
    EXAMPLE_CREDIT_CODE,
    INDUSTRIES,
    INTRODUCER_KINDS,
    account_columns,
    amount,
    count,
    day,
    either_identity_rule,
    envoy_number,
    identifier,
    identity_number,
    name,
    project_number,
)
from schemas.sheet import Rule, Sheet, required_when


class Projects(Sheet, title="投资项目", table="projects", key=("project_id",)):
    """One row per investment project."""

    project_id = project_number()
    project_name = name("项目名称", "项目的名称", "示例康养项目")
    investor_name = name("投资企业", "投资企业的名称", "示例科技有限公司")
    investor_code = Column(
        "统一社会信用代码",
        Kind.CREDIT_CODE,
        "投资企业的统一社会信用代码；必须以文本录入",
        required=True,
        example=EXAMPLE_CREDIT_CODE,
    )
    introducer_id = identifier("引资人编号", "第一引资人的编号", "EXAMPLE-YZ1", required=False)
    fixed_investment_10k_yuan = amount(
        "固定资产投资", "固定资产投资额", "6000", unit=TEN_THOUSAND_YUAN, required=True
    )
    total_investment_10k_yuan = amount(
        "总投资", "总投资额，不小于固定资产投资", "8000", unit=TEN_THOUSAND_YUAN, required=True
    )
    industry = Column(
        "产业类别", Kind.ENUM, "项目的产业类别", required=True, choices=INDUSTRIES, example="文化旅游"
    )
    is_key_supported = Column("重点扶持", Kind.YES_NO, "是否重点扶持类项目", required=True, example="是")
    landed_on = day("落地日期", "项目落地的日期", "2021-06-01")
    in_production_on = day("达产日期", "全部建成投产的日期")
    verification = Column(
        "核实结论",
        Kind.ENUM,
        "联合考核组的核实结论",
        required=True,
        choices=("已核实", "未核实"),
        example="已核实",
    )
    has_violation = Column("违法违规", Kind.YES_NO, "有无违法违规行为", required=True, example="否")
    listed_on = day("公司上市日期", "投资企业上市的日期")

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

    introducer_id = identifier("引资人编号", "引资人的编号", "EXAMPLE-YZ1")
    introducer_name = name("名称", "引资人的姓名或单位名称", "示例丁")
    introducer_kind = Column(
        "类型", Kind.ENUM, "引资人的类型", required=True, choices=INTRODUCER_KINDS, example="自然人"
    )
    envoy_id = envoy_number(required=False)
    is_public_official = Column("公职人员", Kind.YES_NO, "是否公职人员；类型为自然人时必填", example="否")
    investment_target_10k_yuan = amount(
        "招商目标", "单位的招商目标；类型为单位时必填", unit=TEN_THOUSAND_YUAN
    )
    id_number = identity_number()
    account_name, bank_name, bank_account = account_columns()

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
        either_identity_rule(),
    )


class IncentiveClaims(Sheet, title="优惠政策申报", table="incentive_claims", key=("claim_id",)):
    """One row per claim to an incentive."""

    claim_id = identifier("申报编号", "申报的编号", "EXAMPLE-SB1")
    project_id = project_number()
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
        unit="年",
        minimum=Decimal(1990),
        maximum=Decimal(2100),
        example="2023",
    )
    operating_since = day("经营开始日期", "开始经营的日期")
    committed_years = count("承诺经营年限", "承诺的经营年限", "年")
    core_revenue_share = Column(
        "主营收入占比",
        Kind.DECIMAL,
        "主营业务收入占总收入的百分比",
        unit=PERCENT,
        minimum=Decimal(0),
        maximum=Decimal(100),
    )
    local_income_tax = amount("所得税地方留成", "企业所得税本级留成部分，以汇算清缴为准")
    land_contract_on = day("土地合同日期", "土地出让合同签订的日期", "2021-06-10")
    agreed_investment_10k_yuan = amount("协议投资", "投资协议约定的投资额", "12000", unit=TEN_THOUSAND_YUAN)
    invested_within_three_years_10k_yuan = amount(
        "三年内到位投资", "土地合同起三年内到位的投资", "12500", unit=TEN_THOUSAND_YUAN
    )
    on_schedule = Column("按期投产", Kind.YES_NO, "是否按期投产达效")
    local_jobs = count("本地就业人数", "吸纳本地就业的人数", "人")
    design_fee = amount("规划设计费", "旅游项目的前期规划设计费")
    claimant_name = name("申报人", "申报人的姓名或单位名称", "示例己")
    id_number = identity_number()
    account_name, bank_name, bank_account = account_columns()

    rules = (either_identity_rule(),)
