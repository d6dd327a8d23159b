"""Rows of one upload that exclude each other: the same key twice, and contradictions about a household."""

from __future__ import annotations

import polars as pl

from schemas.housing import HOUSEHOLD_FACTS, HouseholdSurvey
from schemas.sheet import VOID_FIELD, Sheet
from transforms.intake.cells import ROW_NUMBER, SHEET_INDEX
from transforms.intake.records import Faults

MOST_ROWS_NAMED = 10
_INDEX, _LABEL = "index", "label"


def check_keys(faults: Faults, contract: type[Sheet]) -> None:
    """Every row whose key stands in another row, too, whatever else is said of either."""
    keys = list(contract.key)
    keyed = _labelled(faults.wide.select(SHEET_INDEX, ROW_NUMBER, *keys)).drop_nulls(keys)
    repeated = keyed.filter(keyed.select(keys).is_duplicated())
    if repeated.is_empty():
        return
    header = "、".join(contract.columns[key].header for key in keys)
    others = _other_rows(repeated, keys)
    message = _for_rows(
        faults.wide.height,
        others.select(
            _INDEX,
            pl.format(
                f"「{header}」与第 {{}} 行重复，同一张表里只能有一行，请只保留正确的一行。", "others"
            ).alias("message"),
        ),
    )
    faults.add(message.is_not_null(), keys[0], "duplicate_key", message)


def check_households(faults: Faults) -> None:
    """All rows, of those not rejected yet, of a household that they say different things of."""
    wide, household = faults.wide, "household_id"
    rows = (
        _labelled(wide.select(SHEET_INDEX, ROW_NUMBER, VOID_FIELD, household, *HOUSEHOLD_FACTS))
        .filter(~faults.rejected & ~wide[VOID_FIELD])
        .filter(pl.col(household).is_duplicated())
    )
    if rows.is_empty():
        return
    differs = rows.group_by(household).agg(
        pl.col(_LABEL).head(MOST_ROWS_NAMED).str.join("、"),
        *(pl.col(fact).min() != pl.col(fact).max() for fact in HOUSEHOLD_FACTS),
    )
    for fact in HOUSEHOLD_FACTS:
        header = HouseholdSurvey.columns[fact].header
        messages = differs.filter(fact).select(
            household,
            pl.format(f"同一户的「{header}」在第 {{}} 行填的不一致，请核对后改成一致再上传。", _LABEL).alias(
                "message"
            ),
        )
        message = _for_rows(wide.height, rows.join(messages, on=household).select(_INDEX, "message"))
        faults.add(message.is_not_null(), fact, "household_contradiction", message)


def _labelled(rows: pl.DataFrame) -> pl.DataFrame:
    """With each row's index, and its number as people are told it; of several sheets with which one."""
    number = pl.col(ROW_NUMBER).cast(pl.String)
    places = rows[SHEET_INDEX].unique().sort()
    if len(places) > 1:
        names = {index: f"（第 {place} 张同名表）" for place, index in enumerate(places, start=1)}
        number += pl.col(SHEET_INDEX).replace_strict(names, return_dtype=pl.String)
    return rows.with_columns(number.alias(_LABEL)).with_row_index(_INDEX)


def _other_rows(repeated: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """For each row the labels of the first others with its key, in one text."""
    first = repeated.group_by(keys).agg(
        pl.struct(pl.col(_INDEX).alias("other"), pl.col(_LABEL).alias("others")).head(MOST_ROWS_NAMED + 1)
    )
    return (
        repeated.select(_INDEX, *keys)
        .join(first, on=keys, maintain_order="left")
        .explode("other")
        .unnest("other")
        .filter(pl.col("other") != pl.col(_INDEX))
        .group_by(_INDEX, maintain_order=True)
        .agg(pl.col("others").head(MOST_ROWS_NAMED).str.join("、"))
    )


def _for_rows(height: int, messages: pl.DataFrame) -> pl.Series:
    """The messages by row index as one per row, null for the others."""
    indexes = pl.DataFrame({_INDEX: pl.int_range(height, dtype=pl.UInt32, eager=True)})
    joined = indexes.join(messages, on=_INDEX, how="left", maintain_order="left", validate="1:1")
    return joined["message"]
