"""A policy as the rules ask it: which value, and which reading, is in force on a row's date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

import polars as pl

from schemas.policy import PolicyFile, ReadingState

RATE = pl.Decimal(22, 4)
"""Rates, factors and quantities: exact, to four decimals."""


TRIAL = "trial"
"""The column with the number of the trial that a row belongs to."""


class PolicyTypeError(TypeError):
    """A parameter was asked for as another type than it has."""


@dataclass(frozen=True)
class Policy:
    """Parameters and readings by name; `trials` say how undecided readings are taken.

    With several trials, rows bring the number of theirs in the column `trial`. All rows' dates lie from
    `first` to `last`.
    """

    content: PolicyFile
    trials: Sequence[Mapping[str, str]] = ({},)
    first: date = date.min
    last: date = date.max

    def number(self, name: str, on: pl.Expr) -> pl.Expr:
        """The parameter's value on each row's date, as a decimal of scale 4; null before its first date."""
        result = pl.lit(value=None, dtype=RATE)
        for entry in self.content.parameters[name].values:
            value = _rate(_as_decimal(name, entry.value))
            result = self._from(entry.effective_from, on, value, result)
        return result

    def day(self, name: str, on: pl.Expr) -> pl.Expr:
        """The parameter's day on each row's date; null before its first date."""
        result = pl.lit(value=None, dtype=pl.Date)
        for entry in self.content.parameters[name].values:
            if not isinstance(entry.value, date):
                raise PolicyTypeError(name)
            result = self._from(entry.effective_from, on, pl.lit(entry.value), result)
        return result

    def lists(self, name: str, member: pl.Expr, on: pl.Expr) -> pl.Expr:
        """Whether the parameter's list has the member on each row's date."""
        result = pl.lit(value=False)
        for entry in self.content.parameters[name].values:
            if not isinstance(entry.value, tuple):
                raise PolicyTypeError(name)
            result = self._from(entry.effective_from, on, member.is_in(entry.value), result)
        return result

    def chooses(self, reading: str, choice: str, on: pl.Expr) -> pl.Expr:
        """Whether the reading in force on each row's date is the choice."""
        if choice not in self.content.readings[reading].choices:
            raise KeyError(reading, choice)
        result = pl.lit(value=False)
        for version in self.content.readings[reading].versions:
            chosen = self._is_tried(reading, choice, version.choice)
            result = self._from(version.effective_from, on, chosen, result)
        return result

    def rests_on(self, reading: str, on: pl.Expr) -> pl.Expr:
        """The reading's name where it is provisional on the row's date, else null."""
        result = pl.lit(value=None, dtype=pl.String)
        for version in self.content.readings[reading].versions:
            name = reading if version.state is ReadingState.PROVISIONAL else None
            result = self._from(version.effective_from, on, pl.lit(name, dtype=pl.String), result)
        return result

    def review(self, article: str, on: pl.Expr) -> pl.Expr:
        """The number of the review that releases what arises under the article on each row's date."""
        result = pl.lit(value=None, dtype=pl.String)
        for review in self.content.reviews:
            if review.article == article:
                result = pl.when(on >= review.effective_from).then(pl.lit(review.number)).otherwise(result)
        return result

    def undecided(self) -> list[str]:
        """The readings that are undecided at any time."""
        return [
            name
            for name, reading in self.content.readings.items()
            if any(version.state is ReadingState.UNDECIDED for version in reading.versions)
        ]

    def choices(self, reading: str) -> list[str]:
        """The reading's choices, the one that is shown while undecided first."""
        return list(self.content.readings[reading].choices)

    def trying(self, trials: Sequence[Mapping[str, str]]) -> Policy:
        """The same policy with undecided readings taken as each trial chooses, else at their first choice."""
        return replace(self, trials=tuple(trials))

    def between(self, first: date, last: date) -> Policy:
        """The same policy for rows of these dates alone: what is in force throughout needs no choosing."""
        return replace(self, first=first, last=last)

    def version(self, on: pl.Expr) -> pl.Expr:
        """The version in force on each row's date: the last day on which anything in the policy changed."""
        parameters, readings = self.content.parameters.values(), self.content.readings.values()
        changes = {value.effective_from for named in parameters for value in named.values}
        changes |= {version.effective_from for named in readings for version in named.versions}
        changes |= {review.effective_from for review in self.content.reviews}
        result = pl.lit(value=None, dtype=pl.Date)
        for day in sorted(changes):
            result = pl.when(on >= day).then(pl.lit(day)).otherwise(result)
        return result

    def first_day(self) -> date:
        """The day on which the policy takes effect: the earliest of its parameters' dates."""
        return min(p.values[0].effective_from for p in self.content.parameters.values())

    def _from(self, day: date, on: pl.Expr, then: pl.Expr, before: pl.Expr) -> pl.Expr:
        """One value from a day on, and another before it."""
        if day <= self.first:
            return then
        return before if day > self.last else pl.when(on >= day).then(then).otherwise(before)

    def _is_tried(self, reading: str, choice: str, decided: str | None) -> pl.Expr:
        """Whether the reading is decided so or, while it is undecided, a row's trial takes it so."""
        first = self.choices(reading)[0]
        is_tried = [(decided or trial.get(reading, first)) == choice for trial in self.trials]
        if len(set(is_tried)) == 1:
            return pl.lit(is_tried[0])
        return pl.col(TRIAL).is_in([number for number, is_so in enumerate(is_tried) if is_so])


@cache
def _rate(value: Decimal) -> pl.Expr:
    return pl.lit(value, dtype=RATE)


def _as_decimal(name: str, value: object) -> Decimal:
    if not isinstance(value, Decimal):
        raise PolicyTypeError(name)
    return value
