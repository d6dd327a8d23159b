"""What is owed for rewards and incentives that were granted, and the one payee of each."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import Outcome
from schemas.payout import Programme
from transforms.payout.frames import DUES, PAYEES, WHOLE_SHARE
from transforms.payout.natural_order import natural_key
from transforms.payout.obligations import obligation_key

REWARD, INCENTIVE = Programme.INTRODUCTION_REWARD.value, Programme.INVESTMENT_INCENTIVE.value


def reward_key() -> pl.Expr:
    """招商引资奖励/introducer/project/year/item, with nothing in the place of what a row does not have."""
    year = pl.col("year").cast(pl.String)
    return obligation_key(REWARD, pl.col("introducer_id"), pl.col("project_id"), year, pl.col("item"))


def claim_key() -> pl.Expr:
    """优惠政策奖补/claim."""
    return obligation_key(INCENTIVE, pl.col("claim_id"))


def reward_dues(rewards: pl.DataFrame, outcome: Outcome = Outcome.GRANTED) -> pl.DataFrame:
    """The rows of `investment.rewards` of an outcome other than zero, as `frames.DUES`, by introducer."""
    return _dues(_of(rewards, outcome), REWARD, "introducer_id", reward_key(), pl.col("item_name"))


def incentive_dues(incentives: pl.DataFrame, outcome: Outcome = Outcome.GRANTED) -> pl.DataFrame:
    """The rows of `investment.incentives` of an outcome other than zero, as `frames.DUES`, by claim."""
    return _dues(
        _of(incentives, outcome), INCENTIVE, "claim_id", claim_key(), pl.format("优惠政策{}奖补", "article")
    )


def introducer_payees(introducers: pl.DataFrame) -> pl.DataFrame:
    """The payee of each record of 引资人, as `frames.PAYEES`; an account that is missing stays null."""
    return _payees(introducers, REWARD, "introducer_id", "introducer_name")


def claim_payees(claims: pl.DataFrame) -> pl.DataFrame:
    """The payee of each record of 优惠政策申报, as `frames.PAYEES`; an account that is missing stays null."""
    return _payees(claims, INCENTIVE, "claim_id", "claimant_name")


def _of(results: pl.DataFrame, outcome: Outcome) -> pl.DataFrame:
    return results.filter((pl.col("outcome") == outcome.value) & (pl.col("amount").fill_null(0) != 0))


def _dues(
    results: pl.DataFrame, programme: str, party: str, key: pl.Expr, item_name: pl.Expr
) -> pl.DataFrame:
    return (
        results.with_columns(
            programme=pl.lit(programme),
            party_id=pl.col(party),
            obligation_key=key,
            building_id=None,
            item_name=item_name,
            period=pl.col("year").cast(pl.String),
        )
        .sort(natural_key(pl.col("party_id")), natural_key(pl.col("obligation_key")))
        .select(list(DUES))
        .cast(DUES)
    )


def _payees(records: pl.DataFrame, programme: str, party: str, name: str) -> pl.DataFrame:
    return (
        records.with_columns(
            programme=pl.lit(programme),
            party_id=pl.col(party),
            party_name=pl.col(name),
            payee_id=pl.col(party),
            payee_name=pl.col(name),
            share=pl.lit(WHOLE_SHARE),
            is_frozen=pl.lit(value=False),
            party_hold=None,
        )
        .select(list(PAYEES))
        .cast(PAYEES)
        .sort(natural_key(pl.col("party_id")))
    )
