"""Draft batches: one per programme, with its lines, what is held and who owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from transforms.guard import guarded
from transforms.money import MONEY
from transforms.payout.accounts import account_changes
from transforms.payout.limits import Limits, beyond_limits
from transforms.payout.natural_order import natural_key
from transforms.payout.past import Past
from transforms.payout.placing import Placed
from transforms.payout.wording import reasons_of_receivable

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

    Their line items are not among them: those of a town are more than memory holds, and `numbered` makes them
    of each stretch. `listed` has a row per line: its payee, its number, and the first of its items' numbers.
    """

    batches: pl.DataFrame
    lines: pl.DataFrame
    receivable_items: pl.DataFrame
    held: pl.DataFrame
    receivables: pl.DataFrame
    listed: pl.DataFrame

    def within_limits(self, items: pl.DataFrame) -> pl.DataFrame:
        """The `items` of a stretch (`Placed`) whose payees have a line."""
        return items.join(self.listed, on=_PAYEE, how="semi", maintain_order="left")

    def numbered(self, items: pl.DataFrame) -> pl.DataFrame:
        """The `payout.line_items` of a stretch's `items` (`Placed`), by batch and line.

        What a limit keeps off the list is not among them.
        """
        rows = (
            looked_up(items, self.listed, _PAYEE)
            .filter(pl.col("line_number").is_not_null())
            .sort("batch_id", "line_number", maintain_order=True)
        )
        # the lines of a stretch follow each other
        first = pl.col("first_item").first().over("batch_id")
        number = first + pl.int_range(pl.len()).over("batch_id")
        # that no obligation is listed twice is looked at where they are placed
        return guarded(LineObligations, rows.with_columns(item_number=number), key=None)

    def with_digests(self, digests: Mapping[str, str]) -> Draft:
        """The draft with the digests of its batches, by their numbers."""
        digest = pl.col("batch_id").replace_strict(digests, return_dtype=pl.String)
        return replace(self, batches=Batches.conform(self.batches.with_columns(digest=digest)))


def draft_batches(
    parts: Sequence[Placed], payees: pl.DataFrame, past: Past, occasion: Occasion, limits: Limits
) -> Draft:
    """The draft of all stretches, its batches still without a digest.

    `payees` are those of all of them (`frames.PAYEES`). A programme has a batch when there is a line, or a
    receivable that no approved list shows as it is, or one on an approved list that is none any longer.
    """
    lines, owing, gone = (
        stacked(getattr(part, name) for part in parts) for name in ("lines", "owing", "gone")
    )
    beyond = beyond_limits(lines, limits)
    within = lines.join(beyond, on=_PAYEE, how="anti")
    receivables = _receivables(owing)
    numbers = _batch_numbers(within, owing, gone, occasion)
    listed = _listed(within, numbers)
    shown = _lines(listed, payees, past)
    receivable_items = _receivable_items(owing, receivables, gone, numbers)
    return Draft(
        batches=_batches(numbers, shown, occasion),
        lines=shown,
        receivable_items=receivable_items,
        held=_held(stacked(part.held for part in parts), lines, beyond),
        receivables=receivables,
        listed=listed.select(*_PAYEE, "batch_id", "line_number", "first_item"),
    )


def _batch_numbers(
    lines: pl.DataFrame, owing: pl.DataFrame, gone: pl.DataFrame, occasion: Occasion
) -> pl.DataFrame:
    """`programme`, `batch_id` of the programmes that have something to approve."""
    changed = owing.filter(pl.col("change") != 0)
    programmes = stacked(frame.select("programme") for frame in (lines, changed, gone))
    return (
        programmes.unique()
        .with_columns(batch_id=pl.col("programme").replace_strict(occasion.batch_ids()))
        .sort("batch_id")
    )


def _listed(lines: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """The lines with their batch, `line_number` and `first_item`, in the order of the list."""
    count = pl.col("item_count")
    return (
        looked_up(lines, numbers, ["programme"])
        .sort("batch_id", natural_key(pl.col("payee_id")), "payee_id")
        .with_columns(
            line_number=pl.int_range(1, pl.len() + 1).over("batch_id"),
            first_item=1 + (count.cum_sum() - count).over("batch_id"),
        )
    )


def _lines(listed: pl.DataFrame, payees: pl.DataFrame, past: Past) -> pl.DataFrame:
    details = payees.select(*_PAYEE, "payee_name", "id_number", "account_name", "bank_name", "bank_account")
    lines = listed.join(details, on=_PAYEE, how="left", maintain_order="left")
    return Lines.conform(account_changes(lines.with_columns(pl.col("amount").cast(MONEY)), past))


def _receivable_items(
    owing: pl.DataFrame, receivables: pl.DataFrame, gone: pl.DataFrame, numbers: pl.DataFrame
) -> pl.DataFrame:
    """What is receivable, and what approved lists show as receivable and is so no longer."""
    columns = [name for name in ReceivableItems.columns if name != "item_number"]
    order = receivables.select(*_PAYEE, line_number=pl.int_range(1, pl.len() + 1).over("programme"))
    items = (
        looked_up(looked_up(owing, order, _PAYEE), numbers, ["programme"])
        .filter(pl.col("batch_id").is_not_null())
        .with_columns(amount=(-pl.col("amount")).cast(MONEY))
        .sort("batch_id", "line_number", maintain_order=True)
    )
    numbered = gone.join(numbers, on="programme", how="inner").sort("programme", "obligation_key")
    together = stacked([items.select(columns), numbered.select(columns)])
    number = pl.int_range(1, pl.len() + 1).over("batch_id")
    return ReceivableItems.conform(together.with_columns(item_number=number))


def _held(held: pl.DataFrame, lines: pl.DataFrame, beyond: pl.DataFrame) -> pl.DataFrame:
    """What is held, and of the lines those beyond a limit."""
    limited = beyond.rename({"limit_hold": "reason"}).join(lines, on=_PAYEE, how="inner")
    columns = [*_PAYEE, "amount", "reason"]
    both = stacked([held.select(columns), limited.select(columns)])
    return Held.conform(_in_order(both.with_columns(pl.col("amount").cast(MONEY))))


def _receivables(owing: pl.DataFrame) -> pl.DataFrame:
    totals = owing.group_by(_PAYEE).agg((-pl.col("amount").sum()).cast(MONEY))
    return Receivables.conform(_in_order(totals.join(reasons_of_receivable(owing), on=_PAYEE, how="left")))


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort("programme", natural_key(pl.col("payee_id")), "payee_id")


def _batches(numbers: pl.DataFrame, lines: pl.DataFrame, occasion: Occasion) -> pl.DataFrame:
    totals = lines.group_by("batch_id").agg(
        line_count=pl.len().cast(pl.Int64), total_amount=pl.col("amount").sum().cast(MONEY)
    )
    return numbers.join(totals, on="batch_id", how="left", maintain_order="left").with_columns(
        pl.col("line_count").fill_null(0),
        pl.col("total_amount").fill_null(0).cast(MONEY),
        status=pl.lit(DRAFT),
        as_of=pl.lit(occasion.as_of),
        approved_by=pl.lit(None, pl.String),
        approved_at=pl.lit(None, pl.Datetime("us")),
        run_id=pl.lit(occasion.run_id),
        drafted_by=pl.lit(occasion.drafted_by),
        ledger_entries=pl.lit(None, pl.Int64),
        ledger_digest=pl.lit(None, pl.String),
    )
