"""Builds the records of a night from what a case says and ordinary defaults for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from schemas.columns import Kind
from schemas.housing import (
    HOUSING_SHEETS,
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Payees,
    Recognitions,
    SpecialDecisions,
)
from schemas.sheet import Sheet

ORDINARY_SURVEY: dict[str, Any] = {
    "owner_name": "某甲",
    "id_kind": "居民身份证",
    "id_number": "110101190001010006",
    "surveyed_use": "住宅",
    "residence_origin": "自建",
    "floor_area_m2": "60",
    "housing_assistance": False,
    "surveyed_on": date(2021, 2, 1),
    "account_name": "某甲",
    "bank_name": "示例银行",
    "bank_account": "12345678901",
}
ORDINARY_SHOP: dict[str, Any] = {
    "surveyed_use": "经营",
    "residence_origin": None,
    "structure": "砖混",
    "has_title": True,
    "months_in_business": 36,
    "has_licence": True,
}
ORDINARY_REGISTER: dict[str, Any] = {
    "district": "天池",
    "has_own_yard": True,
    "is_habitable": True,
    "imagery_ref": "YX-1",
}
ORDINARY_AGREEMENT: dict[str, Any] = {
    "agreement_number": "XY-1",
    "signing_status": "已签约",
    "method": "货币补偿",
    "deadline_on": date(2021, 4, 30),
    "signed_on": date(2021, 4, 1),
    "vacated_on": date(2021, 4, 20),
}
FLAT: dict[str, Any] = {
    "method": "产权调换",
    "resettlement_estate": "圣泉小区",
    "resettlement_kind": "多层",
    "resettlement_area_m2": "72",
    "under_construction": False,
    "self_arranged": False,
}
SHOP: dict[str, Any] = FLAT | {"resettlement_estate": "步行街商服房", "resettlement_kind": "商服"}


def frame(sheet: type[Sheet], rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a sheet, with provenance; decimals may be given as text."""
    blank = dict.fromkeys(sheet.frame_schema())
    filled = [
        blank | {"upload_id": "upload", "sheet": sheet.title, "row_number": place} | row
        for place, row in enumerate(rows, start=2)
    ]
    as_text = {
        name: pl.String() if sheet.columns.get(name) and sheet.columns[name].kind is Kind.DECIMAL else dtype
        for name, dtype in sheet.frame_schema().items()
    }
    texts = [
        {name: str(v) if as_text[name] == pl.String() and v is not None else v for name, v in row.items()}
        for row in filled
    ]
    return pl.DataFrame(texts, schema=as_text).cast(sheet.frame_schema())  # type: ignore[arg-type]


def records(buildings: list[Mapping[str, Any]], **others: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    """All housing records from buildings and decisions.

    A building has `id`, `household`, `survey`, `register`, `agreement`, `recognition` and `appraisals`;
    without register or agreement they are ordinary ones, where they are null there is none.
    """
    rows: dict[str, list[dict[str, Any]]] = {sheet.table: [] for sheet in HOUSING_SHEETS}
    for building in buildings:
        number = {"building_id": building.get("id", "B1")}
        survey = ORDINARY_SURVEY | (ORDINARY_SHOP if building.get("is_shop") else {})
        survey |= building.get("survey") or {}
        rows[HouseholdSurvey.table].append(
            {"household_id": building.get("household", "H1")} | survey | number
        )
        register = building.get("register", {})
        if register is not None:
            ordinary = ORDINARY_REGISTER | {
                "registered_use": survey["surveyed_use"]
                if survey["surveyed_use"] in {"住宅", "经营"}
                else "其他",
                "registered_area_m2": survey["floor_area_m2"],
            }
            rows[ImageryRegister.table].append(ordinary | register | number)
        agreement = building.get("agreement", {})
        if agreement is not None:
            exchange = {"flat": FLAT, "shop": SHOP}.get(str(building.get("exchange")), {})
            rows[Agreements.table].append(ORDINARY_AGREEMENT | exchange | agreement | number)
        if building.get("recognition"):
            decided = {"minute_number": "纪要1号", "recognised_on": date(2021, 3, 1)}
            rows[Recognitions.table].append(decided | building["recognition"] | number)
        for place, appraisal in enumerate(building.get("appraisals", [])):
            report = {
                "report_number": f"R{place}-{number['building_id']}",
                "appraiser": "示例机构",
                "appraised_on": date(2021, 3, 1),
            }
            rows[Appraisals.table].append(report | appraisal | number)
    for place, decision in enumerate(others.get("decisions", [])):
        number = {"decision_number": f"D{place}", "household_id": "H1", "approved_on": date(2021, 5, 1)}
        rows[SpecialDecisions.table].append(number | decision)
    rows[Payees.table] += others.get("payees", [])
    return {sheet.table: frame(sheet, rows[sheet.table]) for sheet in HOUSING_SHEETS}
