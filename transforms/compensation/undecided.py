"""Undecided readings: what depends on them is held, with the amount under each choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.compensation import Alternatives, Status
from transforms import wording
from transforms.compensation.questions import no_questions
from transforms.money import MONEY
from transforms.policy import RATE, Policy

_KEY = ["household_id", "building_id", "item", "period"]


@dataclass(frozen=True)
class Pass:
    """The outcome with one choice for each reading: cases, items with their status, questions."""

    cases: pl.DataFrame
    items: pl.DataFrame
    questions: pl.DataFrame


def hold_undecided(
    shown: Pass, others: Mapping[tuple[str, str], Pass], policy: Policy
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The items, those that depend on an undecided reading held; the alternatives; and the questions.

    `shown` takes each undecided reading at its first choice, `others` one of them at another choice each.
    An item that exists only under another choice is shown at zero.
    """
    items, alternatives, questions = shown.items, [Alternatives.empty()], [no_questions()]
    for reading in dict.fromkeys(reading for reading, _ in others):
        passes = {choice: found for (name, choice), found in others.items() if name == reading}
        dependent = _dependent(shown, passes)
        if dependent.is_empty():
            continue
        items = _hold(_with_absent(items, passes, dependent), dependent)
        first = policy.choices(reading)[0]
        alternatives += [
            _amounts(found, dependent, reading, choice) for choice, found in [(first, shown), *passes.items()]
        ]
        questions.append(_questions(dependent, reading, policy))
    return items, pl.concat(alternatives).sort([*_KEY, "reading"], maintain_order=True), pl.concat(questions)


def _dependent(shown: Pass, passes: Mapping[str, Pass]) -> pl.DataFrame:
    """The keys of the items whose amount or status is not the same under every choice."""
    compared = [*_KEY, "amount", "status"]
    base = shown.items.select(compared)
    found = []
    for other in passes.values():
        rows = other.items.select(compared)
        found.append(base.join(rows, on=compared, how="anti", nulls_equal=True).select(_KEY))
        found.append(rows.join(base, on=compared, how="anti", nulls_equal=True).select(_KEY))
    return pl.concat(found).unique(maintain_order=True)


def _with_absent(items: pl.DataFrame, passes: Mapping[str, Pass], dependent: pl.DataFrame) -> pl.DataFrame:
    """The items with a line at zero for each that exists only under another choice."""
    absent = dependent.join(items, on=_KEY, how="anti", nulls_equal=True)
    for other in passes.values():
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
        items = pl.concat([items, zero])
        absent = absent.join(zero, on=_KEY, how="anti", nulls_equal=True)
    return items


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
    return dependent.join(amounts, on=_KEY, how="left", nulls_equal=True, maintain_order="left").select(
        *_KEY,
        reading=pl.lit(reading),
        choice=pl.lit(choice),
        amount=pl.col("amount").fill_null(pl.lit(0, dtype=MONEY)).cast(MONEY),
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
