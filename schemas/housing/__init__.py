"""The housing sheets: register, survey, recognition, appraisal, agreement, decisions, payees, receipts."""

from __future__ import annotations

from schemas.housing.agreements import (
    Agreements,
    SpecialDecisions,
)
from schemas.housing.buildings import (
    HOUSEHOLD_FACTS,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Recognitions,
)
from schemas.housing.columns import (
    APPRAISED_USES,
    DISTRICTS,
    ESTATES,
)
from schemas.housing.payments import (
    Payees,
    PaymentReceipts,
)
from schemas.sheet import Sheet

HOUSING_SHEETS: tuple[type[Sheet], ...] = (
    ImageryRegister,
    HouseholdSurvey,
    Recognitions,
    Appraisals,
    Agreements,
    SpecialDecisions,
    Payees,
    PaymentReceipts,
)

__all__ = [
    "APPRAISED_USES",
    "DISTRICTS",
    "ESTATES",
    "HOUSEHOLD_FACTS",
    "HOUSING_SHEETS",
    "Agreements",
    "Appraisals",
    "HouseholdSurvey",
    "ImageryRegister",
    "Payees",
    "PaymentReceipts",
    "Recognitions",
    "SpecialDecisions",
]
