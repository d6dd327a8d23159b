"""What must hold of an evaluation before it is published; each failure says which check and where first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import polars as pl

from schemas.investment import Envoys
from schemas.investment_scores import Consequence, EnvoyDuty, Grade, ScoreItem
from transforms.envoys.evaluation import Evaluation
from transforms.envoys.receipts import recomputed
from transforms.money import to_cents
from transforms.shown_number import shown_number

_YEAR, _QUARTER = ("envoy_id", "year"), ("envoy_id", "year", "quarter")
_PLACE = ("total", "base_score", "bonus")
_LAST_QUARTER = 4


def check_evaluation(evaluation: Evaluation, records: Mapping[str, pl.DataFrame]) -> list[str]:
    """The failed checks, none when all is in order."""
    envoys = records[Envoys.table].select("envoy_id", "envoy_name")
    return [
        *_once("scores", evaluation.scores, _YEAR),
        *_once("rankings", evaluation.rankings, _QUARTER),
        *_known("scores", evaluation.scores, envoys),
        *_known("rankings", evaluation.rankings, envoys),
        *_complete("items", evaluation.scores, evaluation.items, "item", list(ScoreItem)),
        *_complete("duties", evaluation.scores, evaluation.duties, "duty", list(EnvoyDuty)),
        *_within_marks(evaluation.items),
        *_arithmetic(evaluation.items),
        *_sums(evaluation.scores, evaluation.items),
        *_totals("scores", evaluation.scores),
        *_totals("rankings", evaluation.rankings),
        *_grades(evaluation.scores),
        *_consequences(evaluation.scores, evaluation.items),
        *_ranks("scores", evaluation.scores, ("year",)),
        *_ranks("rankings", evaluation.rankings, ("year", "quarter")),
        *_last_quarter_is_the_year(evaluation),
    ]


def _failed(check: str, wrong: pl.DataFrame, what: str) -> list[str]:
    """A line that counts the rows and names the first by its keys."""
    if wrong.is_empty():
        return []
    keys = ("envoy_id", "year", "quarter", "item", "duty")
    first = ", ".join(f"{key} {shown_number(wrong[key][0])}" for key in keys if key in wrong.columns)
    return [f"check {check}: {wrong.height} {what}, first: {first}"]


def _once(check: str, rows: pl.DataFrame, key: Sequence[str]) -> list[str]:
    repeated = rows.filter(pl.struct(key).is_duplicated())
    return _failed(check, repeated, f"rows that share {' and '.join(key)} with another")


def _known(check: str, rows: pl.DataFrame, envoys: pl.DataFrame) -> list[str]:
    unknown = rows.join(envoys, on=["envoy_id", "envoy_name"], how="anti")
    return _failed(check, unknown, "rows of an envoy that is not in 招商大使 under that name")


def _complete(
    check: str, scores: pl.DataFrame, parts: pl.DataFrame, column: str, names: Sequence[StrEnum]
) -> list[str]:
    """Each score has one part of each name, and each part a score."""
    counts = parts.group_by(_YEAR).agg(
        parts=pl.len(),
        names=pl.col(column).filter(pl.col(column).is_in([name.value for name in names])).n_unique(),
    )
    compared = scores.select(_YEAR).join(counts, on=_YEAR, how="full", coalesce=True, nulls_equal=True)
    is_complete = (pl.col("parts") == len(names)) & (pl.col("names") == len(names))
    without_score = counts.join(scores, on=_YEAR, how="anti")
    return [
        *_failed(check, compared.filter(~is_complete.fill_null(value=False)), f"scores without all {check}"),
        *_failed(check, without_score, f"{check} without a score"),
    ]


def _within_marks(items: pl.DataFrame) -> list[str]:
    is_bonus = pl.col("item") == ScoreItem.BONUS
    fits = (
        pl.when(is_bonus)
        .then(pl.all_horizontal(pl.col("full_mark", "deduction", "target", "shortfall").is_null()))
        .otherwise(
            (pl.col("score") <= pl.col("full_mark"))
            & (pl.col("deduction") >= 0)
            & (pl.col("deduction") <= pl.col("full_mark"))
            & (pl.col("shortfall") >= 0)
        )
    )
    fits &= (pl.col("score") >= 0) & (pl.col("measured") >= 0)
    return _failed("marks", items.filter(~fits.fill_null(value=False)), "items outside 0 to their full mark")


def _arithmetic(items: pl.DataFrame) -> list[str]:
    """The printed text alone must give the score, what was measured, and name the full mark."""
    worked = recomputed(items)
    read = (
        items.select("envoy_id", "year", "item", "score", "measured", "full_mark")
        .with_row_index("line")
        .join(worked, on="line", how="left", suffix="_read")
    )
    measured = pl.col("measured").to_physical().cast(pl.Int128)
    fits = (
        (pl.col("result") == to_cents(pl.col("score")))
        & (pl.col("stated") == to_cents(pl.col("score")))
        & (pl.col("measured_read") == measured)
        & (pl.col("full").is_null() | (pl.col("full") == to_cents(pl.col("full_mark"))))
    )
    wrong = read.filter(~fits.fill_null(value=False))
    twice = worked.height - worked["line"].n_unique()
    return [
        *_failed("arithmetic", wrong, "items whose printed text does not give the score"),
        *([f"check arithmetic: {twice} texts that can be read in two ways"] if twice else []),
    ]


def _sums(scores: pl.DataFrame, items: pl.DataFrame) -> list[str]:
    is_bonus = pl.col("item") == ScoreItem.BONUS
    sums = items.group_by(_YEAR).agg(
        base=pl.col("score").filter(~is_bonus).sum(), added=pl.col("score").filter(is_bonus).sum()
    )
    fits = (pl.col("base") == pl.col("base_score")) & (pl.col("added") == pl.col("bonus"))
    wrong = scores.join(sums, on=_YEAR, how="left").filter(~fits.fill_null(value=False))
    return _failed("sums", wrong, "scores whose items don't add up to base and bonus")


def _totals(check: str, rows: pl.DataFrame) -> list[str]:
    wrong = rows.filter(pl.col("base_score") + pl.col("bonus") != pl.col("total"))
    return _failed(check, wrong, "rows whose base and bonus don't make the total")


def _grades(scores: pl.DataFrame) -> list[str]:
    """Within a year no total has a lower grade than a smaller one."""
    order = {Grade.UNQUALIFIED.value: 0, Grade.QUALIFIED.value: 1, Grade.EXCELLENT.value: 2}
    graded = scores.with_columns(
        level=pl.col("grade").replace_strict(order, default=None, return_dtype=pl.Int8)
    ).sort("year", "total", "level")
    falls = pl.col("level") < pl.col("level").shift(1).over("year")
    by_bonus = pl.col("is_excellent_by_bonus") & (
        (pl.col("grade") != Grade.EXCELLENT) | (pl.col("bonus") == 0)
    )
    return [
        *_failed("grades", graded.filter(pl.col("level").is_null()), "scores of an unknown grade"),
        *_failed("grades", graded.filter(falls), "scores of a lower grade than a smaller total"),
        *_failed("grades", graded.filter(by_bonus), "scores said to be 优秀 by a bonus that they don't have"),
    ]


def _consequences(scores: pl.DataFrame, items: pl.DataFrame) -> list[str]:
    bonus = items.filter(pl.col("item") == ScoreItem.BONUS).select(*_YEAR, landed="measured")
    expected = (
        pl.when("is_provisional")
        .then(pl.lit(value=None, dtype=pl.String))
        .when((pl.col("grade") == Grade.EXCELLENT) & (pl.col("landed") > 0))
        .then(pl.lit(Consequence.PROMOTION))
        .when(pl.col("grade") == Grade.UNQUALIFIED)
        .then(pl.lit(Consequence.REPLACEMENT))
    )
    wrong = scores.join(bonus, on=_YEAR, how="left").filter(pl.col("consequence").ne_missing(expected))
    return _failed("consequences", wrong, "scores whose consequence does not follow from the grade")


def _ranks(check: str, rows: pl.DataFrame, period: Sequence[str]) -> list[str]:
    """In order of their points, each has the place of the first that equals it."""
    ordered = rows.sort(*period, *_PLACE, descending=[False] * len(period) + [True] * len(_PLACE))
    placed = ordered.with_columns(place=pl.int_range(1, pl.len() + 1).over(period)).with_columns(
        expected=pl.col("place").min().over(*period, *_PLACE)
    )
    return _failed(check, placed.filter(pl.col("rank") != pl.col("expected")), "rows of a wrong rank")


def _last_quarter_is_the_year(evaluation: Evaluation) -> list[str]:
    """A year that has ended is the period of its last quarter's ranking."""
    years = evaluation.scores.filter(~pl.col("is_provisional"))
    last = evaluation.rankings.filter(pl.col("quarter") == _LAST_QUARTER)
    both = years.join(last, on=_YEAR, how="full", coalesce=True, suffix="_ranked")
    same = pl.all_horizontal(pl.col(name) == pl.col(f"{name}_ranked") for name in (*_PLACE, "rank"))
    return _failed(
        "last quarter", both.filter(~same.fill_null(value=False)), "years that differ from their last quarter"
    )
