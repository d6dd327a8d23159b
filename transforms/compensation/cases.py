"""A case: one surveyed building with all that is known of it on the night, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.housing import (
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Recognitions,
)
from transforms import wording
from transforms.compensation.places import Places, row_numbers, spread
from transforms.money import MONEY

SIGNED, UNSIGNED = "已签约", "未签约"
TITLE_UNCLEAR, OWNER_MISSING = "产权不明", "下落不明"
MONEY_METHOD, EXCHANGE_METHOD = "货币补偿", "产权调换"
RESIDENCE, BUSINESS = "住宅", "经营"

_SURVEYED = (
    "owner_name", "household_since", "housing_assistance", "surveyed_use", "residence_origin", "structure",
    "floor_area_m2", "has_title", "material_grade", "months_in_business", "has_licence",
    "has_interruption_proof",
)  # fmt: skip
_REGISTERED = ("registered_use", "registered_area_m2", "has_own_yard", "is_habitable", "imagery_ref")
_RECOGNISED = (
    "outcome", "recognised_use", "recognised_area_m2", "recognised_origin", "recognised_grade",
    "minute_number",
)  # fmt: skip
_AGREED = (
    "signing_status", "method", "disputes_price", "deadline_on", "signed_on", "vacated_on",
    "resettlement_estate", "resettlement_kind", "resettlement_area_m2", "buyback_area_m2",
    "under_construction", "self_arranged", "handed_over_on", "agreed_amount",
)  # fmt: skip
_WORDS = ("sources", "house_sources", "attachments_sources", "attachments_working")
_SOURCES = ("survey_source", "register_source", "recognition_source", "agreement_source")
_NO_TEXT = pl.lit(value=None, dtype=pl.String)
_ROW = "row"


@dataclass(frozen=True)
class Known:
    """What is known of the surveyed buildings, and per sheet which buildings wait for their survey."""

    cases: pl.LazyFrame
    waiting: Mapping[str, pl.Series]


def build_cases(records: Mapping[str, pl.DataFrame], places: Places, as_of: date, *, worded: bool) -> Known:
    """One row per surveyed building: survey, register, recognition, agreement and appraisals joined.

    `effective_on` selects the parameters: the day of signing, for estimates the as-of date. `method`
    is 货币补偿 where none is known; `signing_status` 未签约 where there is no agreement yet. `sources`
    names the rows that the case is made of, but for appraisals, which have columns of their own. Where
    nothing is to be `worded`, they and the other words are null.
    """
    surveyed = places.surveyed()
    sheets = (ImageryRegister, Recognitions, Agreements, Appraisals)
    tables = [records[sheet.table] for sheet in sheets]
    rows = row_numbers(tables, surveyed)
    register, recognitions, agreements = (
        _facts(table, names, source, worded=worded)
        for table, names, source in zip(
            tables, (_REGISTERED, _RECOGNISED, _AGREED), _SOURCES[1:], strict=False
        )
    )
    appraisals = tables[-1].with_columns(rows[-1].alias(_ROW)).drop_nulls(_ROW).lazy()
    houses, attachments = pl.collect_all(
        [_house_appraisals(appraisals, worded=worded), _attachment_appraisals(appraisals, worded=worded)],
        engine="in-memory",
    )
    survey = _facts(records[HouseholdSurvey.table], _SURVEYED, _SOURCES[0], worded=worded)
    parts = [
        surveyed.select("home", "place"),
        survey.select(pl.all().gather(places.rows)),
        spread(register.with_columns(is_registered=pl.lit(value=True)), rows[0], surveyed.height),
        spread(recognitions, rows[1], surveyed.height),
        spread(agreements, rows[2], surveyed.height),
        *(spread(found.drop(_ROW), found[_ROW], surveyed.height) for found in (houses, attachments)),
    ]
    waiting = {
        sheet.table: table["building_id"].filter(found.is_null())
        for sheet, table, found in zip(sheets, tables, rows, strict=True)
    }
    return Known(_completed(pl.concat(parts, how="horizontal").lazy(), as_of, worded=worded), waiting)


def source() -> pl.Expr:
    """Where a record stands: `入户调查@0123456789abcdef#12`, the row as Excel shows it."""
    return pl.format("{}@{}#{}", pl.col("sheet"), pl.col("upload_id").str.head(16), pl.col("row_number"))


def _completed(cases: pl.LazyFrame, as_of: date, *, worded: bool) -> pl.LazyFrame:
    signed = (pl.col("signing_status") != UNSIGNED) & pl.col("signed_on").is_not_null()
    known = cases.with_columns(
        is_registered=pl.col("is_registered").fill_null(value=False),
        signing_status=pl.col("signing_status").fill_null(UNSIGNED),
        method=pl.col("method").fill_null(MONEY_METHOD),
        disputes_price=pl.col("disputes_price").fill_null(value=False),
        effective_on=pl.when(signed).then("signed_on").otherwise(pl.lit(as_of)),
    )
    if not worded:
        return known.with_columns(_NO_TEXT.alias(name) for name in _WORDS)
    return known.with_columns(sources=pl.concat_str(_SOURCES, separator=" ", ignore_nulls=True)).drop(
        _SOURCES
    )


def _facts(rows: pl.DataFrame, names: Sequence[str], source_name: str, *, worded: bool) -> pl.DataFrame:
    return rows.select(*names, *([source().alias(source_name)] if worded else []))


def _house_appraisals(appraisals: pl.LazyFrame, *, worded: bool) -> pl.LazyFrame:
    """The newest 房屋 appraisal per building; two of the same day that differ leave it open."""
    houses = appraisals.filter(pl.col("subject") == "房屋")
    newest = houses.filter(pl.col("appraised_on") == pl.col("appraised_on").max().over(_ROW))
    return newest.group_by(_ROW).agg(
        pl.col("appraised_amount").max().alias("house_appraisal"),
        (pl.col("appraised_amount").n_unique() > 1).alias("house_appraisals_differ"),
        *([source().str.join(" ").alias("house_sources")] if worded else []),
    )


def _attachment_appraisals(appraisals: pl.LazyFrame, *, worded: bool) -> pl.LazyFrame:
    """The sum of the 附属物 appraisals per building, with its terms in words."""
    attachments = appraisals.filter(pl.col("subject") == "附属物")
    amount = pl.col("appraised_amount").sum().cast(MONEY).alias("attachments_amount")
    if not worded:
        return attachments.group_by(_ROW).agg(amount)
    return (
        attachments.sort(_ROW, "report_number")
        .group_by(_ROW)
        .agg(
            amount,
            attachments_sources=source().str.join(" "),
            attachments_working=wording.money(pl.col("appraised_amount")).str.join(" + "),
        )
    )
