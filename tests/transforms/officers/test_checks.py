"""The checks see what they are there to see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from flows.policies import load_policies
from tests.transforms.officers.registers import registers
from transforms.officers.checks import check_officers
from transforms.officers.review import OfficerReview, review_officers

POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").officers
RECORDS = registers({"expenses": [{"expense_amount": "20000"}, {"expense_amount": "20000.01"}]})
REVIEW = review_officers(RECORDS, POLICY, date(2022, 12, 31))
SECOND = pl.col("invoice_number") == "FP-2"


def changed(**columns: pl.Expr) -> OfficerReview:
    """The review with the second invoice changed."""
    expenses = REVIEW.expenses.with_columns(
        pl.when(SECOND).then(value).otherwise(pl.col(name)).cast(REVIEW.expenses.schema[name]).alias(name)
        for name, value in columns.items()
    )
    return replace(REVIEW, expenses=expenses)


def paid(amount: str) -> dict[str, pl.Expr]:
    return {"reimbursed": pl.lit(Decimal(amount)), "basis": pl.lit(f"1 × {amount} 元 = {amount} 元")}


def test_a_review_in_order_passes() -> None:
    assert check_officers(REVIEW, RECORDS) == []
    assert REVIEW.expenses["basis"].to_list() == [
        "发票金额：1 × 20,000.00 元 = 20,000.00 元",
        "工作经费标准减已报销：30,000.00 元 - 20,000.00 元 = 10,000.00 元",
    ]
    assert REVIEW.expenses["sources"][0] == "推介官经费@upload#2 产业推介官@upload#2"


@pytest.mark.parametrize(
    ("review", "failure"),
    [
        (
            changed(**paid("10000.01")),
            "check funds: 1 years of engagement above the limit, by 1 分",
        ),
        (
            changed(**paid("20000.02")),
            "check reimbursed: 1 invoices below 0 or above the invoice",
        ),
        (
            changed(reimbursed=pl.lit(Decimal("9999.99"))),
            "check arithmetic of expenses: 1 lines don't give their amount",
        ),
        (
            changed(spent_on=pl.lit(date(2022, 6, 1))),
            "check engagement: 1 invoices reimbursed outside one",
        ),
        (
            replace(REVIEW, expenses=REVIEW.expenses.filter(~SECOND)),
            "check invoices: 2 recorded, 1 listed, 1 of them lost",
        ),
        (
            replace(REVIEW, expenses=pl.concat([REVIEW.expenses, REVIEW.expenses.filter(SECOND)])),
            "check invoices: 2 recorded, 3 listed, 0 of them lost",
        ),
    ],
)
def test_a_failure_says_what_and_by_how_much(review: OfficerReview, failure: str) -> None:
    assert failure in check_officers(review, RECORDS)
