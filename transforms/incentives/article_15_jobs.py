"""优惠政策 第十五条: a company that employs more local people than the limit is subsidised for each, once."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from transforms import wording
from transforms.incentives.claims import (
    ARTICLE_15,
    ONCE_PER_PROJECT,
    judged,
    stated_claims,
    year_not_ended,
)
from transforms.policy import Policy
from transforms.rewards.amounts import multiplied
from transforms.rewards.entries import Condition, Stated


def local_jobs(claims: pl.DataFrame, policy: Policy, as_of: date) -> Stated:
    """The claims under the article."""
    on, jobs = pl.col("selected_on"), pl.col("local_jobs")
    limit = policy.number(Named.LOCAL_JOBS_ABOVE, on)
    too_few = Condition(
        jobs <= limit, pl.format("本地就业 {} 人，没有超过 {} 人", jobs, wording.plain(limit))
    )
    rows = multiplied(
        claims.filter(pl.col("article") == ARTICLE_15),
        base=jobs,
        rate=policy.number(Named.LOCAL_JOB_SUBSIDY, on),
        title="吸纳本地就业",
        unit="人",
        rate_unit="元/人",
    )
    return stated_claims(
        judged(rows, policy, (too_few,), ONCE_PER_PROJECT), ("local_jobs",), year_not_ended(as_of)
    )
