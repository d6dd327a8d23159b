"""This program: the amounts alone, and the settlement with every amount in words, checked by its schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows.policies import load_policies
from flows.side_by_side import side_by_side
from tests.benchmarks.engines.outcome import Outcome, Records, in_order
from tests.benchmarks.town import AS_OF
from transforms.compensation.amounts import HOUSEHOLDS_AT_ONCE, Amounts, amounted_in_blocks, amounts_of
from transforms.compensation.blocks import Block, blocks
from transforms.compensation.collecting import all_collected
from transforms.compensation.known import known_by
from transforms.compensation.settlement import Settlement, settled_in_blocks
from transforms.policy import Policy

ARITHMETIC = ("quantity", "rate", "factor", "effective_on")
POLICIES = Path(__file__).parents[3] / "data" / "policies"


class _Ours:
    """Takes the records as they are, and the policy of the program."""

    def __init__(self) -> None:
        self.policy: Policy = load_policies(POLICIES).compensation

    def prepare(self, records: Records) -> Records:
        return records


class AmountsAlone(_Ours):
    """`amounted_in_blocks`: every reading tried, no words. A run of equal months is one line."""

    def compute(self, prepared: Records) -> list[tuple[Amounts, pl.DataFrame]]:
        parts = amounted_in_blocks(prepared, self.policy, AS_OF, workers=side_by_side)
        return [(part, part.households()) for part in parts]

    def outcome(self, computed: list[tuple[Amounts, pl.DataFrame]]) -> Outcome:
        lines = sum(part.lines.height for part, _ in computed)
        return Outcome(lines, _in_cents(households for _, households in computed))


@dataclass(frozen=True)
class Receipted:
    """The lines of some households, what each amount is made of, and the totals."""

    lines: pl.DataFrame
    receipts: list[pl.DataFrame]
    households: pl.DataFrame


class WithReceipts(_Ours):
    """Amounts with the numbers that each is made of, as `settled` puts them in words."""

    def compute(self, prepared: Records) -> list[Receipted]:
        town = blocks(known_by(prepared, AS_OF), HOUSEHOLDS_AT_ONCE)
        return list(side_by_side(self._receipted, town))

    def outcome(self, computed: list[Receipted]) -> Outcome:
        lines = sum(part.lines.height for part in computed)
        return Outcome(lines, _in_cents(part.households for part in computed))

    def _receipted(self, block: Block) -> Receipted:
        found = amounts_of(block, self.policy, AS_OF, worded=True)
        receipts = all_collected([statement.words().select(ARITHMETIC) for statement in found.statements])
        return Receipted(found.lines, receipts, found.households())


class Settled(_Ours):
    """`settled_in_blocks`: a line for each month, its arithmetic in words, buildings and households."""

    def compute(self, prepared: Records) -> list[Settlement]:
        return list(settled_in_blocks(prepared, self.policy, AS_OF, workers=side_by_side))

    def outcome(self, computed: list[Settlement]) -> Outcome:
        lines = sum(part.line_items.height for part in computed)
        return Outcome(lines, _in_cents(part.households for part in computed))


def require_clean(computed: Iterable[tuple[Amounts, pl.DataFrame]]) -> None:
    """Raises ValueError where the town has a question: the other engines know of none."""
    for found, _ in computed:
        if found.questions.height or found.alternatives.height:
            reason = f"not clean: {found.questions.height} questions, {found.alternatives.height} choices"
            raise ValueError(reason)


def _in_cents(households: Iterable[pl.DataFrame]) -> pl.DataFrame:
    totals = pl.concat(households, rechunk=True).select(
        "household_id",
        owed=(pl.col("net_amount") * 100).cast(pl.Int64),
        estimated=(pl.col("estimated_amount") * 100).cast(pl.Int64),
    )
    return in_order(totals)
