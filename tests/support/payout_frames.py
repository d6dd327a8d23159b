"""Hand-made frames for the tests of payout batches and lists: invented households with valid numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import polars as pl

from schemas.compensation import Buildings, LineItems
from schemas.housing import HouseholdSurvey, Payees
from schemas.payout import Programme
from tests.support.whole_draft import WholeDraft, draft_batches
from transforms.payout.batches import Occasion, Terms
from transforms.payout.limits import Limits
from transforms.payout.obligations import housing_dues
from transforms.payout.past import Past
from transforms.payout.payees import housing_payees

AS_OF = date(2021, 6, 30)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BANK = "示例银行阿尔山支行"


def id_number(serial: int) -> str:
    """A resident's number of nobody, with its check character."""
    body = f"11010119000101{serial:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def card_number(serial: int) -> str:
    """A card number of nobody that passes the Luhn check."""
    body = f"62{serial:016d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(body))]
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


def line_item(household: str, item: str, amount: str, **changed: object) -> dict[str, object]:
    """An owed item of building B-1 whose arithmetic is 1 × the amount."""
    return {
        "household_id": household,
        "building_id": "B-1",
        "item": item,
        "item_name": item,
        "period": None,
        "quantity": Decimal(1),
        "unit": "项",
        "rate": Decimal(amount),
        "factor": Decimal(1),
        "amount": Decimal(amount),
        "clause": "方案 五(一)1",
        "basis": f"1 × {amount} 元 = {amount} 元",
        "reading": None,
        "status": "owed",
        "effective_on": date(2021, 4, 10),
        "policy_version": date(2021, 1, 7),
        "sources": "入户调查@0123456789abcdef#2",
        **changed,
    }


def surveyed(household: str, serial: int, **changed: object) -> dict[str, object]:
    """A surveyed building of an owner with a complete account."""
    return {
        "household_id": household,
        "building_id": f"B-{serial}",
        "owner_name": f"示例{serial}",
        "id_kind": "居民身份证",
        "id_number": id_number(serial),
        "surveyed_use": "住宅",
        "residence_origin": "自建",
        "floor_area_m2": Decimal("60.00"),
        "housing_assistance": False,
        "account_name": f"示例{serial}",
        "bank_name": _BANK,
        "bank_account": card_number(serial),
        "surveyed_on": date(2021, 2, 20),
        **_provenance(serial),
        **changed,
    }


def payee(household: str, serial: int, share: str, **changed: object) -> dict[str, object]:
    """A payee with a complete account."""
    return {
        "household_id": household,
        "payee_name": f"收款{serial}",
        "payee_id_kind": "居民身份证",
        "payee_id_number": id_number(serial),
        "payee_role": "共有人",
        "share": Decimal(share),
        "is_frozen": None,
        "account_name": f"收款{serial}",
        "bank_name": _BANK,
        "bank_account": card_number(serial),
        **_provenance(serial),
        **changed,
    }


def items_frame(*rows: Mapping[str, object]) -> pl.DataFrame:
    """The rows as the table of line items."""
    return LineItems.conform(pl.DataFrame(rows, schema=LineItems.frame_schema()))


def survey_frame(*rows: Mapping[str, object]) -> pl.DataFrame:
    """The rows as current records of 入户调查."""
    return pl.DataFrame(rows, schema=HouseholdSurvey.frame_schema())


def payees_frame(*rows: Mapping[str, object]) -> pl.DataFrame:
    """The rows as current records of 收款人."""
    return pl.DataFrame(rows, schema=Payees.frame_schema())


def buildings_frame(*rows: tuple[str, str, str, bool | None]) -> pl.DataFrame:
    """Building, household, compensable area and whether it is compensated."""
    return Buildings.conform(
        pl.DataFrame(
            [
                {
                    "building_id": building,
                    "household_id": household,
                    "use": "住宅",
                    "compensable_area_m2": Decimal(area),
                    "excess_area_m2": Decimal(0),
                    "eligible": eligible,
                    "reason": "影像登记",
                }
                for building, household, area, eligible in rows
            ],
            schema=Buildings.frame_schema(),
        )
    )


def drafted(
    items: pl.DataFrame,
    survey: pl.DataFrame,
    payees: pl.DataFrame | None = None,
    *,
    separate: bool = False,
    next_numbers: Mapping[Programme, int] | None = None,
    past: Past | None = None,
    limits: Limits | None = None,
) -> WholeDraft:
    """The draft of the housing programme."""
    given = payees_frame() if payees is None else payees
    return draft_batches(
        housing_dues(items),
        housing_payees(survey, given),
        past or Past.none(),
        occasion(next_numbers),
        Terms(separate=separate, limits=limits or Limits()),
    )


def occasion(next_numbers: Mapping[Programme, int] | None = None) -> Occasion:
    """The night that drafts."""
    return Occasion(AS_OF, "2021-06-30-001", "示例操作员", next_numbers or {})


def _provenance(serial: int) -> dict[str, object]:
    return {"upload_id": "0" * 64, "sheet": "示例", "row_number": serial + 1}
