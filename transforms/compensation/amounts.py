"""What is owed, held and estimated of the compensation plan, as numbers: every reading tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.compensation import (
    Status,
)
from schemas.compensation_policy import CompensationReading
from schemas.housing import SpecialDecisions
from transforms.compensation.cases import build_cases, without_words
from transforms.compensation.clause_08_recognition import recognise
from transforms.compensation.clause_13_status import waiting_records
from transforms.compensation.collecting import collected
from transforms.compensation.households import NO_PLACE, with_freeze
from transforms.compensation.items import STATUS
from transforms.compensation.known import known_by
from transforms.compensation.one_pass import Facts, Pass, one_pass
from transforms.compensation.places import named, numbered, placed
from transforms.compensation.questions import no_questions
from transforms.compensation.undecided import Choices, combinations, concerned_homes, hold_undecided, together
from transforms.frames import stacked
from transforms.policy import Policy


@dataclass(frozen=True)
class Amounts:
    """All that is owed, as numbers: `lines` by household, building, item and run of equal months.

    `names` tells which household and building the numbers `home` and `place` stand for.
    """

    names: pl.DataFrame
    cases: pl.DataFrame
    lines: pl.DataFrame
    alternatives: pl.DataFrame
    questions: pl.DataFrame
    passes: Sequence[Pass]

    def words(self) -> pl.DataFrame:
        """The words of each line, in the rows that its `line` names."""
        # the further passes have words to lines that exist only there
        shown, *others = self.passes
        is_elsewhere = (self.lines["line"] >= shown.lines.height).any()
        return stacked([each.words() for each in (shown, *(others if is_elsewhere else ()))])


def amounts(
    records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date, *, worded: bool = False
) -> Amounts:
    """All that is owed, held and estimated, with every reading tried; to be put into words only if `worded`.

    What is not is computed in half the time: the words of a few households can be had by settling those.
    """
    records = known_by(records, as_of)
    survey, names = numbered(records)
    decisions = placed(records[SpecialDecisions.table], names)
    facts = build_cases(records, survey, as_of)
    cases = with_freeze(recognise(facts if worded else without_words(facts)), policy).pipe(collected)
    concerned = concerned_homes(cases, policy)
    passes = _passes(Facts(cases, decisions, survey), policy, as_of, concerned)
    shown = next(iter(passes.values()))
    lines, alternatives, reading_questions = _decided(passes, policy, concerned)
    lines, set_off_questions = _hold_set_off(lines, policy)
    asked = stacked([shown.questions, reading_questions, set_off_questions])
    questions = stacked([_of_names(asked, names), waiting_records(records, decisions)])
    return Amounts(
        names=names,
        cases=cases,
        lines=lines,
        alternatives=alternatives,
        questions=questions.sort("household_id", "building_id", "code", "message", nulls_last=False),
        passes=list(passes.values()),
    )


def _passes(
    facts: Facts, policy: Policy, as_of: date, concerned: Mapping[str, pl.Series]
) -> dict[Choices, Pass]:
    """The pass that is shown, over everybody, and the others, over whom they can make a difference to."""
    first, *others = combinations(policy, list(concerned))
    passes = {first: one_pass(facts, policy.assuming(dict(first)), as_of)}
    if others:
        facts = facts.of_homes(together(concerned))
    first_line = passes[first].lines.height
    for choices in others:
        passes[choices] = one_pass(facts, policy.assuming(dict(choices)), as_of, first_line)
        first_line += passes[choices].lines.height
    return passes


def _decided(
    passes: Mapping[Choices, Pass], policy: Policy, concerned: Mapping[str, pl.Series]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The lines, alternatives and questions once the passes over the concerned households are compared."""
    homes = together(concerned)
    compared = {choices: found.of_homes(homes) for choices, found in passes.items()}
    lines, alternatives, questions = hold_undecided(compared, policy, list(concerned))
    shown = next(iter(passes.values())).lines
    unconcerned = shown.filter(~pl.col("home").is_in(homes.implode()))
    return stacked([unconcerned, lines.select(shown.columns)]), alternatives, questions


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
