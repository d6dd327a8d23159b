"""The parameters and readings that the policy file of the envoys' evaluation must have."""

from __future__ import annotations

from enum import StrEnum

from schemas.policy_names import PolicyNames


class EnvoyParameter(StrEnum):
    """A name in the policy file; its meaning, clause and unit stand there."""

    DAYS_AWAY_FULL = "days_away_full"
    DAYS_AWAY_PER_MONTH = "days_away_per_month"
    DAYS_AWAY_DEDUCTION = "days_away_deduction"
    JOURNAL_FULL = "journal_full"
    JOURNAL_DEDUCTION = "journal_deduction"
    REPORTING_FULL = "reporting_full"
    REPORTING_DEDUCTION = "reporting_deduction"
    QUARTERLY_REPORT_DUE_DAYS = "quarterly_report_due_days"
    MONTHLY_REPORT_DUE_DAYS = "monthly_report_due_days"
    WEEKLY_REPORT_DUE_DAYS = "weekly_report_due_days"
    COMPANY_VISITS_FULL = "company_visits_full"
    COMPANY_VISITS_PER_MONTH = "company_visits_per_month"
    COMPANY_VISITS_DEDUCTION = "company_visits_deduction"
    NEGOTIATIONS_FULL = "negotiations_full"
    NEGOTIATIONS_PER_MONTH = "negotiations_per_month"
    NEGOTIATIONS_DEDUCTION = "negotiations_deduction"
    BONUS_PER_PROJECT = "bonus_per_project"
    LANDED_PROJECT_INVESTMENT = "landed_project_investment"
    LANDED_PROJECTS_PER_YEAR = "landed_projects_per_year"
    EXCELLENT_FROM = "excellent_from"
    QUALIFIED_FROM = "qualified_from"
    AGE_AT_POSTING_MOST = "age_at_posting_most"
    POSTING_TERM_YEARS = "posting_term_years"
    RANKS_AT_POSTING = "ranks_at_posting"


class EnvoyReading(StrEnum):
    """A doubtful passage; the question, its choices and the one in force stand in the policy file."""

    DAYS_SHORT = "days_short"
    JOURNAL_GAP = "journal_gap"


ENVOY_NAMES = PolicyNames(
    "envoys",
    EnvoyParameter,
    {
        EnvoyReading.DAYS_SHORT: frozenset({"average_pro_rata", "average_whole", "total"}),
        EnvoyReading.JOURNAL_GAP: frozenset({"once", "each_month"}),
    },
    lists=frozenset({EnvoyParameter.RANKS_AT_POSTING}),
)
