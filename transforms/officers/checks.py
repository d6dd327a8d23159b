"""What must hold of the officers' review before it is published; each failure says which check failed."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.investment import OfficerExpenses, PromotionOfficers
from transforms.money import to_cents
from transforms.officers.review import OfficerReview
from transforms.receipts import recomputed

_REIMBURSED = pl.col("reimbursed")


def check_officers(review: OfficerReview, records: Mapping[str, pl.DataFrame]) -> list[str]:
    """The failed checks, none when all is in order."""
    expenses = review.expenses
    return [
        *_each_invoice_once(expenses, records[OfficerExpenses.table]),
        *_within_invoice(expenses),
        *_within_limit(expenses, records[PromotionOfficers.table]),
        *_arithmetic(expenses),
    ]


def _each_invoice_once(expenses: pl.DataFrame, records: pl.DataFrame) -> list[str]:
    invoice = ["invoice_number", "officer_id", "spent_on", "expense_amount"]
    lost = records.join(expenses, on=invoice, how="anti").height
    if lost or expenses.height != records.height or expenses["invoice_number"].n_unique() != expenses.height:
        return [f"check invoices: {records.height} recorded, {expenses.height} listed, {lost} of them lost"]
    return []


def _within_invoice(expenses: pl.DataFrame) -> list[str]:
    wrong = expenses.filter((_REIMBURSED < 0) | (pl.col("expense_amount") < _REIMBURSED)).height
    return [f"check reimbursed: {wrong} invoices below 0 or above the invoice"] if wrong else []


def _within_limit(expenses: pl.DataFrame, officers: pl.DataFrame) -> list[str]:
    """Per officer and year at most the limit, and nothing outside an engagement."""
    paid = expenses.filter(_REIMBURSED > 0).join(
        officers.select("officer_id", "funding_limit", "engaged_on", "engaged_until"),
        on="officer_id",
        how="left",
    )
    is_inside = pl.col("spent_on").is_between("engaged_on", "engaged_until").fill_null(value=False)
    outside = paid.filter(~is_inside | pl.col("engagement_year").is_null()).height
    over = (
        paid.group_by("officer_id", "engagement_year")
        .agg(
            excess=to_cents(_REIMBURSED).cast(pl.Int64).sum()
            - to_cents(pl.col("funding_limit")).cast(pl.Int64).first()
        )
        .filter(pl.col("excess") > 0)
    )
    failures = [f"check engagement: {outside} invoices reimbursed outside one"] if outside else []
    if over.height:
        failures.append(
            f"check funds: {over.height} years of engagement above the limit, by {over['excess'].sum()} 分"
        )
    return failures


def _arithmetic(expenses: pl.DataFrame) -> list[str]:
    again = recomputed(expenses["basis"])
    reimbursed = expenses.select(reimbursed=to_cents(_REIMBURSED))
    rows = pl.concat([again, reimbursed], how="horizontal")
    wrong = rows.filter(
        ~pl.col("result").eq_missing(pl.col("reimbursed"))
        | ~pl.col("stated").eq_missing(pl.col("reimbursed"))
    ).height
    return [f"check arithmetic of expenses: {wrong} lines don't give their amount"] if wrong else []
