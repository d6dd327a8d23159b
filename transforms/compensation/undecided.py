"""Undecided readings: what depends on them is held, with the amount under each choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import polars as pl

from schemas.compensation import Status
from schemas.compensation_policy import CompensationReading as Read
from transforms.compensation.cases import BUSINESS, EXCHANGE_METHOD, RESIDENCE
from transforms.compensation.collecting import all_collected
from transforms.compensation.items import ITEM_CODE, STATUS
from transforms.compensation.questions import no_questions
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.policy import Policy

Choices = tuple[tuple[str, str], ...]
"""A choice for each undecided reading."""


@dataclass(frozen=True)
class Trial:
    """What comes out under one choice for each reading, for the households that they concern."""

    lines: pl.DataFrame
    questions: pl.DataFrame


NOT_FORGONE = pl.lit(value=False)
KEY = ["home", "place", "item", "month"]
ALTERNATIVE_SCHEMA: dict[str, pl.DataType] = {
    "home": pl.UInt32(),
    "place": pl.UInt32(),
    "item": ITEM_CODE,
    "month": pl.Date(),
    "reading": pl.String(),
    "choice": pl.String(),
    "amount": MONEY,
}

_EXCHANGED = pl.col("method") == EXCHANGE_METHOD
_UNTITLED_SHOP = (pl.col("use") == BUSINESS) & ~pl.col("has_title")
_CONCERNED: dict[str, pl.Expr] = {
    Read.YARD_OF_WORKERS_HOUSING: (pl.col("use") == RESIDENCE) & ~pl.col("has_own_yard"),
    Read.UNTITLED_BRICK_TIMBER: _UNTITLED_SHOP & (pl.col("structure") == "砖木"),
    Read.UNTITLED_BRICK_CONCRETE: _UNTITLED_SHOP & (pl.col("structure") == "砖混"),
    Read.APPRAISAL_BELOW_STANDARD: pl.col("disputes_price") & pl.col("house_appraisal").is_not_null(),
    Read.RESIDENCE_EXCHANGE: _EXCHANGED,
    Read.SMALLER_FLAT: _EXCHANGED,
    Read.BUSINESS_EXCHANGE: _EXCHANGED,
    Read.STOPPAGE_WITH_MONEY: pl.col("use") == BUSINESS,
    Read.OVERDUE_BUSINESS: _EXCHANGED,
    Read.HALF_MONTH: _EXCHANGED,
    Read.OVERDUE_RATE: _EXCHANGED,
    # decides what becomes of the amounts, and none of them
    Read.SET_OFF: pl.lit(value=False),
}
"""The buildings that a reading can make a difference to, if only through their household's other ones."""


def concerned_homes(cases: pl.DataFrame, policy: Policy) -> dict[str, pl.Series]:
    """By undecided reading, the households that it can make a difference to, where there are any.

    What depends on no undecided reading needs no second trial.
    """
    concerned = {
        reading: cases.lazy().filter(_CONCERNED.get(reading, pl.lit(value=True)).fill_null(value=False))
        for reading in policy.undecided()
    }
    found = all_collected([rows.select(pl.col("home").unique()) for rows in concerned.values()])
    return {
        reading: homes["home"]
        for reading, homes in zip(concerned, found, strict=True)
        if not homes.is_empty()
    }


def together(concerned: Mapping[str, pl.Series]) -> pl.Series:
    """The households that any of the readings can make a difference to."""
    return pl.concat([pl.Series("home", dtype=pl.UInt32), *concerned.values()], rechunk=True).unique()


def combinations(policy: Policy, readings: Sequence[str]) -> list[Choices]:
    """Every combination of the readings' choices; first the one that is shown, all at their first.

    All of them are needed: an amount may depend on two readings together and on neither alone.
    """
    return [
        tuple(zip(readings, chosen, strict=True))
        for chosen in product(*(policy.choices(reading) for reading in readings))
    ]


