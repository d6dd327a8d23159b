"""Draft batches: one per programme, with its lines, what is held and who owes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.payout import BATCH_PREFIXES, Batches, Held, LineObligations, Lines, Programme, Receivables
from transforms.money import MONEY
from transforms.payout.holds import with_hold_reasons
from transforms.payout.natural_order import natural_key
from transforms.payout.obligations import HELD, LINE, RECEIVABLE, payee_obligations
from transforms.payout.wording import reasons_of_payment, reasons_of_receivable

_PAYEE = ["programme", "payee_id"]
_UNIT_SEPARATOR, _ROW_SEPARATOR = "\x1f", "\n"


@dataclass(frozen=True)
class Draft:
    """The draft batches of a night; the frames are those of `schemas.payout` and nothing is null in them.

    `obligations` has one row per obligation and payee, with its `place` (`obligations.PLACES`), and
    `batch_id` and `line_number` where it is in a line: the detail that the lists print.
    """

    batches: pl.DataFrame
    lines: pl.DataFrame
    line_items: pl.DataFrame
    held: pl.DataFrame
    receivables: pl.DataFrame
    obligations: pl.DataFrame


def draft_batches(
    dues: pl.DataFrame,
    payees: pl.DataFrame,
    *,
    as_of: date,
    separate: bool,
    next_numbers: Mapping[Programme, int],
) -> Draft:
    """The draft of all programmes in `dues` and `payees` (the frames of `transforms.payout.frames`).

    `separate` is the reading of set-off. `next_numbers` gives the number of each programme's next batch, 1
    where it is not named. A programme without lines and receivables has no batch.
    """
    checked = with_hold_reasons(payees)
    obligations = payee_obligations(dues, checked, separate=separate)
    numbered = _numbered(obligations, next_numbers)
    lines = _lines(numbered, checked)
    line_items = LineObligations.conform(
        numbered.filter(pl.col("place") == LINE)
        .sort("batch_id", "line_number", maintain_order=True)
        .select(list(LineObligations.columns))
    )
    return Draft(
        batches=_batches(numbered, lines, line_items, as_of),
        lines=lines,
        line_items=line_items,
        held=_held(numbered),
        receivables=_receivables(numbered),
        obligations=numbered,
    )


def batch_digest(batch_id: str, lines: pl.DataFrame, line_items: pl.DataFrame) -> str:
    """SHA-256 over a batch's lines and their obligations, as the tables of `schemas.payout` hold them.

    Fields are joined by U+001F and rows by a line feed; neither is in a listed name, since a payee with
    control characters is held.
    """
    parts = [batch_id]
    for table, frame, order in (
        (Lines, lines, ["line_number"]),
        (LineObligations, line_items, ["line_number", "obligation_key"]),
    ):
        fields = [pl.col(name).cast(pl.String) for name in table.columns]
        rows = frame.filter(pl.col("batch_id") == batch_id).sort(order)
        parts += rows.select(pl.concat_str(fields, separator=_UNIT_SEPARATOR)).to_series().to_list()
    return hashlib.sha256(_ROW_SEPARATOR.join(parts).encode()).hexdigest()


def _numbered(obligations: pl.DataFrame, next_numbers: Mapping[Programme, int]) -> pl.DataFrame:
    """The obligations with `batch_id` where they are in one and `line_number` where they are in a line."""
    batch_ids = {
        programme.value: f"{prefix}-{next_numbers.get(programme, 1):04d}"
        for programme, prefix in BATCH_PREFIXES.items()
    }
    lines = (
        obligations.filter(pl.col("place") == LINE)
        .select(_PAYEE)
        .unique()
        .sort("programme", natural_key(pl.col("payee_id")), "payee_id")
        .with_columns(place=pl.lit(LINE), line_number=pl.int_range(1, pl.len() + 1).over("programme"))
    )
    batch_id = pl.col("programme").replace_strict(batch_ids, return_dtype=pl.String)
    return obligations.join(lines, on=[*_PAYEE, "place"], how="left", maintain_order="left").with_columns(
        batch_id=pl.when(pl.col("place").is_in([LINE, RECEIVABLE])).then(batch_id)
    )


def _lines(obligations: pl.DataFrame, payees: pl.DataFrame) -> pl.DataFrame:
    listed = obligations.filter(pl.col("place") == LINE)
    totals = listed.group_by("batch_id", "line_number", *_PAYEE).agg(pl.col("amount").sum().cast(MONEY))
    details = payees.select(*_PAYEE, "payee_name", "id_number", "account_name", "bank_name", "bank_account")
    return Lines.conform(
        totals.join(details, on=_PAYEE, how="left")
        .join(reasons_of_payment(listed), on=_PAYEE, how="left")
        .sort("batch_id", "line_number")
    )


def _held(obligations: pl.DataFrame) -> pl.DataFrame:
    held = (
        obligations.filter(pl.col("place") == HELD)
        .group_by(*_PAYEE)
        .agg(pl.col("amount").sum().cast(MONEY), pl.col("hold_reason").first().alias("reason"))
    )
    return Held.conform(_in_order(held))


def _receivables(obligations: pl.DataFrame) -> pl.DataFrame:
    owing = obligations.filter(pl.col("place") == RECEIVABLE)
    totals = owing.group_by(_PAYEE).agg((-pl.col("amount").sum()).cast(MONEY))
    return Receivables.conform(_in_order(totals.join(reasons_of_receivable(owing), on=_PAYEE, how="left")))


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort("programme", natural_key(pl.col("payee_id")), "payee_id")


def _batches(
    obligations: pl.DataFrame, lines: pl.DataFrame, line_items: pl.DataFrame, as_of: date
) -> pl.DataFrame:
    batches = (
        obligations.filter(pl.col("batch_id").is_not_null())
        .select("batch_id", "programme")
        .unique()
        .sort("batch_id")
    )
    totals = lines.group_by("batch_id").agg(
        line_count=pl.len().cast(pl.Int64), total_amount=pl.col("amount").sum().cast(MONEY)
    )
    digests = [batch_digest(batch_id, lines, line_items) for batch_id in batches["batch_id"]]
    return Batches.conform(
        batches.join(totals, on="batch_id", how="left", maintain_order="left").with_columns(
            pl.col("line_count").fill_null(0),
            pl.col("total_amount").fill_null(0).cast(MONEY),
            status=pl.lit("draft"),
            as_of=pl.lit(as_of),
            digest=pl.Series(digests, dtype=pl.String),
            approved_by=pl.lit(None, pl.String),
            approved_at=pl.lit(None, pl.Datetime("us")),
        )
    )
