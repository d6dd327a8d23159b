"""What an upload says of a household against what earlier uploads said of its other buildings."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.audit import Findings
from schemas.columns import Column, Kind
from schemas.housing import HOUSEHOLD_FACTS, HouseholdSurvey
from schemas.sheet import VOID_FIELD, WARNING
from transforms.frames import stacked
from transforms.intake.findings import LONGEST_VALUE

Letters = Mapping[str, Mapping[str, str]]
"""The letter of the column in which a field stands, by sheet and field."""


def contradictions_with_earlier(
    survey: pl.DataFrame, current: pl.DataFrame, *, letters: Letters, upload_id: str, file_name: str
) -> pl.DataFrame:
    """A warning for each fact of an accepted survey row that an earlier row of its household contradicts.

    `survey` holds the upload's accepted rows of 入户调查 with `is_void`, `current` the survey's current
    rows before this upload; those that the upload replaces or withdraws say nothing any more.
    """
    if current.is_empty():
        return Findings.empty()
    live = survey.filter(~pl.col(VOID_FIELD))
    earlier = current.join(survey, on="building_id", how="anti").join(live, on="household_id", how="semi")
    found = [Findings.empty()]
    if not earlier.is_empty():
        found += [
            _contradictions(
                live,
                earlier,
                HouseholdSurvey.columns[fact],
                {sheet: named[fact] for sheet, named in letters.items() if fact in named},
            )
            for fact in HOUSEHOLD_FACTS
        ]
    order = {fact: place for place, fact in enumerate(HouseholdSurvey.columns)}
    return Findings.conform(
        stacked(found)
        .with_columns(pl.lit(upload_id).alias("upload_id"), pl.lit(file_name).alias("file_name"))
        .sort("sheet", "row_number", pl.col("field").replace_strict(order, return_dtype=pl.Int64))
    )


def _contradictions(
    live: pl.DataFrame, earlier: pl.DataFrame, column: Column, letters: Mapping[str, str]
) -> pl.DataFrame:
    fact = column.name
    said = earlier.select("household_id", pl.col("building_id").alias("other"), pl.col(fact).alias("said"))
    given = live.select("household_id", "sheet", "row_number", pl.col(fact).alias("given"))
    differing = (
        given.join(said, on="household_id")
        .filter(pl.col("given") != pl.col("said"))
        .sort("other")
        .unique(["sheet", "row_number"], keep="first")
    )
    return differing.select(
        pl.lit("").alias("upload_id"),
        pl.lit("").alias("file_name"),
        "sheet",
        "row_number",
        pl.col("sheet").replace_strict(letters, default=None, return_dtype=pl.String).alias("column_letter"),
        pl.lit(column.header).alias("header"),
        pl.lit(fact).alias("field"),
        _shown(column).str.slice(0, LONGEST_VALUE).alias("value"),
        pl.lit("contradicts_earlier").alias("rule"),
        pl.lit(WARNING).alias("severity"),
        pl.format(
            f"「{column.header}」与此前收到的同一户房屋 {{}} 的资料不一致，该户暂缓发放；"
            "请核实，把填错的一处改正后重新上传。",
            "other",
        ).alias("message"),
    )


def _shown(column: Column) -> pl.Expr:
    given = pl.col("given")
    if column.kind is Kind.YES_NO:
        return pl.when(given).then(pl.lit("是")).otherwise(pl.lit("否"))
    return given.cast(pl.String)
