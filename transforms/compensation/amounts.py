"""What is owed, held and estimated of the compensation plan, as numbers: every reading tried."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.compensation import (
    Status,
)
from schemas.compensation_policy import CompensationReading
from transforms.compensation.blocks import Block, Workers, blocks, one_by_one, whole
from transforms.compensation.cases import build_cases, several_rows
from transforms.compensation.clause_08_recognition import recognise
from transforms.compensation.collecting import all_collected, collected
from transforms.compensation.facts import Facts
from transforms.compensation.households import NO_PLACE, with_freeze
from transforms.compensation.items import STATUS, Statement
from transforms.compensation.known import known_by
from transforms.compensation.one_pass import one_pass
from transforms.compensation.places import named
from transforms.compensation.questions import no_questions
from transforms.compensation.totals import household_rows
from transforms.compensation.trials import trials_of
from transforms.compensation.undecided import (
    NOT_FORGONE,
    combinations,
    concerned_homes,
    hold_undecided,
    together,
)
from transforms.compensation.waiting import misplaced_decisions
from transforms.frames import stacked
from transforms.policy import Policy

HOUSEHOLDS_AT_ONCE = 170_000
"""The households whose amounts are computed together.

With fewer, what each block costs by itself counts for more; with more, memory that is let go goes back to
the system and has to be asked for anew.
"""
_SHOWN = (
    "home", "place", "owner_name", "use", "area_m2", "excess_m2", "is_refused", "outcome", "minute_number",
)  # fmt: skip
"""What households and buildings show of a case."""
_SHOWN_ALONE = ("owner_name", "household_since", "excess_m2", "minute_number")
"""What no amount depends on any more."""


@dataclass(frozen=True)
class Amounts:
    """All that is owed, as numbers: `lines` by household, building, item and run of equal months.

    `names` tells which household and building the numbers `home` and `place` stand for, `cases` what is said
    of those that are surveyed, and `doubts` are the questions on whether buildings are compensated. Without
    words there are no `statements` either: they would keep everything in memory that they are made of.
    """

    names: pl.DataFrame
    cases: pl.DataFrame
    lines: pl.DataFrame
    alternatives: pl.DataFrame
    questions: pl.DataFrame
    doubts: pl.DataFrame
    statements: Sequence[Statement]

    def words(self) -> pl.DataFrame:
        """The arithmetic of each line and where it comes from, in the rows that its `line` names."""
        return stacked(all_collected([statement.words() for statement in self.statements]))

    def households(self) -> pl.DataFrame:
        """A row per surveyed household: what it is owed, what it owes, what waits."""
        return household_rows(self.cases, self.names, self.lines, self.questions)


def amounts(
    records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date, *, worded: bool = False
) -> Amounts:
    """All that is owed, held and estimated, with every reading tried; to be put into words only if `worded`.

    What is not is computed in half the time: the words of a few households can be had by settling those.
    """
    return amounts_of(whole(known_by(records, as_of)), policy, as_of, worded=worded)


def amounted_in_blocks(
    records: Mapping[str, pl.DataFrame],
    policy: Policy,
    as_of: date,
    *,
    households: int = HOUSEHOLDS_AT_ONCE,
    workers: Workers = one_by_one,
) -> Iterator[Amounts]:
    """The amounts of so many households at a time, for towns that memory can't hold at once.

    Memory that one block has let go is used again by the next: that makes large towns quicker, too.
    """
    town = blocks(known_by(records, as_of), households)
    return workers(lambda block: amounts_of(block, policy, as_of), town)


def amounts_of(block: Block, policy: Policy, as_of: date, *, worded: bool = False) -> Amounts:
    """The amounts of a block of households."""
    names, decisions = block.names, block.decisions
    recognised = recognise(build_cases(block, as_of, worded=worded)).pipe(collected)
    policy = _of_their_dates(recognised, policy)
    cases = with_freeze(recognised, policy)
    concerned = concerned_homes(cases, policy)
    trials = trials_of(combinations(policy, list(concerned)), together(concerned), names)
    facts = trials.with_copies(Facts(cases.drop(_SHOWN_ALONE), decisions, several_rows(block)))
    found = one_pass(facts, policy.trying([dict(choices) for choices in trials.choices]), as_of)
    compared = trials.compared(found.lines, found.questions)
    lines, alternatives, reading_questions = hold_undecided(compared, policy, list(concerned))
    # numbers alone may lie in two pieces: putting the many next to the few would copy them all once more
    unconcerned = trials.unconcerned(found.lines).with_columns(is_forgone=NOT_FORGONE)
    lines = unconcerned.vstack(lines.select(unconcerned.columns))
    lines, set_off_questions = _hold_set_off(lines, policy)
    doubts = trials.shown(found.questions)
    asked = _of_names(stacked([doubts, reading_questions, set_off_questions]), names)
    questions = stacked([asked, misplaced_decisions(decisions), block.waiting])
    return Amounts(
        names=names,
        cases=cases.select(_SHOWN),
        lines=lines,
        alternatives=alternatives,
        questions=questions.sort("household_id", "building_id", "code", "message", nulls_last=False),
        doubts=doubts,
        statements=found.statements if worded else (),
    )


def _of_their_dates(cases: pl.DataFrame, policy: Policy) -> Policy:
    """The policy for the dates of the cases."""
    first, last = cases["effective_on"].min(), cases["effective_on"].max()
    return policy.between(first, last) if isinstance(first, date) and isinstance(last, date) else policy


def _of_names(questions: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    return named(questions, names).select("household_id", "building_id", "code", "clause", "message")


def _hold_set_off(lines: pl.DataFrame, policy: Policy) -> tuple[pl.DataFrame, pl.DataFrame]:
    """While it is undecided whether what is owed either way is set off, households with both are held."""
    if CompensationReading.SET_OFF not in policy.undecided():
        return lines, no_questions()
    owed = pl.col("status") == Status.OWED
    paid = (owed & (pl.col("amount") > 0)).any().over("home")
    owing = (owed & (pl.col("amount") < 0)).any().over("home")
    reading = policy.content.readings[CompensationReading.SET_OFF]
    questions = (
        lines.filter(owed & paid & owing)
        .unique("home", maintain_order=True)
        .select(
            "home",
            place=NO_PLACE,
            code=pl.lit(CompensationReading.SET_OFF.value),
            clause=pl.lit(reading.clause),
            message=pl.lit(f"{reading.question}，待书面决定后写入政策文件。"),
        )
    )
    held = pl.when(owed & paid & owing).then(pl.lit(Status.HELD, dtype=STATUS)).otherwise(pl.col("status"))
    return lines.with_columns(status=held), questions
