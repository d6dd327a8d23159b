"""The parameters that the policy file of the payouts must have: the town's own limits, no law's."""

from __future__ import annotations

from enum import StrEnum

from schemas.policy_names import PolicyNames


class PayoutParameter(StrEnum):
    """A name in the policy file; its meaning and unit stand there."""

    LINE_LIMIT = "line_limit"
    BATCH_LIMIT = "batch_limit"


PAYOUT_NAMES = PolicyNames("payouts", PayoutParameter, {})
