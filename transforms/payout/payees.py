"""Who is paid what share of a household's compensation: the surveyed owner, or the rows of 收款人."""

from __future__ import annotations

import polars as pl

from schemas.payout import Programme
from transforms.frames import stacked
from transforms.payout.frames import PAYEES, WHOLE_SHARE
from transforms.payout.holds import duplicate_owners

_ACCOUNT = ("account_name", "bank_name", "bank_account")
_GIVEN = ("household_id", "party_name", "payee_name", "id_number", *_ACCOUNT, "share", "is_frozen")


def housing_payees(
    survey: pl.DataFrame, payees: pl.DataFrame, doubtful: pl.Series | None = None
) -> pl.DataFrame:
    """The payees of every surveyed household (`frames.PAYEES`), in the order of the given rows.

    `survey` and `payees` are the current records of 入户调查 and 收款人. A household whose shares do not add
    up to 100 has one row for the whole of it, held. `doubtful` are the households whose last 收款人 rows were
    rejected: they are held, since nobody else should be paid in their payee's stead.
    """
    owners = _owners(survey)
    given = (
        payees.rename({"payee_id_number": "id_number"})
        .join(
            owners.select("household_id", "party_name"), on="household_id", how="inner", maintain_order="left"
        )
        .with_columns(pl.col("is_frozen").fill_null(value=False))
    )
    by_themselves = owners.join(payees, on="household_id", how="anti", maintain_order="left").with_columns(
        payee_name=pl.col("party_name"),
        payee_id=pl.col("household_id"),
        share=pl.lit(WHOLE_SHARE).cast(PAYEES["share"]),
        is_frozen=pl.lit(value=False),
        share_hold=pl.lit(None, pl.String),
    )
    numbered = _held_when_shares_are_wrong(given).with_columns(payee_id=_payee_ids())
    columns = [*_GIVEN, "payee_id", "share_hold"]
    return (
        stacked([by_themselves.select(columns), numbered.select(columns)])
        .join(duplicate_owners(survey), on="household_id", how="left", maintain_order="left")
        .with_columns(
            programme=pl.lit(Programme.HOUSING_COMPENSATION.value),
            party_id=pl.col("household_id"),
            doubt_hold=_doubt(doubtful),
        )
        .with_columns(party_hold=_joined("share_hold", "duplicate_hold", "doubt_hold"))
        .select(list(PAYEES))
        .cast(PAYEES)
    )


def _doubt(doubtful: pl.Series | None) -> pl.Expr:
    if doubtful is None:
        return pl.lit(None, pl.String)
    reason = pl.lit("「收款人」表中该户有退回的行，请改正后把该户全部收款人（份额合计 100）一并重新上报")
    return pl.when(pl.col("household_id").is_in(doubtful.implode())).then(reason)


def _owners(survey: pl.DataFrame) -> pl.DataFrame:
    """One row per household; an account that only some of its rows give is that of all of them."""
    first_given = [pl.col(name).drop_nulls().first() for name in ("id_number", *_ACCOUNT)]
    return survey.group_by("household_id", maintain_order=True).agg(
        pl.col("owner_name").first().alias("party_name"), *first_given
    )


def _held_when_shares_are_wrong(rows: pl.DataFrame) -> pl.DataFrame:
    total = pl.col("share").sum().over("household_id")
    reason = pl.format("各收款人份额合计为 {}%，应为 100%，请改正「收款人」表的份额", total.cast(pl.String))
    marked = rows.with_columns(share_hold=pl.when(total != WHOLE_SHARE).then(reason))
    is_first = pl.int_range(pl.len()).over("household_id") == 0
    is_wrong = pl.col("share_hold").is_not_null()
    return marked.filter(~is_wrong | is_first).with_columns(
        share=pl.when(is_wrong).then(pl.lit(WHOLE_SHARE).cast(PAYEES["share"])).otherwise(pl.col("share"))
    )


def _payee_ids() -> pl.Expr:
    place = pl.int_range(1, pl.len() + 1).over("household_id")
    numbered = pl.format("{}#{}", pl.col("household_id"), place)
    return pl.when(place == 1).then(pl.col("household_id")).otherwise(numbered)


def _joined(*fields: str) -> pl.Expr:
    text = pl.concat_str(list(fields), separator="；", ignore_nulls=True)
    return pl.when(text != "").then(text)
