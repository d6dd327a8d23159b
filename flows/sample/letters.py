"""The workbooks of the sample: who sends which, on which evening, filled in how."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flows.sample.cells import BooleanCell
from flows.sample.dates import LAST_DAY
from flows.sample.styles import (
    MONEY_CLERK,
    OFFICE_CLERK,
    OFFICE_SECOND_CLERK,
    PLAIN,
    TOWN_FIRST_CLERK,
    TOWN_SECOND_CLERK,
    TOWN_THIRD_CLERK,
)
from flows.sample.workbook import Letter
from schemas.housing import Appraisals

EARLIEST_YEAR = 2021
_ZONE = ZoneInfo("Asia/Shanghai")


def _evening(day: int, hour: int, minute: int) -> datetime:
    return datetime(LAST_DAY.year + 1, 1, day, hour, minute, tzinfo=_ZONE)


REGISTER = Letter(
    "天池镇-影像登记",
    _evening(6, 16, 40),
    replace(PLAIN, banner="2016年5月房屋影像资料登记表", has_serial=True, sign_off="制表：示例甲"),
)
SURVEY_OF_VALLEY = Letter("天池镇-入户调查-金江沟片", _evening(6, 17, 5), TOWN_FIRST_CLERK)
EARLY_AGREEMENTS = Letter("天池镇-补偿协议-2021年", _evening(6, 17, 30), MONEY_CLERK)
SURVEY_OF_TOWN_EAST = Letter("天池镇-入户调查-天池一片", _evening(7, 17, 10), TOWN_SECOND_CLERK)
APPRAISAL_RESULTS = Letter("天池镇-评估结果", _evening(7, 17, 40), MONEY_CLERK)
TEAM_AND_GOVERNMENT = Letter(
    "天池镇-房屋认定和一事一议",
    _evening(8, 16, 20),
    replace(PLAIN, has_remark=True, date_format="yyyy/m/d"),
    has_notes_sheet=True,
)
SURVEY_OF_TOWN_WEST = Letter(
    "天池镇-入户调查-天池二片",
    _evening(8, 17, 20),
    TOWN_THIRD_CLERK,
    hidden=frozenset({Appraisals.title}),
)
LATER_AGREEMENTS = Letter(
    "天池镇-补偿协议-2022年至2023年",
    _evening(9, 16, 50),
    replace(
        TOWN_SECOND_CLERK, banner="房屋征收补偿协议台账", marks=("1", "0"), total_is_off_by=Decimal("1250.00")
    ),
)
PAYEE_LIST = Letter(
    "天池镇-收款人和支付回执", _evening(9, 17, 45), replace(PLAIN, marks=("Y", "N")), padded_titles=True
)
RECENT_AGREEMENTS = Letter(
    "天池镇-补偿协议-2024年和未签约",
    _evening(10, 17, 15),
    replace(PLAIN, marks=(BooleanCell(value=True), BooleanCell(value=False)), repeats_header_every=60),
)
CORRECTIONS = Letter(
    "天池镇-更正表", _evening(13, 16, 30), replace(PLAIN, banner="更正及作废"), has_void_column=True
)

ENVOY_LIST = Letter("发改委-招商大使", _evening(6, 15, 30), OFFICE_CLERK)
PROJECT_LIST = Letter("发改委-投资项目和引资人", _evening(8, 11, 0), OFFICE_CLERK)
OFFICER_LIST = Letter("发改委-产业推介官", _evening(9, 10, 20), OFFICE_SECOND_CLERK)
CLAIM_LIST = Letter("发改委-优惠政策申报", _evening(10, 9, 50), replace(OFFICE_CLERK, has_serial=False))


def agreements_of(signed_on: object) -> Letter:
    """The workbook that an agreement of this day stands in; the unsigned ones stand in the last."""
    if not isinstance(signed_on, date) or signed_on.year >= LAST_DAY.year:
        return RECENT_AGREEMENTS
    return EARLY_AGREEMENTS if signed_on.year <= EARLIEST_YEAR else LATER_AGREEMENTS


def fieldwork_of(month: date) -> Letter:
    """The half-year workbook of what envoys did in this month."""
    is_second_half = month.month > date(month.year, 6, 30).month
    number = 2 * (month.year - EARLIEST_YEAR) + is_second_half
    half = "下半年" if is_second_half else "上半年"
    return Letter(
        f"发改委-驻外工作-{month.year}年{half}",
        _evening(7 + number // 3, 14, 10 * (number % 3)),
        OFFICE_SECOND_CLERK if is_second_half else OFFICE_CLERK,
    )
