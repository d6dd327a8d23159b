"""Households with many buildings each: the buildings of a clean town, dealt out to fewer households."""

from __future__ import annotations

import polars as pl

from schemas.housing import HOUSEHOLD_FACTS, Agreements, Appraisals, HouseholdSurvey, ImageryRegister
from tests.benchmarks.town import KINDS, town

_SETTLED_ALONE = (*range(7, 19), *range(28, 38))
"""Kinds of households whose residence can stand beside others without a question."""


def crowded_town(buildings: int, per_household: int) -> dict[str, pl.DataFrame]:
    """The records of about so many buildings, so many to a household: residences, some in transition."""
    records = town(buildings * KINDS // len(_SETTLED_ALONE))
    kind = pl.col("household_id").str.slice(1).cast(pl.Int64) % KINDS
    home = pl.int_range(pl.len()) // per_household
    survey = (
        records[HouseholdSurvey.table]
        .filter(kind.is_in(_SETTLED_ALONE))
        .with_columns(household_id=pl.concat_str(pl.lit("H"), home.cast(pl.String).str.zfill(8)))
        .with_columns(pl.col(HOUSEHOLD_FACTS).first().over("household_id"))
    )
    records[HouseholdSurvey.table] = survey
    for sheet in (ImageryRegister, Agreements, Appraisals):
        records[sheet.table] = records[sheet.table].join(
            survey, on="building_id", how="semi", maintain_order="left"
        )
    return records
