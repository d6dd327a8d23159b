"""Draft batches: one per programme, with its lines, what is held and who owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from schemas.payout import (
    BATCH_PREFIXES,
    DRAFT,
    Batches,
    Held,
    LineObligations,
    Lines,
    Programme,
    ReceivableItems,
    Receivables,
)
from transforms.frames import looked_up, stacked
from transforms.money import MONEY
from transforms.payout.accounts import account_changes, failed_accounts
from transforms.payout.batch_digest import batch_digest
from transforms.payout.holds import with_hold_reasons
from transforms.payout.limits import Limits, beyond_limits
from transforms.payout.listings import with_listings
from transforms.payout.natural_order import natural_key
from transforms.payout.obligations import HELD, LINE, RECEIVABLE, payee_obligations
from transforms.payout.outstanding import outstanding
from transforms.payout.past import Past
from transforms.payout.payee_numbers import with_lasting_numbers
from transforms.payout.recoveries import no_longer_receivable, with_change
from transforms.payout.wording import reasons_of_payment, reasons_of_receivable

_PAYEE = ["programme", "payee_id"]


@dataclass(frozen=True)
class Occasion:
    """The night that drafts: its day and run, who runs it, and the numbers that the next batches have."""

    as_of: date
    run_id: str
    drafted_by: str
    next_numbers: Mapping[Programme, int]

    def batch_ids(self) -> dict[str, str]:
        """The number of the batch that each programme drafts."""
        return {
            programme.value: f"{prefix}-{self.next_numbers.get(programme, 1):04d}"
            for programme, prefix in BATCH_PREFIXES.items()
        }


@dataclass(frozen=True)
class Terms:
    """How it is paid: `separate` is the reading of set-off, `limits` what a list may hold."""

    separate: bool = False
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Draft:
    """The draft batches of a night; the frames are those of `schemas.payout`.

    `obligations` has one row per outstanding obligation, payee and listing, with its `place`
    (`obligations.PLACES`).
    """

    batches: pl.DataFrame
    lines: pl.DataFrame
    line_items: pl.DataFrame
    receivable_items: pl.DataFrame
    held: pl.DataFrame
    receivables: pl.DataFrame
    obligations: pl.DataFrame


def draft_batches(
    dues: pl.DataFrame, payees: pl.DataFrame, past: Past, occasion: Occasion, terms: Terms
) -> Draft:
    """The draft of all programmes in `dues` and `payees` (the frames of `transforms.payout.frames`).

    A programme has a batch when there is a line, or a receivable that no approved list shows as it is, or one
    on an approved list that is none any longer.
    """
    checked = with_hold_reasons(with_lasting_numbers(payees, past), failed_accounts(past))
    obligations = payee_obligations(outstanding(dues, past), checked, past, separate=terms.separate)
    obligations = with_listings(_within_limits(obligations, terms.limits), past)
    receivables = _receivables(obligations)
    changed, gone = with_change(obligations, past), no_longer_receivable(obligations, past)
    numbers = _batch_numbers(changed, gone, occasion)
    placed = _with_batches(_numbered(changed, receivables), numbers)
    lines = _lines(placed, checked, past)
    columns = [name for name in LineObligations.columns if name != "item_number"]
    line_items = LineObligations.conform(
        placed.lazy()
        .filter(pl.col("place") == LINE)
        .select(columns)
        .collect()
        .sort("batch_id", "line_number", maintain_order=True)
        .with_columns(item_number=_item_number())
    )
    receivable_items = _receivable_items(placed, gone, numbers)
    return Draft(
        batches=_batches(numbers, lines, line_items, receivable_items, occasion),
        lines=lines,
        line_items=line_items,
        receivable_items=receivable_items,
        held=_held(obligations),
        receivables=receivables,
        obligations=placed,
    )


def _within_limits(obligations: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """The obligations with what passes a limit held."""
    listed = obligations.lazy().filter(pl.col("place") == LINE).select(*_PAYEE, "amount").collect()
    beyond = beyond_limits(listed, limits)
    if beyond.is_empty():
        return obligations
    is_beyond = (pl.col("place") == LINE) & pl.col("limit_hold").is_not_null()
    return (
        looked_up(obligations, beyond, _PAYEE)
        .with_columns(
            place=pl.when(is_beyond).then(pl.lit(HELD)).otherwise(pl.col("place")),
            hold_reason=pl.coalesce("hold_reason", pl.when(is_beyond).then(pl.col("limit_hold"))),
        )
        .drop("limit_hold")
    )


def _numbered(obligations: pl.DataFrame, receivables: pl.DataFrame) -> pl.DataFrame:
    """The obligations with `line_number`: in the payment list, or in the list of receivables."""
    lines = (
        obligations.filter(pl.col("place") == LINE)
        .select(_PAYEE)
        .unique()
        .sort(natural_key(pl.col("payee_id")), "payee_id")
    )
    numbers = stacked(
        frame.select(
            *_PAYEE, place=pl.lit(place), line_number=pl.int_range(1, pl.len() + 1).over("programme")
        )
        for frame, place in ((lines, LINE), (receivables, RECEIVABLE))
    )
    return looked_up(obligations, numbers, [*_PAYEE, "place"])


def _batch_numbers(changed: pl.DataFrame, gone: pl.DataFrame, occasion: Occasion) -> pl.DataFrame:
    """`programme`, `batch_id` of the programmes that have something to approve."""
    has_news = (pl.col("place") == LINE) | (pl.col("change") != 0)
    programmes = stacked([changed.filter(has_news).select("programme"), gone.select("programme")])
    return (
        programmes.unique()
        .with_columns(batch_id=pl.col("programme").replace_strict(occasion.batch_ids()))
        .sort("batch_id")
    )


def _with_batches(obligations: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The obligations with `batch_id` where a batch of their programme lists them."""
    is_listed = pl.col("place").is_in([LINE, RECEIVABLE])
    return looked_up(obligations, numbers, ["programme"]).with_columns(
        batch_id=pl.when(is_listed).then("batch_id")
    )


