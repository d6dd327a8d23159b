"""All computed tables of the warehouse."""

from __future__ import annotations

from schemas.audit import AUDIT_TABLES
from schemas.compensation import COMPENSATION_TABLES
from schemas.investment_payments import PAYMENT_TABLES
from schemas.investment_scores import SCORE_TABLES
from schemas.payout import PAYOUT_TABLES
from schemas.table import Table

ALL_TABLES: tuple[type[Table], ...] = (
    *AUDIT_TABLES,
    *COMPENSATION_TABLES,
    *SCORE_TABLES,
    *PAYMENT_TABLES,
    *PAYOUT_TABLES,
)
