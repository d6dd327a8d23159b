"""优惠政策 第十三条: who decided on a large project that was invested as agreed is rewarded once."""

from __future__ import annotations

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from transforms import wording
from transforms.incentives.claims import (
    ARTICLE_13,
    NOT_IN_PRODUCTION,
    ONCE_PER_PROJECT,
    judged,
    stated_claims,
)
from transforms.policy import Policy
from transforms.rewards.amounts import lump_sum
from transforms.rewards.entries import Condition, Stated

_AGREED, _INVESTED = "agreed_investment_10k_yuan", "invested_within_three_years_10k_yuan"


def decision_makers(claims: pl.DataFrame, policy: Policy) -> Stated:
    """The claims under the article; they arise on the day of full production."""
    on, total = pl.col("selected_on"), pl.col("total_investment_10k_yuan")
    least = policy.number(Named.DECISION_MAKER_INVESTMENT, on)
    conditions = (
        NOT_IN_PRODUCTION,
        Condition(
            total < least,
            pl.format("总投资 {} 万元，不足 {} 万元", wording.plain(total), wording.plain(least)),
        ),
        Condition(
            pl.col(_INVESTED) < pl.col(_AGREED),
            pl.format(
                "三年内到位投资 {} 万元，没有达到协议投资 {} 万元",
                wording.plain(pl.col(_INVESTED)),
                wording.plain(pl.col(_AGREED)),
            ),
        ),
    )
    rows = claims.filter(pl.col("article") == ARTICLE_13).with_columns(arises_on=pl.col("in_production_on"))
    priced = lump_sum(rows, policy.number(Named.DECISION_MAKER_REWARD, on))
    return stated_claims(judged(priced, policy, conditions, ONCE_PER_PROJECT), (_AGREED, _INVESTED))
