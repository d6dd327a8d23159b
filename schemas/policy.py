"""Policy files: every rate, limit, date, list and reading of the law, with its clause, unit and date.

A file that has an unknown key, lacks a clause, a unit or a date, or repeats one, is refused.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

NonEmpty = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ReadingState(StrEnum):
    """How far a reading of a doubtful passage is decided."""

    SETTLED = "settled"
    PROVISIONAL = "provisional"
    UNDECIDED = "undecided"


class DatedValue(_Strict):
    """A parameter's value from a day on; `source` names the paper when it is not the document itself."""

    effective_from: dt.date
    value: Decimal | dt.date | tuple[NonEmpty, ...]
    source: NonEmpty | None = None


class Parameter(_Strict):
    """A number, a day or a list that the law gives, with all its values over time."""

    title: NonEmpty
    clause: NonEmpty
    unit: NonEmpty
    values: tuple[DatedValue, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _require_rising([value.effective_from for value in self.values])
        if len({type(value.value) for value in self.values}) > 1:
            reason = "the values are of different types"
            raise ValueError(reason)
        return self


class ReadingVersion(_Strict):
    """How a passage is read from a day on; `decided_by` is the number of the paper that settled it."""

    effective_from: dt.date
    state: Annotated[ReadingState, Field(strict=False)]
    choice: NonEmpty | None = None
    decided_by: NonEmpty | None = None

    @model_validator(mode="after")
    def _choice_fits_state(self) -> Self:
        if (self.state is ReadingState.UNDECIDED) != (self.choice is None):
            reason = "an undecided reading has no choice, every other one has"
            raise ValueError(reason)
        if (self.state is ReadingState.SETTLED) != (self.decided_by is not None):
            reason = "a settled reading names in decided_by the paper that settled it, no other one does"
            raise ValueError(reason)
        return self


class Reading(_Strict):
    """A passage that can be read in more than one way; the first choice is shown while undecided."""

    question: NonEmpty
    clause: NonEmpty
    choices: dict[str, NonEmpty] = Field(min_length=2)
    versions: tuple[ReadingVersion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _choices_known(self) -> Self:
        _require_rising([version.effective_from for version in self.versions])
        unknown = {v.choice for v in self.versions if v.choice is not None} - set(self.choices)
        if unknown:
            reason = f"choices that are not listed: {sorted(unknown)}"
            raise ValueError(reason)
        return self


class Review(_Strict):
    """A fair-competition review: it releases what arises under the article from its day on."""

    article: NonEmpty
    effective_from: dt.date
    number: NonEmpty


class PolicyFile(_Strict):
    """One document's parameters and readings, and the reviews that release what waits for one."""

    policy: NonEmpty
    title: NonEmpty
    document: NonEmpty
    parameters: dict[str, Parameter]
    readings: dict[str, Reading]
    reviews: tuple[Review, ...] = ()

    @model_validator(mode="after")
    def _reviews_once(self) -> Self:
        for article in {review.article for review in self.reviews}:
            _require_rising([review.effective_from for review in self.reviews if review.article == article])
        return self


def _require_rising(days: list[dt.date]) -> None:
    if any(earlier >= later for earlier, later in pairwise(days)):
        reason = "effective_from must rise from entry to entry"
        raise ValueError(reason)
