"""A case: one surveyed building with all that is known of it on the night, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from schemas.housing import (
    Agreements,
    Appraisals,
    HouseholdSurvey,
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


def build_cases(records: Mapping[str, pl.DataFrame], as_of: date) -> pl.DataFrame:
    """One row per surveyed building: survey, register, recognition, agreement and appraisals joined.

    `effective_on` selects the parameters: the day of signing, for estimates the as-of date. `method`
    is 货币补偿 where none is known; `signing_status` 未签约 where there is no agreement yet. `sources`
    names the rows that the case is made of, but for appraisals, which have columns of their own.
    """
    survey = _with_source(records[HouseholdSurvey.table], "survey_source")
    register = _with_source(records[ImageryRegister.table], "register_source")
    recognitions = _with_source(records[Recognitions.table], "recognition_source")
    agreements = _with_source(records[Agreements.table], "agreement_source")
    cases = (
        survey.join(register.with_columns(is_registered=True), on="building_id", how="left")
        .join(recognitions, on="building_id", how="left")
        .join(agreements, on="building_id", how="left")
        .join(_house_appraisals(records[Appraisals.table]), on="building_id", how="left")
        .join(_attachment_appraisals(records[Appraisals.table]), on="building_id", how="left")
    )
    signed = (pl.col("signing_status") != UNSIGNED) & pl.col("signed_on").is_not_null()
    return cases.with_columns(
        is_registered=pl.col("is_registered").fill_null(value=False),
        signing_status=pl.col("signing_status").fill_null(UNSIGNED),
        method=pl.col("method").fill_null(MONEY_METHOD),
        disputes_price=pl.col("disputes_price").fill_null(value=False),
        sources=pl.concat_str(
            "survey_source",
            "register_source",
            "recognition_source",
            "agreement_source",
            separator=" ",
            ignore_nulls=True,
        ),
        effective_on=pl.when(signed).then("signed_on").otherwise(pl.lit(as_of)),
    ).sort("household_id", "building_id")


def source() -> pl.Expr:
    """Where a record stands: `入户调查@0123456789abcdef#12`, the row as Excel shows it."""
    return pl.format("{}@{}#{}", pl.col("sheet"), pl.col("upload_id").str.head(16), pl.col("row_number"))


def _with_source(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.with_columns(source().alias(name)).drop(list(PROVENANCE))


def _house_appraisals(appraisals: pl.DataFrame) -> pl.DataFrame:
    """The newest 房屋 appraisal per building; two of the same day that differ leave it open."""
    houses = appraisals.filter(pl.col("subject") == "房屋")
    newest = houses.filter(pl.col("appraised_on") == pl.col("appraised_on").max().over("building_id"))
    return newest.group_by("building_id").agg(
        house_appraisal=pl.col("appraised_amount").max(),
        house_appraisals_differ=pl.col("appraised_amount").n_unique() > 1,
        house_sources=source().str.join(" "),
    )


def _attachment_appraisals(appraisals: pl.DataFrame) -> pl.DataFrame:
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
