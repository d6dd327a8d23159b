"""A claim with the project that it is for, and what every article asks of both: 优惠政策 第一条."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from schemas.investment import IncentiveClaims
from schemas.investment.columns import CLAIM_ARTICLES
from transforms.policy import Policy
from transforms.rewards.entries import Condition, Stated, Wait, failing, joined_texts, stated
from transforms.rewards.projects import (
    UNVERIFIED,
    VIOLATION,
    before_policy,
    below,
    known_by,
    recipient_of,
    source,
    too_large,
)

ARTICLE_9, ARTICLE_10, ARTICLE_12, ARTICLE_13, ARTICLE_15, ARTICLE_17 = CLAIM_ARTICLES
ONCE_PER_PROJECT = ["project_id"]
ONCE_PER_YEAR = ["project_id", "year"]
IS_KNOWN = pl.col("project_source").is_not_null()
"""Whether the claim's project has arrived."""

NOT_IN_PRODUCTION = Condition(
    IS_KNOWN & pl.col("in_production_on").is_null(), "项目尚未投产（「投资项目」没有达产日期）"
)
_PROJECT_FACTS = (
    "project_id",
    "project_source",
    "introducer_id",
    "introducer_name",
    "introducer_kind",
    "is_public_official",
    "introducer_source",
    "fixed_investment_10k_yuan",
    "total_investment_10k_yuan",
    "total_yuan",
    "industry",
    "is_key_supported",
    "landed_on",
    "in_production_on",
    "deadline_on",
    "verification",
    "has_violation",
)


def build_claims(
    records: Mapping[str, pl.DataFrame], projects: pl.DataFrame, policy: Policy, as_of: date
) -> pl.DataFrame:
    """One row per claim with its project's facts, by year and number, which is the order of 一次性.

    `selected_on`, the last day of 年度, selects the parameters, and is the day on which the claim arises
    unless its article says another.
    """
    claims = known_by(records[IncentiveClaims.table], ("operating_since",), as_of)
    last_day = pl.date(pl.col("year"), 12, 31)
    own_recipient = recipient_of("申报", "claim_id")
    return (
        claims.with_columns(
            claim_source=source(), recipient=own_recipient, selected_on=last_day, arises_on=last_day
        )
        .join(
            projects.rename({"recipient": "introducer_recipient"}).select(
                *_PROJECT_FACTS, "introducer_recipient"
            ),
            on="project_id",
            how="left",
        )
        .with_columns(
            sources=joined_texts(pl.col("claim_source"), pl.col("project_source"), separator=" "),
            competes_as=pl.col("article"),
            policy_version=policy.version(pl.col("selected_on")),
        )
        .sort("year", "claim_id")
    )


def judged(
    claims: pl.DataFrame, policy: Policy, conditions: tuple[Condition, ...], once_per: list[str]
) -> pl.DataFrame:
    """Adds `clause`, and `failing` by article 一, the article's own conditions, and once only."""
    return once(
        claims.with_columns(
            clause=pl.format("优惠政策 {}", "article"),
            failing=failing(
                before_policy(policy, Named.LEAST_FIXED_INVESTMENT, "政策"),
                _arisen_before(policy),
                UNVERIFIED,
                VIOLATION,
                below(policy, Named.LEAST_FIXED_INVESTMENT),
                *conditions,
            ),
        ),
        once_per,
    )


def stated_claims(claims: pl.DataFrame, needed: tuple[str, ...], *waits: Wait) -> Stated:
    """The claims as entries; one whose project has not arrived, or that lacks a needed field, waits."""
    amounts = ("base", "rate", "amount", "basis")
    fulfilled = claims.with_columns(merit=pl.lit("项目已核实，符合该条的条件"))
    known = fulfilled.with_columns(
        pl.when(IS_KNOWN).then(pl.col(name)).alias(name) for name in amounts if name in claims.columns
    )
    standing = (project_unknown(), facts_missing(needed), too_large(IncentiveClaims, "claim_source"))
    return stated(known, *standing, *waits)


def _arisen_before(policy: Policy) -> Condition:
    """In production before the policy, though claimed for a later year."""
    arises_on, selected_on = pl.col("arises_on"), pl.col("selected_on")
    is_old = (
        arises_on.is_not_null()
        & (arises_on < selected_on)
        & policy.number(Named.LEAST_FIXED_INVESTMENT, arises_on).is_null()
    )
    return Condition(is_old, pl.format("达产日期 {} 在政策施行前，不适用该政策", arises_on))


def project_unknown() -> Wait:
    """The claim's project is not in 投资项目."""
    return Wait(
        "project_unknown",
        "优惠政策 第一条",
        ~IS_KNOWN,
        "申报的项目不在「投资项目」中",
        pl.format("项目编号 {} 不在「投资项目」中，请发展和改革委员会补报该项目或改正编号", "project_id"),
        IncentiveClaims,
        "claim_source",
    )


def year_not_ended(as_of: date) -> Wait:
    """What is counted over the whole 年度 can't be counted before its last day."""
    when, text = pl.col("selected_on") > as_of, pl.format("{} 年度尚未结束，年度结束后再算", "year")
    return Wait("year_not_ended", "优惠政策", when, text, None, IncentiveClaims, "claim_source")


def facts_missing(needed: tuple[str, ...]) -> Wait:
    """Fields of the claim, of those that its article needs, that are empty."""
    headers = {name: IncentiveClaims.columns[name].header for name in needed}
    missing = joined_texts(
        *(pl.when(pl.col(name).is_null()).then(pl.lit(f"「{header}」")) for name, header in headers.items()),
        separator="、",
    )
    return Wait(
        "claim_fact_missing",
        "优惠政策",
        missing.is_not_null(),
        pl.format("申报缺{}", missing),
        pl.format("申报缺{}，请申报人提供，由发展和改革委员会在「优惠政策申报」补填", missing),
        IncentiveClaims,
        "claim_source",
    )


def once(claims: pl.DataFrame, once_per: list[str]) -> pl.DataFrame:
    """Adds to `failing`: of several claims that fail nothing else only the first one stands.

    The rows are in the order of year and number.
    """
    stands = pl.col("failing").is_null()
    first = pl.col("claim_id").filter(stands).first().over(once_per)
    again = pl.format("同一项目（九、十条为同一年度）只给予一次，已有申报 {}", first)
    return claims.with_columns(
        failing=pl.when(stands & (pl.col("claim_id") != first)).then(again).otherwise("failing")
    )
