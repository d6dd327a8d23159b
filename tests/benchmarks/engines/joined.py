"""The facts of each building in one row, as numbers and truths: what an engine of arrays alone takes in."""

from __future__ import annotations

import polars as pl

from schemas.housing import Agreements, Appraisals, HouseholdSurvey, ImageryRegister
from schemas.sheet import PROVENANCE
from tests.benchmarks.engines.outcome import Records
from tests.benchmarks.town import AS_OF

_FREEZE_ON = pl.date(2021, 1, 7)


def joined(records: Records) -> pl.DataFrame:
    """A row per building in the order of the survey, without nulls."""
    appraisals = records[Appraisals.table].lazy()
    is_house = pl.col("subject") == "房屋"
    houses = appraisals.filter(is_house).sort("appraised_on").group_by("building_id").agg(
        appraised=pl.col("appraised_amount").last()
    )  # fmt: skip
    attached = appraisals.filter(~is_house).group_by("building_id").agg(
        attachments=pl.col("appraised_amount").sum()
    )  # fmt: skip
    rows = records[HouseholdSurvey.table].lazy()
    register, agreements = (
        records[sheet.table].lazy().drop(list(PROVENANCE)) for sheet in (ImageryRegister, Agreements)
    )
    for facts in (register, agreements, houses, attached):
        rows = rows.join(facts, on="building_id", how="left", maintain_order="left")
    return rows.select("household_id", "building_id", *_numbers(), *_truths()).collect()


def _numbers() -> list[pl.Expr]:
    handed = pl.col("handed_over_on")
    last = pl.coalesce(_month(handed), pl.lit(AS_OF.year * 12 + AS_OF.month - 1))
    is_waiting = pl.col("under_construction") & pl.col("self_arranged") & pl.col("vacated_on").is_not_null()
    numbers = {
        "floor_m2": pl.col("floor_area_m2"),
        "registered_m2": pl.col("registered_area_m2"),
        "flat_m2": pl.col("resettlement_area_m2"),
        "buyback_m2": pl.col("buyback_area_m2"),
        "appraised": pl.col("appraised"),
        "attachments": pl.col("attachments"),
        "months_in_business": pl.col("months_in_business"),
        "months_waited": pl.when(is_waiting).then((last - _month(pl.col("vacated_on")) + 1).clip(0)),
        "overdue_stoppage_months": _overdue_stoppage_months(),
    }
    return [number.cast(pl.Float64).fill_null(0).alias(name) for name, number in numbers.items()]


def _truths() -> list[pl.Expr]:
    deadline = pl.col("deadline_on")
    truths = {
        "is_residence": pl.col("surveyed_use") == "住宅",
        "is_business": pl.col("surveyed_use") == "经营",
        "is_workers": pl.col("residence_origin") == "林业局工区房",
        "is_concrete": pl.col("structure") == "砖混",
        "is_timber": pl.col("structure") == "砖木",
        "has_title": pl.col("has_title"),
        "is_first_grade": pl.col("material_grade") == "一级",
        "has_licence": pl.col("has_licence"),
        "is_interrupted": pl.col("has_interruption_proof"),
        "is_assisted": pl.col("housing_assistance"),
        "is_signed": pl.col("signing_status") == "已签约",
        "is_exchanged": pl.col("method") == "产权调换",
        "is_disputed": pl.col("disputes_price"),
        "is_in_time": (pl.col("signed_on") <= deadline) & (pl.col("vacated_on") <= deadline),
        "is_frozen": pl.col("household_since") > _FREEZE_ON,
        "is_multi_storey": pl.col("resettlement_kind") == "多层",
        "is_single_price": pl.col("resettlement_estate") == "天池商业区商服房",
        "is_short": pl.col("handed_over_on").dt.day() <= 15,
    }
    return [truth.fill_null(value=False).alias(name) for name, truth in truths.items()]


def _overdue_stoppage_months() -> pl.Expr:
    start = pl.col("signed_on").dt.offset_by("24mo")
    end = pl.coalesce("handed_over_on", pl.lit(AS_OF))
    elapsed = _month(end) - _month(start)
    whole = elapsed - (start.dt.day() > end.dt.day()).cast(pl.Int32)
    begins = start.dt.offset_by(pl.format("{}mo", whole))
    days = (end - begins).dt.total_days()
    part = pl.when(days > 15).then(1.0).when(days > 0).then(0.5).otherwise(0.0)
    is_late = (pl.col("method") == "产权调换") & (end > start)
    rest = pl.when(pl.col("handed_over_on").is_not_null()).then(part).otherwise(0.0)
    return pl.when(is_late).then(whole + rest)


def _month(day: pl.Expr) -> pl.Expr:
    return day.dt.year() * 12 + day.dt.month().cast(pl.Int32)
