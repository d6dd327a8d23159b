"""Undecided readings: what depends on them is held, with the amount under each choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

import polars as pl

from schemas.compensation import Alternatives, Status
from transforms import wording
from transforms.compensation.questions import no_questions
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.policy import RATE, Policy

Choices = tuple[tuple[str, str], ...]
"""A choice for each undecided reading."""

_KEY = ["household_id", "building_id", "item", "period"]


@dataclass(frozen=True)
class Pass:
    """The outcome with one choice for each reading: cases, items with their status, questions."""

    cases: pl.DataFrame
    items: pl.DataFrame
    questions: pl.DataFrame


def combinations(policy: Policy) -> list[Choices]:
    """Every combination of the undecided readings' choices; first the one that is shown, all at their first.

    All of them are needed: an amount may depend on two readings together and on neither alone.
    """
    readings = policy.undecided()
    return [
        tuple(zip(readings, chosen, strict=True))
        for chosen in product(*(policy.choices(reading) for reading in readings))
    ]


def hold_undecided(
    passes: Mapping[Choices, Pass], policy: Policy
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The items, those that depend on an undecided reading held; the alternatives; and the questions.

    Each reading's alternatives are those with every other one at its first choice. An item that exists
    only under another choice is shown at zero, unless a missing fact keeps it from being computed.
    """
    first, shown = next(iter(passes.items()))
    items, alternatives, questions = shown.items, [Alternatives.empty()], [no_questions()]
    outcomes = _outcomes(passes)
    for reading in policy.undecided():
        dependent = outcomes.filter(_depends_on(reading, list(passes))).select(_KEY)
        if dependent.is_empty():
            continue
        choices = {
            choice: passes[tuple((name, choice if name == reading else held) for name, held in first)]
            for choice in policy.choices(reading)
        }
        items = _hold(_with_absent(items, shown, list(passes.values()), dependent), dependent)
        alternatives += [_amounts(found, dependent, reading, choice) for choice, found in choices.items()]
        questions.append(_questions(dependent, reading, policy))
    return items, stacked(alternatives).sort([*_KEY, "reading"], maintain_order=True), stacked(questions)


def _outcomes(passes: Mapping[Choices, Pass]) -> pl.DataFrame:
    """A row per item of any pass, and in column i what it comes to in pass i: amount and status."""
    keys = stacked([found.items.select(_KEY) for found in passes.values()]).unique(maintain_order=True)
    for place, found in enumerate(passes.values()):
        outcome = (
            found.items.group_by(_KEY)
            .agg(
                pl.concat_str(pl.col("amount").cast(pl.String), "status", separator=" ").sort().str.join(" ")
            )
            .rename({"amount": str(place)})
        )
        keys = keys.join(outcome, on=_KEY, how="left", nulls_equal=True, maintain_order="left")
    return keys


def _depends_on(reading: str, combinations_tried: list[Choices]) -> pl.Expr:
    """Whether an item differs between two passes that differ in this reading alone."""
    by_others: dict[Choices, list[str]] = {}
    for place, choices in enumerate(combinations_tried):
        others = tuple(choice for choice in choices if choice[0] != reading)
        by_others.setdefault(others, []).append(str(place))
    return pl.any_horizontal(
        pl.col(places[0]).ne_missing(pl.col(place)) for places in by_others.values() for place in places[1:]
    )


def _with_absent(
    items: pl.DataFrame, shown: Pass, passes: list[Pass], dependent: pl.DataFrame
) -> pl.DataFrame:
    """The items with a line at zero for each that exists only under another choice."""
    absent = _computable(dependent, shown).join(items, on=_KEY, how="anti", nulls_equal=True)
    for other in passes:
        zero = (
            other.items.join(absent, on=_KEY, how="semi", nulls_equal=True)
            .unique(subset=_KEY, maintain_order=True)
            .with_columns(
                factor=pl.lit(0, dtype=RATE),
                amount=pl.lit(0, dtype=MONEY),
                basis=pl.concat_str(
                    pl.lit("待定，暂按不计："),
                    wording.times(wording.money(pl.col("amount")), pl.lit("0")),
                    pl.lit(" = 0.00 元"),
                ),
            )
        )
        items = stacked([items, zero])
        absent = absent.join(zero, on=_KEY, how="anti", nulls_equal=True)
    return items


def _computable(dependent: pl.DataFrame, found: Pass) -> pl.DataFrame:
    """The keys but those of buildings that an open question leaves without an amount in this pass."""
    asked = found.questions["building_id"].drop_nulls().implode()
    computed = dependent.join(found.items, on=_KEY, how="semi", nulls_equal=True)
    waiting = dependent.filter(pl.col("building_id").is_in(asked).fill_null(value=False))
    return dependent.join(
        waiting.join(computed, on=_KEY, how="anti", nulls_equal=True), on=_KEY, how="anti", nulls_equal=True
    )


def _hold(items: pl.DataFrame, dependent: pl.DataFrame) -> pl.DataFrame:
    marked = items.join(
        dependent.with_columns(depends=pl.lit(value=True)),
        on=_KEY,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return marked.with_columns(
        status=pl.when(pl.col("depends").is_not_null()).then(pl.lit(Status.HELD)).otherwise(pl.col("status"))
    ).drop("depends")


def _amounts(found: Pass, dependent: pl.DataFrame, reading: str, choice: str) -> pl.DataFrame:
    """What each dependent item amounts to under one choice; zero where it does not exist."""
    amounts = found.items.group_by(_KEY).agg(amount=pl.col("amount").sum().cast(MONEY))
    return (
        _computable(dependent, found)
        .join(amounts, on=_KEY, how="left", nulls_equal=True, maintain_order="left")
        .select(
            *_KEY,
            reading=pl.lit(reading),
            choice=pl.lit(choice),
            amount=pl.col("amount").fill_null(pl.lit(0, dtype=MONEY)).cast(MONEY),
        )
    )


def _questions(dependent: pl.DataFrame, reading: str, policy: Policy) -> pl.DataFrame:
    content = policy.content.readings[reading]
    choices = "；".join(f"{name}：{meaning}" for name, meaning in content.choices.items())
    return (
        dependent.select("household_id", "building_id")
        .unique(maintain_order=True)
        .select(
            "household_id",
            "building_id",
            code=pl.lit(reading),
            clause=pl.lit(content.clause),
            message=pl.lit(f"{content.question}（{choices}），待书面决定后写入政策文件。"),
        )
    )
