"""Article 三(一): nobody above the age limit is chosen."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import OfficerDuty
from schemas.officer_policy import OfficerParameter as Named
from transforms import wording
from transforms.officers.duties import NOT_IN_FORCE, state
from transforms.officers.engagement import whole_years
from transforms.policy import Policy

_CLAUSE = "第三条(一)"


def ages(officers: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`age` of every officer: the whole years on the first day of the engagement; organisations have none."""
    age = whole_years(pl.col("born_on"), pl.col("engaged_on"))
    most = policy.number(Named.AGE_MOST, pl.col("engaged_on"))
    detail = (
        pl.when(pl.col("born_on").is_null())
        .then(pl.lit("单位或缺出生日期；是个人的请在「产业推介官」表补填出生日期"))
        .when(most.is_null())
        .then(pl.lit(NOT_IN_FORCE))
        .otherwise(pl.format("聘期开始时 {} 周岁，应不超过 {} 周岁", age, wording.plain(most)))
    )
    return state(officers, OfficerDuty.AGE, _CLAUSE, age <= most, detail)
