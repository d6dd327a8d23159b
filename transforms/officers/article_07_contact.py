"""Article 七(三): both sides are in touch every month."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.investment_payments import OfficerDuty
from schemas.officer_policy import OfficerParameter as Named
from transforms.officers.duties import state
from transforms.policy import Policy

MONTHLY_CONTACT = "月度联络"
_CLAUSE = "第七条(三)"
_MONTH = ["officer_id", "month"]


def monthly_contacts(
    officers: pl.DataFrame, activities: pl.DataFrame, policy: Policy, as_of: date
) -> pl.DataFrame:
    """`monthly_contact` of every officer: each calendar month of the engagement that is over is judged.

    `officers` are those whose engagement has begun, `activities` those within the engagements. A missing
    month is missing for good; while the engagement runs, no missing one says only how it stands today.
    """
    judged = (
        _months_over(officers, as_of)
        .with_columns(needed=policy.number(Named.CONTACTS_PER_MONTH, pl.col("last_day")))
        .drop_nulls("needed")
        .join(_contacts(activities), on=_MONTH, how="left", maintain_order="left")
        .group_by("officer_id", maintain_order=True)
        .agg(months=pl.len(), missing=_month_text().filter(_is_missing()))
    )
    rows = officers.join(judged, on="officer_id", how="left", maintain_order="left")
    missing = pl.col("missing").list.len()
    text = (
        pl.when(pl.col("months").is_null())
        .then(pl.lit("还没有可以评价的月份"))
        .when(missing == 0)
        .then(pl.format("已结束的 {} 个月每月都有联络", "months"))
        .otherwise(
            pl.format(
                "已结束的 {} 个月中 {} 个月没有联络：{}", "months", missing, pl.col("missing").list.join("、")
            )
        )
    )
    running = pl.when("is_running").then(pl.lit("聘期尚未结束"))
    detail = pl.concat_str(text, running, separator="；", ignore_nulls=True)
    return state(rows, OfficerDuty.MONTHLY_CONTACT, _CLAUSE, missing == 0, detail)


def _months_over(officers: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """A row per officer and month of the engagement whose last day has come: `month`, `last_day`."""
    first, last = pl.col("engaged_on").dt.month_start(), pl.col("judged_on").dt.month_start()
    return (
        officers.select("officer_id", "engaged_until", month=pl.date_ranges(first, last, "1mo"))
        .explode("month", empty_as_null=True)
        .with_columns(last_day=pl.min_horizontal(pl.col("month").dt.month_end(), "engaged_until"))
        .filter(pl.col("last_day") <= as_of)
    )


def _contacts(activities: pl.DataFrame) -> pl.DataFrame:
    return (
        activities.filter(pl.col("activity_kind") == MONTHLY_CONTACT)
        .group_by("officer_id", pl.col("held_on").dt.month_start().alias("month"))
        .agg(contacts=pl.len())
    )


def _is_missing() -> pl.Expr:
    return pl.col("contacts").fill_null(0) < pl.col("needed")


def _month_text() -> pl.Expr:
    return pl.col("month").dt.strftime("%Y-%m")
