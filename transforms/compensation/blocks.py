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

_SETTLED = (
    HouseholdSurvey, ImageryRegister, Recognitions, Agreements, Appraisals, SpecialDecisions, Payees,
)  # fmt: skip
_APART = 0
"""The block of records without a survey, and of households that name each other's buildings."""


def blocks(records: Mapping[str, pl.DataFrame], households: int) -> Iterator[dict[str, pl.DataFrame]]:
    """The records of so many households at a time, in the order of their numbers, each exactly once."""
    survey = records[HouseholdSurvey.table]
    if survey.height <= households or survey["household_id"].n_unique() <= households:
        yield dict(records)
        return
    of_household = _block_of_household(records, households)
    of_building = survey.lazy().join(of_household, on="household_id").select("building_id", "block")
    numbers = {
        sheet.table: _block_of_row(records[sheet.table], of_household, of_building) for sheet in _SETTLED
    }
    for block in of_household.select(pl.col("block").unique().sort()).collect()["block"]:
        yield {table: records[table].filter(number == block) for table, number in numbers.items()}


def _block_of_household(records: Mapping[str, pl.DataFrame], households: int) -> pl.LazyFrame:
    """The `block` of each surveyed household: those of misplaced decisions and of what they name apart."""
    survey = records[HouseholdSurvey.table].lazy().select("household_id", "building_id")
    misplaced = (
        records[SpecialDecisions.table]
        .lazy()
        .select("household_id", "building_id")
        .drop_nulls()
        .join(survey, on=["household_id", "building_id"], how="anti")
    )
    named = survey.join(misplaced.select("building_id"), on="building_id", how="semi")
    apart = pl.concat([misplaced.select("household_id"), named.select("household_id")], rechunk=True).unique()
    return (
        survey.select(pl.col("household_id").unique().sort())
        .with_columns(block=pl.int_range(pl.len()) // households + _APART + 1)
        .join(apart.with_columns(is_apart=pl.lit(value=True)), on="household_id", how="left")
        .select(
            "household_id",
            block=pl.when(pl.col("is_apart").is_null())
            .then("block")
            .otherwise(pl.lit(_APART))
            .cast(pl.UInt32),
        )
        .collect()
        .lazy()
    )


def _block_of_row(rows: pl.DataFrame, of_household: pl.LazyFrame, of_building: pl.LazyFrame) -> pl.Series:
    by, of = (
        ("household_id", of_household) if "household_id" in rows.columns else ("building_id", of_building)
    )
    return (
        rows.lazy()
        .select(by)
        .join(of, on=by, how="left", maintain_order="left")
        .select(pl.col("block").fill_null(_APART))
        .collect(engine="in-memory")["block"]
    )
