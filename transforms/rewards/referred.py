"""What other documents refer to the reward measures: listed for decision, never computed."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import RewardItem
from schemas.officer_policy import OfficerParameter
from schemas.reward_policy import RewardParameter
from transforms.policy import Policy
from transforms.rewards.entries import Stated, failing, stated
from transforms.rewards.projects import (
    ENVOY,
    NOT_IN_PRODUCTION,
    OFFICER,
    PUBLIC_OFFICIAL,
    UNVERIFIED,
    VIOLATION,
    before_policy,
)

_ON = pl.col("selected_on")


def further_rewards(projects: pl.DataFrame, officers: Policy) -> Stated:
    """推介官办法 第四条（四）: an officer's large project, beside its introducer's reward."""
    least = officers.number(OfficerParameter.FURTHER_REWARD_INVESTMENT, _ON)
    rows = _listed(projects, OFFICER, least).with_columns(
        item=pl.lit(RewardItem.FURTHER_REWARD.value),
        clause=pl.lit("推介官办法 第四条（四）"),
        policy_version=officers.version(_ON),
        failing=failing(UNVERIFIED, VIOLATION, NOT_IN_PRODUCTION, PUBLIC_OFFICIAL),
        decision=pl.lit("推介官引进的项目达到另予奖励的规模，是否另予奖励、奖励多少报请决定"),
    )
    return stated(rows)


def envoy_rewards(projects: pl.DataFrame, rewards: Policy) -> Stated:
    """考评办法 第二十条: an envoy is rewarded by reference to the measures. Envoys are public officials."""
    least = rewards.number(RewardParameter.LEAST_REWARDED_INVESTMENT, _ON)
    rows = _listed(projects, ENVOY, least).with_columns(
        item=pl.lit(RewardItem.ENVOY_REWARD.value),
        clause=pl.lit("考评办法 第二十条"),
        policy_version=rewards.version(_ON),
        failing=failing(
            UNVERIFIED,
            VIOLATION,
            NOT_IN_PRODUCTION,
            before_policy(rewards, RewardParameter.LEAST_REWARDED_INVESTMENT, "办法"),
        ),
        decision=pl.lit("招商大使引进的项目，是否参照奖励办法奖励、怎样奖励报请决定"),
    )
    return stated(rows)


def _listed(projects: pl.DataFrame, kind: str, least: pl.Expr) -> pl.DataFrame:
    is_large = pl.col("fixed_investment_10k_yuan") >= least
    return projects.filter((pl.col("introducer_kind") == kind) & is_large).with_columns(
        base=pl.col("fixed_yuan"), arises_on=pl.col("in_production_on")
    )
