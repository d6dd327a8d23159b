"""公平竞争审查条例 第十条: from its day on a selective incentive waits for the number of its review."""

from __future__ import annotations

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from schemas.investment import IncentiveClaims
from schemas.investment.columns import CLAIM_ARTICLES
from transforms.frames import stacked
from transforms.policy import Policy
from transforms.rewards.entries import Stated, Wait, joined_texts, waiting

_CLAUSE = "公平竞争审查条例 第十条"


def reviewed(claimed: Stated, policy: Policy) -> Stated:
    """The entries of the incentives, with the wait for a review or, in `merit`, the number that releases.

    The reviewed articles are those of 优惠政策; the reward of article 十二 is among them.
    """
    on = pl.col("arises_on")
    is_selective = (on >= policy.day(Named.FAIR_COMPETITION_REVIEW_FROM, on)) & pl.col("pointer").is_null()
    review = pl.coalesce(
        pl.when(pl.col("article") == article).then(policy.review(article, on)) for article in CLAIM_ARTICLES
    )
    entries = claimed.entries.with_columns(
        is_selective=is_selective.fill_null(value=False), review_number=review
    )
    released = pl.when("is_selective").then(pl.format("公平竞争审查文号 {}", "review_number"))
    wait = Wait(
        "fair_competition_review",
        _CLAUSE,
        pl.col("is_selective") & pl.col("review_number").is_null(),
        "产生于公平竞争审查条例施行之后，待公平竞争审查",
        pl.format(
            "{}的奖补产生于 {}，须先经公平竞争审查；通过后把审查文号写入政策文件的 reviews", "article", on
        ),
        IncentiveClaims,
        "sources",
    )
    return Stated(
        entries.with_columns(merit=joined_texts(pl.col("merit"), released, separator="；")).drop(
            "is_selective", "review_number"
        ),
        stacked([claimed.waits, waiting(entries, wait)]),
    )
