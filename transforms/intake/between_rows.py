"""Rows of one upload that exclude each other: the same key twice, and contradictions about a household."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.columns import Column
from schemas.housing import HOUSEHOLD_FACTS, HouseholdSurvey
from schemas.sheet import VOID_FIELD, WARNING, Sheet
from transforms.frames import has_repeats, only
from transforms.intake.cells import ROW_NUMBER, SHEET_INDEX
from transforms.intake.records import Faults

MOST_ROWS_NAMED = 10
Places = Mapping[int, int]
"""Which of the workbook's sheets of one title, from 1, a sheet is, by its index."""
_INDEX, _LABEL, _HOUSEHOLD = "index", "label", "household_id"


def check_keys(faults: Faults, contract: type[Sheet], places: Places) -> None:
    """Every row whose key stands in another row, too, whatever else is said of either."""
    keys = list(contract.key)
    if not has_repeats(faults.wide.select(keys).drop_nulls()):
        return
    keyed = faults.wide.select(SHEET_INDEX, ROW_NUMBER, *keys).with_row_index(_INDEX).drop_nulls(keys)
    repeated = _labelled(keyed.filter(keyed.select(keys).is_duplicated()), places)
    header = "、".join(contract.columns[key].header for key in keys)
    text = f"「{header}」与{_rows_named(places)}重复，同一张表里只能有一行，请只保留正确的一行。"
    others = _other_rows(repeated, keys)
    message = _for_rows(faults.wide.height, others.select(_INDEX, pl.format(text, "others").alias("message")))
    faults.add(message.is_not_null(), keys[0], "duplicate_key", message)


def check_households(faults: Faults, places: Places) -> None:
    """All rows, of those not rejected yet, of a household that they say different things of.

    A row that is left, but differs from one that was rejected for something else, gets a warning.
    """
    wide = faults.wide.select(SHEET_INDEX, ROW_NUMBER, VOID_FIELD, _HOUSEHOLD, *HOUSEHOLD_FACTS)
    rows = wide.with_row_index(_INDEX)
    rejected = _labelled(rows.filter(faults.rejected & ~wide[VOID_FIELD]).rechunk(), places)
    _reject_contradictions(faults, only(rows, ~faults.rejected & ~wide[VOID_FIELD]), places)
    left = only(rows, ~faults.rejected & ~wide[VOID_FIELD])
    if rejected.is_empty() or left.is_empty():
        return
    for fact in HOUSEHOLD_FACTS:
        _warn_of_rejected(faults, left, rejected, HouseholdSurvey.columns[fact], places)


def _reject_contradictions(faults: Faults, rows: pl.DataFrame, places: Places) -> None:
    # most households are told apart by a number, which is faster than by a text
    likely = rows.filter(rows[_HOUSEHOLD].hash().is_duplicated())
    shared = _labelled(likely.filter(pl.col(_HOUSEHOLD).is_duplicated()).rechunk(), places)
    if shared.is_empty():
        return
    differs = shared.group_by(_HOUSEHOLD).agg(
        _first_named(),
        *(pl.col(fact).min() != pl.col(fact).max() for fact in HOUSEHOLD_FACTS),
    )
    for fact in [fact for fact in HOUSEHOLD_FACTS if differs[fact].any()]:
        header = HouseholdSurvey.columns[fact].header
        text = f"同一户的「{header}」在{_rows_named(places)}填的不一致，请核对后改成一致再上传。"
        messages = differs.filter(fact).rechunk().select(_HOUSEHOLD, message=pl.format(text, _LABEL))
        message = _for_rows(
            faults.wide.height, shared.join(messages, on=_HOUSEHOLD).select(_INDEX, "message")
        )
        faults.add(message.is_not_null(), fact, "household_contradiction", message)


def _warn_of_rejected(
    faults: Faults, left: pl.DataFrame, rejected: pl.DataFrame, column: Column, places: Places
) -> None:
    """Of two different values of the rejected rows, one at least differs from that of a row left."""
    said = (
        rejected.drop_nulls([_HOUSEHOLD, column.name])
        .group_by(_HOUSEHOLD, pl.col(column.name).alias("said"), maintain_order=True)
        .agg(_first_named())
        .group_by(_HOUSEHOLD, maintain_order=True)
        .head(2)
    )
    differing = (
        left.select(_INDEX, _HOUSEHOLD, pl.col(column.name).alias("given"))
        .join(said, on=_HOUSEHOLD, maintain_order="left_right")
        .filter(pl.col("given") != pl.col("said"))
        .unique(_INDEX, keep="first", maintain_order=True)
        .rechunk()
    )
    if differing.is_empty():
        return
    text = (
        f"「{column.header}」与同一户被退回的{_rows_named(places)}填的不一致，这一行已接收；"
        "请核对两处，改正后重新上传。"
    )
    message = _for_rows(
        faults.wide.height, differing.select(_INDEX, pl.format(text, _LABEL).alias("message"))
    )
    faults.add(message.is_not_null(), column.name, "contradicts_rejected", message, severity=WARNING)


def _labelled(rows: pl.DataFrame, places: Places) -> pl.DataFrame:
    """With each row's number as people are told it; of several sheets with which one."""
    number = pl.col(ROW_NUMBER).cast(pl.String)
    if len(places) > 1:
        sheet = pl.col(SHEET_INDEX).replace_strict(dict(places), return_dtype=pl.Int64)
        number = pl.format("第 {} 张同名表的第 {} 行", sheet, number)
    return rows.with_columns(number.alias(_LABEL))


def _rows_named(places: Places) -> str:
    """How labels, joined to one, stand in a sentence."""
    return "{}" if len(places) > 1 else "第 {} 行"


def _first_named() -> pl.Expr:
    return pl.col(_LABEL).head(MOST_ROWS_NAMED).str.join("、")


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
        .rechunk()
    )


def _for_rows(height: int, messages: pl.DataFrame) -> pl.Series:
    """The messages by row index as one per row, null for the others."""
    indexes = pl.DataFrame({_INDEX: pl.int_range(height, dtype=pl.UInt32, eager=True)})
    joined = indexes.join(messages, on=_INDEX, how="left", maintain_order="left", validate="1:1")
    return joined["message"]
