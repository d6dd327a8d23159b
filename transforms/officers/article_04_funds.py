"""Article 四(四): invoices are reimbursed up to the working funds of each year of engagement."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.officer_policy import OfficerParameter as Named
from transforms import wording
from transforms.money import from_cents, to_cents
from transforms.officers.engagement import engagement_year
from transforms.payout.natural_order import natural_key
from transforms.policy import Policy

CLAUSE = "第四条(四)"
_AMOUNT = pl.col("expense_amount")
_REIMBURSED = pl.col("reimbursed")
_LIMIT = pl.col("funding_limit")
_LEFT = pl.col("left")


def reimbursements(
    expenses: pl.DataFrame, officers: pl.DataFrame, policy: Policy, as_of: date
) -> pl.DataFrame:
    """Every invoice with what is reimbursed of it, in the order in which the funds are used up.

    Both frames have their `sources`. Of an officer who is not registered nothing is reimbursed yet.
    """
    engagements = officers.select(
        "officer_id",
        "officer_name",
        "engaged_on",
        "engaged_until",
        "funding_limit",
        officer_sources="sources",
    )
    year = ["officer_id", "engagement_year"]
    return (
        expenses.join(engagements, on="officer_id", how="left", maintain_order="left")
        .with_columns(engagement_year=engagement_year(pl.col("spent_on")))
        .with_columns(refusal=_refusal(policy, as_of))
        .sort(
            natural_key(pl.col("officer_id")),
            "officer_id",
            "spent_on",
            natural_key(pl.col("invoice_number")),
            "invoice_number",
        )
        .with_columns(cents=pl.when(pl.col("refusal").is_null()).then(_cents(_AMOUNT)).otherwise(0))
        .with_columns(spent_before=pl.col("cents").cum_sum().over(year) - pl.col("cents"))
        .with_columns(left=(_cents(_LIMIT) - pl.col("spent_before")).clip(lower_bound=0))
        .with_columns(reimbursed=from_cents(pl.min_horizontal("cents", "left").fill_null(0)))
        .with_columns(left=from_cents(_LEFT))
        .select(
            "invoice_number",
            "officer_id",
            "officer_name",
            "engagement_year",
            "spent_on",
            "expense_amount",
            "reimbursed",
            reason=_reason(),
            clause=pl.lit(CLAUSE),
            basis=_basis(),
            sources=pl.concat_str("sources", "officer_sources", separator=" ", ignore_nulls=True),
        )
        .with_columns(pl.col("engagement_year").cast(pl.Int64))
    )


def _cents(amount: pl.Expr) -> pl.Expr:
    return to_cents(amount).cast(pl.Int64)


def _refusal(policy: Policy, as_of: date) -> pl.Expr:
    """Why an invoice is not for the funds of any year, whatever is left of them; else null."""
    is_in_force = policy.number(Named.FUNDING_LEAST, pl.col("spent_on")).is_not_null()
    return (
        pl.when(_LIMIT.is_null())
        .then(pl.lit("推介官尚未登记，待「产业推介官」表有该编号后再报销"))
        .when(pl.col("spent_on") > as_of)
        .then(pl.lit("发生日期晚于业务日期，暂不报销"))
        .when(pl.col("engagement_year").is_null())
        .then(
            pl.format("发生在聘期 {} 至 {} 以外，不予报销", "engaged_on", "engaged_until"),
        )
        .when(~is_in_force)
        .then(pl.lit("发生在办法施行以前，不予报销"))
    )


def _reason() -> pl.Expr:
    year = pl.format("第 {} 聘期年度的工作经费 {}", "engagement_year", wording.money(_LIMIT))
    return (
        pl.when(pl.col("refusal").is_not_null())
        .then(pl.col("refusal"))
        .when(_REIMBURSED == _AMOUNT)
        .then(pl.format("{}以内，全额报销", year))
        .when(_REIMBURSED > 0)
        .then(pl.format("超过{}，只报销余额", year))
        .otherwise(pl.format("{}已用完，不予报销", year))
    )


def _basis() -> pl.Expr:
    """The arithmetic: the invoice, what was left of the limit, or nothing of the invoice."""
    invoice = wording.money(_AMOUNT)
    used = from_cents(_cents(_LIMIT) - _cents(_LEFT))
    rest = pl.concat_str(wording.money(_LIMIT), pl.lit(" - "), wording.money(used))
    return (
        pl.when(_REIMBURSED == _AMOUNT)
        .then(pl.format("发票金额：{}", wording.equals(wording.times(pl.lit("1"), invoice), _REIMBURSED)))
        .when(_REIMBURSED > 0)
        .then(pl.format("工作经费标准减已报销：{}", wording.equals(rest, _REIMBURSED)))
        .otherwise(
            pl.format("不予报销：{}", wording.equals(wording.times(invoice, pl.lit("0")), _REIMBURSED))
        )
    )
