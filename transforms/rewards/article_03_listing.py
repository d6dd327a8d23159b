"""奖励办法 第三条: a company that was introduced goes public; a person is rewarded, an official promoted."""

from __future__ import annotations

import polars as pl

from schemas.investment import Projects
from schemas.investment_payments import RewardItem
from schemas.reward_policy import RewardParameter as Named
from transforms.policy import Policy
from transforms.rewards.amounts import lump_sum
from transforms.rewards.entries import Stated, Wait, failing, stated
from transforms.rewards.projects import NATURAL_PERSON, VIOLATION, before_policy

_CLAUSE = "奖励办法 第三条"


def listing_rewards(projects: pl.DataFrame, policy: Policy) -> Stated:
    """A row per listed company whose first landed project a natural person introduced.

    Neither production nor its time nor the verification is asked for, only that none of the company's
    projects broke the law.
    """
    item = RewardItem.LISTING_REWARD.value
    first = _first_projects(projects).filter(pl.col("introducer_kind") == NATURAL_PERSON)
    is_official = pl.col("is_public_official").fill_null(value=False)
    rows = (
        lump_sum(first, policy.number(Named.LISTING_REWARD, pl.col("selected_on")))
        .with_columns(
            pl.when(~is_official).then(pl.col(name)).alias(name) for name in ("rate", "amount", "basis")
        )
        .with_columns(
            item=pl.lit(item),
            competes_as=pl.when(~is_official).then(pl.lit(item)),
            clause=pl.lit(_CLAUSE),
            policy_version=policy.version(pl.col("selected_on")),
            failing=failing(VIOLATION, before_policy(policy, Named.LISTING_REWARD, "办法")),
            decision=pl.when(is_official).then(
                pl.lit("引资人是公职人员，不发奖金，按职级报请推荐提拔或重用")
            ),
            merit=pl.lit("所引进的企业已上市，奖励该企业最先落地项目的引资人，含应缴纳的个人所得税"),
        )
    )
    return stated(rows, _landing_missing())


def _first_projects(projects: pl.DataFrame) -> pl.DataFrame:
    """Per listed company its first landed project; without any landing the first of a natural person."""
    is_listed = pl.col("listed_on").is_not_null().any().over("investor_code")
    is_nobody_to_ask = pl.col("landed_on").is_null() & (pl.col("introducer_kind") != NATURAL_PERSON)
    facts = ("project_id", "introducer_id", "introducer_name", "introducer_kind", "recipient", "landed_on")
    return (
        projects.filter(is_listed)
        .with_columns(order=is_nobody_to_ask.fill_null(value=True))
        .sort("investor_code", "landed_on", "order", "project_id", nulls_last=True)
        .group_by("investor_code", maintain_order=True)
        .agg(
            pl.col(*facts, "is_public_official", "introducer_source").first(),
            pl.col("project_source").first().alias("first_source"),
            pl.col("project_source").str.join(" "),
            pl.col("has_violation").any(),
            arises_on=pl.col("listed_on").min(),
        )
        .with_columns(
            selected_on=pl.col("arises_on"),
            sources=pl.concat_str("project_source", "introducer_source", separator=" ", ignore_nulls=True),
        )
    )


def _landing_missing() -> Wait:
    return Wait(
        "landed_on_missing",
        _CLAUSE,
        pl.col("landed_on").is_null(),
        "该企业的项目都缺落地日期，不能确定最先落地的项目及其引资人",
        "该企业的项目都缺「落地日期」，不能确定上市奖励给谁，请发展和改革委员会在「投资项目」补填",
        Projects,
        "first_source",
    )
