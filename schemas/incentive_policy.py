"""The parameters and readings that the policy file of the investment incentives must have."""

from __future__ import annotations

from enum import StrEnum

from schemas.policy_names import PolicyNames


class IncentiveParameter(StrEnum):
    """A name in the policy file; its meaning, clause and unit stand there."""

    LEAST_FIXED_INVESTMENT = "least_fixed_investment"
    COMMITTED_YEARS = "committed_years"
    CORE_REVENUE_SHARE = "core_revenue_share"
    FIRST_YEARS = "first_years"
    FIRST_YEARS_SHARE = "first_years_share"
    LATER_YEARS_SHARE = "later_years_share"
    LATER_YEARS_END = "later_years_end"
    AGENCY_RATE = "agency_rate"
    AGENCY_CAP = "agency_cap"
    DECISION_MAKER_INVESTMENT = "decision_maker_investment"
    DECISION_MAKER_REWARD = "decision_maker_reward"
    LOCAL_JOBS_ABOVE = "local_jobs_above"
    LOCAL_JOB_SUBSIDY = "local_job_subsidy"
    DESIGN_LARGE_INVESTMENT = "design_large_investment"
    DESIGN_LARGE_SHARE = "design_large_share"
    DESIGN_LARGE_CAP = "design_large_cap"
    DESIGN_MEDIUM_INVESTMENT = "design_medium_investment"
    DESIGN_MEDIUM_SHARE = "design_medium_share"
    DESIGN_MEDIUM_CAP = "design_medium_cap"
    DESIGN_SMALL_INVESTMENT = "design_small_investment"
    DESIGN_SMALL_SHARE = "design_small_share"
    DESIGN_SMALL_CAP = "design_small_cap"
    CASE_BY_CASE_INVESTMENT = "case_by_case_investment"
    CASE_BY_CASE_JOBS = "case_by_case_jobs"
    FAIR_COMPETITION_REVIEW_FROM = "fair_competition_review_from"


class IncentiveReading(StrEnum):
    """A doubtful passage; the question, its choices and the one in force stand in the policy file."""

    LATER_YEARS = "later_years"


INCENTIVE_NAMES = PolicyNames(
    "incentives",
    IncentiveParameter,
    {IncentiveReading.LATER_YEARS: frozenset({"years_3_to_5", "years_3_to_7"})},
    days=frozenset({IncentiveParameter.FAIR_COMPETITION_REVIEW_FROM}),
    reviewed_articles=frozenset({"第九条", "第十条", "第十二条", "第十三条", "第十五条", "第十七条"}),
)
