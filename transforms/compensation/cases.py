"""A case: one surveyed building with all that is known of it on the night, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from schemas.housing import (
    HOUSEHOLD_FACTS,
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Recognitions,
)
from schemas.sheet import PROVENANCE, Sheet
from transforms import wording
from transforms.compensation.blocks import Block
from transforms.compensation.collecting import all_collected
from transforms.compensation.neighbours import alone_and_several
from transforms.compensation.places import spread, taken
from transforms.money import MONEY

SIGNED, UNSIGNED = "已签约", "未签约"
TITLE_UNCLEAR, OWNER_MISSING = "产权不明", "下落不明"
MONEY_METHOD, EXCHANGE_METHOD = "货币补偿", "产权调换"
RESIDENCE, BUSINESS = "住宅", "经营"
IS_UNCLEAR = (pl.col("signing_status") == TITLE_UNCLEAR) | (pl.col("signing_status") == OWNER_MISSING)

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
_APPRAISED = ("report_number", "subject", "appraised_amount", "appraised_on")
_WORDS = ("sources", "house_sources", "attachments_sources", "attachments_working")
_FACTS: dict[type[Sheet], Sequence[str]] = {
    HouseholdSurvey: _SURVEYED,
    ImageryRegister: _REGISTERED,
    Recognitions: _RECOGNISED,
    Agreements: _AGREED,
}
_SOURCES = [f"{sheet.table}_source" for sheet in _FACTS]
_NO_TEXT = pl.lit(value=None, dtype=pl.String)
_ROW = "row"


def build_cases(block: Block, as_of: date, *, worded: bool) -> pl.LazyFrame:
    """One row per surveyed building: survey, register, recognition, agreement and appraisals side by side.

    `effective_on` selects the parameters: the day of signing, for estimates the as-of date. `method`
    is 货币补偿 where none is known; `signing_status` 未签约 where there is no agreement yet. `sources`
    names the rows that the case is made of, but for appraisals, which have columns of their own. Where
    nothing is to be `worded`, they and the other words are null.
    """
    parts = [_facts(block, sheet, worded=worded) for sheet in _FACTS]
    appraisals = block.records[Appraisals.table].select(*_APPRAISED, *(PROVENANCE if worded else ()))
    appraised = taken(appraisals, block.appraised["number"]).with_columns(block.appraised["row"]).lazy()
    of_appraisals = all_collected(
        [_house_appraisals(appraised, worded=worded), _attachment_appraisals(appraised, worded=worded)]
    )
    height = block.surveyed.height
    spread_out = [spread(found.drop(_ROW), found[_ROW], height) for found in of_appraisals]
    is_registered = block.rows[ImageryRegister.table].is_not_null().alias("is_registered").to_frame()
    homes = block.surveyed.select("home", "place")
    cases = pl.concat([homes, *parts, is_registered, *spread_out], how="horizontal")
    return _completed(cases.lazy(), as_of, worded=worded)


def several_rows(block: Block) -> pl.DataFrame:
    """The survey of the households that have several rows, with their `home`."""
    home = pl.col("home")
    is_several = ((home == home.shift()) | (home == home.shift(-1))).fill_null(value=False)
    rows = block.rows[HouseholdSurvey.table].alias(_ROW)
    several = block.surveyed.select("home", rows).filter(is_several)
    survey = block.records[HouseholdSurvey.table]
    return survey.select(pl.col(HOUSEHOLD_FACTS).gather(several[_ROW])).with_columns(several["home"])


def source() -> pl.Expr:
    """Where a record stands: `入户调查@0123456789abcdef#12`, the row as Excel shows it."""
    return pl.format("{}@{}#{}", pl.col("sheet"), pl.col("upload_id").str.head(16), pl.col("row_number"))


def _completed(cases: pl.LazyFrame, as_of: date, *, worded: bool) -> pl.LazyFrame:
    signed = (pl.col("signing_status") != UNSIGNED) & pl.col("signed_on").is_not_null()
    known = cases.with_columns(
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


def _facts(block: Block, sheet: type[Sheet], *, worded: bool) -> pl.DataFrame:
    rows, names = block.records[sheet.table], _FACTS[sheet]
    numbers = block.rows[sheet.table]
    if not worded:
        return taken(rows.select(names), numbers)
    shown = taken(rows.select(*names, *PROVENANCE), numbers)
    return shown.select(*names, source().alias(f"{sheet.table}_source"))


def _house_appraisals(appraisals: pl.LazyFrame, *, worded: bool) -> pl.LazyFrame:
    """The newest 房屋 appraisal per building; two of the same day that differ leave it open."""
    words = {"house_sources": source()} if worded else {}
    alone, several = alone_and_several(appraisals.filter(pl.col("subject") == "房屋"), _ROW)
    amount = pl.col("appraised_amount")
    newest = several.filter(pl.col("appraised_on") == pl.col("appraised_on").max().over(_ROW))
    return pl.concat(
        [
            alone.select(_ROW, house_appraisal=amount, house_appraisals_differ=pl.lit(value=False), **words),
            newest.with_columns(**words)
            .group_by(_ROW)
            .agg(
                amount.max().alias("house_appraisal"),
                (amount.n_unique() > 1).alias("house_appraisals_differ"),
                *(pl.col(name).str.join(" ") for name in words),
            ),
        ],
        rechunk=True,
    )


def _attachment_appraisals(appraisals: pl.LazyFrame, *, worded: bool) -> pl.LazyFrame:
    """The sum of the 附属物 appraisals per building, with its terms in words."""
    amount = pl.col("appraised_amount")
    words = (
        {"attachments_sources": (source(), " "), "attachments_working": (wording.money(amount), " + ")}
        if worded
        else {}
    )
    texts = {name: text for name, (text, _) in words.items()}
    attachments = appraisals.filter(pl.col("subject") == "附属物")
    alone, several = alone_and_several(attachments, _ROW)
    return pl.concat(
        [
            alone.select(_ROW, attachments_amount=amount, **texts),
            several.sort(_ROW, "report_number")
            .select(_ROW, attachments_amount=amount, **texts)
            .group_by(_ROW, maintain_order=True)
            .agg(
                pl.col("attachments_amount").sum().cast(MONEY),
                *(pl.col(name).str.join(separator) for name, (_, separator) in words.items()),
            ),
        ],
        rechunk=True,
    )
