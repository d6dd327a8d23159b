"""Households and buildings by number, in the order of their names: what the rules join and sort by."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.housing import HouseholdSurvey, SpecialDecisions
from transforms.compensation.collecting import collected

_NAMES = ["household_id", "building_id"]


def numbered(records: Mapping[str, pl.DataFrame]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The survey in the order of its names, with `home` and `place`; and the names by place.

    `home` numbers the households and `place` what a household names as its buildings: those that are
    surveyed and, with `is_surveyed` false, others that only a special decision names for it.
    """
    survey = records[HouseholdSurvey.table].with_columns(is_surveyed=pl.lit(value=True))
    unknown = (
        records[SpecialDecisions.table]
        .lazy()
        .select(_NAMES)
        .drop_nulls("building_id")
        .unique()
        .join(survey.lazy(), on="household_id", how="semi")
        .join(survey.lazy(), on=_NAMES, how="anti")
        .with_columns(is_surveyed=pl.lit(value=False))
        .pipe(collected)
    )
    if not unknown.is_empty():
        survey = pl.concat([survey, unknown], how="diagonal", rechunk=True)
    everything = _in_order(survey).with_columns(
        home=pl.col("household_id").rle_id(), place=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    names = everything.select("home", "place", "is_surveyed", *_NAMES)
    return everything.filter("is_surveyed").drop("is_surveyed"), names


def _in_order(survey: pl.DataFrame) -> pl.DataFrame:
    """Sorted by household and building; what comes in order, as from the warehouse, is left as it is."""
    household, building = (pl.col(name) for name in _NAMES)
    follows = (household > household.shift()) | (
        (household == household.shift()) & (building > building.shift())
    )
    is_sorted = survey.select(follows.slice(1).all()).item()
    return survey if is_sorted else survey.sort(_NAMES)


def named(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The rows with `household_id` and `building_id` for their `home` and `place`."""
    if rows.is_empty():
        return rows.with_columns(pl.lit(value=None, dtype=pl.String).alias(name) for name in _NAMES)
    first_places = names["home"].search_sorted(rows["home"])
    return rows.with_columns(
        names["household_id"].gather(first_places),
        names["building_id"].gather(rows["place"]),
    )


def placed(decisions: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The decisions on surveyed households, with `home`, `place` and whether they are `is_misplaced`.

    A misplaced one names a building that is not among the household's.
    """
    homes = names.lazy().select("home", "household_id").unique("household_id")
    places = names.lazy().select("place", "is_surveyed", *_NAMES)
    return (
        decisions.lazy()
        .join(homes, on="household_id", how="inner", maintain_order="left")
        .join(places, on=_NAMES, how="left", maintain_order="left")
        .with_columns(is_misplaced=~pl.col("is_surveyed").fill_null(value=True))
        .drop("is_surveyed")
        .pipe(collected)
    )


def looked_up(numbers: pl.Series, facts: pl.DataFrame, key: str) -> pl.DataFrame:
    """The facts of each number, row by row; null where there are none. `facts` are sorted by `key`."""
    values = pl.exclude(key)
    if facts.height and facts[key][-1] == facts.height - 1:
        # numbered without a gap: a number is its fact's row
        return facts.select(values.gather(numbers))
    wanted = numbers.alias(key).to_frame()
    return wanted.join(facts, on=key, how="left", maintain_order="left").select(values)
