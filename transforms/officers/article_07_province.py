"""Article 七(一): of one province, one officer."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import OfficerDuty
from schemas.officer_policy import OfficerParameter as Named
from transforms import wording
from transforms.officers.duties import NOT_IN_FORCE, state
from transforms.payout.natural_order import natural_key
from transforms.policy import Policy

_CLAUSE = "第七条(一)"


def one_per_province(officers: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`one_per_province` of every officer: how many the province has, and who they are.

    `officers` are those whose engagement has begun; one that has ended still counts, with its years named,
    and those who decide see whether another one followed it.
    """
    number = natural_key(pl.col("officer_id"))
    engagement = pl.format("{}（{} 至 {}）", "officer_id", "engaged_on", "engaged_until")
    provinces = (
        officers.sort(number, "officer_id")
        .group_by("province")
        .agg(count=pl.len(), named=engagement.str.join("、"))
    )
    rows = officers.join(provinces, on="province", how="left", maintain_order="left")
    most = policy.number(Named.OFFICERS_PER_PROVINCE, pl.col("judged_on"))
    detail = (
        pl.when(most.is_null())
        .then(pl.lit(NOT_IN_FORCE))
        .when(pl.col("count") == 1)
        .then(pl.format("{}只聘请这一人（家）", "province"))
        .otherwise(
            pl.format(
                "{}聘请 {} 人（家），原则上 {} 人（家）：{}",
                "province",
                "count",
                wording.plain(most),
                "named",
            )
        )
    )
    return state(rows, OfficerDuty.ONE_PER_PROVINCE, _CLAUSE, pl.col("count") <= most, detail)
