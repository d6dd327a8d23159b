"""A payee keeps the number under which it was listed, whatever becomes of the order of the rows."""

from __future__ import annotations

import polars as pl

from transforms.frames import stacked
from transforms.payout.past import Past

_PARTY = ["programme", "party_id"]
_PERSON = [*_PARTY, "id_number"]
NUMBER_MARK = "#"


def payee_number(party_id: pl.Expr, place: pl.Expr) -> pl.Expr:
    """The party's own number for its first payee, with `#2`, `#3` … for further ones."""
    return pl.when(place == 1).then(party_id).otherwise(pl.format("{}" + NUMBER_MARK + "{}", party_id, place))


def place_of(payee_id: pl.Expr) -> pl.Expr:
    """1 for a party's first payee, the number after the mark for a further one."""
    return payee_id.str.extract(NUMBER_MARK + r"(\d+)$", 1).cast(pl.Int64).fill_null(1)


def party_of(payee_id: pl.Expr) -> pl.Expr:
    """The party that the payee belongs to."""
    return payee_id.str.replace(NUMBER_MARK + r"\d+$", "")


def with_lasting_numbers(payees: pl.DataFrame, past: Past) -> pl.DataFrame:
    """The payees (`frames.PAYEES`) under the numbers that they were listed under.

    Whoever was not listed yet takes the lowest number of its party that nobody was listed under. A party
    that only ever had its own number listed keeps it for a single payee, also when the payee's ID number has
    been corrected.
    """
    listed = past.programmed_lines().with_columns(
        party_id=party_of(pl.col("payee_id")), place=place_of(pl.col("payee_id"))
    )
    if listed.is_empty():
        return payees
    marked = (
        payees.with_row_index("position")
        .join(_holders(listed), on=_PERSON, how="left", maintain_order="left")
        .join(
            listed.group_by(_PARTY).agg(highest=pl.col("place").max()),
            on=_PARTY,
            how="left",
            maintain_order="left",
        )
    )
    is_single = (pl.len().over(_PARTY) == 1) & (pl.col("highest") == 1)
    marked = marked.with_columns(place=pl.when(is_single).then(1).otherwise("place").cast(pl.Int64))
    # those of parties that were never listed stay as they are
    others = marked.filter(pl.col("highest").is_null())
    numbered = _with_free_numbers(marked.filter(pl.col("highest").is_not_null()), listed).with_columns(
        payee_id=payee_number(pl.col("party_id"), pl.col("place"))
    )
    columns = ["position", *payees.columns]
    return stacked([numbered.select(columns), others.select(columns)]).sort("position").drop("position")


def _holders(listed: pl.DataFrame) -> pl.DataFrame:
    """Who was the last to be listed under each number, and a person's last number: no two share one."""
    return (
        listed.unique([*_PARTY, "place"], keep="last", maintain_order=True)
        .unique(_PERSON, keep="last")
        .select(*_PERSON, "place")
    )


def _with_free_numbers(marked: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """The payees with the `place` of those that have none filled from what is free in their party."""
    is_new = pl.col("place").is_null()
    free = (
        marked.group_by(_PARTY)
        .agg(most=pl.col("highest").first() + is_new.sum())
        .select(*_PARTY, free=pl.int_ranges(1, pl.col("most") + 1))
        .explode("free", empty_as_null=True)
        .join(listed, left_on=[*_PARTY, "free"], right_on=[*_PARTY, "place"], how="anti")
        .sort(*_PARTY, "free")
        .with_columns(turn=pl.int_range(1, pl.len() + 1).over(_PARTY))
    )
    return (
        marked.with_columns(turn=pl.when(is_new).then(is_new.cast(pl.Int64).cum_sum().over(_PARTY)))
        .join(free, on=[*_PARTY, "turn"], how="left")
        .with_columns(place=pl.coalesce("place", "free"))
    )
