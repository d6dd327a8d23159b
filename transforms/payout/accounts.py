"""What earlier lists say of a payee's account: that a payment to it failed, or that it was another one."""

from __future__ import annotations

import polars as pl

from transforms.payout.past import ACCOUNT, Past
from transforms.payout.payee_numbers import party_of

_PAYEE = ["programme", "payee_id"]
_SHOWN_DIGITS = 4


def failed_accounts(past: Past) -> pl.DataFrame:
    """`programme`, `party`, the account, `failed_hold`: accounts that a payment came back from.

    They are held until they are mended, whichever payee of the party gives them: only another account is paid
    what failed.
    """
    failed = past.unreplaced_failures().select("batch_id", "line_number").unique()
    why = pl.coalesce("failure_reason", pl.lit("原因未填"))
    return (
        past.programmed_lines()
        .join(failed, on=["batch_id", "line_number"], how="semi")
        .join(past.failures, on=["batch_id", "line_number"], how="left", maintain_order="left")
        .with_columns(
            failed_hold=pl.format(
                "清单 {} 第 {} 行付款失败（{}），请更正收款账户后再列入", "batch_id", "line_number", why
            )
        )
        .group_by("programme", party_of(pl.col("payee_id")).alias("party"), *ACCOUNT)
        .agg(pl.col("failed_hold").last())
    )


def account_changes(lines: pl.DataFrame, past: Past) -> pl.DataFrame:
    """The lines (with `programme`) with `account_change`: what their payee's last line had otherwise."""
    last = (
        past.programmed_lines().group_by(_PAYEE).agg(pl.col(*ACCOUNT, "batch_id").last().name.prefix("last_"))
    )
    joined = lines.join(last, on=_PAYEE, how="left", maintain_order="left")
    differs = pl.any_horizontal(pl.col(name) != pl.col(f"last_{name}") for name in ACCOUNT)
    # the sheet of changed accounts shows the new one in full and the old one by its end
    old = pl.format(
        "清单 {}：{}，{}，账号末四位 {}",
        "last_batch_id",
        "last_account_name",
        "last_bank_name",
        pl.col("last_bank_account").str.tail(_SHOWN_DIGITS),
    )
    return joined.with_columns(account_change=pl.when(differs).then(old)).drop(
        [f"last_{name}" for name in (*ACCOUNT, "batch_id")]
    )
