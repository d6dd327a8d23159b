"""奖励办法 第六条: of several rewards and incentives for one project only the highest is paid."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import Outcome
from schemas.reward_policy import RewardReading
from transforms import wording
from transforms.policy import Policy
from transforms.rewards.entries import undecided_on

_WIDE = pl.Decimal(38, 2)
_PER_RECIPIENT, _PER_PROJECT = ["project_id", "recipient"], ["project_id"]
_READING = RewardReading.HIGHEST_PER.value


def give_way(entries: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """`entry_id`, `lower_outcome`, `lower_reason`, `highest_reading` of the entries that take part.

    The entries are `entries.ENTRIES` with `outcome`, in the order that decides between equal amounts. Taken
    part have those granted or held that compete. `lower_outcome` is gives_way or held, null for the highest;
    several years of one article are one policy. While the highest is held, lower ones give way only to the
    part of it that is granted, and are held as long as that part is smaller. An amount that is not known may
    be the highest. `highest_reading` names the reading where the other choice would give another outcome.
    """
    taking_part = entries.with_row_index("place").filter(
        pl.col("competes_as").is_not_null() & pl.col("outcome").is_in([Outcome.GRANTED, Outcome.HELD])
    )
    by_recipient, by_project = [*_PER_RECIPIENT, "competes_as"], [*_PER_PROJECT, "competes_as"]
    per_recipient = _lower(taking_part, _PER_RECIPIENT).select(
        *by_recipient, by_recipient="lower", top_1="top"
    )
    per_project = _lower(taking_part, _PER_PROJECT).select(*by_project, by_project="lower", top_2="top")
    on = pl.col("selected_on").max().over("project_id")
    differs = ~pl.col("by_recipient").eq_missing(pl.col("by_project"))
    is_per_project = pl.col("is_per_project")
    compared = (
        taking_part.join(per_recipient, on=by_recipient, how="left", maintain_order="left")
        .join(per_project, on=by_project, how="left", maintain_order="left")
        .with_columns(
            is_per_project=policy.chooses(_READING, "project", on),
            is_open=differs & undecided_on(policy, _READING, on),
            highest_reading=pl.when(differs).then(policy.rests_on(_READING, on)),
        )
        .with_columns(
            lower=pl.when(is_per_project).then("by_project").otherwise("by_recipient"),
            top=pl.when(is_per_project).then("top_2").otherwise("top_1"),
        )
    )
    is_open, lower = pl.col("is_open"), pl.col("lower")
    reason = (
        pl.when(is_open)
        .then(pl.lit("只享受一种奖励是就受奖人还是就项目而言尚未决定（奖励办法 第六条）"))
        .when(lower == Outcome.GIVES_WAY)
        .then(pl.format("让位于同一项目更高的一项：{}（奖励办法 第六条）", "top"))
        .when(lower == Outcome.HELD)
        .then(pl.format("同一项目有更高的一项尚未确定，待其确定：{}（奖励办法 第六条）", "top"))
    )
    return compared.select(
        "entry_id",
        "highest_reading",
        lower_outcome=pl.when(is_open).then(pl.lit(Outcome.HELD.value)).otherwise(lower),
        lower_reason=reason,
    )


def _policies(taking_part: pl.DataFrame, scope: list[str]) -> pl.DataFrame:
    """Per scope and policy: `total`, null when any part is not known, and what is granted of it."""
    is_granted = pl.col("outcome") == Outcome.GRANTED
    amount = pl.col("amount").cast(_WIDE)
    return taking_part.group_by(*scope, "competes_as", maintain_order=True).agg(
        total=pl.when(amount.is_not_null().all()).then(amount.sum()),
        granted_part=amount.filter(is_granted).sum(),
        has_granted=is_granted.any(),
        place=pl.col("place").min(),
        name=pl.coalesce("item_name", pl.format("优惠政策{}", "article")).first(),
        claims=pl.col("claim_id").filter(pl.col("item").is_null()).str.join("、"),
    )


def _lower(taking_part: pl.DataFrame, scope: list[str]) -> pl.DataFrame:
    """Per policy `lower`, what becomes of it when it is not the highest of its scope, and `top`, which is."""
    claims = pl.when(pl.col("claims") != "").then(pl.format("（申报 {}）", "claims")).otherwise(pl.lit(""))
    amount = pl.coalesce(wording.money(pl.col("total")), pl.lit("金额还不能计算"))
    is_top = pl.int_range(pl.len()).over(scope) == 0
    covers = pl.col("has_granted").first().over(scope) & (
        pl.col("granted_part").first().over(scope) >= pl.col("total")
    )
    return (
        _policies(taking_part, scope)
        .with_columns(top=pl.concat_str("name", claims, pl.lit(" "), amount))
        .sort("total", "place", descending=[True, False], nulls_last=False)
        .with_columns(
            top=pl.col("top").first().over(scope),
            lower=pl.when(is_top)
            .then(pl.lit(None, dtype=pl.String))
            .when(covers.fill_null(value=False))
            .then(pl.lit(Outcome.GIVES_WAY.value))
            .otherwise(pl.lit(Outcome.HELD.value)),
        )
    )
