"""A project with all that is known on the night of it and of whoever introduced it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas.investment import Introducers, Projects
from schemas.investment.columns import INTRODUCER_KINDS
from schemas.sheet import Sheet
from transforms import wording
from transforms.policy import Policy
from transforms.rewards.amounts import in_yuan
from transforms.rewards.entries import Condition, Wait, joined_texts

UNIT, NATURAL_PERSON, LEGAL_PERSON, AGENCY, ENVOY, OFFICER = INTRODUCER_KINDS
VERIFIED = "已核实"
_DEEDS = ("landed_on", "in_production_on", "listed_on")

UNVERIFIED = Condition(
    pl.col("verification") != VERIFIED, "核实结论为未核实，由联合考核组核实（奖励办法 第八条）"
)
VIOLATION = Condition(pl.col("has_violation"), "项目有违法违规行为，取消所有优惠（奖励办法 第五条）")
NOT_IN_PRODUCTION = Condition(
    pl.col("in_production_on").is_null(), "项目尚未达产（「投资项目」没有达产日期）"
)
PUBLIC_OFFICIAL = Condition(pl.col("is_public_official"), "引资人是公职人员，不发奖金（奖励办法 第三条）")


def build_projects(records: Mapping[str, pl.DataFrame], as_of: date) -> pl.DataFrame:
    """One row per project of 投资项目, with the facts of its introducer where 引资人 has the number.

    `fixed_yuan` and `total_yuan` are the investments in 元. `selected_on` selects the parameters: the day of
    full production, before it the as-of date. Days after the as-of date are not known yet. `recipient` says
    who is paid: the ID number, without one the introducer's own number.
    """
    introducers = records[Introducers.table].select(
        "introducer_id",
        "introducer_name",
        "introducer_kind",
        "is_public_official",
        "investment_target_10k_yuan",
        recipient=recipient_of("引资人", "introducer_id"),
        introducer_source=source(),
    )
    projects = known_by(records[Projects.table], _DEEDS, as_of)
    return (
        projects.with_columns(
            project_source=source(),
            fixed_yuan=in_yuan(pl.col("fixed_investment_10k_yuan")),
            total_yuan=in_yuan(pl.col("total_investment_10k_yuan")),
            selected_on=pl.coalesce("in_production_on", pl.lit(as_of)),
        )
        .join(introducers, on="introducer_id", how="left")
        .with_columns(
            sources=joined_texts(*map(pl.col, ("project_source", "introducer_source")), separator=" ")
        )
        .sort("project_id")
    )


def known_by(rows: pl.DataFrame, deeds: tuple[str, ...], as_of: date) -> pl.DataFrame:
    """The rows without the days after the as-of date, which only a night of an earlier date meets."""
    return rows.with_columns(pl.when(pl.col(deed) <= as_of).then(pl.col(deed)).alias(deed) for deed in deeds)


def recipient_of(title: str, number: str) -> pl.Expr:
    """Who is paid, for comparing only: the ID number, without one the record's own number."""
    return pl.coalesce("id_number", pl.format("{} {}", pl.lit(title), pl.col(number)))


def source() -> pl.Expr:
    """Where a record stands: `投资项目@0123456789abcdef#12`, the row as Excel shows it."""
    return pl.format("{}@{}#{}", "sheet", pl.col("upload_id").str.head(16), "row_number")


def before_policy(policy: Policy, parameter: str, document: str) -> Condition:
    """The day that selects the parameter lies before the parameter's first."""
    return Condition(
        policy.number(parameter, pl.col("selected_on")).is_null(),
        f"产生于{document}施行前，不适用该{document}",
    )


def below(policy: Policy, parameter: str) -> Condition:
    """The fixed investment is below the parameter, in 万元."""
    least, fixed = policy.number(parameter, pl.col("selected_on")), pl.col("fixed_investment_10k_yuan")
    return Condition(
        fixed < least,
        pl.format("固定资产投资 {} 万元，不足 {} 万元", wording.plain(fixed), wording.plain(least)),
    )


def too_large(sheet: type[Sheet], sources: str) -> Wait:
    """An amount that no list could show: a slip of the pen, most likely."""
    text = "投资额或数量大得不能列入清单，请核对单位（万元、元、人）后在原表改正"
    return Wait("amount_too_large", "奖励办法 第八条", pl.col("is_too_large"), text, text, sheet, sources)
