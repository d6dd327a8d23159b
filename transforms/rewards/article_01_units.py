"""奖励办法 第一条: units are rewarded for what they introduce beyond their target, per year of production."""

from __future__ import annotations

import polars as pl

from schemas.investment import Introducers, Projects
from schemas.investment_payments import RewardItem
from schemas.reward_policy import RewardParameter as Named
from transforms import wording
from transforms.policy import Policy
from transforms.rewards.amounts import in_yuan, multiplied
from transforms.rewards.article_07_time import IS_IN_TIME, time_waits
from transforms.rewards.entries import Condition, Stated, Wait, failing, joined, stated
from transforms.rewards.projects import (
    NOT_IN_PRODUCTION,
    PUBLIC_OFFICIAL,
    UNIT,
    UNVERIFIED,
    VIOLATION,
    before_policy,
    too_large,
)

_CLAUSE = "奖励办法 第一条"
_UNIT_AND_YEAR = ["introducer_id", "year"]
_WIDE = pl.Decimal(38, 2)
_TARGET = in_yuan(pl.col("investment_target_10k_yuan")).cast(_WIDE)


def unit_rewards(projects: pl.DataFrame, policy: Policy) -> Stated:
    """A row per unit and year of production over its qualifying projects, and one per project that is none.

    A project that is late, or whose landing day is missing, is held with what it would add to its year.
    """
    rows = projects.filter(pl.col("introducer_kind") == UNIT).with_columns(
        item=pl.lit(RewardItem.UNIT_REWARD.value),
        clause=pl.lit(_CLAUSE),
        year=pl.col("in_production_on").dt.year().cast(pl.Int64),
        arises_on=pl.col("in_production_on"),
        policy_version=policy.version(pl.col("selected_on")),
        failing=failing(
            UNVERIFIED,
            VIOLATION,
            NOT_IN_PRODUCTION,
            PUBLIC_OFFICIAL,
            before_policy(policy, Named.UNIT_RATE, "办法"),
        ),
    )
    is_in_time = IS_IN_TIME.fill_null(value=False)
    sound = rows.filter(pl.col("failing").is_null())
    years = _years(sound.filter(is_in_time))
    return joined(
        [
            _rewards_of_years(years, policy),
            _projects_on_hold(sound.filter(~is_in_time), years, policy),
            stated(rows.filter(pl.col("failing").is_not_null())),
        ]
    )


def _years(qualifying: pl.DataFrame) -> pl.DataFrame:
    """Per unit and year the projects that count, `counted` in 元; the latest production selects the rate."""
    return (
        qualifying.sort("introducer_id", "year", "project_id")
        .group_by(_UNIT_AND_YEAR, maintain_order=True)
        .agg(
            pl.col("introducer_name", "recipient", "item", "clause", "introducer_source").first(),
            pl.col("investment_target_10k_yuan", "is_public_official").first(),
            pl.col("selected_on", "arises_on", "policy_version").max(),
            counted=pl.col("fixed_yuan").cast(_WIDE).sum(),
            projects=pl.len(),
            sources=pl.col("project_source").str.join(" "),
        )
        .with_columns(
            sources=pl.format("{} {}", "sources", "introducer_source"),
            excess=pl.max_horizontal(pl.col("counted") - _TARGET, _no_money()),
        )
    )


def _rewards_of_years(years: pl.DataFrame, policy: Policy) -> Stated:
    counted, target = wording.money(pl.col("counted")), wording.money(_TARGET)
    is_known = pl.col("investment_target_10k_yuan").is_not_null()
    not_above = Condition(
        pl.col("counted") <= _TARGET,
        pl.format("当年达产项目固定资产投资合计 {}，没有超过招商目标 {}", counted, target),
    )
    rows = multiplied(
        years,
        base=pl.when(is_known).then("excess"),
        rate=policy.number(Named.UNIT_RATE, pl.col("selected_on")),
        title=pl.format("{} 个项目合计 {}，招商目标 {}，超出部分", "projects", counted, target),
    ).with_columns(
        failing=failing(not_above),
        merit=pl.lit("达产项目已核实、按期，固定资产投资合计超过招商目标"),
    )
    return stated(rows, too_large(Introducers, "sources"), _target_missing("sources"))


def _projects_on_hold(held: pl.DataFrame, years: pl.DataFrame, policy: Policy) -> Stated:
    """What each project alone would add to its year's reward: never more than it is itself."""
    counted = years.select(*_UNIT_AND_YEAR, "counted", "excess")
    together = held.join(counted, on=_UNIT_AND_YEAR, how="left").with_columns(
        pl.col("counted", "excess").fill_null(_no_money())
    )
    with_it = pl.max_horizontal(pl.col("counted") + pl.col("fixed_yuan").cast(_WIDE) - _TARGET, _no_money())
    is_known = pl.col("investment_target_10k_yuan").is_not_null()
    rows = multiplied(
        together,
        base=pl.when(is_known).then(with_it - pl.col("excess")),
        rate=policy.number(Named.UNIT_RATE, pl.col("selected_on")),
        title="另计该项目后超出部分增加",
    )
    waits = (*time_waits(), too_large(Projects, "project_source"), _target_missing("introducer_source"))
    return stated(rows, *waits)


def _target_missing(sources: str) -> Wait:
    text = "单位缺「招商目标」，不能计算超出部分，请发展和改革委员会在「引资人」补填"
    is_missing = pl.col("investment_target_10k_yuan").is_null()
    return Wait("target_missing", _CLAUSE, is_missing, text, text, Introducers, sources)


def _no_money() -> pl.Expr:
    return pl.lit(0, dtype=_WIDE)
