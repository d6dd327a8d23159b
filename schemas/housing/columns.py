"""The lists that cells are chosen from, and the columns that several housing sheets share."""

from __future__ import annotations

from decimal import Decimal

from schemas.columns import SQUARE_METRES, Column, Kind

BUILDING_ID_PATTERN = r"^[A-Za-z0-9-]{1,32}$"
LARGEST_AREA_M2 = Decimal(100_000)


DISTRICTS = ("金江沟", "天池")
USES = ("住宅", "经营", "厂房", "仓库", "圈舍", "其他")


APPRAISED_USES = ("厂房", "仓库", "圈舍", "其他")
ORIGINS = ("林业局工区房", "自建")


STRUCTURES = ("砖混", "砖木", "其他")
GRADES = ("一级", "二级")


ID_KINDS = ("居民身份证", "统一社会信用代码")
SIGNING_STATUSES = ("已签约", "未签约", "产权不明", "下落不明")


METHODS = ("货币补偿", "产权调换")
ESTATES = (
    "圣泉小区",
    "闻泉小区",
    "天池花园小区",
    "伊林小区",
    "育才小区",
    "天池住宅小区",
    "天池花园商服房",
    "十二路商服房",
    "步行街商服房",
    "天池商业区商服房",
)


RESETTLEMENT_KINDS = ("多层", "高层", "商服")
DECISION_SUBJECTS = ("搬迁补偿", "补偿决定", "其他")


PAYEE_ROLES = ("本人", "共有人", "承租人", "监护人", "代理人", "提存机构")


def building_number(description: str = "房屋的唯一编号，各表用它对应同一处房屋") -> Column:
    """The number of a building, by which the sheets are matched."""
    return Column(
        "房屋编号",
        Kind.IDENTIFIER,
        description,
        required=True,
        pattern=BUILDING_ID_PATTERN,
        pattern_hint="只能用字母、数字和“-”，1 至 32 位",
        example="EXAMPLE-1",
    )


def household_number() -> Column:
    """The number of a household."""
    return Column(
        "户编号",
        Kind.IDENTIFIER,
        "户的唯一编号；一户可以有几处房屋",
        required=True,
        pattern=BUILDING_ID_PATTERN,
        pattern_hint="只能用字母、数字和“-”，1 至 32 位",
        fills_merged=True,
        example="EXAMPLE-H1",
    )


def area(header: str, description: str, *, required: bool, example: str = "86.50") -> Column:
    """An area in ㎡, above 0."""
    return Column(
        header,
        Kind.DECIMAL,
        description,
        required=required,
        unit=SQUARE_METRES,
        minimum=Decimal(0),
        above_minimum=True,
        maximum=LARGEST_AREA_M2,
        example=example,
    )
