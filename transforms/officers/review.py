"""Everything about the promotion officers on a night: the reviews, the expenses, and what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.investment import (
    Introducers,
    OfficerActivities,
    OfficerExpenses,
    Projects,
    PromotionOfficers,
)
from schemas.investment_payments import OfficerDuty, OfficerReimbursements, OfficerReviews
from schemas.investment_scores import InvestmentQuestions
from transforms.frames import stacked
from transforms.investment import has_investment
from transforms.officers.article_03_age import ages
from transforms.officers.article_04_funds import reimbursements
from transforms.officers.article_05_duties import delegations, landed_projects, signed_projects
from transforms.officers.article_07_contact import monthly_contacts
from transforms.officers.article_07_province import one_per_province
from transforms.officers.engagement import begun, engagement_year, years_begun
from transforms.officers.questions import funding_questions, officer_questions
from transforms.payout.natural_order import natural_key
from transforms.policy import Policy

_DUTIES = pl.Enum([duty.value for duty in OfficerDuty])


@dataclass(frozen=True)
class OfficerReview:
    """Rows of `investment.officer_reviews`, `officer_expenses` and `open_questions`."""

    reviews: pl.DataFrame
    expenses: pl.DataFrame
    questions: pl.DataFrame


def review_officers(records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date) -> OfficerReview:
    """Review the officers by what had happened by the as-of date.

    `records` are the current records by table name. An invoice of a later day stays listed, unpaid.
    """
    if not has_investment(records):
        return OfficerReview(
            OfficerReviews.empty(), OfficerReimbursements.empty(), InvestmentQuestions.empty()
        )
    officers = _with_sources(records[PromotionOfficers.table])
    activities = _with_sources(records[OfficerActivities.table].filter(pl.col("held_on") <= as_of))
    activities = _placed(activities, officers, "held_on")
    expenses = _with_sources(records[OfficerExpenses.table])
    spent = _placed(expenses.filter(pl.col("spent_on") <= as_of), officers, "spent_on")
    questions = stacked(
        [
            officer_questions(officers, activities, spent, records[Introducers.table]),
            funding_questions(officers, policy),
        ]
    )
    return OfficerReview(
        reviews=OfficerReviews.conform(
            _reviews(officers, activities, records[Projects.table], policy, as_of)
        ),
        expenses=OfficerReimbursements.conform(reimbursements(expenses, officers, policy, as_of)),
        questions=InvestmentQuestions.conform(questions),
    )


def _reviews(
    officers: pl.DataFrame, activities: pl.DataFrame, projects: pl.DataFrame, policy: Policy, as_of: date
) -> pl.DataFrame:
    """Every duty of every officer whose engagement has begun, officer by officer."""
    engaged, years = begun(officers, as_of), years_begun(officers, as_of)
    inside = activities.filter(pl.col("engagement_year").is_not_null())
    rows = stacked(
        [
            delegations(years, inside, policy),
            signed_projects(years, inside, policy),
            landed_projects(engaged, projects, policy),
            monthly_contacts(engaged, inside, policy, as_of),
            ages(engaged, policy),
            one_per_province(engaged, policy),
        ]
    )
    return rows.sort(
        natural_key(pl.col("officer_id")), "officer_id", pl.col("duty").cast(_DUTIES), "engagement_year"
    )


def _placed(records: pl.DataFrame, officers: pl.DataFrame, on: str) -> pl.DataFrame:
    """The records with `is_known`, whether their officer is registered, and `engagement_year`."""
    engagements = officers.select("officer_id", "engaged_on", "engaged_until", is_known=pl.lit(value=True))
    return (
        records.join(engagements, on="officer_id", how="left", maintain_order="left")
        .with_columns(pl.col("is_known").fill_null(value=False), engagement_year=engagement_year(pl.col(on)))
        .drop("engaged_on", "engaged_until")
    )


def _with_sources(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `sources`, where each stands: `推介官活动@0123456789abcdef#12`."""
    source = pl.format("{}@{}#{}", pl.col("sheet"), pl.col("upload_id").str.head(16), pl.col("row_number"))
    return rows.with_columns(sources=source)
