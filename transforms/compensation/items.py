"""How a clause states a line item: what is counted, at which rate, and the arithmetic in words."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import Item
from transforms import wording
from transforms.money import MONEY, product
from transforms.policy import RATE, Policy

ITEM_SCHEMA: dict[str, pl.DataType] = {
    "household_id": pl.String(),
    "building_id": pl.String(),
    "item": pl.String(),
    "item_name": pl.String(),
    "period": pl.String(),
    "quantity": RATE,
    "unit": pl.String(),
    "rate": RATE,
    "factor": RATE,
    "amount": MONEY,
    "clause": pl.String(),
    "basis": pl.String(),
    "reading": pl.String(),
    "effective_on": pl.Date(),
    "sources": pl.String(),
}
ONE = pl.lit(1, dtype=RATE)
NONE_OF_IT = pl.lit(0, dtype=RATE)
"""The factor of what is refused: the line stays, with its clause and the reason, and is worth nothing."""


def state(  # noqa: PLR0913 a line item has this many parts, all named
    rows: pl.DataFrame,
    item: Item,
    *,
    quantity: pl.Expr,
    unit: str,
    rate: pl.Expr,
    rate_unit: str,
    factor: pl.Expr = ONE,
    clause: str | None = None,
    working: pl.Expr | None = None,
    note: str | pl.Expr = "",
    rests_on: pl.Expr | None = None,
) -> pl.DataFrame:
    """One line item per row that has quantity, rate and factor; amounts are made and rounded here only.

    `working` is the left side of the printed equation, by default quantity × rate (× factor);
    `note` is an explanation that is printed before it. Rows bring their `sources`, and may bring a `period`.
    """
    if rows.is_empty():
        return no_items()
    period = pl.col("period") if "period" in rows.columns else pl.lit(value=None, dtype=pl.String)
    stated = rows.select(
        "household_id",
        "building_id",
        item=pl.lit(item.code),
        item_name=pl.lit(item.title),
        period=period,
        quantity=quantity.cast(RATE),
        unit=pl.lit(unit),
        rate=rate.cast(RATE),
        factor=factor.cast(RATE),
        clause=pl.lit(clause or item.clause),
        reading=_none_if_empty(rests_on),
        effective_on="effective_on",
        sources="sources",
        working=working if working is not None else pl.lit(value=None, dtype=pl.String),
        note=pl.lit(note) if isinstance(note, str) else note,
    ).drop_nulls(["quantity", "rate", "factor"])
    shown_quantity = wording.number(pl.col("quantity"), least=2 if unit == "㎡" else 0)
    default = wording.times(
        pl.concat_str(shown_quantity, pl.lit(f" {unit}")), wording.rate_of(pl.col("rate"), rate_unit)
    )
    with_factor = (
        pl.when(pl.col("factor") == 1)
        .then(default)
        .otherwise(wording.times(default, wording.plain(pl.col("factor"))))
    )
    amount = product(pl.col("quantity"), pl.col("rate"), pl.col("factor"))
    return (
        stated.with_columns(amount=amount, working=pl.coalesce("working", with_factor))
        .with_columns(basis=pl.concat_str("note", wording.equals(pl.col("working"), pl.col("amount"))))
        .select(list(ITEM_SCHEMA))
        .cast(ITEM_SCHEMA)  # type: ignore[arg-type]  # the stubs know only Python types as values
    )


def _none_if_empty(names: pl.Expr | None) -> pl.Expr:
    absent = pl.lit(value=None, dtype=pl.String)
    return absent if names is None else pl.when(names != "").then(names)


def given(
    rows: pl.DataFrame,
    item: Item,
    amount: pl.Expr,
    *,
    working: pl.Expr | None = None,
    clause: str | None = None,
    note: str = "",
    rests_on: pl.Expr | None = None,
) -> pl.DataFrame:
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
    )


def resting(policy: Policy, *readings: tuple[str, pl.Expr]) -> pl.Expr:
    """The names of the provisional readings that a row rests on, each where its condition holds."""
    on = pl.col("effective_on")
    names = [pl.when(when.fill_null(value=False)).then(policy.rests_on(name, on)) for name, when in readings]
    return pl.concat_str(names, separator=" ", ignore_nulls=True)


def no_items() -> pl.DataFrame:
    """No line item."""
    return pl.DataFrame(schema=ITEM_SCHEMA)
