"""What becomes of the obligations of a stretch, as far as it does not hang on the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import polars as pl

from schemas.payout import LineObligations, ReceivableItems
from schemas.table import Table
from transforms.money import MONEY
from transforms.payout.frozen import with_frozen
from transforms.payout.listings import with_listings
from transforms.payout.obligations import HELD, LINE, RECEIVABLE, payee_obligations
from transforms.payout.outstanding import outstanding
from transforms.payout.recoveries import no_longer_receivable, with_change
from transforms.payout.stretches import Stretch
from transforms.payout.wording import reasons_of_payment, reasons_of_receivable

_WIDE = pl.Decimal(38, 2)
_SUM = pl.col("amount").sum().cast(_WIDE)
_PAYEE = ["programme", "payee_id"]
_OF_THE_BATCH = ("batch_id", "line_number", "item_number")


@dataclass(frozen=True)
class Placed:
    """The obligations of a stretch by their places (`obligations.PLACES`).

    `dues` are what they were made of, and `obligations` all of them, one row per outstanding obligation,
    payee and listing. `items` are those on lines, with the columns of `payout.line_items` but for what the
    batch gives, `owing` those that are receivable, likewise of `payout.receivable_items`, and `gone` what is
    receivable no longer. `lines`, `held` and `receivables` sum up what each payee has to get or to give,
    `parties` what each is `due` with what is frozen, and `owed` without.
    """

    dues: pl.DataFrame
    obligations: pl.DataFrame
    items: pl.DataFrame
    owing: pl.DataFrame
    gone: pl.DataFrame
    lines: pl.DataFrame
    held: pl.DataFrame
    receivables: pl.DataFrame
    parties: pl.DataFrame

    def each(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Placed:
        """With each frame changed."""
        return Placed(**{each.name: change(getattr(self, each.name)) for each in fields(self)})

    def summed_up(self) -> Placed:
        """Without the rows of each due and obligation."""
        emptied = {name: getattr(self, name).clear() for name in ("dues", "obligations", "items", "owing")}
        return replace(self, **emptied)


def place(stretch: Stretch, *, separate: bool) -> Placed:
    """The places of a stretch's obligations; `separate` is the reading of set-off."""
    past = stretch.past
    dues = with_frozen(stretch.owed, stretch.held, past)
    found = payee_obligations(outstanding(dues, past), stretch.payees, past, separate=separate)
    found = with_change(with_listings(found, past), past)
    listed, held, receivable = (found.filter(pl.col("place") == where) for where in (LINE, HELD, RECEIVABLE))
    owing = receivable.with_columns(amount=(-pl.col("amount")).cast(MONEY))
    return Placed(
        dues=dues.select("obligation_key", "amount"),
        obligations=found,
        items=listed.select("programme", *_given(LineObligations)),
        owing=owing.select("programme", *_given(ReceivableItems)),
        gone=no_longer_receivable(found, past),
        lines=_sums(listed).join(reasons_of_payment(listed), on=_PAYEE, how="left"),
        held=held.group_by(_PAYEE).agg(_SUM, reason=pl.col("hold_reason").first()),
        receivables=_sums(owing, is_changed=(pl.col("change") != 0).any()).join(
            reasons_of_receivable(receivable), on=_PAYEE, how="left"
        ),
        parties=_parties(dues, stretch.owed),
    )


def _given(table: type[Table]) -> list[str]:
    return [name for name in table.columns if name not in _OF_THE_BATCH]


def _sums(items: pl.DataFrame, **further: pl.Expr) -> pl.DataFrame:
    return items.group_by(_PAYEE).agg(_SUM, item_count=pl.len().cast(pl.Int64), **further)


def _parties(dues: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    party = ["programme", "party_id"]
    without = owed.group_by(party).agg(_SUM.alias("owed"))
    return (
        dues.group_by(party)
        .agg(_SUM.alias("due"))
        .join(without, on=party, how="full", coalesce=True)
        .with_columns(pl.col("due", "owed").fill_null(pl.lit(0).cast(_WIDE)))
    )
