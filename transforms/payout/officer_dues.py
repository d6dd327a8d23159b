"""The working funds of promotion officers as what is owed, and the account that they are paid to."""

from __future__ import annotations

import polars as pl

from schemas.payout import Programme
from transforms.payout.frames import DUES, PAYEES, WHOLE_SHARE
from transforms.payout.natural_order import natural_key
from transforms.payout.obligations import obligation_key

_PROGRAMME = Programme.OFFICER_EXPENSES.value
_ITEM_NAME = "工作经费"
_ACCOUNT = ("account_name", "bank_name", "bank_account")


def officer_dues(expenses: pl.DataFrame) -> pl.DataFrame:
    """What is reimbursed of each invoice as `frames.DUES`, by officer and day; nothing has no row.

    Keys are 推介官工作经费/invoice, as in 推介官工作经费/FP-0001. The period is the day of the expense.
    """
    return (
        expenses.filter(pl.col("reimbursed") > 0)
        .sort(
            natural_key(pl.col("officer_id")),
            "officer_id",
            "spent_on",
            natural_key(pl.col("invoice_number")),
            "invoice_number",
        )
        .select(
            programme=pl.lit(_PROGRAMME),
            party_id="officer_id",
            obligation_key=obligation_key(_PROGRAMME, pl.col("invoice_number")),
            building_id=None,
            item_name=pl.lit(_ITEM_NAME),
            period=pl.col("spent_on").cast(pl.String),
            amount="reimbursed",
            clause="clause",
            basis=pl.format("{}〔发票 {}〕", "basis", "invoice_number"),
            reading=None,
        )
        .cast(DUES)
    )


def officer_payees(officers: pl.DataFrame, introducers: pl.DataFrame) -> pl.DataFrame:
    """Every officer as `frames.PAYEES`: paid to the account of the introducer whose number the officer has.

    `officers` and `introducers` are the current records of 产业推介官 and 引资人. Without such an account
    the officer is held.
    """
    accounts = introducers.select(
        "introducer_id", "introducer_name", "id_number", *_ACCOUNT, is_known=pl.lit(value=True)
    )
    return (
        officers.select("officer_id", "officer_name", "introducer_id")
        .join(accounts, on="introducer_id", how="left", maintain_order="left")
        .select(
            programme=pl.lit(_PROGRAMME),
            party_id="officer_id",
            party_name="officer_name",
            payee_id="officer_id",
            payee_name=pl.coalesce("introducer_name", "officer_name"),
            id_number="id_number",
            **{name: pl.col(name) for name in _ACCOUNT},
            share=pl.lit(WHOLE_SHARE),
            is_frozen=pl.lit(value=False),
            party_hold=_hold(),
        )
        .cast(PAYEES)
    )


def _hold() -> pl.Expr:
    number = pl.col("introducer_id")
    lacks_account = pl.any_horizontal(pl.col(name).is_null() for name in _ACCOUNT)
    return (
        pl.when(number.is_null())
        .then(pl.lit("推介官没有引资人编号，也就没有收款账户，请在「产业推介官」表补填引资人编号"))
        .when(pl.col("is_known").is_null())
        .then(pl.format("「引资人」表没有编号 {}，请补报该引资人，或改正「产业推介官」表的编号", number))
        .when(lacks_account)
        .then(pl.format("引资人 {} 的收款账户不完整，请在「引资人」表补填", number))
    )
