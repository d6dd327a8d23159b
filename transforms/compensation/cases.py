"""A case: one surveyed building with all that is known of it on the night, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas.housing import (
    Agreements,
    Appraisals,
    ImageryRegister,
    Recognitions,
)
from schemas.sheet import PROVENANCE
from transforms import wording
from transforms.money import MONEY

SIGNED, UNSIGNED = "已签约", "未签约"
TITLE_UNCLEAR, OWNER_MISSING = "产权不明", "下落不明"
MONEY_METHOD, EXCHANGE_METHOD = "货币补偿", "产权调换"
RESIDENCE, BUSINESS = "住宅", "经营"

_SURVEYED = (
    "home", "place", "building_id", "owner_name", "household_since", "housing_assistance", "surveyed_use",
    "residence_origin", "structure", "floor_area_m2", "has_title", "material_grade", "months_in_business",
    "has_licence", "has_interruption_proof", "survey_source",
)  # fmt: skip
_WORDS = ("sources", "house_sources", "attachments_sources", "attachments_working")
_SOURCES = ("survey_source", "register_source", "recognition_source", "agreement_source")


def build_cases(records: Mapping[str, pl.DataFrame], survey: pl.DataFrame, as_of: date) -> pl.LazyFrame:
    """One row per surveyed building: survey, register, recognition, agreement and appraisals joined.

    `effective_on` selects the parameters: the day of signing, for estimates the as-of date. `method`
    is 货币补偿 where none is known; `signing_status` 未签约 where there is no agreement yet. `sources`
    names the rows that the case is made of, but for appraisals, which have columns of their own.
    """
    appraisals = records[Appraisals.table].lazy()
    cases = _with_source(survey.lazy(), "survey_source").select(_SURVEYED)
    for facts in (
        _with_source(records[ImageryRegister.table].lazy(), "register_source").with_columns(
            is_registered=pl.lit(value=True)
        ),
        _with_source(records[Recognitions.table].lazy(), "recognition_source"),
        _with_source(records[Agreements.table].lazy(), "agreement_source"),
        _house_appraisals(appraisals),
        _attachment_appraisals(appraisals),
    ):
        cases = cases.join(facts, on="building_id", how="left", maintain_order="left")
    signed = (pl.col("signing_status") != UNSIGNED) & pl.col("signed_on").is_not_null()
    return cases.with_columns(
        is_registered=pl.col("is_registered").fill_null(value=False),
        signing_status=pl.col("signing_status").fill_null(UNSIGNED),
        method=pl.col("method").fill_null(MONEY_METHOD),
        disputes_price=pl.col("disputes_price").fill_null(value=False),
        sources=pl.concat_str(_SOURCES, separator=" ", ignore_nulls=True),
        effective_on=pl.when(signed).then("signed_on").otherwise(pl.lit(as_of)),
    ).drop("building_id", *_SOURCES)


def without_words(cases: pl.LazyFrame) -> pl.LazyFrame:
    """The cases for computing amounts alone: where the words would be is nothing, and none are made."""
    return cases.with_columns(pl.lit(value=None, dtype=pl.String).alias(name) for name in _WORDS)


def source() -> pl.Expr:
    """Where a record stands: `入户调查@0123456789abcdef#12`, the row as Excel shows it."""
    return pl.format("{}@{}#{}", pl.col("sheet"), pl.col("upload_id").str.head(16), pl.col("row_number"))


def _with_source(rows: pl.LazyFrame, name: str) -> pl.LazyFrame:
    return rows.with_columns(source().alias(name)).drop(list(PROVENANCE))


def _house_appraisals(appraisals: pl.LazyFrame) -> pl.LazyFrame:
    """The newest 房屋 appraisal per building; two of the same day that differ leave it open."""
    houses = appraisals.filter(pl.col("subject") == "房屋")
    newest = houses.filter(pl.col("appraised_on") == pl.col("appraised_on").max().over("building_id"))
    return newest.group_by("building_id").agg(
        house_appraisal=pl.col("appraised_amount").max(),
        house_appraisals_differ=pl.col("appraised_amount").n_unique() > 1,
        house_sources=source().str.join(" "),
    )


def _attachment_appraisals(appraisals: pl.LazyFrame) -> pl.LazyFrame:
    """The sum of the 附属物 appraisals per building, with its terms in words."""
    return (
        appraisals.filter(pl.col("subject") == "附属物")
        .sort("building_id", "report_number")
        .group_by("building_id")
        .agg(
            attachments_amount=pl.col("appraised_amount").sum().cast(MONEY),
            attachments_sources=source().str.join(" "),
            attachments_working=wording.money(pl.col("appraised_amount")).str.join(" + "),
        )
    )
