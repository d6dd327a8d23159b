"""The officers' funds on their way to a list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
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
        (
            {"officers": [{"introducer_id": None}]},
            "推介官没有引资人编号，也就没有收款账户，请在「产业推介官」表补填引资人编号",
        ),
        (
            {"introducers": []},
            "「引资人」表没有编号 YZ-1，请补报该引资人，或改正「产业推介官」表的编号",
        ),
        (
            {"introducers": [{"bank_account": None}]},
            "引资人 YZ-1 的收款账户不完整，请在「引资人」表补填",
        ),
    ],
)
def test_without_an_account_the_officer_is_held(case: dict[str, Any], reason: str) -> None:
    row = payee(**case)
    assert row["party_hold"] == reason
    assert row["payee_name"] == "示例推介官"


def expense(officer: str, invoice: str, spent_on: date, reimbursed: str = "1.00") -> dict[str, Any]:
    return {
        "officer_id": officer,
        "invoice_number": invoice,
        "spent_on": spent_on,
        "reimbursed": Decimal(reimbursed),
        "clause": "办法 第四条",
        "basis": f"{reimbursed} 元 = {reimbursed} 元",
    }


def test_a_due_says_all_that_the_expense_says_be_it_a_cent() -> None:
    expenses = [expense("TJ-1", "FP-1", date(2021, 8, 1), reimbursed) for reimbursed in ("0.01", "0.00")]
    assert officer_dues(pl.DataFrame(expenses)).rows(named=True) == [
        {
            "programme": "推介官工作经费",
            "party_id": "TJ-1",
            "obligation_key": "推介官工作经费/FP-1",
            "building_id": None,
            "item_name": "工作经费",
            "period": "2021-08-01",
            "amount": Decimal("0.01"),
            "clause": "办法 第四条",
            "basis": "0.01 元 = 0.01 元〔发票 FP-1〕",
            "reading": None,
        }
    ]


def test_dues_stand_by_officer_and_day_and_invoice_as_people_count() -> None:
    early, late = date(2021, 8, 1), date(2021, 9, 1)
    ordered = [
        ("TJ-1", early, "FP-2"),
        ("TJ-1", early, "FP-10"),
        ("TJ-1", late, "FP-0"),
        ("TJ-02", late, "FP-3"),
        ("TJ-2", early, "FP-01"),
        ("TJ-2", early, "FP-1"),
        ("TJ-10", early, "FP-4"),
    ]
    expenses = pl.DataFrame([expense(officer, invoice, day) for officer, day, invoice in reversed(ordered)])
    assert officer_dues(expenses)["obligation_key"].to_list() == [
        f"推介官工作经费/{invoice}" for _, _, invoice in ordered
    ]


def test_a_payee_is_the_introducer_whose_account_it_is() -> None:
    account = {"account_name": "某甲", "bank_name": "示例银行", "bank_account": "12345678901"}
    officers = pl.DataFrame(
        {"officer_id": ["TJ-2", "TJ-1"], "officer_name": ["乙官", "甲官"], "introducer_id": ["YZ-2", "YZ-1"]}
    )
    introducer = {"introducer_id": "YZ-1", "introducer_name": "甲引", "id_number": "N-1", **account}
    other = {**introducer, "introducer_id": "YZ-2", "introducer_name": "乙引"}
    frame = officer_payees(officers, pl.DataFrame([introducer, other]))
    assert frame["payee_name"].to_list() == ["乙引", "甲引"]
    assert frame.row(1, named=True) == {
        "programme": "推介官工作经费",
        "party_id": "TJ-1",
        "party_name": "甲官",
        "payee_id": "TJ-1",
        "payee_name": "甲引",
        "id_number": "N-1",
        **account,
        "share": Decimal("100.00"),
        "is_frozen": False,
        "party_hold": None,
    }
