"""Clauses 八(1), 十一 and 十三(一): records that point at what is not surveyed, and wait for it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.housing import (
    Agreements,
    Appraisals,
    HouseholdSurvey,
    Payees,
    Recognitions,
    SpecialDecisions,
)
from transforms.frames import stacked

_NO_TEXT = pl.lit(value=None, dtype=pl.String)


def waiting_records(records: Mapping[str, pl.DataFrame], waiting: Mapping[str, pl.Series]) -> pl.DataFrame:
    """Records that point at a building or household whose survey has not arrived, by their own names.

    `waiting` are the buildings of each sheet that are not surveyed.
    """
    buildings = [
        waiting[sheet.table]
        .unique(maintain_order=True)
        .to_frame("building_id")
        .select(
            household_id=_NO_TEXT,
            building_id="building_id",
            code=pl.lit(f"{sheet.table}_without_survey"),
            clause=pl.lit("八(1)"),
            message=pl.lit(f"有「{sheet.title}」而没有入户调查，等入户调查表上报。"),
        )
        for sheet in (Recognitions, Appraisals, Agreements)
    ]
    surveyed = records[HouseholdSurvey.table]["household_id"]
    unknown = [
        _unknown_households(records[sheet.table]["household_id"], surveyed)
        .to_frame("household_id")
        .select(
            "household_id",
            building_id=_NO_TEXT,
            code=pl.lit(f"{sheet.table}_without_survey"),
            clause=pl.lit(clause),
            message=pl.lit(f"有「{sheet.title}」而没有该户的入户调查，请核对户编号，或等入户调查表上报。"),
        )
        for sheet, clause in ((SpecialDecisions, "十一"), (Payees, "十三(一)"))
    ]
    return stacked([*buildings, *unknown])


def misplaced_decisions(decisions: pl.DataFrame) -> pl.DataFrame:
    """Decisions that name a building which is not among their household's, by name."""
    return decisions.filter("is_misplaced").select(
        "household_id",
        building_id=_NO_TEXT,
        code=pl.lit("decision_on_other_building"),
        clause=pl.lit("十一"),
        message=pl.format("决定 {} 所列房屋不在该户名下，请核对房屋编号。", "decision_number"),
    )


def _unknown_households(households: pl.Series, surveyed: pl.Series) -> pl.Series:
    """Those of the households that are not surveyed, each once."""
    asked = households.unique(maintain_order=True)
    # the few are looked for among the many: that is quick
    known = surveyed.filter(surveyed.is_in(asked.implode()))
    return asked.filter(~asked.is_in(known.implode()))
