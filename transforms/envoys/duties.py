"""Clauses 一, 三, 六, 七 and 十三: duties that are checked and reported, and not scored."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.envoy_policy import EnvoyParameter as Named
from schemas.investment_scores import EnvoyDuty
from transforms import wording
from transforms.envoys.figures import Figures
from transforms.frames import stacked
from transforms.policy import Policy

_UNKNOWN = pl.lit(value=None, dtype=pl.Boolean)
_MONTHS_PER_YEAR = 12


@dataclass(frozen=True)
class _Duty:
    duty: EnvoyDuty
    clause: str
    met: pl.Expr
    detail: pl.Expr


def duties(of_year: pl.DataFrame, envoys: pl.DataFrame, done: Figures, policy: Policy) -> pl.DataFrame:
    """One row per scored envoy, its year and duty; `of_year` has the year's figures and parameters."""
    facts = ("envoy_id", "born_on", "rank_title", "posted_on", "posting_ends_on")
    rows = of_year.join(envoys.select(facts), on="envoy_id", maintain_order="left")
    in_year = done.months.join(of_year.select("envoy", "period"), on=["envoy", "period"], how="semi")
    companies = _with_short_months(
        rows, in_year, done.companies_by_month, Named.COMPANY_VISITS_PER_MONTH, "家"
    )
    projects = _with_short_months(rows, in_year, done.projects_by_month, Named.NEGOTIATIONS_PER_MONTH, "个")
    return stacked(
        [
            _stated(rows, _landed()),
            _stated(companies, _monthly(EnvoyDuty.MONTHLY_VISITS, "第六条", "外地企业")),
            _stated(projects, _monthly(EnvoyDuty.MONTHLY_NEGOTIATIONS, "第七条", "深入洽谈的项目")),
            _stated(rows, _age()),
            _stated(rows, _rank(policy)),
            _stated(rows, _term()),
        ]
    )


def _stated(rows: pl.DataFrame, duty: _Duty) -> pl.DataFrame:
    return rows.select(
        "envoy_id",
        "year",
        duty=pl.lit(duty.duty.value),
        met=duty.met,
        detail=duty.detail,
        clause=pl.lit(duty.clause),
    )


def _with_short_months(
    rows: pl.DataFrame, months: pl.DataFrame, contacts: pl.DataFrame, target: Named, unit: str
) -> pl.DataFrame:
    """The rows with the months that count and fall short named in `short_months`, null where none does."""
    short = (
        months.lazy()
        .join(contacts.lazy(), on=["envoy", "month"], how="left")
        .with_columns(pl.col("contacts").fill_null(0))
        .join(rows.lazy().select("envoy", target), on="envoy")
        .filter(pl.col("contacts") < pl.col(target))
        .select(
            "envoy",
            "month",
            text=pl.concat_str(
                pl.col("month").dt.month(), pl.lit(" 月 "), pl.col("contacts"), pl.lit(f" {unit}")
            ),
        )
        .sort("envoy", "month")
        .group_by("envoy", maintain_order=True)
        .agg(short_months=pl.col("text").str.join("、"))
        .collect()
    )
    wanted = pl.concat_str(wording.plain(pl.col(target)), pl.lit(f" {unit}"))
    return rows.join(short, on="envoy", how="left", maintain_order="left").with_columns(wanted=wanted)


def _monthly(duty: EnvoyDuty, clause: str, what: str) -> _Duty:
    met = pl.col("short_months").is_null()
    every_month = pl.format("计入的 {} 个月每月都有 {}以上{}", "months", "wanted", pl.lit(what))
    short = pl.format("每月应有 {}{}，不足的月份：{}", "wanted", pl.lit(what), "short_months")
    return _Duty(duty, clause, met, pl.when(met).then(every_month).otherwise(short))


def _landed() -> _Duty:
    enough = pl.col("landed") >= pl.col(Named.LANDED_PROJECTS_PER_YEAR)
    detail = pl.concat_str(
        pl.lit("落地 "),
        pl.col("landed"),
        pl.lit(" 个，应落地 "),
        wording.plain(pl.col(Named.LANDED_PROJECTS_PER_YEAR)),
        pl.lit(" 个"),
        pl.when(~enough & pl.col("is_provisional")).then(pl.lit("；年度尚未结束")).otherwise(pl.lit("")),
    )
    return _Duty(
        EnvoyDuty.LANDED_PROJECT,
        "第十三条",
        pl.when(enough).then(pl.lit(value=True)).when(~pl.col("is_provisional")).then(pl.lit(value=False)),
        detail,
    )


def _age() -> _Duty:
    born, posted = pl.col("born_on"), pl.col("posted_on")
    before_birthday = (posted.dt.month() < born.dt.month()) | (
        (posted.dt.month() == born.dt.month()) & (posted.dt.day() < born.dt.day())
    )
    age = posted.dt.year() - born.dt.year() - before_birthday.cast(pl.Int32)
    most = pl.col(Named.AGE_AT_POSTING_MOST)
    known = pl.format("派驻时 {} 周岁，应不超过 {} 周岁", age, wording.plain(most))
    return _Duty(
        EnvoyDuty.AGE_AT_POSTING,
        "第一条",
        age.cast(pl.Int64) <= most,
        pl.coalesce(known, pl.lit("缺出生日期，请派出单位补填")),
    )


def _rank(policy: Policy) -> _Duty:
    rank = pl.col("rank_title")
    return _Duty(
        EnvoyDuty.RANK_AT_POSTING,
        "第一条",
        pl.when(rank.is_null())
        .then(_UNKNOWN)
        .otherwise(policy.lists(Named.RANKS_AT_POSTING, rank, pl.col("ends_on"))),
        pl.coalesce(pl.format("派驻时为{}", rank), pl.lit("缺职级，请派出单位补填")),
    )


def _term() -> _Duty:
    """Where 29 February has no counterpart, the month's last day stands for it (民法典 第二百零二条)."""
    years = pl.col(Named.POSTING_TERM_YEARS)
    months = (years * pl.lit(_MONTHS_PER_YEAR, dtype=pl.Decimal(22, 4))).cast(pl.Int64)
    full_on = pl.col("posted_on").dt.offset_by(pl.format("{}mo", months))
    ends_on = pl.col("posting_ends_on")
    known = pl.format("{} 至 {}，应不少于 {} 年", pl.col("posted_on"), ends_on, wording.plain(years))
    return _Duty(
        EnvoyDuty.POSTING_TERM,
        "第三条",
        ends_on.dt.offset_by("1d") >= full_on,
        pl.coalesce(known, pl.lit("缺期满日期，请发展和改革委员会补填")),
    )
