"""What keeps a promotion officer's records waiting, and who mends it."""

from __future__ import annotations

import polars as pl

from schemas.investment import OfficerActivities, OfficerExpenses, PromotionOfficers
from schemas.investment_scores import InvestmentQuestions
from schemas.officer_policy import OfficerParameter as Named
from transforms import wording
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.payout.natural_order import natural_key
from transforms.policy import Policy

_SHEETS = {
    OfficerActivities.title: "第五条、第七条(三)",
    OfficerExpenses.title: "第四条(四)",
}
"""The sheets whose rows name an officer, with the articles that they are about."""
_LANDED_PROJECTS = "第五条(二)"
_SOURCES_AT_MOST = 20
_NOTHING = pl.lit(0, dtype=MONEY)


def officer_questions(
    officers: pl.DataFrame, activities: pl.DataFrame, expenses: pl.DataFrame, introducers: pl.DataFrame
) -> pl.DataFrame:
    """The questions on officers, activities and expenses, one row per officer, sheet and code.

    Activities and expenses have `is_known`, whether the officer is registered, and `engagement_year`, null
    outside the engagement. All frames but `introducers` have their `sources`.
    """
    rows = ((OfficerActivities.title, activities, _NOTHING), (OfficerExpenses.title, expenses, None))
    asked = [
        question
        for sheet, records, waiting in rows
        for question in (_unknown(records, sheet, waiting), _outside(records, sheet))
    ]
    all_questions = stacked([InvestmentQuestions.empty(), *asked, *_on_introducers(officers, introducers)])
    return all_questions.sort("sheet", "code", natural_key(pl.col("subject_id")), "subject_id")


def funding_questions(officers: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Officers whose working funds are below what the measures grant on the first day of the engagement."""
    least = policy.number(Named.FUNDING_LEAST, pl.col("engaged_on"))
    message = pl.format(
        "工作经费标准 {} 低于办法规定的每年 {}，请核对「产业推介官」表",
        wording.money(pl.col("funding_limit")),
        wording.money(least),
    )
    rows = officers.filter(pl.col("funding_limit") < least)
    return _asked(
        rows, PromotionOfficers.title, "funding_below_least", _SHEETS[OfficerExpenses.title], message
    )


def _unknown(records: pl.DataFrame, sheet: str, waiting: pl.Expr | None) -> pl.DataFrame:
    message = "「产业推介官」表没有这个推介官编号，有关记录暂不计入；请补报该推介官，或改正编号"
    return _asked(
        records.filter(~pl.col("is_known")),
        sheet,
        "officer_unknown",
        _SHEETS[sheet],
        pl.lit(message),
        pl.col("expense_amount") if waiting is None else waiting,
    )


def _outside(records: pl.DataFrame, sheet: str) -> pl.DataFrame:
    message = (
        "发生在聘期以外，不予计入；日期或聘期录错的请改正，续聘的请在「产业推介官」表延长聘期结束，"
        "不要改动聘期开始"
    )
    is_outside = pl.col("is_known") & pl.col("engagement_year").is_null()
    return _asked(records.filter(is_outside), sheet, "outside_engagement", _SHEETS[sheet], pl.lit(message))


def _on_introducers(officers: pl.DataFrame, introducers: pl.DataFrame) -> list[pl.DataFrame]:
    number = pl.col("introducer_id")
    missing = (
        "没有引资人编号：不能对应引进的项目，也没有收款账户，经费不能列入清单；"
        "请登记「引资人」，并在「产业推介官」表补填引资人编号"
    )
    unknown = pl.format(
        "「引资人」表没有编号 {}，没有收款账户，经费不能列入清单；请补报该引资人，或改正编号", number
    )
    given = officers.filter(number.is_not_null())
    sheet, clause = PromotionOfficers.title, _LANDED_PROJECTS
    return [
        _asked(officers.filter(number.is_null()), sheet, "introducer_missing", clause, pl.lit(missing)),
        _asked(
            given.join(introducers, on="introducer_id", how="anti"),
            sheet,
            "introducer_unknown",
            clause,
            unknown,
        ),
    ]


def _asked(
    records: pl.DataFrame,
    sheet: str,
    code: str,
    clause: str,
    message: pl.Expr,
    waiting: pl.Expr = _NOTHING,
) -> pl.DataFrame:
    """One question per officer that the records name."""
    return (
        records.select("sources", "officer_id", message=message.cast(pl.String), waiting=waiting.cast(MONEY))
        .group_by("officer_id", maintain_order=True)
        .agg(
            message=pl.col("message").first(),
            record_count=pl.len().cast(pl.Int64),
            sources=pl.col("sources").head(_SOURCES_AT_MOST).str.join(" "),
            waiting_amount=pl.col("waiting").sum().cast(MONEY),
        )
        .select(
            sheet=pl.lit(sheet),
            subject_id="officer_id",
            code=pl.lit(code),
            clause=pl.lit(clause),
            message="message",
            record_count="record_count",
            sources="sources",
            waiting_amount="waiting_amount",
        )
    )
