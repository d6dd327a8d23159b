"""What must hold of a granting before it is published; each failure says which check and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from schemas.investment import IncentiveClaims, Introducers
from schemas.investment_payments import Outcome, RewardItem
from transforms.frames import stacked
from transforms.incentives.claims import ARTICLE_12
from transforms.money import to_cents
from transforms.receipts import recomputed
from transforms.rewards.projects import recipient_of
from transforms.shown_number import shown_number


class _Granted(Protocol):
    @property
    def rewards(self) -> pl.DataFrame: ...
    @property
    def incentives(self) -> pl.DataFrame: ...


def check_granting(granting: _Granted, records: Mapping[str, pl.DataFrame]) -> list[str]:
    """The failed checks, none when all is in order."""
    rewards, incentives = granting.rewards, granting.incentives
    return [
        *_arithmetic(rewards, "rewards", "introducer_id"),
        *_arithmetic(incentives, "incentives", "claim_id"),
        *_outcomes(rewards, "rewards", "introducer_id"),
        *_outcomes(incentives, "incentives", "claim_id"),
        *_no_official(rewards, records[Introducers.table]),
        *_each_claim_once(incentives, records[IncentiveClaims.table]),
        *_agencies(rewards, incentives),
        *_one_per_recipient(rewards, incentives, records),
    ]


def _failures(check: str, wrong: pl.DataFrame, name: str) -> list[str]:
    return (
        [f"check {check}: {wrong.height} rows, first: {shown_number(wrong[name][0])}"] if wrong.height else []
    )


def _arithmetic(rows: pl.DataFrame, table: str, name: str) -> list[str]:
    """Where there is an amount the printed text gives it, and without one there is no text."""
    worked = recomputed(rows["basis"])
    amounts = rows.select(amount=to_cents(pl.col("amount")))["amount"]
    wrong = rows.filter(
        ~(worked["result"].eq_missing(amounts) & worked["stated"].eq_missing(amounts))
        | (rows["amount"].is_null() != rows["basis"].is_null())
    )
    return _failures(f"arithmetic of {table}", wrong, name)


def _outcomes(rows: pl.DataFrame, table: str, name: str) -> list[str]:
    is_granted = pl.col("outcome") == Outcome.GRANTED
    no_amount = is_granted & (pl.col("amount").is_null() | (pl.col("amount") < 0))
    return [
        *_failures(f"granted in {table}", rows.filter(pl.col("granted") != is_granted), name),
        *_failures(f"amounts granted in {table}", rows.filter(no_amount), name),
    ]


def _no_official(rewards: pl.DataFrame, introducers: pl.DataFrame) -> list[str]:
    officials = introducers.filter(pl.col("is_public_official"))["introducer_id"]
    wrong = rewards.filter(pl.col("granted") & pl.col("introducer_id").is_in(officials.implode()))
    return _failures("public officials", wrong, "introducer_id")


def _each_claim_once(incentives: pl.DataFrame, claims: pl.DataFrame) -> list[str]:
    claimed, found = claims["claim_id"].sort(), incentives["claim_id"].sort()
    return [] if claimed.equals(found) else [f"check claims: {claimed.len()} claimed, {found.len()} listed"]


def _agencies(rewards: pl.DataFrame, incentives: pl.DataFrame) -> list[str]:
    """A claim of article 十二 that points to the rewards stands for exactly one row there."""
    is_pointer = pl.col("outcome") == Outcome.IN_REWARDS
    is_misplaced = (pl.col("article") != ARTICLE_12) | pl.col("amount").is_not_null()
    pointing = incentives.filter(is_pointer)["project_id"].sort()
    paid = rewards.filter(pl.col("item") == RewardItem.AGENCY_REWARD)["project_id"].sort()
    unequal = (
        [] if pointing.equals(paid) else [f"check agencies: {pointing.len()} claims, {paid.len()} rewards"]
    )
    is_paid_here = pl.col("granted") & (pl.col("article") == ARTICLE_12)
    wrong = incentives.filter((is_pointer & is_misplaced) | is_paid_here)
    return [*_failures("claims in rewards", wrong, "claim_id"), *unequal]


def _one_per_recipient(
    rewards: pl.DataFrame, incentives: pl.DataFrame, records: Mapping[str, pl.DataFrame]
) -> list[str]:
    """Per project and recipient at most one policy is granted, but for the rewards of units."""
    people = records[Introducers.table].select(
        "introducer_id", recipient=recipient_of("引资人", "introducer_id")
    )
    claimants = records[IncentiveClaims.table].select("claim_id", recipient=recipient_of("申报", "claim_id"))
    rewarded = rewards.filter("granted", pl.col("item") != RewardItem.UNIT_REWARD).join(
        people, on="introducer_id"
    )
    claimed = incentives.filter("granted").join(claimants, on="claim_id")
    granted = stacked(
        [
            rewarded.select("project_id", "recipient", policy="item"),
            claimed.select("project_id", "recipient", policy="article"),
        ]
    )
    doubled = granted.group_by("project_id", "recipient").agg(pl.col("policy").n_unique())
    return _failures("highest", doubled.filter(pl.col("policy") > 1), "project_id")
