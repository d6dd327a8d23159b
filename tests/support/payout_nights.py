"""Nights, approvals and the bank's answers one after the other, with dues and payees made by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import polars as pl

from schemas.payout import APPROVED, Programme
from tests.support.payout_frames import card_number, id_number, occasion
from tests.support.whole_draft import WholeDraft, check_draft, draft_batches
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.payout.answers import SUCCESS, Answers, answers
from transforms.payout.batches import Terms
from transforms.payout.frames import DUES, PAYEES
from transforms.payout.ledger import (
    answer_entries,
    appended,
    batch_failures,
    chain_failures,
    listed_entries,
    listing_failures,
)
from transforms.payout.limits import Limits
from transforms.payout.past import Past

HOUSING = Programme.HOUSING_COMPENSATION.value
_FIRST_EVENT = datetime.fromisoformat("2021-07-01T09:00:00")
RECEIPTS = pl.Schema(
    {
        "batch_id": pl.String(),
        "line_number": pl.Int64(),
        "result": pl.String(),
        "failure_reason": pl.String(),
        "is_void": pl.Boolean(),
    }
)


def dues_frame(amounts: Mapping[tuple[str, str], str | Decimal]) -> pl.DataFrame:
    """The dues of (household, item)."""
    return pl.DataFrame(
        [
            {
                "programme": HOUSING,
                "party_id": party,
                "obligation_key": f"{HOUSING}/{party}//{item}/",
                "item_name": item,
                "amount": Decimal(amount),
                "clause": "方案 五(一)1",
                "basis": f"1 × {amount} 元 = {amount} 元",
            }
            for (party, item), amount in amounts.items()
        ],
        schema=DUES,
    )


def paid_to(party: str, *people: tuple[int, str], **changed: object) -> pl.DataFrame:
    """The payees of a household: the serial number of each person and its share."""
    return pl.DataFrame(
        [
            {
                "programme": HOUSING,
                "party_id": party,
                "party_name": f"户主{party}",
                "payee_id": party if place == 1 else f"{party}#{place}",
                "payee_name": f"收款{serial}",
                "id_number": id_number(serial),
                "account_name": f"收款{serial}",
                "bank_name": "示例银行阿尔山支行",
                "bank_account": card_number(serial),
                "share": Decimal(share),
                "is_frozen": False,
                **changed,
            }
            for place, (serial, share) in enumerate(people, start=1)
        ],
        schema=PAYEES,
    )


@dataclass
class Books:
    """What has happened so far; every step is checked."""

    separate: bool = False
    limits: Limits = field(default_factory=Limits)
    past: Past = field(default_factory=Past.none)
    events: int = 0

    def night(self, dues: pl.DataFrame, *payees: pl.DataFrame) -> WholeDraft:
        """The draft of a night."""
        number = self.past.batches.height + 1
        given = stacked(payees) if payees else PAYEES.to_frame()
        terms = Terms(separate=self.separate, limits=self.limits)
        night = occasion({Programme.HOUSING_COMPENSATION: number})
        draft = draft_batches(dues, given, self.past, night, terms)
        line_items = dues.filter(pl.col("programme") == HOUSING).select(
            pl.col("party_id").alias("household_id"), "amount", pl.lit("owed").alias("status")
        )
        assert check_draft(draft, self.past, dues=dues, line_items=line_items) == []
        return draft

    def approve(self, draft: WholeDraft) -> None:
        """Approve what was drafted."""
        at, past = self._now(), self.past
        ledger = past.ledger
        for batch_id in draft.batches["batch_id"]:
            entries = listed_entries(batch_id, draft.line_items, draft.receivable_items, at)
            ledger = stacked([ledger, appended(ledger, entries)])
        approved = draft.batches.with_columns(
            status=pl.lit(APPROVED),
            approved_by=pl.lit("示例批准人"),
            approved_at=pl.lit(at, pl.Datetime("us")),
        )
        self.past = replace(
            past,
            ledger=ledger,
            batches=stacked([past.batches, approved]),
            lines=stacked([past.lines, draft.lines]),
            line_items=stacked([past.line_items, draft.line_items]),
            receivable_items=stacked([past.receivable_items, draft.receivable_items]),
        )
        self._check()

    def answer(self, results: Iterable[tuple[str, int, bool]]) -> Answers:
        """Take in the receipts of a night: batch, line and whether it was paid."""
        receipts = receipts_frame(results)
        found = answers(receipts, self.past.ledger)
        entries = answer_entries(self.past.ledger, found.answered, self._now())
        self.past = replace(
            self.past,
            ledger=stacked([self.past.ledger, appended(self.past.ledger, entries)]),
            failures=stacked(
                [
                    self.past.failures,
                    receipts.filter(pl.col("failure_reason").is_not_null()).select(
                        list(self.past.failures.columns)
                    ),
                ]
            ).unique(["batch_id", "line_number"], keep="last", maintain_order=True),
        )
        self._check()
        return found

    def answer_all(self, draft: WholeDraft, *, is_paid: bool) -> None:
        """The bank's answer to every line of a draft."""
        self.answer((batch, line, is_paid) for batch, line in line_numbers(draft))

    def _now(self) -> datetime:
        self.events += 1
        return _FIRST_EVENT + timedelta(hours=self.events)

    def _check(self) -> None:
        past = self.past
        assert chain_failures(past.ledger) == []
        assert listing_failures(past.ledger) == []
        assert batch_failures(past.ledger, past.line_items, past.receivable_items) == []


def receipts_frame(results: Iterable[tuple[str, int, bool]]) -> pl.DataFrame:
    """Receipts as a night takes them in."""
    rows = [
        (batch, line, SUCCESS if is_paid else "失败", None if is_paid else "户名不符", False)
        for batch, line, is_paid in results
    ]
    return pl.DataFrame(rows, schema=RECEIPTS, orient="row")


def line_numbers(draft: WholeDraft) -> list[tuple[str, int]]:
    """Batch and number of every line."""
    return list(draft.lines.select("batch_id", "line_number").iter_rows())


def money_of_lines(draft: WholeDraft) -> dict[str, Decimal]:
    """What each payee is paid."""
    return dict(draft.lines.select("payee_id", "amount").iter_rows())


def listings(draft: WholeDraft) -> list[tuple[str, int, int, Decimal]]:
    """Item, payee's number, sequence and attempt of what is listed, with its amount."""
    rows = draft.line_items.sort("obligation_key", "sequence").select(
        pl.col("obligation_key").str.replace(f"{HOUSING}/", "", literal=True),
        "sequence",
        "attempt",
        pl.col("amount").cast(MONEY),
    )
    return list(rows.iter_rows())


def receivable(draft: WholeDraft) -> dict[str, Decimal]:
    """What each party owes."""
    return dict(draft.receivables.select("payee_id", "amount").iter_rows())


def held(draft: WholeDraft) -> dict[str, Decimal]:
    """What can't be listed, by payee."""
    return dict(draft.held.select("payee_id", "amount").iter_rows())
