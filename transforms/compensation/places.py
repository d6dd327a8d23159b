"""Households and buildings by number, in the order of their names: what the rules join and sort by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from schemas.housing import HOUSEHOLD_FACTS, HouseholdSurvey, SpecialDecisions
from transforms.compensation.collecting import collected
from transforms.frames import stacked

_NAMES = ["household_id", "building_id"]


@dataclass(frozen=True)
class Places:
    """Which household and building the numbers `home` and `place` stand for, and where they were surveyed.

    `names` has a row per place: what a household names as its buildings, those that are surveyed and, with
    `is_surveyed` false, others that only a special decision names for it. `rows` are the rows of the survey
    in the order of the surveyed places.
    """

    names: pl.DataFrame
    rows: pl.Series

    def surveyed(self) -> pl.DataFrame:
        """The names of the surveyed places, one per row of the survey."""
        names = self.names
        return names if names.height == self.rows.len() else names.filter("is_surveyed")


def numbered(records: Mapping[str, pl.DataFrame]) -> Places:
    """The numbers of the surveyed households and buildings."""
    keys = records[HouseholdSurvey.table].select(_NAMES)
    surveyed, unknown = keys.height, _unknown(records)
    if not unknown.is_empty():
        keys = stacked([keys, unknown])
    order = _order(keys)
    names = keys.select(pl.all().gather(order)).with_columns(
        home=pl.col("household_id").rle_id(),
        place=pl.int_range(pl.len(), dtype=pl.UInt32),
        is_surveyed=order < surveyed,
    )
    return Places(names, order if unknown.is_empty() else order.filter(order < surveyed))


def _unknown(records: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Buildings that special decisions name for surveyed households, and that aren't surveyed as theirs."""
    survey, decisions = records[HouseholdSurvey.table], records[SpecialDecisions.table]
    decided = decisions.select(_NAMES).drop_nulls("building_id").unique()
    if decided.is_empty():
        return decided
    households = survey.select(_NAMES).filter(_among("household_id", decided))
    return (
        decided.lazy()
        .filter(_among("household_id", households))
        .join(households.lazy(), on=_NAMES, how="anti")
        .pipe(collected)
    )


def _order(keys: pl.DataFrame) -> pl.Series:
    """The rows by household and building; what comes in order is not sorted again."""
    household, building = (pl.col(name) for name in _NAMES)
    follows = (household > household.shift()) | (
        (household == household.shift()) & (building > building.shift())
    )
    if keys.select(follows.slice(1).all()).item():
        return pl.int_range(keys.height, dtype=pl.UInt32, eager=True)
    return keys.select(pl.arg_sort_by(_NAMES)).to_series()


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
    decided = names.filter(_among("household_id", decisions)).lazy()
    homes = decided.select("home", "household_id").unique("household_id")
    places = decided.select("place", "is_surveyed", *_NAMES)
    return (
        decisions.lazy()
        .join(homes, on="household_id", how="inner", maintain_order="left")
        .join(places, on=_NAMES, how="left", maintain_order="left")
        .with_columns(is_misplaced=~pl.col("is_surveyed").fill_null(value=True))
        .drop("is_surveyed")
        .pipe(collected)
    )


def row_numbers(tables: Iterable[pl.DataFrame], surveyed: pl.DataFrame) -> list[pl.Series]:
    """Per table the row of `surveyed` that has each row's `building_id`; null where none has.

    All tables are looked up together: most of the work is in making ready what they are looked up in.
    """
    asked = [table.select("building_id") for table in tables]
    rows = (
        stacked(asked)
        .lazy()
        .join(
            surveyed.lazy().select("building_id", row=pl.int_range(pl.len(), dtype=pl.UInt32)),
            on="building_id",
            how="left",
            maintain_order="left",
        )
        .pipe(collected)["row"]
    )
    found, start = [], 0
    for table in asked:
        found.append(rows.slice(start, table.height))
        start += table.height
    return found


def spread(facts: pl.DataFrame, rows: pl.Series, height: int) -> pl.DataFrame:
    """The facts at the rows that are named for them, of so many in all; null at all others.

    Facts without a row are left out. No two have the same one.
    """
    numbers = pl.int_range(facts.height, dtype=pl.UInt32, eager=True)
    if rows.null_count():
        numbers, rows = numbers.filter(rows.is_not_null()), rows.drop_nulls()
    found = pl.repeat(None, height, dtype=pl.UInt32, eager=True).scatter(rows, numbers)
    return facts.select(pl.all().gather(found))


def looked_up(numbers: pl.Series, facts: pl.DataFrame, key: str) -> pl.DataFrame:
    """The facts of each number, row by row; null where there are none. `facts` are sorted by `key`."""
    values = pl.exclude(key)
    if facts.height and facts[key][-1] == facts.height - 1:
        # numbered without a gap: a number is its fact's row
        return facts.select(values.gather(numbers))
    wanted = numbers.alias(key).to_frame()
    return wanted.join(facts, on=key, how="left", maintain_order="left").select(values)


def several_rows(records: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """The survey of the households that have several rows, with their `home`."""
    surveyed = places.surveyed().select("home")
    home = pl.col("home")
    is_several = ((home == home.shift()) | (home == home.shift(-1))).fill_null(value=False)
    several = surveyed.with_columns(row=places.rows).filter(is_several)
    survey = records[HouseholdSurvey.table]
    return survey.select(pl.col(HOUSEHOLD_FACTS).gather(several["row"])).with_columns(several["home"])


def _among(name: str, others: pl.DataFrame) -> pl.Expr:
    return pl.col(name).is_in(others[name].unique().implode())
