"""Clause 十三 and the bonus: the projects that an envoy introduced, and those landed that count."""

from __future__ import annotations

import polars as pl

from schemas.envoy_policy import EnvoyParameter as Named
from transforms import wording
from transforms.envoys.periods import Span
from transforms.envoys.postings import OUTSIDE_POSTING, is_outside_posting, posted

ENVOY_KIND, VERIFIED = "招商大使", "已核实"
NOT_VERIFIED, IN_VIOLATION = "未核实", "有违法违规行为"


def projects_of_envoys(projects: pl.DataFrame, introducers: pl.DataFrame) -> pl.DataFrame:
    """The projects introduced by an envoy, with its `envoy_id`."""
    envoys = introducers.filter((pl.col("introducer_kind") == ENVOY_KIND) & pl.col("envoy_id").is_not_null())
    return projects.join(envoys.select("introducer_id", "envoy_id"), on="introducer_id")


def judged_landings(projects: pl.DataFrame, postings: pl.DataFrame, span: Span) -> pl.LazyFrame:
    """One row per project and `period` that it landed in: `excluded` says why it does not count, or null."""
    least = pl.col(Named.LANDED_PROJECT_INVESTMENT)
    too_small = pl.concat_str(pl.lit("固定资产投资不足 "), wording.plain(least), pl.lit(" 万元"))
    terms = span.periods.lazy().select("period", "starts_on", "ends_on", Named.LANDED_PROJECT_INVESTMENT)
    return (
        posted(projects.lazy(), postings)
        .join(terms, how="cross")
        .filter(pl.col("landed_on").is_between(pl.col("starts_on"), pl.col("ends_on")))
        .with_columns(
            excluded=pl.when(is_outside_posting(pl.col("landed_on")))
            .then(pl.lit(OUTSIDE_POSTING))
            .when((pl.col("fixed_investment_10k_yuan") < least).fill_null(value=True))
            .then(too_small)
            .when(pl.col("verification").ne_missing(VERIFIED))
            .then(pl.lit(NOT_VERIFIED))
            .when(pl.col("has_violation").fill_null(value=True))
            .then(pl.lit(IN_VIOLATION))
        )
    )


def landed(judged: pl.LazyFrame) -> pl.DataFrame:
    """One row per `envoy` and `period` with a project that counts: how many, `landed`."""
    return (
        judged.filter(pl.col("excluded").is_null())
        .group_by("envoy", "period")
        .agg(landed=pl.len().cast(pl.Int64))
        .collect()
    )
