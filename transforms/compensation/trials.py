"""Undecided readings are tried side by side: a copy of whom they concern for each way of deciding them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from transforms.compensation.facts import Facts
from transforms.compensation.months import one_by_one
from transforms.compensation.undecided import Choices, Trial
from transforms.frames import stacked
from transforms.policy import TRIAL


@dataclass(frozen=True)
class Trials:
    """The ways of deciding what is undecided; the first, which is shown, is tried on everybody.

    Each other one has a copy of the concerned `homes` and of their `places`, under numbers of their own
    that follow those of everybody: they begin at `first_home` and `first_place`.
    """

    choices: Sequence[Choices]
    homes: pl.Series
    places: pl.Series
    first_home: int
    first_place: int

    def with_copies(self, facts: Facts) -> Facts:
        """The facts of everybody and of the copies, with the number of their `trial`."""
        everybody = facts.map(lambda rows: rows.with_columns(pl.lit(0, dtype=pl.UInt32).alias(TRIAL)))
        some = everybody.map(lambda rows: rows.filter(self._is_concerned()))
        copies = [some.map(partial(self._copy, number=number)) for number in self._later()]
        return Facts.stacked([everybody, *copies])

    def shown(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Those of the rows that concern the trial that is shown."""
        return rows.filter(pl.col("home") < self.first_home) if self._later() else rows

    def unconcerned(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Those of the rows that are the same in every trial."""
        if self.homes.is_empty():
            return rows
        return rows.filter((pl.col("home") < self.first_home) & ~self._is_concerned())

    def compared(self, lines: pl.DataFrame, questions: pl.DataFrame) -> Mapping[Choices, Trial]:
        """Each trial's outcome for the concerned households, every month by itself."""
        numbered_lines, numbered_questions = one_by_one(self._originals(lines)), self._originals(questions)
        return {
            choices: Trial(*(_of_trial(rows, number) for rows in (numbered_lines, numbered_questions)))
            for number, choices in enumerate(self.choices)
        }

    def _later(self) -> range:
        return range(1, len(self.choices))

    def _is_concerned(self) -> pl.Expr:
        return pl.col("home").is_in(self.homes.implode())

    def _copy(self, rows: pl.DataFrame, number: int) -> pl.DataFrame:
        """The rows of concerned households under the numbers of a trial's copy."""
        columns = {TRIAL: pl.lit(number, dtype=pl.UInt32)}
        for name, first, numbers in self._numberings():
            if name in rows.columns:
                found = numbers.search_sorted(rows[name]) + first + (number - 1) * numbers.len()
                columns[name] = pl.when(pl.col(name).is_not_null()).then(pl.lit(found.cast(pl.UInt32)))
        return rows.with_columns(**columns)

    def _originals(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of concerned households with their `trial`, all under the numbers of everybody."""
        shown = rows.filter(self._is_concerned()).with_columns(pl.lit(0, dtype=pl.UInt32).alias(TRIAL))
        if not self._later():
            return shown
        later = rows.filter(pl.col("home") >= self.first_home)
        copies = (later["home"] - self.first_home) // max(self.homes.len(), 1)
        own = {
            name: numbers.gather((later[name] - first) % max(numbers.len(), 1)).alias(name)
            for name, first, numbers in self._numberings()
        }
        return stacked([shown, later.with_columns(**own, **{TRIAL: (copies + 1).cast(pl.UInt32)})])

    def _numberings(self) -> tuple[tuple[str, int, pl.Series], tuple[str, int, pl.Series]]:
        return ("home", self.first_home, self.homes), ("place", self.first_place, self.places)


def trials_of(choices: Sequence[Choices], homes: pl.Series, names: pl.DataFrame) -> Trials:
    """The trials of every combination of choices, on households by their number."""
    homes = homes.sort()
    is_concerned = names["home"].is_in(homes.implode())
    first_home = 0 if names.is_empty() else int(names["home"][-1]) + 1
    return Trials(choices, homes, names["place"].filter(is_concerned), first_home, names.height)


def _of_trial(rows: pl.DataFrame, number: int) -> pl.DataFrame:
    return rows.filter(pl.col(TRIAL) == number).drop(TRIAL)
