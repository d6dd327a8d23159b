"""The officers' funds on their way to a list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.policies import load_policies
from schemas.investment import Introducers, PromotionOfficers
from tests.transforms.officers.registers import registers
from transforms.officers.review import review_officers
from transforms.payout.frames import DUES, PAYEES
from transforms.payout.officer_dues import officer_dues, officer_payees
from transforms.receipts import recomputed

POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").officers


def payee(**case: Any) -> dict[str, Any]:  # noqa: ANN401 what a case may say
    records = registers(case)
    frame = officer_payees(records[PromotionOfficers.table], records[Introducers.table])
    assert frame.schema == PAYEES
    return frame.row(0, named=True)


def test_every_invoice_with_money_is_an_obligation() -> None:
    expenses = [
        {"invoice_number": "FP/2", "spent_on": date(2021, 9, 1), "expense_amount": "20000"},
        {"invoice_number": "FP-1", "spent_on": date(2021, 8, 1), "expense_amount": "20000"},
        {"spent_on": date(2021, 10, 1)},
    ]
    review = review_officers(registers({"expenses": expenses}), POLICY, date(2022, 12, 31))
    dues = officer_dues(review.expenses)
    assert dues.schema == DUES
    assert dues.select("obligation_key", "party_id", "period", "amount").rows() == [
        ("推介官工作经费/FP-1", "TJ-1", "2021-08-01", Decimal("20000.00")),
        ("推介官工作经费/FP%2F2", "TJ-1", "2021-09-01", Decimal("10000.00")),
    ]
    assert dues["basis"][1].endswith("= 10,000.00 元〔发票 FP/2〕")
    assert recomputed(dues["basis"])["result"].to_list() == [2000000, 1000000]


def test_an_officer_is_paid_to_the_introducers_account() -> None:
    row = payee()
    assert (row["party_id"], row["payee_id"], row["payee_name"]) == ("TJ-1", "TJ-1", "示例推介官")
    assert row["bank_account"] == "12345678901"
    assert row["share"] == Decimal(100)
    assert row["party_hold"] is None


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ({"officers": [{"introducer_id": None}]}, "没有引资人编号"),
        ({"introducers": []}, "「引资人」表没有编号 YZ-1"),
        ({"introducers": [{"bank_account": None}]}, "引资人 YZ-1 的收款账户不完整"),
    ],
)
def test_without_an_account_the_officer_is_held(case: dict[str, Any], reason: str) -> None:
    row = payee(**case)
    assert reason in row["party_hold"]
    assert row["payee_name"] == "示例推介官"
