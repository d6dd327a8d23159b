"""Parties some at a time, in the order of the lists: a town's obligations are more than memory holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from schemas.payout import Programme
from transforms.frames import looked_up, stacked
from transforms.payout.natural_order import natural_key
from transforms.payout.past import Past
from transforms.payout.payee_numbers import party_of

PAYEES_AT_ONCE = 31_250
"""The payees that are drafted together, unless their parties stand among each other in the lists."""
NAMED_AFTER_PARTIES = Programme.HOUSING_COMPENSATION.value
"""The programme whose obligations are named after their party; elsewhere one may pass to another party."""
_FAMILY = ["programme", "family"]


@dataclass(frozen=True)
class Stretch:
    """Whole parties that follow each other in the lists, with all that drafting takes of them.

    `owed` and `held` are what waits and what does not, as `frames.DUES`; `payees` have their lasting numbers
    and `hold_reason`; of `past` there is what concerns these parties.
    """

    owed: pl.DataFrame
    held: pl.DataFrame
    payees: pl.DataFrame
    past: Past


@dataclass(frozen=True)
class Stretches:
    """Which parties are drafted together: `programme`, `family`, `stretch` from 0 on, in all `count`.

    A family are a party and whatever has its number with a payee's mark behind it.
    """

    families: pl.DataFrame
    count: int

    def parted(self, rows: pl.DataFrame, name: str) -> list[pl.DataFrame]:
        """The rows of each stretch, in their order; `name` is the column with the party or the payee."""
        if self.count == 1:
            return [rows]
        keys = rows.select("programme", family=party_of(pl.col(name)))
        numbered = rows.with_columns(looked_up(keys, self.families, _FAMILY)["stretch"])
        if not numbered["stretch"].is_sorted():
            numbered = numbered.sort("stretch", maintain_order=True)
        starts = numbered["stretch"].search_sorted(pl.int_range(self.count + 1, eager=True)).to_list()
        numbered = numbered.drop("stretch")
        return [numbered.slice(start, end - start) for start, end in pairwise(starts)]

    def parted_past(self, past: Past) -> list[Past]:
        """What concerns the parties of each stretch."""
        if past.ledger.is_empty() and past.batches.is_empty():
            return [past] * self.count
        programmes = past.batches.select("batch_id", "programme")
        tables = [
            self.parted(looked_up(table, programmes, ["batch_id"]), name)
            for table, name in (
                (past.ledger, "payee_id"),
                (past.lines, "payee_id"),
                (past.line_items, "party_id"),
                (past.receivable_items, "party_id"),
            )
        ]
        return [
            Past(ledger, past.batches, lines, line_items, receivable_items, past.failures)
            for ledger, lines, line_items, receivable_items in zip(
                *([table.drop("programme") for table in parts] for parts in tables), strict=True
            )
        ]


def stretches(named: Iterable[pl.DataFrame], payees_at_once: int = PAYEES_AT_ONCE) -> Stretches:
    """All parties in stretches of so many payees, or of whole programmes that are small.

    `named` has `programme` and `payee_id` of whoever may be paid or may owe, as often as it likes.
    """
    names = stacked(frame.select("programme", "payee_id") for frame in named).unique()
    order = names.sort("programme", natural_key(pl.col("payee_id")), "payee_id").select(
        "programme", family=party_of(pl.col("payee_id")), position=pl.int_range(pl.len())
    )
    last = order.group_by(_FAMILY).agg(last=pl.col("position").max())
    last_of_programme = pl.col("position").max().over("programme")
    # no cut goes through a family, nor through what stands between its first and last
    reach = (
        pl.when(pl.col("programme") == NAMED_AFTER_PARTIES)
        .then("last")
        .otherwise(last_of_programme)
        .cum_max()
    )
    end = pl.when(reach == pl.col("position")).then(pl.col("position")).backward_fill()
    families = (
        looked_up(order, last, _FAMILY)
        .select(*_FAMILY, stretch=end // payees_at_once)
        .unique(maintain_order=True)
        .with_columns(stretch=pl.col("stretch").rle_id())
    )
    return Stretches(families, 1 if families.is_empty() else int(families["stretch"][-1]) + 1)
