"""Lines as the tables show them: names for numbers, and the words to each."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import ALL_ITEMS
from transforms import wording
from transforms.compensation.items import ITEM_CODE, NONE_OF_IT, STATUS
from transforms.compensation.months import month_and_day, month_of, spread_months, with_period
from transforms.compensation.places import first_places, named
from transforms.policy import Policy

_TITLES = {item.code: item.title for item in ALL_ITEMS}
_ITEM_NAMES = pl.Series([_TITLES[code] for code in ITEM_CODE.categories])
_ITEMS, _DAYS, _STATUSES = 2**5, 2**20, 2**2
"""More than there are of each: the room that they take in the number by which lines are sorted."""


def line_rows(lines: pl.DataFrame, words: pl.DataFrame, names: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """The rows of the table of line items, month by month, in the order of their key.

    They are sorted by household, building, item, period and status. `words` stand in the rows that the
    lines' `line` names. What is known of a run is worked out once, and put straight where its months belong.
    """
    runs = lines.with_columns(
        *month_and_day(),
        first_place=first_places(names).gather(lines["home"]),
    ).with_columns(key=_sorting_number())
    order = runs["key"].arg_sort()
    months = spread_months(runs["months"].gather(order))
    spread = runs.drop("home", "months_from", "first_month", "months").select(
        pl.all().gather(order.gather(months["run"]))
    )
    versions = words.select(policy_version=policy.version(pl.col("effective_on")))
    stated = pl.concat([words.drop("stated_amount"), versions], how="horizontal")
    shown = stated.select(pl.all().gather(spread["line"]))
    rows = pl.concat([spread, shown], how="horizontal").with_columns(
        names["household_id"].gather(spread["first_place"]),
        names["building_id"].gather(spread["place"]),
        month=month_of(months["later"]),
        item_name=pl.lit(_ITEM_NAMES).gather(pl.col("item").to_physical()),
    )
    # looking a text up by number is several times as fast as casting to it
    return with_period(_with_forgone(rows, words["stated_amount"])).with_columns(
        pl.lit(texts).gather(pl.col(name).to_physical()).alias(name)
        for name, texts in (("item", ITEM_CODE.categories), ("status", STATUS.categories))
    )


def alternative_rows(alternatives: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """The rows of the table of alternatives."""
    return with_period(named(alternatives, names)).with_columns(pl.col("item").cast(pl.String))


def _sorting_number() -> pl.Expr:
    """One number for household, building, item, first day and status, a household's own lines first.

    One number is sorted several times as fast as five columns.
    """
    place = pl.coalesce(pl.col("place").cast(pl.Int64) * 2 + 1, pl.col("first_place").cast(pl.Int64) * 2)
    day = month_of(0).to_physical().cast(pl.Int64).fill_null(0)
    item, status = (pl.col(name).cat.physical().cast(pl.Int64) for name in ("item", "status"))
    return ((place * _ITEMS + item) * _DAYS + day) * _STATUSES + status


def _with_forgone(rows: pl.DataFrame, stated_amounts: pl.Series) -> pl.DataFrame:
    """The rows, of which those put to zero say what they would amount to."""
    if not rows["is_forgone"].any():
        return rows
    at_zero = pl.concat_str(
        pl.lit("待定，暂按不计："),
        wording.times(wording.money(pl.lit(stated_amounts).gather(pl.col("line"))), pl.lit("0")),
        pl.lit(" = 0.00 元"),
    )
    return rows.with_columns(
        basis=pl.when("is_forgone").then(at_zero).otherwise("basis"),
        factor=pl.when("is_forgone").then(NONE_OF_IT).otherwise("factor"),
    )
