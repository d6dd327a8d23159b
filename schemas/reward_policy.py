"""The parameters and readings that the policy file of the introduction rewards must have."""

from __future__ import annotations

from enum import StrEnum

from schemas.policy_names import PolicyNames


class RewardParameter(StrEnum):
    """A name in the policy file; its meaning, clause and unit stand there."""

    UNIT_RATE = "unit_rate"
    INTRODUCER_RATE = "introducer_rate"
    LEAST_REWARDED_INVESTMENT = "least_rewarded_investment"
    LISTING_REWARD = "listing_reward"
    YEARS_TO_PRODUCTION = "years_to_production"
    LARGE_PROJECT_INVESTMENT = "large_project_investment"
    LARGE_PROJECT_YEARS_TO_PRODUCTION = "large_project_years_to_production"


class RewardReading(StrEnum):
    """A doubtful passage; the question, its choices and the one in force stand in the policy file."""

    HIGHEST_PER = "highest_per"


REWARD_NAMES = PolicyNames(
    "rewards",
    RewardParameter,
    {RewardReading.HIGHEST_PER: frozenset({"recipient", "project"})},
)
