"""What becomes of the obligations of a stretch, as far as it does not hang on the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from schemas.payout import LineObligations, ReceivableItems
from transforms.payout.frozen import with_frozen
from transforms.payout.listings import with_listings
from transforms.payout.obligations import HELD, LINE, RECEIVABLE, payee_obligations
from transforms.payout.outstanding import outstanding
from transforms.payout.recoveries import no_longer_receivable, with_change
from transforms.payout.stretches import Stretch
from transforms.payout.wording import reasons_of_payment

SUM = pl.Decimal(38, 2)
_PAYEE = ["programme", "payee_id"]
_OF_THE_BATCH = ("batch_id", "line_number", "item_number")


@dataclass(frozen=True)
class Placed:
    """The obligations of a stretch by their places (`obligations.PLACES`).

    `dues` are what they were made of, and `obligations` all of them, one row per outstanding obligation,
    payee and listing. `items` are those on lines, with the columns of `payout.line_items` but for
    what the batch gives, `owing` likewise those that are receivable, with `change`, and `gone` what is
    receivable no longer. `lines` and `held` sum up what each payee has to get, `parties` what each is `due`
    with what is frozen, and `owed` without.
    """

    dues: pl.DataFrame
    obligations: pl.DataFrame
    items: pl.DataFrame
    owing: pl.DataFrame
    gone: pl.DataFrame
    lines: pl.DataFrame
    held: pl.DataFrame
    parties: pl.DataFrame

    def summed_up(self) -> Placed:
        """Without the rows of each due and obligation."""
        emptied = {name: getattr(self, name).clear() for name in ("dues", "obligations", "items")}
        return replace(self, **emptied)


def place(stretch: Stretch, *, separate: bool) -> Placed:
    """The places of a stretch's obligations; `separate` is the reading of set-off."""
    past = stretch.past
    dues = with_frozen(stretch.owed, stretch.held, past)
    found = payee_obligations(outstanding(dues, past), stretch.payees, past, separate=separate)
    found = with_change(with_listings(found, past), past)
    by_place = {where: found.filter(pl.col("place") == where) for where in (LINE, HELD, RECEIVABLE)}
    items = by_place[LINE]
    return Placed(
        dues=dues.select("obligation_key", "amount"),
        obligations=found,
        items=items.select(
            "programme", *(name for name in LineObligations.columns if name not in _OF_THE_BATCH)
        ),
        owing=by_place[RECEIVABLE].select(
            "programme", *(name for name in ReceivableItems.columns if name not in _OF_THE_BATCH)
        ),
        gone=no_longer_receivable(found, past),
        lines=_lines(items),
        held=by_place[HELD]
        .group_by(_PAYEE)
        .agg(pl.col("amount").sum().cast(SUM), reason=pl.col("hold_reason").first()),
        parties=_parties(dues, stretch.owed),
    )


def _lines(items: pl.DataFrame) -> pl.DataFrame:
    sums = items.group_by(_PAYEE).agg(pl.col("amount").sum().cast(SUM), item_count=pl.len().cast(pl.Int64))
    return sums.join(reasons_of_payment(items), on=_PAYEE, how="left")


def _parties(dues: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    party, amount = ["programme", "party_id"], pl.col("amount").sum().cast(SUM)
    without = owed.group_by(party).agg(owed=amount)
    return (
        dues.group_by(party)
        .agg(due=amount)
        .join(without, on=party, how="full", coalesce=True)
        .with_columns(pl.col("due", "owed").fill_null(pl.lit(0).cast(SUM)))
    )
