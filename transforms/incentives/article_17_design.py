"""优惠政策 第十七条: a share of a tourism project's design fee, by the size of the project, once."""

from __future__ import annotations

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from schemas.investment.columns import INDUSTRIES
from transforms import wording
from transforms.incentives.claims import (
    ARTICLE_17,
    IS_KNOWN,
    NOT_IN_PRODUCTION,
    ONCE_PER_PROJECT,
    judged,
    stated_claims,
)
from transforms.policy import RATE, Policy
from transforms.rewards.amounts import multiplied
from transforms.rewards.entries import Condition, Stated

_TOURISM = INDUSTRIES[1]
_ON = pl.col("selected_on")
_TIERS = (
    (Named.DESIGN_SMALL_INVESTMENT, Named.DESIGN_SMALL_SHARE, Named.DESIGN_SMALL_CAP),
    (Named.DESIGN_MEDIUM_INVESTMENT, Named.DESIGN_MEDIUM_SHARE, Named.DESIGN_MEDIUM_CAP),
    (Named.DESIGN_LARGE_INVESTMENT, Named.DESIGN_LARGE_SHARE, Named.DESIGN_LARGE_CAP),
)
"""From the smallest: from which total investment, which share of the fee, at most how much."""


def design_fees(claims: pl.DataFrame, policy: Policy) -> Stated:
    """The claims under the article; they arise on the day of full production."""
    total = pl.col("total_investment_10k_yuan")
    least = policy.number(Named.DESIGN_SMALL_INVESTMENT, _ON)
    conditions = (
        Condition(IS_KNOWN & (pl.col("industry") != _TOURISM), f"产业类别不是{_TOURISM}"),
        NOT_IN_PRODUCTION,
        Condition(
            total < least,
            pl.format("总投资 {} 万元，不足 {} 万元", wording.plain(total), wording.plain(least)),
        ),
    )
    share, cap = _by_size(policy)
    rows = multiplied(
        claims.filter(pl.col("article") == ARTICLE_17).with_columns(arises_on=pl.col("in_production_on")),
        base=pl.col("design_fee"),
        rate=share,
        title="前期规划设计费",
        cap=cap,
    )
    return stated_claims(judged(rows, policy, conditions, ONCE_PER_PROJECT), ("design_fee",))


def _by_size(policy: Policy) -> tuple[pl.Expr, pl.Expr]:
    """Share and limit of the largest tier that the total investment reaches; null below the smallest."""
    share, cap = pl.lit(None, dtype=RATE), pl.lit(None, dtype=RATE)
    for least, tier_share, tier_cap in _TIERS:
        is_reached = policy.number(least, _ON) <= pl.col("total_investment_10k_yuan")
        share = pl.when(is_reached).then(policy.number(tier_share, _ON)).otherwise(share)
        cap = pl.when(is_reached).then(policy.number(tier_cap, _ON)).otherwise(cap)
    return share, cap