def hold_undecided(
    trials: Mapping[Choices, Trial], policy: Policy, readings: Sequence[str]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The lines, those that depend on an undecided reading held; the alternatives; and the questions.

    Each reading's alternatives are those with every other one at its first choice. A line that exists
    only under another choice is shown at zero, and `is_forgone`, unless a missing fact keeps it from being
    computed.
    """
    first, shown = next(iter(trials.items()))
    lines, questions = shown.lines.with_columns(is_forgone=NOT_FORGONE), [no_questions()]
    alternatives = [pl.DataFrame(schema=ALTERNATIVE_SCHEMA)]
    outcomes = _outcomes(list(trials.values()))
    for reading in readings:
        dependent = (
            outcomes.filter(_depends_on(reading, list(trials))).select(KEY).unique(maintain_order=True)
        )
        if dependent.is_empty():
            continue
        choices = {
            choice: trials[tuple((name, choice if name == reading else held) for name, held in first)]
            for choice in policy.choices(reading)
        }
        lines = _hold(_with_absent(lines, shown, list(trials.values()), dependent), dependent)
        alternatives += [_amounts(found, dependent, reading, choice) for choice, found in choices.items()]
        questions.append(_questions(dependent, reading, policy))
    return lines, stacked(alternatives).sort([*KEY, "reading"], maintain_order=True), stacked(questions)


def _outcomes(trials: Sequence[Trial]) -> pl.DataFrame:
    """A row per line of any trial with what it comes to, and whether it does in trial i."""
    found = stacked(
        each.lines.select(*KEY, "amount", "status", number=pl.lit(place, dtype=pl.UInt32))
        for place, each in enumerate(trials)
    )
    return found.group_by(*KEY, "amount", "status", maintain_order=True).agg(
        (pl.col("number") == place).any().alias(str(place)) for place in range(len(trials))
    )


def _depends_on(reading: str, combinations_tried: list[Choices]) -> pl.Expr:
    """Whether a line differs between two trials that differ in this reading alone."""
    by_others: dict[Choices, list[str]] = {}
    for place, choices in enumerate(combinations_tried):
        others = tuple(choice for choice in choices if choice[0] != reading)
        by_others.setdefault(others, []).append(str(place))
    return pl.any_horizontal(
        pl.col(places[0]) != pl.col(place) for places in by_others.values() for place in places[1:]
    )


def _with_absent(
    lines: pl.DataFrame, shown: Trial, trials: list[Trial], dependent: pl.DataFrame
) -> pl.DataFrame:
    """The lines with one at zero for each that exists only under another choice."""
    absent = _computable(dependent, shown).join(lines, on=KEY, how="anti", nulls_equal=True)
    for other in trials:
        zero = (
            other.lines.join(absent, on=KEY, how="semi", nulls_equal=True)
            .unique(subset=KEY, maintain_order=True)
            .with_columns(amount=pl.lit(0, dtype=MONEY), is_forgone=pl.lit(value=True))
        )
        lines = stacked([lines, zero])
        absent = absent.join(zero, on=KEY, how="anti", nulls_equal=True)
    return lines


def _computable(dependent: pl.DataFrame, found: Trial) -> pl.DataFrame:
    """The keys but those of buildings that an open question leaves without an amount in this trial."""
    asked = found.questions["place"].drop_nulls().unique().implode()
    computed = dependent.join(found.lines, on=KEY, how="semi", nulls_equal=True)
    waiting = dependent.filter(pl.col("place").is_in(asked).fill_null(value=False))
    return dependent.join(
        waiting.join(computed, on=KEY, how="anti", nulls_equal=True), on=KEY, how="anti", nulls_equal=True
    )


def _hold(lines: pl.DataFrame, dependent: pl.DataFrame) -> pl.DataFrame:
    marked = lines.join(
        dependent.with_columns(depends=pl.lit(value=True)),
        on=KEY,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    held = pl.lit(Status.HELD, dtype=STATUS)
    return marked.with_columns(
        status=pl.when(pl.col("depends").is_not_null()).then(held).otherwise(pl.col("status"))
    ).drop("depends")


def _amounts(found: Trial, dependent: pl.DataFrame, reading: str, choice: str) -> pl.DataFrame:
    """What each dependent line amounts to under one choice; zero where it does not exist."""
    amounts = found.lines.group_by(KEY).agg(amount=pl.col("amount").sum().cast(MONEY))
    return (
        _computable(dependent, found)
        .join(amounts, on=KEY, how="left", nulls_equal=True, maintain_order="left")
        .select(
            *KEY,
            reading=pl.lit(reading),
            choice=pl.lit(choice),
            amount=pl.col("amount").fill_null(pl.lit(0, dtype=MONEY)).cast(MONEY),
        )
    )


def _questions(dependent: pl.DataFrame, reading: str, policy: Policy) -> pl.DataFrame:
    content = policy.content.readings[reading]
    choices = "；".join(f"{name}：{meaning}" for name, meaning in content.choices.items())
    return (
        dependent.select("home", "place")
        .unique(maintain_order=True)
        .select(
            "home",
            "place",
            code=pl.lit(reading),
            clause=pl.lit(content.clause),
            message=pl.lit(f"{content.question}（{choices}），待书面决定后写入政策文件。"),
        )
    )
