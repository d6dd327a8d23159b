"""Single households on which the two calculators once differed, each with the sentence that decides."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tests.transforms.compensation.households import frames, full_rows
from tests.transforms.compensation.second_calculator import calculate
from tests.transforms.compensation.test_second_calculator import differences, law_with, policy_with
from transforms.compensation.settlement import settle

Record = dict[str, Any]


def surveyed(building: str, **facts: Any) -> Record:  # noqa: ANN401 cells of any type
    usual = {
        "household_id": "H",
        "building_id": building,
        "owner_name": "某甲",
        "id_kind": "居民身份证",
        "id_number": "110101190001010006",
        "surveyed_use": "经营",
        "structure": "其他",
        "has_title": True,
        "months_in_business": 30,
        "has_licence": True,
        "floor_area_m2": Decimal("50.00"),
        "housing_assistance": False,
        "surveyed_on": dt.date(2021, 2, 1),
    }
    return usual | facts


def registered(building: str) -> Record:
    return {
        "building_id": building,
        "district": "天池",
        "registered_use": "经营",
        "registered_area_m2": Decimal("50.00"),
        "has_own_yard": True,
        "is_habitable": True,
        "imagery_ref": "YX-1",
    }


def agreed(building: str, **facts: Any) -> Record:  # noqa: ANN401 cells of any type
    usual = {
        "building_id": building,
        "agreement_number": "X1",
        "signing_status": "已签约",
        "method": "货币补偿",
        "deadline_on": dt.date(2021, 4, 30),
        "signed_on": dt.date(2021, 3, 1),
        "vacated_on": dt.date(2021, 3, 2),
    }
    return usual | facts


SHOP: Record = {
    "method": "产权调换",
    "resettlement_estate": "步行街商服房",
    "resettlement_kind": "商服",
    "resettlement_area_m2": Decimal("100.00"),
    "under_construction": True,
    "self_arranged": True,
}
APPRAISAL = {
    "report_number": "F1",
    "building_id": "B1",
    "subject": "房屋",
    "appraised_amount": Decimal("187500.00"),
    "appraiser": "某评估机构",
    "appraised_on": dt.date(2021, 3, 1),
}
UNTITLED = {"structure": "砖混", "has_title": False, "material_grade": "一级"}
DECISIONS = [
    {
        "decision_number": str(number),
        "household_id": "H",
        "subject": subject,
        "decided_amount": Decimal("8000.00"),
        "approved_on": dt.date(2021, 5, 10),
    }
    for number, subject in enumerate(("搬迁补偿", "其他"))
]
CASES: dict[str, tuple[dict[str, list[Record]], dict[str, str]]] = {
    "an amount that depends on two undecided readings together is held": (
        {
            "household_survey": [surveyed("B1", **UNTITLED)],
            "imagery_register": [registered("B1")],
            "agreements": [agreed("B1", disputes_price=True)],
            "appraisals": [APPRAISAL],
        },
        {},
    ),
    "decisions of a contradictory household are one held line": (
        {
            "household_survey": [surveyed("B1"), surveyed("B2", owner_name="某乙")],
            "imagery_register": [registered("B1"), registered("B2")],
            "special_decisions": DECISIONS,
        },
        {},
    ),
    "overdue stoppage is computed and held when the title became unclear after signing": (
        {
            "household_survey": [surveyed("B1")],
            "imagery_register": [registered("B1")],
            "agreements": [agreed("B1", **SHOP, signing_status="产权不明")],
        },
        {},
    ),
    "no overdue stoppage, so its overdue transition does not give way": (
        {
            "household_survey": [surveyed("B1")],
            "imagery_register": [registered("B1")],
            "agreements": [
                agreed("B1", **SHOP)
                | {"signed_on": dt.date(2021, 4, 30), "handed_over_on": dt.date(2023, 4, 20)}
            ],
        },
        {"overdue_business": "stoppage_only"},
    ),
    "a building whose overdue transition gives way does not use up the floor of the others": (
        {
            "household_survey": [
                surveyed("B1"),
                surveyed("B2", floor_area_m2=Decimal("10.00"), has_licence=False),
            ],
            "imagery_register": [registered("B1"), registered("B2")],
            "agreements": [
                agreed("B1", **SHOP),
                agreed("B2", **SHOP) | {"vacated_on": dt.date(2021, 5, 2)},
            ],
        },
        {"overdue_business": "stoppage_only"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_both_calculators_agree_on_a_case_that_once_differed(name: str) -> None:
    given, chosen = CASES[name]
    as_of = dt.date(2023, 5, 20)
    settlement = settle(frames(given), policy_with(chosen), as_of)
    answer = calculate(full_rows(given), law_with(chosen), as_of)
    assert differences(settlement, answer) == []
