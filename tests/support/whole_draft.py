"""Drafts whole: all stretches with their line items, each cut that is possible giving the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import polars as pl
from polars.testing import assert_frame_equal

from flows.lists.batch_content import BatchContent
from schemas.payout import FAILED, LISTED, RECOVERY, LineObligations, ReceivableItems
from transforms.frames import stacked
from transforms.payout.accounts import failed_accounts
from transforms.payout.batch_digest import batch_digest
from transforms.payout.batches import Draft, Occasion, Terms
from transforms.payout.batches import draft_batches as batches_of
from transforms.payout.checks import check_draft as draft_failures
from transforms.payout.checks import check_items, check_placed
from transforms.payout.holds import sharing_parties, with_hold_reasons
from transforms.payout.past import Past
from transforms.payout.payee_numbers import party_of, with_lasting_numbers
from transforms.payout.placing import Placed, place
from transforms.payout.stretches import Stretch, stretches

FEW = (2, 1000)
"""Payees at once."""


@dataclass(frozen=True)
class WholeDraft(Draft):
    """A draft with what is behind its lines and receivables, and all `obligations` of its stretches."""

    line_items: pl.DataFrame
    receivable_items: pl.DataFrame
    obligations: pl.DataFrame
    parts: tuple[Placed, ...]


def draft_batches(
    dues: pl.DataFrame, payees: pl.DataFrame, past: Past, occasion: Occasion, terms: Terms
) -> WholeDraft:
    """The draft of all programmes in `dues` and `payees`, the same however many are drafted together."""
    drafts = [drafted_at_once(dues, payees, past, occasion, terms, few) for few in FEW]
    drafts.append(_drafted_of_the_restless(dues, payees, past, occasion, terms))
    for other in drafts[1:]:
        assert_frame_equal(drafts[0].line_items, other.line_items)
        assert_frame_equal(drafts[0].receivable_items, other.receivable_items)
        for each in reversed(fields(Draft)):
            assert_frame_equal(getattr(drafts[0], each.name), getattr(other, each.name))
    return drafts[-2]


def _drafted_of_the_restless(
    dues: pl.DataFrame, payees: pl.DataFrame, past: Past, occasion: Occasion, terms: Terms
) -> WholeDraft:
    """The draft of those alone whose obligations are not listed as they are owed, as nights make it."""
    listed = past.ledger.filter(pl.col("kind") == LISTED)
    counted = stacked(
        [
            dues.select(party=party_of(pl.col("party_id")), key="obligation_key", amount="amount"),
            listed.select(party=party_of(pl.col("payee_id")), key="due_key", amount=-pl.col("amount")),
        ]
    )
    open_keys = counted.group_by("party", "key").agg(pl.col("amount").sum()).filter(pl.col("amount") != 0)
    told = past.ledger.filter(pl.col("kind").is_in([FAILED, RECOVERY])).select(party="payee_id")
    families = stacked([open_keys.select("party"), told, sharing_parties(payees).alias("party").to_frame()])
    wanted = families.select(party_of(pl.col("party"))).to_series().unique()

    def concerned(rows: pl.DataFrame, name: str) -> pl.DataFrame:
        return rows.filter(party_of(pl.col(name)).is_in(wanted.implode()))

    restless = replace(
        past,
        ledger=concerned(past.ledger, "payee_id"),
        lines=concerned(past.lines, "payee_id"),
        line_items=concerned(past.line_items, "party_id"),
        receivable_items=concerned(past.receivable_items, "party_id"),
    )
    of_them = concerned(dues, "party_id"), concerned(payees, "payee_id")
    return drafted_at_once(*of_them, restless, occasion, terms, FEW[-1])


def drafted_at_once(
    dues: pl.DataFrame, payees: pl.DataFrame, past: Past, occasion: Occasion, terms: Terms, few: int
) -> WholeDraft:
    """The draft made of so few payees at a time."""
    checked = with_hold_reasons(with_lasting_numbers(payees, past), failed_accounts(past))
    parties = dues.select("programme", payee_id="party_id")
    cut = stretches([checked, parties, past.parties()], few)
    parts = [
        place(Stretch(owed, owed.clear(), its_payees, its_past), separate=terms.separate)
        for owed, its_payees, its_past in zip(
            cut.parted(dues, "party_id"),
            cut.parted(checked, "payee_id"),
            cut.parted_past(past),
            strict=True,
        )
    ]
    draft = batches_of(parts, checked, past, occasion, terms.limits)
    items = [draft.numbered(LineObligations, part.items) for part in parts]
    line_items = stacked([LineObligations.empty(), *items]).sort("batch_id", maintain_order=True)
    owing = [draft.numbered(ReceivableItems, part.owing) for part in parts]
    receivable_items = stacked([*owing, draft.gone]).sort("batch_id", maintain_order=True)
    digests = {
        batch_id: batch_digest(batch_id, draft.lines, line_items, receivable_items)
        for batch_id in draft.batches["batch_id"]
    }
    draft = draft.with_digests(digests)
    return WholeDraft(
        **{each.name: getattr(draft, each.name) for each in fields(Draft)},
        line_items=line_items,
        receivable_items=receivable_items,
        obligations=stacked(part.obligations for part in parts),
        parts=tuple(parts),
    )


def check_draft(
    draft: WholeDraft,
    past: Past,
    *,
    dues: pl.DataFrame,
    line_items: pl.DataFrame,
    owed: pl.DataFrame | None = None,
) -> list[str]:
    """Every check on a draft; `dues` and `owed` are with and without what is frozen."""
    whole = _together(draft)
    items = draft.line_items
    payee = ["programme", "payee_id"]
    limited = whole.items.join(draft.listed, on=payee, how="anti")
    looked_at = ["obligation_key", "sequence", "attempt", "refers_to", "amount"]
    both = stacked([items.select(looked_at), limited.select(looked_at)])
    spoilt = replace(whole, dues=dues, obligations=draft.obligations, items=both)
    parties = _parties(dues, dues if owed is None else owed)
    digests = {
        batch_id: batch_digest(batch_id, draft.lines, items, draft.receivable_items)
        for batch_id in draft.batches["batch_id"]
    }
    return [
        *check_placed(spoilt, past),
        *check_items(LineObligations, draft.on_lists(LineObligations, whole.items), items),
        *draft_failures(
            draft,
            past,
            parts=[replace(whole, parties=parties)],
            line_items=line_items,
            lines=items,
            digests=digests,
        ),
    ]


def contents_of_draft(draft: WholeDraft) -> Iterator[BatchContent]:
    """Every batch of a draft."""
    for batch in draft.batches.iter_rows(named=True):
        is_its = pl.col("batch_id") == batch["batch_id"]
        yield BatchContent(
            batch,
            draft.lines.filter(is_its),
            draft.line_items.filter(is_its),
            draft.receivable_items.filter(is_its),
        )


def _together(draft: WholeDraft) -> Placed:
    names = [each.name for each in fields(Placed)]
    return Placed(**{name: stacked(getattr(part, name) for part in draft.parts) for name in names})


def _parties(dues: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    wide, party = pl.col("amount").sum().cast(pl.Decimal(38, 2)), ["programme", "party_id"]
    both = (
        dues.group_by(party)
        .agg(due=wide)
        .join(owed.group_by(party).agg(owed=wide), on=party, how="full", coalesce=True)
    )
    return both.with_columns(pl.col("due", "owed").fill_null(pl.lit(0).cast(pl.Decimal(38, 2))))
