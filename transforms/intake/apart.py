"""Uploads that have nothing in common, so that it makes no difference whether one is there before another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import polars as pl

from schemas.housing import HouseholdSurvey
from schemas.sheets import ALL_SHEETS

MOST_ROWS = 100_000
"""Of a run of several uploads: their records are held twice while they are landed."""


def runs_apart(uploads: Sequence[Mapping[str, pl.DataFrame]], most_rows: int = MOST_ROWS) -> list[range]:
    """The places of the uploads in runs, in their order; within a run no two have a thing in common.

    Each upload is its accepted records by table. What two can have in common are keys and surveyed
    households. One of more than `most_rows` is alone whatever it has in common.
    """
    heights = [sum(frame.height for frame in records.values()) for records in uploads]
    small = {place: records for place, records in enumerate(uploads) if heights[place] <= most_rows}
    latest = [-1] * len(uploads)
    for sheet in ALL_SHEETS:
        for fields in {sheet.key, *([("household_id",)] if sheet is HouseholdSurvey else [])}:
            for place, earlier in _earlier(small, sheet.table, fields):
                latest[place] = max(latest[place], earlier)
    starts, rows = [0], 0
    for place, its_rows in enumerate(heights):
        rows += its_rows
        if latest[place] >= starts[-1] or (rows > most_rows and place > starts[-1]):
            starts.append(place)
            rows = its_rows
    return [range(*bounds) for bounds in pairwise([*starts, len(uploads)])]


def _earlier(
    uploads: Mapping[int, Mapping[str, pl.DataFrame]], table: str, fields: Sequence[str]
) -> list[tuple[int, int]]:
    """Of each upload that has a thing in common with earlier ones its place and the last of theirs."""
    having = [(place, records[table]) for place, records in uploads.items() if table in records]
    if len(having) <= 1:
        return []
    things = pl.DataFrame([pl.concat([frame[name] for _, frame in having], rechunk=True) for name in fields])
    places = pl.DataFrame(
        {"place": [place for place, _ in having], "rows": [frame.height for _, frame in having]}
    ).select(pl.col("place").repeat_by("rows").explode())
    return (
        things.hstack(places)
        .drop_nulls()
        .unique(maintain_order=True)
        .with_columns(earlier=pl.col("place").shift().over(fields))
        .group_by("place")
        .agg(pl.col("earlier").max())
        .drop_nulls()
        .rows()
    )
