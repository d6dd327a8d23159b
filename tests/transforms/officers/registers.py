"""The registers of a case: what it says of officers, and ordinary defaults for the rest."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from schemas.investment import (
    Introducers,
    OfficerActivities,
    OfficerExpenses,
    Projects,
    PromotionOfficers,
)
from schemas.sheet import Sheet
from tests.support.records import frame

_OFFICER = {
    "officer_id": "TJ-1",
    "introducer_id": "YZ-1",
    "officer_name": "示例推介官",
    "born_on": date(1970, 3, 1),
    "province": "示例省",
    "engaged_on": date(2021, 6, 1),
    "engaged_until": date(2022, 5, 31),
    "funding_limit": "30000",
}
_ACTIVITY = {"officer_id": "TJ-1", "activity_kind": "组织考察", "held_on": date(2021, 7, 10)}
_EXPENSE = {
    "officer_id": "TJ-1",
    "expense_amount": "1200.00",
    "spent_on": date(2021, 7, 11),
    "purpose": "交通费",
}
_PROJECT = {
    "project_name": "示例项目",
    "investor_name": "示例公司",
    "investor_code": "91000000000000000K",
    "introducer_id": "YZ-1",
    "fixed_investment_10k_yuan": "5000",
    "total_investment_10k_yuan": "12000",
    "industry": "文化旅游",
    "is_key_supported": False,
    "landed_on": date(2021, 9, 1),
    "verification": "已核实",
    "has_violation": False,
}
_INTRODUCER = {
    "introducer_id": "YZ-1",
    "introducer_name": "示例推介官",
    "introducer_kind": "产业推介官",
    "id_number": "110101190001010006",
    "account_name": "示例推介官",
    "bank_name": "示例银行",
    "bank_account": "12345678901",
}
_REGISTERS: tuple[tuple[str, type[Sheet], dict[str, Any], str, str], ...] = (
    ("officers", PromotionOfficers, _OFFICER, "officer_id", "TJ"),
    ("activities", OfficerActivities, _ACTIVITY, "activity_id", "HD"),
    ("expenses", OfficerExpenses, _EXPENSE, "invoice_number", "FP"),
    ("projects", Projects, _PROJECT, "project_id", "XM"),
    ("introducers", Introducers, _INTRODUCER, "introducer_id", "YZ"),
)


def registers(case: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """The records by table name.

    Rows without a number are numbered from 1; without any, there is one officer and one introducer.
    """
    ordinary: dict[str, list[dict[str, Any]]] = {"officers": [{}], "introducers": [{}]}
    found = {}
    for name, sheet, defaults, key, prefix in _REGISTERS:
        rows = case.get(name, ordinary.get(name, []))
        numbered = [
            defaults | {key: f"{prefix}-{place}"} | _contacts_apart(row) for place, row in enumerate(rows, 1)
        ]
        found[sheet.table] = frame(sheet, numbered)
    return found


def _contacts_apart(row: dict[str, Any]) -> dict[str, Any]:
    """`contact: day` is a monthly contact of that day."""
    day = row.get("contact")
    return {"activity_kind": "月度联络", "held_on": day} if day else row
