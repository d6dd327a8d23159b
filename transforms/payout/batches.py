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
from schemas.table import Table
from transforms.frames import looked_up, stacked
from transforms.guard import guarded
from transforms.money import MONEY
from transforms.payout.accounts import account_changes
from transforms.payout.limits import Limits, beyond_limits
from transforms.payout.natural_order import natural_key
from transforms.payout.past import Past
from transforms.payout.placing import Placed

Behind = type[LineObligations] | type[ReceivableItems]
"""The table of what is behind lines, or behind receivables."""
_PAYEE = ["programme", "payee_id"]
_NUMBERING = (*_PAYEE, "batch_id", "line_number", "first_item")


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

    What is behind lines and receivables is not among them: that of a town is more than memory holds, and
    `numbered` makes it of each stretch. `gone` are the receivable items that are none any
    longer. `listed` and `owing` have a row per line, and per receivable that a batch shows: its payee, its
    number, and the first of its items' numbers.
    """

    batches: pl.DataFrame
    lines: pl.DataFrame
    held: pl.DataFrame
    receivables: pl.DataFrame
    gone: pl.DataFrame
    listed: pl.DataFrame
    owing: pl.DataFrame

    def on_lists(self, table: Behind, placed: pl.DataFrame) -> pl.DataFrame:
        """Of a stretch's `items` or `owing` what the batches show; a limit may keep some of it off."""
        return placed.join(self._numbers(table), on=_PAYEE, how="semi", maintain_order="left")

    def numbered(self, table: Behind, placed: pl.DataFrame) -> pl.DataFrame:
        """A stretch's `items` or `owing` as rows of the table of such, by batch and line."""
        rows = (
            looked_up(placed, self._numbers(table), _PAYEE)
            .filter(pl.col("batch_id").is_not_null())
            .sort("batch_id", "line_number", maintain_order=True)
        )
        # the lines of a stretch follow each other
        first = pl.col("first_item").first().over("batch_id")
        number = first + pl.int_range(pl.len()).over("batch_id")
        # that no obligation is there twice is looked at where they are placed
        return guarded(table, rows.with_columns(item_number=number), key=None)

    def _numbers(self, table: Behind) -> pl.DataFrame:
        return self.listed if table is LineObligations else self.owing

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
        stacked(getattr(part, name) for part in parts) for name in ("lines", "receivables", "gone")
    )
    beyond = beyond_limits(lines, limits)
    within = lines.join(beyond, on=_PAYEE, how="anti")
    numbers = _batch_numbers(within, owing, gone, occasion)
    listed, owing_listed = _in_lists(within, numbers), _in_lists(owing, numbers)
    shown = _lines(listed, payees, past)
    return Draft(
        batches=_batches(numbers, shown, occasion),
        lines=shown,
        held=_held(stacked(part.held for part in parts), lines, beyond),
        receivables=_as_table(Receivables, owing),
        gone=_gone(gone, owing_listed, numbers),
        listed=listed.select(_NUMBERING),
        owing=owing_listed.select(_NUMBERING),
    )


def _batch_numbers(
    lines: pl.DataFrame, owing: pl.DataFrame, gone: pl.DataFrame, occasion: Occasion
) -> pl.DataFrame:
    """`programme`, `batch_id` of the programmes that have something to approve."""
    programmes = stacked(frame.select("programme") for frame in (lines, owing.filter("is_changed"), gone))
    return (
        programmes.unique()
        .with_columns(batch_id=pl.col("programme").replace_strict(occasion.batch_ids()))
        .sort("batch_id")
    )


def _in_lists(payees: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Lines or receivables with their batch, `line_number` and `first_item`, in the order of the list."""
    count = pl.col("item_count")
    return (
        looked_up(payees, numbers, ["programme"])
        .filter(pl.col("batch_id").is_not_null())
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


def _gone(gone: pl.DataFrame, owing: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """What approved lists show as receivable and is so no longer, numbered behind what is."""
    shown = owing.group_by("batch_id").agg(before=pl.col("item_count").sum())
    rows = (
        gone.join(numbers, on="programme", how="inner")
        .join(shown, on="batch_id", how="left")
        .sort("batch_id", "obligation_key")
    )
    number = pl.col("before").fill_null(0) + pl.int_range(1, pl.len() + 1).over("batch_id")
    return ReceivableItems.conform(rows.with_columns(item_number=number))


def _held(held: pl.DataFrame, lines: pl.DataFrame, beyond: pl.DataFrame) -> pl.DataFrame:
    """What is held, and of the lines those beyond a limit."""
    limited = beyond.rename({"limit_hold": "reason"}).join(lines, on=_PAYEE, how="inner")
    columns = [*_PAYEE, "amount", "reason"]
    return _as_table(Held, stacked([held.select(columns), limited.select(columns)]))


def _as_table(table: type[Table], sums: pl.DataFrame) -> pl.DataFrame:
    rows = sums.sort("programme", natural_key(pl.col("payee_id")), "payee_id")
    return table.conform(rows.with_columns(pl.col("amount").cast(MONEY)))


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
