"""How a clause states a line item: what is counted, at which rate, and the arithmetic in words.

What is stated is a row per line, or per run of equal months. Its numbers and its words are lazy frames of
their own, so that a total costs no text, and no text is made twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from schemas.compensation import STATUSES
from schemas.compensation_items import ALL_ITEMS, Item
from transforms import wording
from transforms.money import MONEY, product
from transforms.policy import RATE, Policy

STATUS = pl.Enum(sorted(status.value for status in STATUSES))
ITEM_CODE = pl.Enum(sorted(item.code for item in ALL_ITEMS))
NUMBER_SCHEMA: dict[str, pl.DataType] = {
    "home": pl.UInt32(),
    "place": pl.UInt32(),
    "item": ITEM_CODE,
    "months_from": pl.Date(),
    "first_month": pl.Int32(),
    "months": pl.UInt32(),
    "amount": MONEY,
}
"""The household and building by number; the months of a monthly item, counted from a day; what each gives.

`months_from` is null, and `months` 1, where an item has no period.
"""
WORD_SCHEMA: dict[str, pl.DataType] = {
    "quantity": RATE,
    "unit": pl.String(),
    "rate": RATE,
    "factor": RATE,
    "stated_amount": MONEY,
    "clause": pl.String(),
    "basis": pl.String(),
    "reading": pl.String(),
    "sources": pl.String(),
    "effective_on": pl.Date(),
}
"""The arithmetic and where it comes from. `stated_amount` is what it gives: the line's, unless it is held."""
ONE = pl.lit(1, dtype=RATE)
NONE_OF_IT = pl.lit(0, dtype=RATE)
"""The factor of what is refused: the line stays, with its clause and the reason, and is worth nothing."""

Words = Callable[[], pl.Expr]
"""An expression of text, made only where the text is asked for: making it takes longer than the numbers."""

_AMOUNT = product(pl.col("quantity"), pl.col("rate"), pl.col("factor"))
"""Made and rounded here only."""
_NUMBERS = [pl.col(name) for name in NUMBER_SCHEMA if name != "amount"]
_MONTHS = [pl.col(name).cast(NUMBER_SCHEMA[name]) for name in ("months_from", "first_month", "months")]
_NO_PERIOD = [
    pl.lit(value, dtype=NUMBER_SCHEMA[name]).alias(name)
    for name, value in (("months_from", None), ("first_month", 0), ("months", 1))
]
_CODES = {item.code: pl.lit(item.code, dtype=ITEM_CODE).alias("item") for item in ALL_ITEMS}


@dataclass(frozen=True)
class Statement:
    """Lines of one item: their `numbers`, and the `words` to each, which are made only where asked for."""

    numbers: pl.LazyFrame
    words: Callable[[], pl.LazyFrame]


def state(  # noqa: PLR0913 a line item has this many parts, all named
    rows: pl.LazyFrame,
    item: Item,
    *,
    quantity: pl.Expr,
    unit: str,
    rate: pl.Expr,
    rate_unit: str,
    factor: pl.Expr = ONE,
    clause: str | pl.Expr | None = None,
    working: Words | None = None,
    note: str | pl.Expr = "",
    rests_on: Words | None = None,
    is_monthly: bool = False,
) -> Statement:
    """One line item per row that has quantity, rate and factor.

    `working` is the left side of the printed equation, by default quantity × rate (× factor);
    `note` is an explanation that is printed before it. Rows bring their `sources`, and those of a monthly
    item the months that they stand for.
    """
    arithmetic = {"quantity": quantity.cast(RATE), "rate": rate.cast(RATE), "factor": factor.cast(RATE)}

    def words() -> pl.LazyFrame:
        stated = rows.select(
            **arithmetic,
            unit=pl.lit(unit),
            clause=_text(item.clause if clause is None else clause),
            reading=_none_if_empty(rests_on),
            sources="sources",
            effective_on="effective_on",
            working=working() if working is not None else pl.lit(value=None, dtype=pl.String),
            note=_text(note),
        ).drop_nulls(list(arithmetic))
        left = pl.col("working") if working is not None else _quantity_times_rate(unit, rate_unit)
        basis = wording.equals(left, pl.col("stated_amount"), pl.col("note"))
        return (
            stated.with_columns(stated_amount=_AMOUNT)
            .with_columns(basis=basis)
            .select(list(WORD_SCHEMA))
            .cast(WORD_SCHEMA)  # type: ignore[arg-type]  # the stubs know only Python types
        )

    code = _CODES[item.code]
    periods = _MONTHS if is_monthly else _NO_PERIOD
    counted = rows.select("home", "place", code, *periods, **arithmetic)
    return Statement(counted.select(*_NUMBERS, amount=_AMOUNT).drop_nulls("amount"), words)


def given(  # noqa: PLR0913 as above
    rows: pl.LazyFrame,
    item: Item,
    amount: pl.Expr,
    *,
    working: Words | None = None,
    clause: str | None = None,
    note: str = "",
    rests_on: Words | None = None,
    is_monthly: bool = False,
) -> Statement:
    """A line item whose amount is given or follows from a sum: 1 × the amount."""
    return state(
        rows,
        item,
        quantity=ONE,
        unit="项",
        rate=amount,
        rate_unit="元",
        working=working or (lambda: wording.times(pl.lit("1"), wording.money(amount))),
        clause=clause,
        note=note,
        rests_on=rests_on,
        is_monthly=is_monthly,
    )


def resting(policy: Policy, *readings: tuple[str, pl.Expr]) -> Words:
    """The names of the provisional readings that a row rests on, each where its condition holds."""

    def names() -> pl.Expr:
        on = pl.col("effective_on")
        named = [
            pl.when(when.fill_null(value=False)).then(policy.rests_on(name, on)) for name, when in readings
        ]
        return pl.concat_str(named, separator=" ", ignore_nulls=True)

    return names


def _quantity_times_rate(unit: str, rate_unit: str) -> pl.Expr:
    quantity = wording.number(pl.col("quantity"), least=2 if unit == "㎡" else 0, unit=f" {unit}")
    factor = pl.col("factor")
    # almost all factors are 1, and are not shown: only the others are written
    shown_factor = wording.plain(pl.when(factor != 1).then(factor))
    parts = [quantity, wording.rate_of(pl.col("rate"), rate_unit), shown_factor]
    return pl.concat_str(parts, separator=" × ", ignore_nulls=True)


def _text(words: str | pl.Expr) -> pl.Expr:
    return pl.lit(words) if isinstance(words, str) else words


def _none_if_empty(names: Words | None) -> pl.Expr:
    if names is None:
        return pl.lit(value=None, dtype=pl.String)
    found = names()
    return pl.when(found != "").then(found)
