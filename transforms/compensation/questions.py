"""Open questions: what keeps a building or a household waiting, and what would settle it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from transforms.compensation.collecting import all_collected, collected
from transforms.frames import stacked

QUESTION_SCHEMA: dict[str, pl.DataType] = {
    "home": pl.UInt32(),
    "place": pl.UInt32(),
    "code": pl.String(),
    "clause": pl.String(),
    "message": pl.String(),
}
"""Household and building by their numbers (see `places`)."""


@dataclass(frozen=True)
class Question:
    """A doubt that may arise on a building: `arises` is true where it does."""

    code: str
    clause: str
    message: str | pl.Expr
    arises: pl.Expr


def ask(cases: pl.LazyFrame, *questions: Question) -> pl.DataFrame:
    """One row per case and question that arises on it."""
    arising = {question.code: question.arises.fill_null(value=False) for question in questions}
    counts = (
        cases.select(**{code: arises.any() for code, arises in arising.items()})
        .pipe(collected)
        .row(0, named=True)
    )
    asked = [
        cases.filter(arising[question.code]).select(
            "home",
            "place",
            code=pl.lit(question.code),
            clause=pl.lit(question.clause),
            message=_text(question.message),
        )
        for question in questions
        if counts[question.code]
    ]
    return stacked([no_questions(), *all_collected(asked)])


def only_where(condition: pl.Expr, *questions: Question) -> list[Question]:
    """The questions, which arise only where the condition holds."""
    return [replace(question, arises=condition & question.arises) for question in questions]


def no_questions() -> pl.DataFrame:
    """No question at all."""
    return pl.DataFrame(schema=QUESTION_SCHEMA)


def _text(message: str | pl.Expr) -> pl.Expr:
    return pl.lit(message) if isinstance(message, str) else message
