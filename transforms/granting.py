"""What is granted of rewards and incentives: the rules of both, brought together and compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.investment.columns import CLAIM_ARTICLES
from schemas.investment_payments import REWARD_TITLES, Incentives, Outcome, RewardItem, Rewards
from schemas.investment_scores import InvestmentQuestions
from transforms.frames import stacked
from transforms.granting_checks import check_granting
from transforms.incentives.article_09_10_income_tax import income_tax
from transforms.incentives.article_12_agency import agency_rewards
from transforms.incentives.article_13_decision_maker import decision_makers
from transforms.incentives.article_15_jobs import local_jobs
from transforms.incentives.article_17_design import design_fees
from transforms.incentives.article_22_case_by_case import large_projects
from transforms.incentives.claims import build_claims
from transforms.incentives.fair_competition import reviewed
from transforms.investment import has_investment
from transforms.payout.natural_order import natural_key
from transforms.policy import Policy
from transforms.rewards.article_01_units import unit_rewards
from transforms.rewards.article_02_introducers import introducer_rewards, introducers_to_arrive
from transforms.rewards.article_03_listing import listing_rewards
from transforms.rewards.article_06_highest import give_way
from transforms.rewards.article_07_time import with_deadline
from transforms.rewards.entries import Stated, joined, joined_texts
from transforms.rewards.projects import build_projects
from transforms.rewards.referred import envoy_rewards, further_rewards

__all__ = ["Granting", "check_granting", "grant"]

_ORDER_OF_EQUALS = (
    RewardItem.INTRODUCER_REWARD.value,
    RewardItem.AGENCY_REWARD.value,
    RewardItem.LISTING_REWARD.value,
    *CLAIM_ARTICLES,
)
_MOST_SOURCES = 20


@dataclass(frozen=True)
class Granting:
    """The tables `investment.rewards` and `investment.incentives`, and the questions that arose."""

    rewards: pl.DataFrame
    incentives: pl.DataFrame
    questions: pl.DataFrame


def grant(
    records: Mapping[str, pl.DataFrame], rewards: Policy, incentives: Policy, officers: Policy, as_of: date
) -> Granting:
    """What becomes of every reward and every claim as of a day.

    `records` are the current records by table name, of which the projects, introducers and claims are read.
    """
    if not has_investment(records):
        return Granting(Rewards.empty(), Incentives.empty(), InvestmentQuestions.empty())
    projects = with_deadline(build_projects(records, as_of), rewards)
    claims = build_claims(records, projects, incentives, as_of)
    claimed = joined(
        [
            income_tax(claims, incentives, as_of),
            agency_rewards(claims, incentives, as_of),
            decision_makers(claims, incentives),
            local_jobs(claims, incentives, as_of),
            design_fees(claims, incentives),
        ]
    )
    stated = joined(
        [
            unit_rewards(projects, rewards),
            introducer_rewards(projects, rewards),
            listing_rewards(projects, rewards),
            further_rewards(projects, officers),
            envoy_rewards(projects, rewards),
            reviewed(claimed, incentives),
        ]
    )
    decided = _decided(stated, rewards)
    asked = stacked(
        [stated.waits, introducers_to_arrive(projects, rewards), large_projects(projects, incentives)]
    )
    return Granting(
        rewards=_rewards(decided), incentives=_incentives(decided), questions=_questions(asked, decided)
    )


def _decided(stated: Stated, policy: Policy) -> pl.DataFrame:
    """The entries with `outcome`, `granted` and `reason`: first each by itself, then against each other."""
    waits = stated.waits.group_by("entry_id", maintain_order=True).agg(
        waiting=pl.col("reason").unique(maintain_order=True).str.join("；")
    )
    outcome = (
        pl.when(pl.col("failing").is_not_null())
        .then(pl.lit(Outcome.FAILS.value))
        .when(pl.col("pointer").is_not_null())
        .then(pl.lit(Outcome.IN_REWARDS.value))
        .when(pl.col("waiting").is_not_null())
        .then(pl.lit(Outcome.HELD.value))
        .when(pl.col("decision").is_not_null())
        .then(pl.lit(Outcome.FOR_DECISION.value))
        .otherwise(pl.lit(Outcome.GRANTED.value))
    )
    alone = (
        stated.entries.join(waits, on="entry_id", how="left", maintain_order="left")
        .with_columns(
            outcome=outcome,
            reason=pl.coalesce("failing", "pointer", "waiting", "decision", "merit"),
            item_name=pl.col("item").replace_strict(REWARD_TITLES, default=None, return_dtype=pl.String),
        )
        .sort(_place_among_equals(), "claim_id", "entry_id", nulls_last=True)
    )
    compared = alone.join(give_way(alone, policy), on="entry_id", how="left", maintain_order="left")
    gives_way = pl.col("lower_outcome") == Outcome.GIVES_WAY
    is_held_too = pl.col("lower_outcome") == Outcome.HELD
    return compared.with_columns(
        outcome=pl.coalesce("lower_outcome", "outcome"),
        reason=pl.when(gives_way)
        .then("lower_reason")
        .when(is_held_too)
        .then(joined_texts(pl.col("waiting"), pl.col("lower_reason"), separator="；"))
        .otherwise("reason"),
        reading=joined_texts(pl.col("reading"), pl.col("highest_reading"), separator=" "),
    ).with_columns(granted=pl.col("outcome") == Outcome.GRANTED)


def _place_among_equals() -> pl.Expr:
    """Which of two equal amounts is taken for the higher: rewards in their order, then claims by article."""
    places = {name: place for place, name in enumerate(_ORDER_OF_EQUALS)}
    return pl.col("competes_as").replace_strict(places, default=len(places), return_dtype=pl.Int64)


def _rewards(decided: pl.DataFrame) -> pl.DataFrame:
    rows = decided.filter(pl.col("item").is_not_null()).sort(
        natural_key(pl.col("introducer_id")), natural_key(pl.col("project_id")), "year", "item"
    )
    return Rewards.conform(rows.select(pl.col(n).cast(d) for n, d in Rewards.frame_schema().items()))


def _incentives(decided: pl.DataFrame) -> pl.DataFrame:
    rows = decided.filter(pl.col("item").is_null()).sort(natural_key(pl.col("claim_id")))
    return Incentives.conform(rows.select(pl.col(n).cast(d) for n, d in Incentives.frame_schema().items()))


def _questions(waits: pl.DataFrame, decided: pl.DataFrame) -> pl.DataFrame:
    """A row per record and thing asked of it that keeps something waiting.

    Of rewards that compete only the highest counts as waiting.
    """
    key = ["sheet", "subject_id", "code"]
    held = decided.filter(pl.col("outcome") == Outcome.HELD).select(
        "entry_id", "project_id", "recipient", "competes_as", "amount"
    )
    is_open = pl.col("entry_id").is_null() | pl.col("entry_id").is_in(held["entry_id"].implode())
    asked = waits.filter(is_open, pl.col("message").is_not_null()).join(
        held, on="entry_id", how="left", maintain_order="left"
    )
    amounts = (
        asked.with_columns(
            held=pl.coalesce("amount", "amount_without_entry").cast(pl.Decimal(38, 2)),
            rival=pl.when(pl.col("competes_as").is_null()).then("entry_id"),
        )
        .group_by(*key, "project_id", "recipient", "rival", "competes_as")
        .agg(pl.col("held").sum())
        .group_by(*key, "project_id", "recipient", "rival")
        .agg(pl.col("held").max())
        .group_by(key)
        .agg(waiting_amount=pl.col("held").sum())
    )
    named = pl.col("sources").str.split(" ").explode().unique(maintain_order=True)
    questions = (
        asked.group_by(key, maintain_order=True)
        .agg(
            pl.col("clause", "message").first(),
            record_count=named.len(),
            sources=named.head(_MOST_SOURCES).str.join(" "),
        )
        .join(amounts, on=key, how="left", maintain_order="left")
        .sort("sheet", natural_key(pl.col("subject_id")), "code")
    )
    schema = InvestmentQuestions.frame_schema()
    return InvestmentQuestions.conform(questions.select(pl.col(n).cast(d) for n, d in schema.items()))