def _lines(obligations: pl.DataFrame, payees: pl.DataFrame, past: Past) -> pl.DataFrame:
    listed = obligations.filter(pl.col("place") == LINE)
    totals = listed.group_by("batch_id", "line_number", *_PAYEE).agg(pl.col("amount").sum().cast(MONEY))
    details = payees.select(*_PAYEE, "payee_name", "id_number", "account_name", "bank_name", "bank_account")
    lines = (
        totals.join(details, on=_PAYEE, how="left")
        .join(reasons_of_payment(listed), on=_PAYEE, how="left")
        .sort("batch_id", "line_number")
    )
    return Lines.conform(account_changes(lines, past))


def _receivable_items(obligations: pl.DataFrame, gone: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """What is receivable, and what approved lists show as receivable and is so no longer."""
    columns = [name for name in ReceivableItems.columns if name != "item_number"]
    items = (
        obligations.filter((pl.col("place") == RECEIVABLE) & pl.col("batch_id").is_not_null())
        .with_columns(amount=(-pl.col("amount")).cast(MONEY))
        .sort("batch_id", "line_number", maintain_order=True)
    )
    numbered = gone.join(numbers, on="programme", how="inner", maintain_order="left")
    together = stacked([items.select(columns), numbered.select(columns)])
    return ReceivableItems.conform(together.with_columns(item_number=_item_number()))


def _item_number() -> pl.Expr:
    return pl.int_range(1, pl.len() + 1).over("batch_id")


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
    numbers: pl.DataFrame,
    lines: pl.DataFrame,
    line_items: pl.DataFrame,
    receivable_items: pl.DataFrame,
    occasion: Occasion,
) -> pl.DataFrame:
    totals = lines.group_by("batch_id").agg(
        line_count=pl.len().cast(pl.Int64), total_amount=pl.col("amount").sum().cast(MONEY)
    )
    digests = [
        batch_digest(batch_id, lines, line_items, receivable_items) for batch_id in numbers["batch_id"]
    ]
    return Batches.conform(
        numbers.join(totals, on="batch_id", how="left", maintain_order="left").with_columns(
            pl.col("line_count").fill_null(0),
            pl.col("total_amount").fill_null(0).cast(MONEY),
            status=pl.lit(DRAFT),
            as_of=pl.lit(occasion.as_of),
            digest=pl.Series(digests, dtype=pl.String),
            approved_by=pl.lit(None, pl.String),
            approved_at=pl.lit(None, pl.Datetime("us")),
            run_id=pl.lit(occasion.run_id),
            drafted_by=pl.lit(occasion.drafted_by),
            ledger_entries=pl.lit(None, pl.Int64),
            ledger_digest=pl.lit(None, pl.String),
        )
    )
