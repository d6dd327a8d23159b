"""奖励办法 第二条: who introduces a project of the least size is rewarded once it is in full production."""

from __future__ import annotations

import polars as pl

from schemas.investment import Projects
from schemas.investment_payments import RewardItem
from schemas.reward_policy import RewardParameter as Named
from transforms.policy import Policy
from transforms.rewards.amounts import multiplied
from transforms.rewards.article_07_time import time_waits
from transforms.rewards.entries import Condition, Stated, Wait, failing, stated, waiting
from transforms.rewards.projects import (
    AGENCY,
    LEGAL_PERSON,
    NATURAL_PERSON,
    NOT_IN_PRODUCTION,
    OFFICER,
    PUBLIC_OFFICIAL,
    UNVERIFIED,
    VIOLATION,
    before_policy,
    below,
    too_large,
)

_CLAUSE = "奖励办法 第二条"
_KINDS = (NATURAL_PERSON, LEGAL_PERSON, AGENCY, OFFICER)
_ON = pl.col("selected_on")


def introducer_rewards(projects: pl.DataFrame, policy: Policy) -> Stated:
    """A row per project of an introducer who is rewarded by the project, once per project."""
    item = RewardItem.INTRODUCER_REWARD.value
    is_officer = pl.col("introducer_kind") == OFFICER
    rows = _priced(projects.filter(pl.col("introducer_kind").is_in(_KINDS)), policy).with_columns(
        item=pl.lit(item),
        competes_as=pl.lit(item),
        clause=pl.when(is_officer)
        .then(pl.lit(f"{_CLAUSE}；推介官办法 第四条（四）"))
        .otherwise(pl.lit(_CLAUSE)),
        arises_on=pl.col("in_production_on"),
        policy_version=policy.version(_ON),
        failing=failing(*_conditions(policy), PUBLIC_OFFICIAL),
        merit=pl.lit("项目已核实、按期达产，固定资产投资达到标准"),
    )
    return stated(rows, *time_waits(), too_large(Projects, "project_source"))


def introducers_to_arrive(projects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Waits of the projects whose introducer's row is not there, with what article 二 would give it."""
    missing = projects.filter(
        pl.col("introducer_id").is_not_null() & pl.col("introducer_kind").is_null()
    ).with_columns(entry_id=pl.lit(None, dtype=pl.String))
    wait = Wait(
        "introducer_unknown",
        _CLAUSE,
        pl.lit(value=True),
        "",
        pl.format("引资人 {} 不在「引资人」中，请发展和改革委员会补报该引资人或改正编号", "introducer_id"),
        Projects,
        "project_source",
    )
    would_be = pl.when(failing(*_conditions(policy)).is_null()).then("amount")
    return waiting(_priced(missing, policy), wait, would_be)


def _priced(projects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    rate = policy.number(Named.INTRODUCER_RATE, _ON)
    return multiplied(projects, base=pl.col("fixed_yuan"), rate=rate, title="固定资产投资")


def _conditions(policy: Policy) -> tuple[Condition, ...]:
    return (
        UNVERIFIED,
        VIOLATION,
        NOT_IN_PRODUCTION,
        before_policy(policy, Named.INTRODUCER_RATE, "办法"),
        below(policy, Named.LEAST_REWARDED_INVESTMENT),
    )
