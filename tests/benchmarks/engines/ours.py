"""This program: the amounts alone, and the settlement with every amount in words, checked by its schema."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from flows.policies import load_policies
from schemas.compensation import Status
from tests.benchmarks.engines.outcome import Outcome, Records, in_order
from tests.benchmarks.town import AS_OF
from transforms.compensation.amounts import Amounts, amounts
from transforms.compensation.settlement import Settlement, settled_in_blocks
from transforms.policy import Policy

POLICIES = Path(__file__).parents[3] / "data" / "policies"
_CENTS = (pl.col("amount") * 100).cast(pl.Int64)


class AmountsAlone:
    """`amounts`: every reading tried, no words. A run of equal months is one line."""

    def __init__(self) -> None:
        self.policy: Policy = load_policies(POLICIES).compensation

    def prepare(self, records: Records) -> Records:
        return records

    def compute(self, prepared: Records) -> tuple[Amounts, pl.DataFrame]:
        found = amounts(prepared, self.policy, AS_OF)
        return found, _totals_of(found)

    def outcome(self, computed: tuple[Amounts, pl.DataFrame]) -> Outcome:
        found, totals = computed
        return Outcome(found.lines.height, in_order(totals))


class Settled:
    """`settled_in_blocks`: a line for each month, its arithmetic in words, buildings and households."""

    def __init__(self) -> None:
        self.policy: Policy = load_policies(POLICIES).compensation

    def prepare(self, records: Records) -> Records:
        return records

    def compute(self, prepared: Records) -> list[Settlement]:
        return list(settled_in_blocks(prepared, self.policy, AS_OF))

    def outcome(self, computed: list[Settlement]) -> Outcome:
        households = pl.concat([part.households for part in computed], rechunk=True)
        totals = households.select(
            "household_id",
            owed=(pl.col("net_amount") * 100).cast(pl.Int64),
            estimated=(pl.col("estimated_amount") * 100).cast(pl.Int64),
        )
        return Outcome(sum(part.line_items.height for part in computed), in_order(totals))


def require_clean(found: Amounts) -> None:
    """Raises ValueError where the town has a question: the other engines know of none."""
    if found.questions.height or found.alternatives.height:
        reason = f"not a clean town: {found.questions.height} questions, {found.alternatives.height} choices"
        raise ValueError(reason)


def _totals_of(found: Amounts) -> pl.DataFrame:
    cents = _CENTS * pl.col("months").cast(pl.Int64)
    sums = found.lines.group_by("home").agg(
        owed=cents.filter(pl.col("status") == Status.OWED).sum(),
        estimated=cents.filter(pl.col("status") == Status.ESTIMATE).sum(),
    )
    homes = found.names.select("home", "household_id").unique("home")
    return homes.join(sums, on="home", how="left").select("household_id", "owed", "estimated")
