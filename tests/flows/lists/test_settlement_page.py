"""The page of a settlement sheet: how many pages, what is said of sums, records and readings."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from flows.household_case import RECORD_SCHEMA, HouseholdCase
from flows.lists.settlement_page import Basis, settlement_workbook
from flows.policies import load_policies
from schemas.compensation import Alternatives, Buildings, LineItems, OpenQuestions
from tests.support.payout_frames import line_item

POLICIES = Path(__file__).parents[3] / "data" / "policies"
BASIS = Basis(
    run_id="2024-06-30-001",
    as_of=date(2024, 6, 30),
    policy_digest="0123456789abcdef0123",
    policy=load_policies(POLICIES).compensation,
    readings={"half_month": "半月的理解。"},
    is_separate=False,
)
AGREED = pl.Schema(
    {"building_id": pl.String(), "signing_status": pl.String(), "method": pl.String(), "signed_on": pl.Date()}
)
PAID = pl.Schema(
    {"payee_id": pl.String(), "place": pl.String(), "amount": pl.Decimal(18, 2), "reason": pl.String()}
)
NONE = Decimal("0.00")
SUMMARY = {
    "household_id": "H-1",
    "owner_name": "某甲",
    "status": "owed",
    "amount_paid_to": NONE,
    "amount_owed_by": NONE,
    "net_amount": NONE,
    "held_amount": NONE,
    "estimated_amount": NONE,
}


def case(*items: Mapping[str, object], records: int = 2) -> HouseholdCase:
    """A case with those items, which rest on records 1 and 2 of the survey."""
    more = {"policy_version": date(2021, 1, 7), "sources": "入户调查@a#3 入户调查@a#2"}
    found = pl.DataFrame(
        {
            "number": range(1, records + 1),
            "source": [f"入户调查@a#{place + 1}" for place in range(1, records + 1)],
            "sheet": ["入户调查"] * records,
            "row_number": range(2, records + 2),
            "building_id": ["B-1"] * records,
            "file_name": ["甲.xlsx"] * records,
        },
        schema=RECORD_SCHEMA,
    )
    return HouseholdCase(
        household_id="H-1",
        summary=SUMMARY,
        buildings=Buildings.empty(),
        agreements=pl.DataFrame(schema=AGREED),
        items=pl.DataFrame([{**item, **more} for item in items], schema=LineItems.frame_schema()),
        alternatives=Alternatives.empty(),
        questions=OpenQuestions.empty(),
        payments=pl.DataFrame(schema=PAID),
        records=found,
    )


def drawn(shown: HouseholdCase, summary: Mapping[str, Any] = SUMMARY, basis: Basis = BASIS) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(settlement_workbook(shown, summary, basis)))
    found: Worksheet = book["征收补偿结算单"]
    return found


def text(sheet: Worksheet) -> str:
    rows = sheet.iter_rows(values_only=True)
    return "\n".join(" | ".join(str(cell) for cell in row if cell is not None) for row in rows)


@pytest.mark.parametrize(("items", "height"), [(40, 1), (90, 0)])
def test_forty_items_are_one_page_and_many_more_are_as_many_as_it_takes(items: int, height: int) -> None:
    rows = [line_item("H-1", "attachments", f"{number}.00", clause="五(一)5") for number in range(items)]
    sheet = drawn(case(*rows))
    assert (1 if sheet.page_setup.fitToHeight is None else int(sheet.page_setup.fitToHeight)) == height


def test_an_item_names_its_records_in_order() -> None:
    assert "| 应付 | 1、2" in text(drawn(case(line_item("H-1", "attachments", "5.00"))))


def test_a_record_that_is_no_longer_current_is_named_as_it_was() -> None:
    told = text(drawn(case(line_item("H-1", "attachments", "5.00"), records=1)))
    assert "| 应付 | 1、入户调查@a#3" in told


def test_each_provisional_reading_of_an_item_is_a_sentence() -> None:
    told = text(drawn(case(line_item("H-1", "attachments", "5.00", reading="half_month"))))
    assert "本结算单依据下列暂定理解计算，签字前请确认：\n1．半月的理解。" in told


def test_a_reading_without_a_sentence_is_no_silence() -> None:
    with pytest.raises(KeyError, match="overdue_rate"):
        drawn(case(line_item("H-1", "attachments", "5.00", reading="overdue_rate")))


@pytest.mark.parametrize(
    ("net", "is_separate", "told"),
    [
        ("12.30", False, "净额 | 12.3 | 付给被征收人：人民币壹拾贰元叁角整"),
        ("-12.30", False, "净额 | -12.3 | 由被征收人支付：人民币壹拾贰元叁角整"),
        ("-12.30", True, "净额 | -12.3 | 不抵销：以上两项分别全额支付和收取"),
    ],
)
def test_the_net_says_who_pays_it(*, net: str, is_separate: bool, told: str) -> None:
    summary = SUMMARY | {"net_amount": Decimal(net)}
    assert told in text(drawn(case(), summary, replace(BASIS, is_separate=is_separate)))


def test_a_household_with_both_is_warned_of_both() -> None:
    items = (
        line_item("H-1", "attachments", "5.00", status="held"),
        line_item("H-1", "attachments", "6.00", status="estimate", building_id="B-2"),
    )
    told = text(drawn(case(*items), SUMMARY | {"status": "held"}))
    assert "估算的金额仅供参考" in told
    assert "有暂缓的金额" in told


def test_an_owner_whose_name_looks_like_a_formula_is_text() -> None:
    sheet = drawn(case(line_item("H-1", "attachments", "5.00", item_name="=1+1")))
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]
