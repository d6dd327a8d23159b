"""The investment sheets: envoys and what they do, projects, introducers, promotion officers, claims."""

from __future__ import annotations

from schemas.investment.columns import (
    INDUSTRIES,
    RANKS,
)
from schemas.investment.envoys import (
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Envoys,
    Negotiations,
    TravelTickets,
)
from schemas.investment.officers import (
    OfficerActivities,
    OfficerExpenses,
    PromotionOfficers,
)
from schemas.investment.projects import (
    IncentiveClaims,
    Introducers,
    Projects,
)
from schemas.sheet import Sheet

INVESTMENT_SHEETS: tuple[type[Sheet], ...] = (
    Envoys,
    TravelTickets,
    EnvoyJournal,
    EnvoyReports,
    CompanyVisits,
    Negotiations,
    Projects,
    Introducers,
    PromotionOfficers,
    OfficerActivities,
    OfficerExpenses,
    IncentiveClaims,
)

__all__ = [
    "INDUSTRIES",
    "INVESTMENT_SHEETS",
    "RANKS",
    "CompanyVisits",
    "EnvoyJournal",
    "EnvoyReports",
    "Envoys",
    "IncentiveClaims",
    "Introducers",
    "Negotiations",
    "OfficerActivities",
    "OfficerExpenses",
    "Projects",
    "PromotionOfficers",
    "TravelTickets",
]
