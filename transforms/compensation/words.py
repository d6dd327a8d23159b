"""Lines as the tables show them: names for numbers, and the words to each."""

from __future__ import annotations

import polars as pl

from schemas.compensation import LineItems
from schemas.compensation_items import ALL_ITEMS
from transforms import wording
from transforms.compensation.calendar import months_after
from transforms.compensation.months import one_by_one, with_period
from transforms.compensation.places import named
from transforms.policy import Policy

_MONTHS = ("months_from", "first_month", "months")
_TITLES = {item.code: item.title for item in ALL_ITEMS}
_ITEMS, _DAYS, _STATUSES = 2**5, 2**20, 2**2
"""More than there are of each: the room that they take in the number by which lines are sorted."""


def line_rows(lines: pl.DataFrame, words: pl.DataFrame, names: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The rows of the table of line items, month by month, in the order of their key.

    They are sorted by household, building, item, period and status. `words` stand in the rows that the
    lines' `line` names. All is made once for a run of months and repeated for each of them.
    """
    runs = lines.with_columns(key=_sorting_number(lines, names)).sort("key")
    shown = words.select(pl.all().gather(runs["line"]))
    rows = named(pl.concat([runs, shown], how="horizontal"), names).with_columns(
        basis=_basis(),
        item_name=pl.col("item").replace_strict(_TITLES, return_dtype=pl.String),
        policy_version=policy.version(pl.col("effective_on")),
    )
    needed = ["key", *_MONTHS, *(name for name in LineItems.columns if name != "period")]
    return with_period(one_by_one(rows.select(needed))).with_columns(pl.col("item", "status").cast(pl.String))


def alternative_rows(alternatives: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The rows of the table of alternatives."""
    return with_period(named(alternatives, names)).with_columns(pl.col("item").cast(pl.String))


def _sorting_number(lines: pl.DataFrame, names: pl.DataFrame) -> pl.Series:
    """One number for household, building, item, first day and status, a household's own lines first.

    One number is sorted several times as fast as five columns.
    """
    first_places = names["home"].search_sorted(lines["home"]).cast(pl.Int64)
    place = pl.coalesce(pl.col("place").cast(pl.Int64) * 2 + 1, first_places * 2)
    day = months_after(pl.col("months_from"), pl.col("first_month").cast(pl.Int64)).to_physical()
    item, status = (pl.col(name).cat.physical().cast(pl.Int64) for name in ("item", "status"))
    number = ((place * _ITEMS + item) * _DAYS + day.cast(pl.Int64).fill_null(0)) * _STATUSES + status
    return lines.select(number.alias("key")).to_series()


def _basis() -> pl.Expr:
    forgone = pl.col("forgone")
    at_zero = pl.concat_str(
        pl.lit("待定，暂按不计："),
        wording.times(wording.money(forgone), pl.lit("0")),
        pl.lit(" = 0.00 元"),
    )
    return pl.when(forgone.is_not_null()).then(at_zero).otherwise(pl.col("basis"))
