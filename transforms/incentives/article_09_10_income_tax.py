"""优惠政策 第九条、第十条: the local share of income tax is handed back, whole at first, then in part."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.incentive_policy import IncentiveParameter as Named
from schemas.incentive_policy import IncentiveReading
from schemas.investment import IncentiveClaims
from schemas.investment.columns import INDUSTRIES
from transforms import wording
from transforms.incentives.claims import (
    ARTICLE_9,
    ARTICLE_10,
    IS_KNOWN,
    ONCE_PER_YEAR,
    judged,
    stated_claims,
    year_not_ended,
)
from transforms.money import product
from transforms.policy import RATE, Policy
from transforms.rewards.amounts import multiplied
from transforms.rewards.entries import Condition, Stated, Wait, joined, undecided_on

_INFRASTRUCTURE = INDUSTRIES[4]
_ON = pl.col("selected_on")
_READING = IncentiveReading.LATER_YEARS.value


def income_tax(claims: pl.DataFrame, policy: Policy, as_of: date) -> Stated:
    """The claims under either article. Operating year 1 is the year of 经营开始日期."""
    years = _with_years(claims.filter(pl.col("article").is_in([ARTICLE_9, ARTICLE_10])), policy)
    is_key_supported = pl.col("article") == ARTICLE_9
    committed, core_share = pl.col("committed_years"), pl.col("core_revenue_share")
    least_years = policy.number(Named.COMMITTED_YEARS, _ON)
    least_share = policy.number(Named.CORE_REVENUE_SHARE, _ON)
    of_article_9 = (
        Condition(IS_KNOWN & ~pl.col("is_key_supported"), "不是重点扶持类产业项目"),
        Condition(
            committed < least_years,
            pl.format("承诺经营 {} 年，不足 {} 年", committed, wording.plain(least_years)),
        ),
        _out_of_years(policy),
    )
    of_article_10 = (
        Condition(IS_KNOWN & (pl.col("industry") != _INFRASTRUCTURE), f"产业类别不是{_INFRASTRUCTURE}"),
        Condition(
            core_share < least_share,
            pl.format("主营收入占比 {}%，不足 {}%", wording.plain(core_share), wording.plain(least_share)),
        ),
        _out_of_years(policy),
    )
    waits = (year_not_ended(as_of), _reading_undecided(policy))
    tax = ("operating_since", "local_income_tax")
    return joined(
        [
            stated_claims(
                judged(years.filter(is_key_supported), policy, of_article_9, ONCE_PER_YEAR),
                ("committed_years", *tax),
                *waits,
            ),
            stated_claims(
                judged(years.filter(~is_key_supported), policy, of_article_10, ONCE_PER_YEAR),
                ("core_revenue_share", *tax),
                *waits,
            ),
        ]
    )


def _with_years(claims: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Adds `operating_year`, the amount, and `reading` where the other choice would give another one."""
    year = pl.col("operating_year")
    first_years, later_end = (
        policy.number(Named.FIRST_YEARS, _ON),
        policy.number(Named.LATER_YEARS_END, _ON),
    )
    end_if_counted_anew = first_years + later_end
    last = (
        pl.when(policy.chooses(_READING, "years_3_to_7", _ON)).then(end_if_counted_anew).otherwise(later_end)
    )
    share = (
        pl.when(year < 1)
        .then(None)
        .when(year <= first_years)
        .then(policy.number(Named.FIRST_YEARS_SHARE, _ON))
        .when(year <= last)
        .then(policy.number(Named.LATER_YEARS_SHARE, _ON))
    )
    return multiplied(
        claims.with_columns(
            operating_year=(pl.col("year") - pl.col("operating_since").dt.year() + 1).cast(pl.Int64)
        ).with_columns(
            last_year=last,
            depends_on_reading=((year > later_end) & (year <= end_if_counted_anew)).fill_null(value=False),
        ),
        base=pl.col("local_income_tax"),
        rate=share,
        title=pl.format("经营第 {} 年的所得税地方留成", "operating_year"),
    ).with_columns(reading=pl.when("depends_on_reading").then(policy.rests_on(_READING, _ON)))


def _out_of_years(policy: Policy) -> Condition:
    year = pl.col("operating_year")
    return Condition(
        (year < 1) | ((year > pl.col("last_year")) & ~_is_open(policy)),
        pl.format(
            "申报年度是经营第 {} 年，只奖励第 1 至第 {} 年",
            "operating_year",
            wording.plain(pl.col("last_year")),
        ),
    )


def _reading_undecided(policy: Policy) -> Wait:
    later = product(pl.col("base"), policy.number(Named.LATER_YEARS_SHARE, _ON), pl.lit(1, dtype=RATE))
    text = pl.format(
        "后三至五年是哪几年尚未决定：按第三至第五年不予奖励，按第三至第七年为 {}；请决定后写入政策文件",
        wording.money(later),
    )
    clause, is_open = "优惠政策 第九条、第十条", _is_open(policy)
    return Wait(_READING, clause, is_open, text, text, IncentiveClaims, "claim_source")


def _is_open(policy: Policy) -> pl.Expr:
    """Whether the amount depends on a reading that nobody has decided."""
    return pl.col("depends_on_reading") & undecided_on(policy, _READING, _ON)
