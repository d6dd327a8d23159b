"""优惠政策 第十二条: an agency is rewarded for a project in production on schedule.

The reward stands among the rewards and is paid to the introducer; the claim's row only points to it.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from schemas.investment import IncentiveClaims, Projects
from schemas.investment_payments import RewardItem
from transforms.incentives.claims import (
    ARTICLE_12,
    IS_KNOWN,
    ONCE_PER_PROJECT,
    facts_missing,
    once,
    project_unknown,
)
from transforms.policy import Policy
from transforms.rewards.amounts import multiplied
from transforms.rewards.article_07_time import time_waits
from transforms.rewards.entries import Condition, Stated, Wait, failing, joined, joined_texts, stated
from transforms.rewards.projects import (
    AGENCY,
    NOT_IN_PRODUCTION,
    PUBLIC_OFFICIAL,
    UNVERIFIED,
    VIOLATION,
    before_policy,
    below,
    too_large,
)

_CLAUSE = "优惠政策 第十二条"
_ITEM = RewardItem.AGENCY_REWARD.value
_HAS_UNKNOWN_INTRODUCER = (
    IS_KNOWN & pl.col("introducer_id").is_not_null() & pl.col("introducer_kind").is_null()
)


_IS_AGENCY = pl.col("introducer_kind") == AGENCY


def agency_rewards(claims: pl.DataFrame, policy: Policy, as_of: date) -> Stated:
    """The claims under the article, and an `agency_reward` for each that says 按期投产.

    A claim that does not say whether it was on schedule is held, and competes as the reward would.
    """
    on = pl.col("selected_on")
    priced = multiplied(
        claims.filter(pl.col("article") == ARTICLE_12).with_columns(
            selected_on=pl.coalesce("in_production_on", pl.lit(as_of)),
            arises_on=pl.col("in_production_on"),
            recipient=pl.coalesce("introducer_recipient", "recipient"),
            competes_as=pl.lit(_ITEM),
            clause=pl.lit(_CLAUSE),
        ),
        base=pl.col("total_yuan"),
        rate=policy.number(Named.AGENCY_RATE, on),
        title="总投资",
        cap=policy.number(Named.AGENCY_CAP, on),
    ).with_columns(policy_version=policy.version(on))
    rows = _with_pointer(priced)
    return joined([_claims(rows), _rewards(rows.filter(pl.col("pointer").is_not_null()), policy)])


def _with_pointer(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `failing` and, where the claim leads to a reward, `pointer`; the rows are in order."""
    not_agency = IS_KNOWN & (
        pl.col("introducer_id").is_null() | (pl.col("introducer_kind").is_not_null() & ~_IS_AGENCY)
    )
    own = failing(
        Condition(~pl.col("on_schedule"), "没有按期投产达效"),
        Condition(not_agency, "项目的引资人不是第三方机构"),
    )
    is_on_schedule = (pl.col("on_schedule") & _IS_AGENCY).fill_null(value=False)
    pointer = pl.format("列入奖励表，付给引资人 {}", "introducer_id")
    return once(rows.with_columns(failing=own), ONCE_PER_PROJECT).with_columns(
        pointer=pl.when(pl.col("failing").is_null() & is_on_schedule).then(pointer)
    )


def _claims(rows: pl.DataFrame) -> Stated:
    is_computed = pl.col("pointer").is_null()
    amounts = ("base", "rate", "amount", "basis")
    shown = rows.with_columns(pl.when(is_computed).then(pl.col(name)).alias(name) for name in amounts)
    introducer_unknown = Wait(
        "introducer_unknown",
        _CLAUSE,
        _HAS_UNKNOWN_INTRODUCER,
        "项目的引资人不在「引资人」中，不能判断是不是第三方机构",
        None,
        IncentiveClaims,
        "claim_source",
    )
    return stated(
        shown,
        project_unknown(),
        introducer_unknown,
        facts_missing(("on_schedule",)),
        too_large(IncentiveClaims, "claim_source"),
    )


def _rewards(rows: pl.DataFrame, policy: Policy) -> Stated:
    rewards = rows.with_columns(
        pointer=pl.lit(None, dtype=pl.String),
        year=pl.lit(None, dtype=pl.Int64),
        item=pl.lit(_ITEM),
        failing=failing(
            UNVERIFIED,
            VIOLATION,
            NOT_IN_PRODUCTION,
            before_policy(policy, Named.AGENCY_RATE, "政策"),
            below(policy, Named.LEAST_FIXED_INVESTMENT),
            PUBLIC_OFFICIAL,
        ),
        merit=pl.lit("第三方招商代理机构引进的项目已核实、按期投产达效"),
        sources=joined_texts(pl.col("sources"), pl.col("introducer_source"), separator=" "),
    )
    return stated(rewards, *time_waits(), too_large(Projects, "project_source"))
