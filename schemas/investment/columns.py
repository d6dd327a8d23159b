"""The lists that cells are chosen from, and the columns that several investment sheets share."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.check_digits import credit_code_is_valid, resident_id_is_valid
from schemas.columns import YUAN, Column, Kind
from schemas.sheet import Rule

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


def identifier(header: str, description: str, example: str, *, required: bool = True) -> Column:
    """A number that identifies something."""
    return Column(header, Kind.IDENTIFIER, description, required=required, example=example)


def envoy_number(*, required: bool = True) -> Column:
    """The number of an envoy."""
    return identifier("大使编号", "招商大使的编号", "EXAMPLE-DS1", required=required)


def project_number() -> Column:
    """The number of a project."""
    return identifier("项目编号", "投资项目的编号", "EXAMPLE-XM1")


def officer_number() -> Column:
    """The number of a promotion officer."""
    return identifier("推介官编号", "产业推介官的编号", "EXAMPLE-TJ1")


def day(
    header: str, description: str, example: str = "", *, required: bool = False, planned: bool = False
) -> Column:
    """A day; a planned one may lie in the future."""
    return Column(header, Kind.DATE, description, required=required, may_be_future=planned, example=example)


def name(header: str, description: str, example: str = "", *, required: bool = True) -> Column:
    """A name of a person, an organisation or a project."""
    return Column(header, Kind.NAME, description, required=required, example=example)


def amount(
    header: str,
    description: str,
    example: str = "",
    *,
    unit: str = YUAN,
    required: bool = False,
    above_zero: bool = False,
    minimum: int = 0,
) -> Column:
    """An amount in 元, or in 万元 where the unit says so."""
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


def count(header: str, description: str, unit: str, example: str = "") -> Column:
    """A whole number of something."""
    return Column(header, Kind.INTEGER, description, unit=unit, minimum=Decimal(0), example=example)


def identity_number() -> Column:
    """An ID number or a credit code: the sheet has no column that says which, so either standard may hold."""
    return Column(
        "证件号码",
        Kind.ID_NUMBER,
        "居民身份证号码或统一社会信用代码；必须以文本录入",
    )


def account_columns() -> tuple[Column, Column, Column]:
    """Account name, bank and account number."""
    return (
        name("开户名", "收款账户的户名", required=False),
        name("开户银行", "开户银行及网点", required=False),
        Column("银行账号", Kind.ACCOUNT, "8 至 30 位数字；必须以文本录入"),
    )


def either_identity_rule() -> Rule:
    """A number that must hold by one of the two standards, since no column says which."""
    return Rule(
        "id_number_check",
        "id_number",
        "证件号码「{value}」既不是有效的居民身份证号码，也不是有效的统一社会信用代码，请对照证件重新录入。",
        lambda: resident_id_is_valid(pl.col("id_number")) | credit_code_is_valid(pl.col("id_number")),
    )
