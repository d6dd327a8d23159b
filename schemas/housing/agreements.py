"""What was agreed with a household, or decided case by case."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.columns import SQUARE_METRES, YUAN, Column, Kind
from schemas.housing.columns import (
    BUILDING_ID_PATTERN,
    DECISION_SUBJECTS,
    ESTATES,
    LARGEST_AREA_M2,
    METHODS,
    RESETTLEMENT_KINDS,
    SIGNING_STATUSES,
    area,
    building_number,
    household_number,
)
from schemas.sheet import Rule, Sheet, required_when


class Agreements(Sheet, title="补偿协议", table="agreements", key=("building_id",)):
    """One row per building: where its compensation agreement stands and what was agreed."""

    agreement_number = Column("协议编号", Kind.TEXT, "协议编号；已签约时必填", example="XY-2021-001")
    building_id = building_number()
    signing_status = Column(
        "签约状态",
        Kind.ENUM,
        "签约进展",
        required=True,
        choices=SIGNING_STATUSES,
        example="已签约",
    )
    method = Column("补偿方式", Kind.ENUM, "补偿方式；已签约时必填", choices=METHODS, example="货币补偿")
    disputes_price = Column("价格异议", Kind.YES_NO, "对补偿价格有无异议；空白按否", example="否")
    notified_on = Column("通知送达日期", Kind.DATE, "收到征收通知的日期", example="2021-03-01")
    deadline_on = Column(
        "签约截止日期",
        Kind.DATE,
        "通知规定的签约期限；已签约时必填",
        may_be_future=True,
        example="2021-04-30",
    )
    signed_on = Column("签订日期", Kind.DATE, "协议签订日期；已签约时必填", example="2021-04-10")
    vacated_on = Column("搬迁日期", Kind.DATE, "腾空房屋的日期；空白表示尚未搬迁", example="2021-04-25")
    resettlement_estate = Column("安置小区", Kind.ENUM, "回迁小区；产权调换时必填", choices=ESTATES)
    resettlement_kind = Column(
        "安置房类型", Kind.ENUM, "安置房的类型；产权调换时必填", choices=RESETTLEMENT_KINDS
    )
    resettlement_area_m2 = area("安置面积", "安置房面积；产权调换时必填", required=False, example="")
    buyback_area_m2 = Column(
        "回购面积",
        Kind.DECIMAL,
        "回购安置房的面积；只用于厂房、仓库、圈舍和其他",
        unit=SQUARE_METRES,
        minimum=Decimal(0),
        maximum=LARGEST_AREA_M2,
    )
    under_construction = Column("安置房在建", Kind.YES_NO, "安置房是否在建；产权调换时必填")
    self_arranged = Column("自行过渡", Kind.YES_NO, "是否自行解决过渡用房；产权调换时必填")
    handed_over_on = Column("交房日期", Kind.DATE, "安置房交付日期；空白表示尚未交房")
    agreed_amount = Column(
        "协议金额",
        Kind.DECIMAL,
        "协议写明的该房屋一次性各项合计，负数表示由被征收人支付；空白不比对",
        unit=YUAN,
    )

    rules = (
        *(
            required_when(name, header, lambda: pl.col("signing_status") == "已签约", "签约状态为已签约")
            for name, header in (
                ("agreement_number", "协议编号"),
                ("method", "补偿方式"),
                ("deadline_on", "签约截止日期"),
                ("signed_on", "签订日期"),
            )
        ),
        *(
            required_when(name, header, lambda: pl.col("method") == "产权调换", "补偿方式为产权调换")
            for name, header in (
                ("resettlement_estate", "安置小区"),
                ("resettlement_kind", "安置房类型"),
                ("resettlement_area_m2", "安置面积"),
                ("under_construction", "安置房在建"),
                ("self_arranged", "自行过渡"),
            )
        ),
        Rule(
            "not_before_notice",
            "deadline_on",
            "签约截止日期「{value}」早于通知送达日期，请核对两个日期。",
            lambda: pl.col("deadline_on") >= pl.col("notified_on"),
        ),
        Rule(
            "not_before_signing",
            "handed_over_on",
            "交房日期「{value}」早于签订日期，请核对两个日期。",
            lambda: pl.col("handed_over_on") >= pl.col("signed_on"),
        ),
    )


class SpecialDecisions(Sheet, title="一事一议", table="special_decisions", key=("decision_number",)):
    """One row per decision taken case by case."""

    decision_number = Column("决定文号", Kind.IDENTIFIER, "决定的文号", required=True, example="EXAMPLE-JD1")
    household_id = household_number()
    building_id = Column(
        "房屋编号",
        Kind.IDENTIFIER,
        "决定针对某一处房屋时填写",
        pattern=BUILDING_ID_PATTERN,
        pattern_hint="只能用字母、数字和“-”，1 至 32 位",
    )
    subject = Column(
        "事项", Kind.ENUM, "决定的事项", required=True, choices=DECISION_SUBJECTS, example="搬迁补偿"
    )
    decided_amount = Column(
        "金额",
        Kind.DECIMAL,
        "决定的金额",
        required=True,
        unit=YUAN,
        minimum=Decimal(0),
        example="8000.00",
    )
    approved_on = Column("批准日期", Kind.DATE, "批准的日期", required=True, example="2021-05-10")
