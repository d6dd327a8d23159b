"""Article 五: delegations of companies and signed projects each year, landed projects in the term."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import OfficerDuty
from schemas.officer_policy import OfficerParameter as Named
from transforms import wording
from transforms.officers.duties import NO_INTRODUCER, counted, enough, state
from transforms.payout.natural_order import natural_key
from transforms.policy import Policy

DELEGATION = "组织考察"
_CLAUSE_YEARLY, _CLAUSE_TERM = "第五条(一)", "第五条(二)"
_ON = pl.col("judged_on")
_YEAR = ["officer_id", "engagement_year"]


def delegations(years: pl.DataFrame, activities: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`delegations` of every year of engagement that has begun.

    `activities` are those within the engagements, with `engagement_year`. A delegation that doesn't say how
    many companies came leaves the year open unless the others are enough.
    """
    companies = policy.number(Named.COMPANIES_PER_DELEGATION, _ON)
    seen = (
        _delegations(activities)
        .join(years.select(*_YEAR, "judged_on"), on=_YEAR, how="inner")
        .group_by(_YEAR)
        .agg(measured=(pl.col("companies") >= companies).sum(), unknown=_unknown("companies"))
    )
    rows = years.join(seen, on=_YEAR, how="left", maintain_order="left")
    measured, needed = pl.col("measured").fill_null(0), policy.number(Named.DELEGATIONS_PER_YEAR, _ON)
    what = pl.format("{} 至 {} 组织 {} 家以上企业的考察", "starts_on", "ends_on", wording.plain(companies))
    detail = counted(what, measured, needed, "次", remark=_blank("参加企业数"), time="聘期年度")
    met = enough(measured, needed, pl.col("unknown"))
    return state(rows, OfficerDuty.DELEGATIONS, _CLAUSE_YEARLY, met, detail)


def signed_projects(years: pl.DataFrame, activities: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`signed_projects` of every year of engagement that has begun: those of all its delegations together."""
    seen = (
        _delegations(activities)
        .group_by(_YEAR)
        .agg(measured=pl.col("signed_projects").sum(), unknown=_unknown("signed_projects"))
    )
    rows = years.join(seen, on=_YEAR, how="left", maintain_order="left")
    measured, needed = pl.col("measured").fill_null(0), policy.number(Named.SIGNED_PROJECTS_PER_YEAR, _ON)
    what = pl.format("{} 至 {} 的考察促成签约项目", "starts_on", "ends_on")
    detail = counted(what, measured, needed, "个", remark=_blank("签约项目数"), time="聘期年度")
    met = enough(measured, needed, pl.col("unknown"))
    return state(rows, OfficerDuty.SIGNED_PROJECTS, _CLAUSE_YEARLY, met, detail)


def landed_projects(officers: pl.DataFrame, projects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`landed_projects` of every officer, over the whole term; nothing is known without introducer's number.

    `officers` are those whose engagement has begun.
    """
    above = policy.number(Named.LANDED_PROJECT_INVESTMENT_ABOVE, _ON)
    landed = (
        officers.select("officer_id", "introducer_id", "engaged_on", "judged_on")
        .join(projects, on="introducer_id", how="inner")
        .filter(
            pl.col("landed_on").is_between("engaged_on", "judged_on")
            & (pl.col("total_investment_10k_yuan") > above)
        )
        .sort(natural_key(pl.col("project_id")), "project_id")
        .group_by("officer_id", maintain_order=True)
        .agg(measured=pl.len(), named=pl.col("project_id").str.join("、"))
    )
    rows = officers.join(landed, on="officer_id", how="left", maintain_order="left")
    has_introducer = pl.col("introducer_id").is_not_null()
    measured = pl.col("measured").fill_null(0)
    needed = policy.number(Named.LANDED_PROJECTS_PER_TERM, _ON)
    what = pl.format("聘期内落地的总投资超过 {} 万元的项目", wording.plain(above))
    remark = pl.format("项目编号 {}", "named")
    detail = counted(what, measured, needed, "个", remark=remark, time="聘期")
    return state(
        rows,
        OfficerDuty.LANDED_PROJECTS,
        _CLAUSE_TERM,
        pl.when(has_introducer).then(enough(measured, needed, pl.lit(None, pl.String))),
        pl.when(has_introducer).then(detail).otherwise(pl.lit(NO_INTRODUCER)),
    )


def _delegations(activities: pl.DataFrame) -> pl.DataFrame:
    of_kind = activities.filter(pl.col("activity_kind") == DELEGATION)
    return of_kind.sort(natural_key(pl.col("activity_id")), "activity_id")


def _unknown(field: str) -> pl.Expr:
    """The activities without the number, joined by 、; null when all have it."""
    named = pl.col("activity_id").filter(pl.col(field).is_null())
    return pl.when(named.len() > 0).then(named.str.join("、"))


def _blank(header: str) -> pl.Expr:
    return pl.format(f"活动 {{}} 没有填{header}，请在「推介官活动」表补填", "unknown")
