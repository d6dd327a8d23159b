"""A large town in blocks of households, so that the memory of a night is that of one block.

Households don't depend on each other; what is said of them in common is put into the first block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from schemas.housing import (
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Payees,
    Recognitions,
    SpecialDecisions,
)
from transforms.compensation.places import row_numbers

_OF_BUILDINGS = (ImageryRegister, Recognitions, Agreements, Appraisals)
_APART = 0
"""The block of records without a survey, and of households that name each other's buildings."""


def blocks(records: Mapping[str, pl.DataFrame], households: int) -> Iterator[dict[str, pl.DataFrame]]:
    """The records of so many households at a time, in the order of their numbers, each exactly once."""
    survey = records[HouseholdSurvey.table]
    ordered = pl.Series("household_id", dtype=pl.String)
    if survey.height > households:
        ordered = survey["household_id"].sort()
        ordered = ordered.filter(ordered.ne_missing(ordered.shift()))
    if ordered.len() <= households:
        yield dict(records)
        return
    numbers = _block_of_rows(records, ordered.gather_every(households))
    for block in numbers[HouseholdSurvey.table].unique().sort():
        yield {table: records[table].filter(number == block) for table, number in numbers.items()}


def _block_of_rows(records: Mapping[str, pl.DataFrame], firsts: pl.Series) -> dict[str, pl.Series]:
    """The block of each row of each table; `firsts` are the first households of the blocks."""
    survey, decisions = records[HouseholdSurvey.table], records[SpecialDecisions.table]
    apart = _apart(survey, decisions)
    of_survey = _block_of_households(survey["household_id"], firsts, apart)
    tables = [records[sheet.table] for sheet in _OF_BUILDINGS]
    found = {
        sheet.table: of_survey.gather(rows).fill_null(_APART)
        for sheet, rows in zip(_OF_BUILDINGS, row_numbers(tables, survey), strict=True)
    }
    found[HouseholdSurvey.table] = of_survey
    for sheet in (SpecialDecisions, Payees):
        named = records[sheet.table]["household_id"]
        asked = survey["household_id"].filter(survey["household_id"].is_in(named.unique().implode()))
        is_known = named.is_in(asked.implode()).fill_null(value=False)
        of_named = _block_of_households(named, firsts, apart)
        found[sheet.table] = of_named.zip_with(
            is_known, pl.repeat(_APART, named.len(), dtype=pl.UInt32, eager=True)
        )
    return found


def _block_of_households(households: pl.Series, firsts: pl.Series, apart: pl.Series) -> pl.Series:
    number = firsts.search_sorted(households, side="right").cast(pl.UInt32)
    is_apart = households.is_in(apart.implode()).fill_null(value=False)
    nowhere = pl.repeat(_APART, households.len(), dtype=pl.UInt32, eager=True)
    return nowhere.zip_with(is_apart, number)


def _apart(survey: pl.DataFrame, decisions: pl.DataFrame) -> pl.Series:
    """The households with misplaced decisions, and those whose buildings they name."""
    decided = decisions.select("household_id", "building_id").drop_nulls()
    buildings = survey.select("household_id", "building_id").filter(
        pl.col("building_id").is_in(decided["building_id"].unique().implode())
    )
    misplaced = decided.join(buildings, on=["household_id", "building_id"], how="anti")
    named = buildings.join(misplaced.select("building_id"), on="building_id", how="semi")
    return pl.concat([misplaced["household_id"], named["household_id"]], rechunk=True).unique()
