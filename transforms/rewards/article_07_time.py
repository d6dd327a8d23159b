"""奖励办法 第七条: from landing to full production within the years allowed."""

from __future__ import annotations

import polars as pl

from schemas.investment import Projects
from schemas.reward_policy import RewardParameter as Named
from transforms.policy import Policy
from transforms.rewards.entries import Wait

_MONTHS_PER_YEAR = 12
_CLAUSE = "奖励办法 第七条"
IS_IN_TIME = pl.col("in_production_on") <= pl.col("deadline_on")
"""Null where a day is missing."""


def with_deadline(projects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Adds `deadline_on`, the last day in time: calendar years after landing, that day included.

    A landing on 29 February ends on the last day of February (民法典 第二百零二条).
    """
    on = pl.col("selected_on")
    is_large = pl.col("fixed_investment_10k_yuan") >= policy.number(Named.LARGE_PROJECT_INVESTMENT, on)
    years = (
        pl.when(is_large)
        .then(policy.number(Named.LARGE_PROJECT_YEARS_TO_PRODUCTION, on))
        .otherwise(policy.number(Named.YEARS_TO_PRODUCTION, on))
    )
    months = (years * _MONTHS_PER_YEAR).cast(pl.Int64)
    return projects.with_columns(deadline_on=pl.col("landed_on").dt.offset_by(pl.format("{}mo", months)))


def time_waits() -> tuple[Wait, ...]:
    """A landing day that is missing, or production after the deadline, which the text bars 原则上 only."""
    is_in_production = pl.col("in_production_on").is_not_null()
    late = pl.format("达产日期 {} 晚于期限 {}", "in_production_on", "deadline_on")
    return (
        Wait(
            "landed_on_missing",
            _CLAUSE,
            is_in_production & pl.col("landed_on").is_null(),
            "缺落地日期，不能判断是否按期达产",
            "缺「落地日期」，不能判断是否按期达产，请发展和改革委员会在「投资项目」补填",
            Projects,
            "project_source",
        ),
        Wait(
            "late_production",
            _CLAUSE,
            ~IS_IN_TIME,
            pl.concat_str(late, pl.lit("，原则上不予奖励，报请决定")),
            pl.concat_str(late, pl.lit("，是否仍予奖励由联合考核组报请决定")),
            Projects,
            "project_source",
        ),
    )
