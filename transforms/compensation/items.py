"""How a clause states a line item: what is counted, at which rate, and the arithmetic in words.

What is stated is a lazy frame with a row per line, or per run of equal months. Its numbers and its words are
collected each for themselves, so that a total costs no text, and no text is made twice.
"""

from __future__ import annotations

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
    "quantity": RATE,
    "rate": RATE,
    "factor": RATE,
    "amount": MONEY,
    "effective_on": pl.Date(),
}
"""The household and building by number; the months of a monthly item, counted from a day; the arithmetic.

`amount` is that of one month. `months_from` is null, and `months` 1, where an item has no period.
"""
WORD_SCHEMA: dict[str, pl.DataType] = {
    "unit": pl.String(),
    "clause": pl.String(),
    "basis": pl.String(),
    "reading": pl.String(),
    "sources": pl.String(),
}
ONE = pl.lit(1, dtype=RATE)
NONE_OF_IT = pl.lit(0, dtype=RATE)
"""The factor of what is refused: the line stays, with its clause and the reason, and is worth nothing."""

_NO_PERIOD = {
    "months_from": pl.lit(value=None, dtype=pl.Date),
    "first_month": pl.lit(0, dtype=pl.Int32),
    "months": pl.lit(1, dtype=pl.UInt32),
}


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
    working: pl.Expr | None = None,
    note: str | pl.Expr = "",
    rests_on: pl.Expr | None = None,
    is_monthly: bool = False,
) -> pl.LazyFrame:
    """One line item per row that has quantity, rate and factor; amounts are made and rounded here only.

    `working` is the left side of the printed equation, by default quantity × rate (× factor);
    `note` is an explanation that is printed before it. Rows bring their `sources`, and those of a monthly
    item the months that they stand for.
    """
    period = {name: pl.col(name) for name in _NO_PERIOD} if is_monthly else _NO_PERIOD
    stated = rows.select(
        "home",
        "place",
        item=pl.lit(item.code, dtype=ITEM_CODE),
        **period,
        quantity=quantity.cast(RATE),
        rate=rate.cast(RATE),
        factor=factor.cast(RATE),
        effective_on="effective_on",
        unit=pl.lit(unit),
        clause=_text(item.clause if clause is None else clause),
        reading=_none_if_empty(rests_on),
        sources="sources",
        working=working if working is not None else pl.lit(value=None, dtype=pl.String),
        note=_text(note),
    ).drop_nulls(["quantity", "rate", "factor"])
    left = pl.col("working")
    if working is None:
        left = _quantity_times_rate(unit, rate_unit)
    return (
        stated.with_columns(amount=product(pl.col("quantity"), pl.col("rate"), pl.col("factor")))
        .with_columns(basis=pl.concat_str("note", wording.equals(left, pl.col("amount"))))
        .select([*NUMBER_SCHEMA, *WORD_SCHEMA])
        .cast(NUMBER_SCHEMA | WORD_SCHEMA)  # type: ignore[arg-type]  # the stubs know only Python types
    )


def given(  # noqa: PLR0913 as above
    rows: pl.LazyFrame,
    item: Item,
    amount: pl.Expr,
    *,
    working: pl.Expr | None = None,
    clause: str | None = None,
    note: str = "",
    rests_on: pl.Expr | None = None,
    is_monthly: bool = False,
) -> pl.LazyFrame:
    """A line item whose amount is given or follows from a sum: 1 × the amount."""
    return state(
        rows,
        item,
        quantity=ONE,
        unit="项",
        rate=amount,
        rate_unit="元",
        working=working if working is not None else wording.times(pl.lit("1"), wording.money(amount)),
        clause=clause,
        note=note,
        rests_on=rests_on,
        is_monthly=is_monthly,
    )


def resting(policy: Policy, *readings: tuple[str, pl.Expr]) -> pl.Expr:
    """The names of the provisional readings that a row rests on, each where its condition holds."""
    on = pl.col("effective_on")
    names = [pl.when(when.fill_null(value=False)).then(policy.rests_on(name, on)) for name, when in readings]
    return pl.concat_str(names, separator=" ", ignore_nulls=True)


def _quantity_times_rate(unit: str, rate_unit: str) -> pl.Expr:
    shown_quantity = wording.number(pl.col("quantity"), least=2 if unit == "㎡" else 0)
    plain = wording.times(
        pl.concat_str(shown_quantity, pl.lit(f" {unit}")), wording.rate_of(pl.col("rate"), rate_unit)
    )
    return (
        pl.when(pl.col("factor") == 1)
        .then(plain)
        .otherwise(wording.times(plain, wording.plain(pl.col("factor"))))
    )


def _text(words: str | pl.Expr) -> pl.Expr:
    return pl.lit(words) if isinstance(words, str) else words


def _none_if_empty(names: pl.Expr | None) -> pl.Expr:
    absent = pl.lit(value=None, dtype=pl.String)
    return absent if names is None else pl.when(names != "").then(names)
