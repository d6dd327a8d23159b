"""The plan as a whole: from the night's records to what each household is owed, and what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.compensation import (
    Alternatives,
    Buildings,
    Households,
    LineItems,
    OpenQuestions,
)
from transforms.compensation.amounts import amounts_of
from transforms.compensation.blocks import Block, Workers, blocks, one_by_one
from transforms.compensation.known import known_by
from transforms.compensation.totals import building_rows, with_waiting
from transforms.compensation.words import alternative_rows, line_rows
from transforms.frames import stacked
from transforms.guard import guarded
from transforms.policy import Policy

HOUSEHOLDS_AT_ONCE = 84_000
"""The households that are settled together, so that their lines, words and all between fit into memory."""


@dataclass(frozen=True)
class Settlement:
    """What a night computes of the compensation plan: a frame per table of `schemas.compensation`."""

    line_items: pl.DataFrame
    alternatives: pl.DataFrame
    households: pl.DataFrame
    buildings: pl.DataFrame
    open_questions: pl.DataFrame


def settle(
    records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date, *, workers: Workers = one_by_one
) -> Settlement:
    """All households' settlements from the current records of each housing sheet, by table name.

    Undecided readings are tried in each of their choices: what differs is held, with its alternatives.
    """
    parts = list(settled_in_blocks(records, policy, as_of, workers=workers))
    return parts[0] if len(parts) == 1 else together(parts)


def settled_in_blocks(
    records: Mapping[str, pl.DataFrame],
    policy: Policy,
    as_of: date,
    *,
    households: int | None = None,
    check: Callable[[Settlement], None] | None = None,
    workers: Workers = one_by_one,
) -> Iterator[Settlement]:
    """The settlements of so many households at a time: for towns that memory can't hold at once.

    Each is given to `check` by the worker that made it; what that raises reaches whoever asks for it.
    """

    def settled(block: Block) -> Settlement:
        settlement = _settled(block, policy, as_of)
        if check is not None:
            check(settlement)
        return settlement

    return workers(settled, blocks(known_by(records, as_of), households or HOUSEHOLDS_AT_ONCE))


def _settled(block: Block, policy: Policy, as_of: date) -> Settlement:
    found = amounts_of(block, policy, as_of, worded=True)
    names = found.names
    lines = line_rows(found.lines, found.words(), names, policy)
    households = found.households()
    buildings = building_rows(found.cases, names, found.doubts)
    return Settlement(
        line_items=guarded(LineItems, lines, lines.select("key", "month")),
        alternatives=Alternatives.conform(alternative_rows(found.alternatives, names)),
        households=guarded(Households, households, households.select("household_id")),
        buildings=guarded(Buildings, buildings, buildings.select("building_id")),
        open_questions=OpenQuestions.conform(with_waiting(found.questions, found.lines, names)),
    )


def together(parts: Sequence[Settlement]) -> Settlement:
    """One settlement of several, in the order of a single one: their households follow each other."""
    questions = stacked(part.open_questions for part in parts)
    return Settlement(
        line_items=stacked(part.line_items for part in parts),
        alternatives=stacked(part.alternatives for part in parts),
        households=stacked(part.households for part in parts),
        buildings=stacked(part.buildings for part in parts).sort(Buildings.key),
        open_questions=questions.sort("household_id", maintain_order=True),
    )
