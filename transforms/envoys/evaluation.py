"""The evaluation: scores, items, places and duties of all envoys, year by year and quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.envoy_policy import EnvoyParameter as Named
from schemas.investment import Envoys
from schemas.investment_scores import (
    SCORE_ITEM_TITLES,
    Consequence,
    EnvoyDuties,
    EnvoyRankings,
    EnvoyScoreItems,
    EnvoyScores,
    Grade,
    InvestmentQuestions,
    ScoreItem,
)
from schemas.table import Table
from transforms.envoys.duties import duties
from transforms.envoys.figures import figures
from transforms.envoys.marks import DEDUCTIONS, bonus_columns, cents_of, item_columns, score_cents
from transforms.envoys.periods import scored_periods, spans
from transforms.envoys.postings import postings_of
from transforms.envoys.questions import questions
from transforms.frames import stacked
from transforms.investment import has_investment
from transforms.money import from_cents, scaled
from transforms.policy import Policy

_BASE = [cents_of(deduction.item) for deduction in DEDUCTIONS]
_BONUS = cents_of(ScoreItem.BONUS)
_ROOM_FOR_BASE = 10**8
"""A base score in hundredths is below this."""


@dataclass(frozen=True)
class Evaluation:
    """What follows for the envoys: a frame for each of the tables of `schemas.investment_scores`."""

    scores: pl.DataFrame
    items: pl.DataFrame
    rankings: pl.DataFrame
    duties: pl.DataFrame
    questions: pl.DataFrame


def evaluate(records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date) -> Evaluation:
    """Every envoy in every year since the policy took effect, and in every quarter that has ended."""
    if not has_investment(records):
        tables = (EnvoyScores, EnvoyScoreItems, EnvoyRankings, EnvoyDuties, InvestmentQuestions)
        return Evaluation(*(table.empty() for table in tables))
    envoys = records[Envoys.table]
    postings = postings_of(envoys)
    first_posted = postings["posted_on"].min()
    first_year = first_posted.year if isinstance(first_posted, date) else as_of.year
    scores, items, rankings, checked = [], [], [], []
    named = postings.select("envoy", "envoy_id").join(envoys.select("envoy_id", "envoy_name"), on="envoy_id")
    for span in spans(scored_periods(policy, as_of, first_year)):
        done = figures(records, postings, span)
        scored = _scored(done.totals, span.periods).join(named, on="envoy", maintain_order="left")
        of_year = scored.filter(pl.col("quarter").is_null())
        scores.append(_scores(of_year))
        items.append(_items(of_year))
        rankings.append(_rankings(scored.filter(pl.col("quarter").is_not_null())))
        checked.append(duties(of_year, envoys, done, policy))
    return Evaluation(
        scores=_table(EnvoyScores, scores),
        items=_table(EnvoyScoreItems, items),
        rankings=_table(EnvoyRankings, rankings),
        duties=_table(EnvoyDuties, checked),
        questions=InvestmentQuestions.conform(questions(records, postings)),
    )


def _table(table: type[Table], frames: list[pl.DataFrame]) -> pl.DataFrame:
    return table.conform(stacked(frames)) if frames else table.empty()


def _scored(totals: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """The figures with their period's terms, each item's score in hundredths, `base`, `total` and `rank`."""
    place = pl.col("total_cents") * _ROOM_FOR_BASE + pl.col("base_cents")
    return (
        totals.lazy()
        .join(periods.lazy(), on="period")
        .with_columns(**score_cents())
        .with_columns(base_cents=pl.sum_horizontal(_BASE))
        .with_columns(total_cents=pl.col("base_cents") + pl.col(_BONUS))
        # base and bonus add up to the total, so those equal in total and base are equal in all three
        .with_columns(rank=place.rank("min", descending=True).over("period").cast(pl.Int64))
        .collect()
        .sort("envoy", "period")
    )


def _points() -> dict[str, pl.Expr]:
    return {
        "base_score": from_cents(pl.col("base_cents")),
        "bonus": from_cents(pl.col(_BONUS)),
        "total": from_cents(pl.col("total_cents")),
    }


def _scores(of_year: pl.DataFrame) -> pl.DataFrame:
    excellent, qualified = (scaled(pl.col(name), 4) for name in (Named.EXCELLENT_FROM, Named.QUALIFIED_FROM))
    total, base = (scaled(from_cents(pl.col(name)), 4) for name in ("total_cents", "base_cents"))
    is_excellent, is_qualified = total >= excellent, total >= qualified
    grade = (
        pl.when(is_excellent)
        .then(pl.lit(Grade.EXCELLENT))
        .when(is_qualified)
        .then(pl.lit(Grade.QUALIFIED))
        .otherwise(pl.lit(Grade.UNQUALIFIED))
    )
    consequence = (
        pl.when("is_provisional")
        .then(pl.lit(value=None, dtype=pl.String))
        .when(is_excellent & (pl.col("landed") > 0))
        .then(pl.lit(Consequence.PROMOTION))
        .when(~is_qualified)
        .then(pl.lit(Consequence.REPLACEMENT))
    )
    readings = [deduction.reading for deduction in DEDUCTIONS]
    rests_on = pl.concat_str(readings, separator=" ", ignore_nulls=True)
    return of_year.with_columns(
        **_points(),
        grade=grade,
        is_excellent_by_bonus=is_excellent & (base < excellent),
        consequence=consequence,
        reading=pl.when(rests_on != "").then(rests_on),
    ).select(list(EnvoyScores.columns))


def _items(of_year: pl.DataFrame) -> pl.DataFrame:
    columns = {deduction.item: item_columns(deduction) for deduction in DEDUCTIONS}
    frames = [
        of_year.select(
            "envoy_id",
            "year",
            item=pl.lit(item.value),
            item_name=pl.lit(SCORE_ITEM_TITLES[item]),
            **expressions,
        )
        for item, expressions in (columns | {ScoreItem.BONUS: bonus_columns()}).items()
    ]
    return stacked(frames)


def _rankings(of_quarters: pl.DataFrame) -> pl.DataFrame:
    return of_quarters.with_columns(**_points()).select(list(EnvoyRankings.columns))
