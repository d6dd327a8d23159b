"""How an obligation is shared out to its payees, when some of it may stand on approved lists already."""

from __future__ import annotations

import polars as pl

from transforms.frames import looked_up
from transforms.money import MONEY, from_cents, round_half_up, scaled, to_cents
from transforms.payout.frames import WHOLE_SHARE
from transforms.payout.past import Past
from transforms.wording import money

KEY = ["programme", "obligation_key"]


def shared_out(parts: pl.DataFrame, past: Past) -> pl.DataFrame:
    """Each obligation split over its payees: `amount` becomes the payee's part of what is outstanding.

    `parts` has the columns of `outstanding.OUTSTANDING` with `payee_id` and `share`, a row per obligation and
    payee, in the order in which they share. A payee's target is its share of what is owed in all, rounded
    half up on its magnitude, the last one taking the rest; its part is what it lacks to it. What was listed
    to somebody who gets no more, or beyond a target, stays as it is, and the others share what is left: so
    the parts never go against the sign of the whole, and a part that waits does not move to the others.
    """
    numbered = parts.with_row_index("position")
    # windows over as many obligations as a town has take minutes, and few of them have several payees
    is_shared = pl.col("obligation_key").is_duplicated() | (pl.col("share") < WHOLE_SHARE)
    shared = _among_several(numbered.filter(is_shared), past)
    # the last payee takes the rest, and so a sole one all that is outstanding
    return (
        looked_up(numbered, shared, ["position"])
        .with_columns(
            amount=pl.coalesce("part_amount", "amount"), part_basis=pl.coalesce("part_basis", "basis")
        )
        .select(*parts.columns, "part_basis")
    )


def _among_several(parts: pl.DataFrame, past: Past) -> pl.DataFrame:
    """`position`, `part_amount`, `part_basis` of obligations with several payees, or one of less than all."""
    listed = (
        past.standing()
        .group_by("due_key", "payee_id")
        .agg(listed_cents=to_cents(pl.col("amount")).cast(pl.Decimal(38, 0)).sum())
    )
    split = parts.join(
        listed,
        left_on=["obligation_key", "payee_id"],
        right_on=["due_key", "payee_id"],
        how="left",
        maintain_order="left",
    ).with_columns(
        already=pl.col("listed_cents").cast(pl.Int128).fill_null(_whole(0)),
        open_cents=to_cents(pl.col("amount")),
        weight=scaled(pl.col("share"), 2),
        takes_part=pl.lit(True),
        turn=pl.int_range(pl.len()).over(KEY),
    )
    is_last = pl.col("turn") == pl.len().over(KEY) - 1
    return (
        _with_cents(split)
        .with_columns(is_last=is_last)
        .select("position", part_amount=from_cents(pl.col("cents")).cast(MONEY), part_basis=_basis())
    )


def _with_cents(parts: pl.DataFrame) -> pl.DataFrame:
    """`cents`: what each payee lacks to its target, those that lack nothing left out one after the other."""
    is_against = pl.col("cents").sign() * pl.col("open_cents").sign() < 0
    split = parts.with_columns(cents=_lacking())
    while split.select(is_against.any()).item():
        split = split.with_columns(takes_part=pl.col("takes_part") & ~is_against)
        split = split.with_columns(cents=_lacking())
    return split


def _lacking() -> pl.Expr:
    """The target less what stands on lists already; what all of them lack is what is outstanding."""
    takes_part, turn = pl.col("takes_part"), pl.col("turn")
    zero = _whole(0)
    already = pl.when(takes_part).then(pl.col("already")).otherwise(zero)
    weight = pl.when(takes_part).then(pl.col("weight")).otherwise(zero)
    whole = pl.col("open_cents") + already.sum().over(KEY)
    weights = weight.sum().over(KEY)
    part = round_half_up(whole * weight, pl.when(weights == 0).then(_whole(1)).otherwise(weights))
    others = part.sum().over(KEY) - part
    is_last = turn == pl.when(takes_part).then(turn).max().over(KEY)
    target = pl.when(is_last).then(whole - others).otherwise(part)
    return pl.when(takes_part).then(target - already).otherwise(zero)


def _whole(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.Int128)


def _basis() -> pl.Expr:
    """The arithmetic of the whole obligation, followed by the payee's part of it."""
    ending = pl.when("is_last").then(pl.lit("，末位收款人取余数")).otherwise(pl.lit(""))
    part = pl.format("{}〔份额 {}%：{}{}〕", "basis", "share", money(from_cents(pl.col("cents"))), ending)
    return pl.when(pl.col("share") < WHOLE_SHARE).then(part).otherwise(pl.col("basis"))
