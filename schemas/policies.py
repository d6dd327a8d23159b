"""All documents that have a policy file."""

from __future__ import annotations

from schemas.compensation_policy import COMPENSATION_NAMES
from schemas.envoy_policy import ENVOY_NAMES
from schemas.incentive_policy import INCENTIVE_NAMES
from schemas.officer_policy import OFFICER_NAMES
from schemas.payout_policy import PAYOUT_NAMES
from schemas.policy_names import PolicyNames
from schemas.reward_policy import REWARD_NAMES

POLICY_DOCUMENTS: tuple[PolicyNames, ...] = (
    COMPENSATION_NAMES,
    ENVOY_NAMES,
    REWARD_NAMES,
    INCENTIVE_NAMES,
    OFFICER_NAMES,
    PAYOUT_NAMES,
)
