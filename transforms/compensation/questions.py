"""Open questions: what keeps a building or a household waiting, and what would settle it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from transforms.frames import stacked

QUESTION_SCHEMA: dict[str, pl.DataType] = {
    "household_id": pl.String(),
    "building_id": pl.String(),
    "code": pl.String(),
    "clause": pl.String(),
    "message": pl.String(),
}


@dataclass(frozen=True)
class Question:
    """A doubt that may arise on a building: `arises` is true where it does."""

    code: str
    clause: str
    message: str | pl.Expr
    arises: pl.Expr


def ask(cases: pl.DataFrame, *questions: Question) -> pl.DataFrame:
    """One row per case and question that arises on it."""
    asked = [
        cases.filter(question.arises.fill_null(value=False)).select(
            "household_id",
            "building_id",
            code=pl.lit(question.code),
            clause=pl.lit(question.clause),
            message=_text(question.message),
        )
        for question in questions
    ]
    return stacked([no_questions(), *asked])


def no_questions() -> pl.DataFrame:
    """No question at all."""
    return pl.DataFrame(schema=QUESTION_SCHEMA)


def _text(message: str | pl.Expr) -> pl.Expr:
    return pl.lit(message) if isinstance(message, str) else message
