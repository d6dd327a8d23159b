"""The parameters that the policy file of the promotion officers must have."""

from __future__ import annotations

from enum import StrEnum

from schemas.policy_names import PolicyNames


class OfficerParameter(StrEnum):
    """A name in the policy file; its meaning, clause and unit stand there."""

    AGE_MOST = "age_most"
    FUNDING_LEAST = "funding_least"
    DELEGATIONS_PER_YEAR = "delegations_per_year"
    COMPANIES_PER_DELEGATION = "companies_per_delegation"
    SIGNED_PROJECTS_PER_YEAR = "signed_projects_per_year"
    LANDED_PROJECTS_PER_TERM = "landed_projects_per_term"
    LANDED_PROJECT_INVESTMENT_ABOVE = "landed_project_investment_above"
    CONTACTS_PER_MONTH = "contacts_per_month"
    OFFICERS_PER_PROVINCE = "officers_per_province"
    FURTHER_REWARD_INVESTMENT = "further_reward_investment"


OFFICER_NAMES = PolicyNames("officers", OfficerParameter, {})
