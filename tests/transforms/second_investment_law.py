"""What the parts of the second calculator of investment share: values by date, calendar, rounding."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from schemas.policy import PolicyFile

Row = Mapping[str, Any]
Records = Mapping[str, list[dict[str, Any]]]

FAILS, HELD, GRANTED = "fails", "held", "granted"
GIVES_WAY, FOR_DECISION, IN_REWARDS = "gives_way", "for_decision", "in_rewards"
YUAN_OF_10K = 10_000


def value(policy: PolicyFile, name: str, on: dt.date | None) -> Fraction | None:
    """The number in force on the day; None before there is one, or without a day."""
    found: Fraction | None = None
    for entry in policy.parameters[name].values:
        if on is not None and entry.effective_from <= on and isinstance(entry.value, Decimal):
            found = Fraction(entry.value)
    return found


def day(policy: PolicyFile, name: str, on: dt.date) -> dt.date | None:
    """The day that the policy names, as in force on `on`."""
    found: dt.date | None = None
    for entry in policy.parameters[name].values:
        if entry.effective_from <= on and isinstance(entry.value, dt.date):
            found = entry.value
    return found


def choice(policy: PolicyFile, reading: str, on: dt.date) -> str | None:
    """The choice in force on the day."""
    found: str | None = None
    for version in policy.readings[reading].versions:
        if version.effective_from <= on:
            found = version.choice
    return found


def is_reviewed(policy: PolicyFile, article: str, on: dt.date) -> bool:
    """Whether a fair-competition review of the article was there on the day."""
    return any(review.article == article and review.effective_from <= on for review in policy.reviews)


def years_after(start: dt.date, years: int) -> dt.date:
    """The same day some years later; where that month has no such day, its last one."""
    year = start.year + years
    return dt.date(year, start.month, min(start.day, monthrange(year, start.month)[1]))


def anniversary(start: dt.date, years: int) -> dt.date:
    """The day some years later on which a year that began on `start` is over; of 29 February, 1 March."""
    if (start.month, start.day) == (2, 29) and monthrange(start.year + years, 2)[1] < start.day:
        return dt.date(start.year + years, 3, 1)
    return start.replace(year=start.year + years)


def to_fen(amount: Fraction | None) -> Decimal | None:
    """An amount of at least zero, rounded half up to 0.01."""
    if amount is None:
        return None
    fen = (amount * 100 * 2 + 1) // 2
    return Decimal(int(fen)).scaleb(-2)


def in_yuan(amount_10k_yuan: Decimal) -> Fraction:
    """万元 as 元."""
    return Fraction(amount_10k_yuan) * YUAN_OF_10K


def must(is_so: bool | None) -> str:
    """A condition's outcome: met, failed, or held where it can't be known."""
    if is_so is None:
        return HELD
    return GRANTED if is_so else FAILS


def reaches(given: Decimal | int | None, least: Fraction | None) -> bool | None:
    """Whether a given number is at least the limit; None when either isn't known."""
    return None if given is None or least is None else Fraction(given) >= least


def worst(*outcomes: str) -> str:
    """Fails if anything fails, else held if anything is held."""
    return min(outcomes, key=(FAILS, HELD, GRANTED).index)
