"""What is scored, from when to when, and the parameters and readings in force on each period's last day."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from schemas.envoy_policy import ENVOY_NAMES, EnvoyParameter
from transforms.policy import Policy

_DAY = timedelta(days=1)
_MONTHS, _MONTHS_PER_QUARTER = 12, 3
_PERIODS: dict[str, pl.DataType] = {
    "year": pl.Int64(),
    "quarter": pl.Int64(),
    "starts_on": pl.Date(),
    "ends_on": pl.Date(),
    "is_provisional": pl.Boolean(),
}


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def scored_periods(policy: Policy, as_of: date, first_year: int) -> pl.DataFrame:
    """One row per year that is scored, and per quarter that has ended; each begins on 1 January.

    `quarter` is null for the year, which ends on the as-of date while it is running. Periods that ended
    before the policy took effect are none. See `with_terms` for the other columns.
    """
    rows: list[tuple[int, int | None, date, date, bool]] = []
    for year in range(max(first_year, policy.first_day().year), as_of.year + 1):
        starts_on, ends_on = date(year, 1, 1), date(year, _MONTHS, 31)
        rows.append((year, None, starts_on, min(as_of, ends_on), as_of < ends_on))
        for quarter in range(1, _MONTHS // _MONTHS_PER_QUARTER + 1):
            quarter_ends_on = month_end(year, quarter * _MONTHS_PER_QUARTER)
            if quarter_ends_on <= as_of:
                rows.append((year, quarter, starts_on, quarter_ends_on, False))
    periods = pl.DataFrame(rows, schema=_PERIODS, orient="row")
    return with_terms(periods.filter(pl.col("ends_on") >= policy.first_day()), policy)


def with_terms(periods: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The periods numbered, with each parameter, whether each choice is in force, and what is unsettled.

    `period` is the number; a parameter's column has its name, a choice's the choice's; `rests_on_…` is
    the reading's name while it is not settled.
    """
    on = pl.col("ends_on")
    numbers = [
        policy.number(name, on).alias(name) for name in EnvoyParameter if name not in ENVOY_NAMES.lists
    ]
    readings = ENVOY_NAMES.readings
    choices = [
        policy.chooses(reading, choice, on).alias(choice)
        for reading in readings
        for choice in policy.choices(reading)
    ]
    open_readings = policy.undecided()
    rests = [
        (pl.lit(reading) if reading in open_readings else policy.rests_on(reading, on)).alias(
            f"rests_on_{reading}"
        )
        for reading in readings
    ]
    return (
        periods.with_columns(*numbers, *choices, *rests, policy_version=policy.version(on))
        .with_row_index("period")
        .with_columns(pl.col("period").cast(pl.Int32))
    )


@dataclass(frozen=True)
class Span:
    """The periods that begin on one day, cut into cells at the end of each month and of each period.

    What is counted once per cell adds up to every period: a period is the cells that end by its end.
    `cells` has `cell` (from 0 in order), `month` (its first day), `cell_starts_on` and `cell_ends_on`.
    """

    starts_on: date
    ends_on: date
    periods: pl.DataFrame
    cells: pl.DataFrame

    def cell_of(self, on: pl.Expr) -> pl.Expr:
        """The number of the cell that the day is in."""
        return pl.lit(self.cells["cell_ends_on"]).search_sorted(on, side="left").cast(pl.Int32)

    def cells_by_period(self) -> pl.DataFrame:
        """One row per period and cell of it: `period`, `cell`, `month`."""
        return (
            self.periods.select("period", "ends_on")
            .join(self.cells, how="cross")
            .filter(pl.col("cell_ends_on") <= pl.col("ends_on"))
            .select("period", "cell", "month")
        )

    def cumulated(self, tally: pl.DataFrame, *names: str) -> pl.DataFrame:
        """Sums by `envoy` and `period` of what is counted by `envoy` and `cell`."""
        by_period = self.cells_by_period().select("period", "cell")
        return (
            tally.lazy()
            .join(by_period.lazy(), on="cell")
            .group_by("envoy", "period")
            .agg(pl.col(names).sum())
            .collect(engine="streaming")
        )


def spans(periods: pl.DataFrame) -> Iterator[Span]:
    """The periods by the day on which they begin, in order."""
    for group in periods.sort("starts_on", "period").partition_by("starts_on", maintain_order=True):
        starts_on: date = group["starts_on"][0]
        ends = sorted(set(group["ends_on"].to_list()))
        yield Span(starts_on, ends[-1], group, _cells(starts_on, ends))


def _cells(starts_on: date, ends: list[date]) -> pl.DataFrame:
    bounds = {*ends, *(last for _, last in months_between(starts_on, ends[-1]))}
    cell_ends = sorted(bound for bound in bounds if bound <= ends[-1])
    cell_starts = [starts_on, *(end + _DAY for end in cell_ends[:-1])]
    return pl.DataFrame(
        {
            "cell": list(range(len(cell_ends))),
            "month": [start.replace(day=1) for start in cell_starts],
            "cell_starts_on": cell_starts,
            "cell_ends_on": cell_ends,
        },
        schema_overrides={"cell": pl.Int32},
    )


def months_between(starts_on: date, ends_on: date) -> list[tuple[date, date]]:
    """First and last day of each calendar month that the days from start to end touch."""
    first, months = starts_on.replace(day=1), []
    while first <= ends_on:
        last = month_end(first.year, first.month)
        months.append((first, last))
        first = last + _DAY
    return months
