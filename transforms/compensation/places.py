"""Households and buildings by number, in the order of their names: what the rules join and sort by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from schemas.housing import HouseholdSurvey, SpecialDecisions
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
    names = taken(keys, order).with_columns(
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
    return rows.with_columns(
        names["household_id"].gather(first_places(names).gather(rows["home"])),
        names["building_id"].gather(rows["place"]),
    )


def first_places(names: pl.DataFrame) -> pl.Series:
    """The first place of each household, by its number."""
    home = names["home"]
    return names["place"].filter(home.ne_missing(home.shift()))


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


def row_numbers(tables: Sequence[pl.DataFrame], surveyed: pl.DataFrame) -> list[pl.Series]:
    """Per table the row of `surveyed` that has each row's `building_id`; null where none has.

    A table in the order of the survey needs no looking up. The others are looked up together: most of the
    work is in making ready what they are looked up in.
    """
    known = surveyed["building_id"]
    asked = [table["building_id"] for table in tables]
    wanted = [names for names in asked if not names.equals(known)]
    numbers = _looked_up_names(pl.concat([known.clear(), *wanted], rechunk=True), known)
    found, start = [], 0
    for names in asked:
        if names.equals(known):
            found.append(pl.int_range(known.len(), dtype=pl.UInt32, eager=True))
        else:
            found.append(numbers.slice(start, names.len()))
            start += names.len()
    return found


def _looked_up_names(names: pl.Series, known: pl.Series) -> pl.Series:
    """The place of each name among the `known` ones; null where it is none of them."""
    # numbers are looked up several times as fast as texts; what is found is compared as text
    rows = _rows_of(names.hash(), known.hash())
    # of those not found nothing is compared
    return rows if (names == known.gather(rows)).all() else _rows_of(names, known)


def _rows_of(keys: pl.Series, known: pl.Series) -> pl.Series:
    """The row of each key among the known ones, one of them where it has several; null where it has none."""
    numbered_rows = known.alias("key").to_frame().lazy().with_row_index("row")
    wanted = keys.alias("key").to_frame().lazy().with_row_index("place")
    # found in any order and put in their places, of numbers alone: the streaming engine takes a third of the
    # time for that
    joined = wanted.join(numbered_rows, on="key", how="inner").select("place", "row")
    found = joined.collect(engine="streaming").rechunk()
    return pl.repeat(None, keys.len(), dtype=pl.UInt32, eager=True).scatter(found["place"], found["row"])


def rows_at(numbers: pl.Series, height: int) -> pl.Series:
    """Turned round: for each of so many numbers the row that it stands in, null where it stands in none.

    No two rows have the same number; rows may have none.
    """
    rows = pl.int_range(numbers.len(), dtype=pl.UInt32, eager=True)
    if numbers.null_count():
        rows, numbers = rows.filter(numbers.is_not_null()), numbers.drop_nulls()
    return pl.repeat(None, height, dtype=pl.UInt32, eager=True).scatter(numbers, rows)


def taken(rows: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """The rows of these numbers, in their order; nulls for a null. What lies in a row is not copied."""
    if numbers.len() and not numbers.null_count():
        first = int(numbers[0])
        if numbers.equals(pl.int_range(first, first + numbers.len(), dtype=pl.UInt32, eager=True)):
            return rows.slice(first, numbers.len())
    return rows.select(pl.all().gather(numbers))


def spread(facts: pl.DataFrame, rows: pl.Series, height: int) -> pl.DataFrame:
    """The facts at the rows that are named for them, of so many in all; null at all others.

    Facts without a row are left out. No two have the same one.
    """
    return facts.select(pl.all().gather(rows_at(rows, height)))


def looked_up(numbers: pl.Series, facts: pl.DataFrame, key: str) -> pl.DataFrame:
    """The facts of each number, row by row; null where there are none. `facts` are sorted by `key`."""
    values = pl.exclude(key)
    if facts.height and facts[key][-1] == facts.height - 1:
        # numbered without a gap: a number is its fact's row
        return facts.select(values.gather(numbers))
    wanted = numbers.alias(key).to_frame()
    return wanted.join(facts, on=key, how="left", maintain_order="left").select(values)


def _among(name: str, others: pl.DataFrame) -> pl.Expr:
    return pl.col(name).is_in(others[name].unique().implode())
