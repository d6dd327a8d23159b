"""A town in blocks of households, so that the memory of a night is that of one block.

What takes the whole town, numbering its buildings and finding their records, is done once; a block is then a
stretch of the numbers. Households don't depend on each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import polars as pl

from schemas.housing import (
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Recognitions,
    SpecialDecisions,
)
from transforms.compensation.places import numbered, placed, row_numbers, rows_at
from transforms.compensation.waiting import waiting_records

_SHEETS = (ImageryRegister, Recognitions, Agreements, Appraisals)


_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Block:
    """Households that follow each other by their numbers, and which of the town's `records` are theirs.

    `names` are their places, and `surveyed` those of them that are surveyed. `rows` tell by table which
    record stands for each surveyed place, null where none does. `appraised` tells which appraisals
    (`number`) are of which surveyed place (`row`), in their order. `decisions` are those on its households.
    `waiting` are questions on records of nobody surveyed.
    """

    records: Mapping[str, pl.DataFrame]
    names: pl.DataFrame
    surveyed: pl.DataFrame
    rows: Mapping[str, pl.Series]
    appraised: pl.DataFrame
    decisions: pl.DataFrame
    waiting: pl.DataFrame


class Workers(Protocol):
    """How blocks are worked through; what is made of them comes in their order."""

    def __call__(self, make: Callable[[Block], _Made], blocks: Iterable[Block], /) -> Iterator[_Made]:
        """What is made of each block."""


def one_by_one(make: Callable[[Block], _Made], blocks: Iterable[Block], /) -> Iterator[_Made]:
    """What is made of each block, each made when it is asked for."""
    return map(make, blocks)


def blocks(records: Mapping[str, pl.DataFrame], households: int) -> Iterator[Block]:
    """The town, so many households at a time, each block numbered from 0; the first has what waits."""
    town = whole(records)
    homes = 0 if town.names.is_empty() else int(town.names["home"][-1]) + 1
    if homes <= households:
        yield town
        return
    for first in range(0, homes, households):
        block = _between(town, first, first + households)
        yield block if first == 0 else replace(block, waiting=town.waiting.clear())


def whole(records: Mapping[str, pl.DataFrame]) -> Block:
    """The town in one block."""
    places = numbered(records)
    surveyed = places.surveyed()
    tables = [records[sheet.table] for sheet in _SHEETS]
    found = dict(zip(_SHEETS, row_numbers(tables, surveyed), strict=True))
    unsurveyed = {
        sheet.table: records[sheet.table]["building_id"].filter(row.is_null()) for sheet, row in found.items()
    }
    appraised = found.pop(Appraisals).alias("row").to_frame().with_row_index("number").drop_nulls()
    rows = {sheet.table: rows_at(row, surveyed.height) for sheet, row in found.items()}
    return Block(
        records=records,
        names=places.names,
        surveyed=surveyed,
        rows=rows | {HouseholdSurvey.table: places.rows},
        appraised=appraised.sort("row", maintain_order=True),
        decisions=placed(records[SpecialDecisions.table], places.names),
        waiting=waiting_records(records, unsurveyed),
    )


def _between(town: Block, first: int, end: int) -> Block:
    """The households from one number up to, and without, another."""
    names = _part(town.names, "home", first, end)
    numbers = {"home": pl.col("home") - first, "place": pl.col("place") - names["place"][0]}
    surveyed = _part(town.surveyed, "home", first, end)
    start = town.surveyed["home"].search_sorted(first)
    appraised = _part(town.appraised, "row", start, start + surveyed.height)
    return replace(
        town,
        names=names.with_columns(**numbers),
        surveyed=surveyed.with_columns(**numbers),
        rows={table: rows.slice(start, surveyed.height) for table, rows in town.rows.items()},
        appraised=appraised.with_columns(pl.col("row") - start),
        decisions=town.decisions.filter(pl.col("home").is_between(first, end, closed="left")).with_columns(
            **numbers
        ),
    )


def _part(rows: pl.DataFrame, name: str, first: int, end: int) -> pl.DataFrame:
    """The rows with numbers from `first` up to `end`, by which they are sorted."""
    start, stop = (rows[name].search_sorted(number) for number in (first, end))
    return rows.slice(start, stop - start)
