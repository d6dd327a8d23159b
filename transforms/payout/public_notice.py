"""The public notice by household: 条例 第二十九条. Only the columns named here ever leave the house."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas import compensation_items as items
from schemas.compensation import Status
from transforms.money import MONEY
from transforms.payout.natural_order import natural_key

_OTHER = "other_amount"
_KINDS: dict[str, tuple[items.Item, ...]] = {
    "house_amount": (
        items.HOUSE_RESIDENCE,
        items.HOUSE_BUSINESS,
        items.HOUSE_APPRAISED,
        items.HOUSING_FLOOR,
    ),
    "exchange_amount": (items.EXCHANGE_DIFFERENCE, items.BUYBACK),
    "attachments_amount": (items.ATTACHMENTS,),
    "stoppage_amount": (items.BUSINESS_STOPPAGE, items.BUSINESS_STOPPAGE_OVERDUE),
    "signing_amount": (items.SIGNING_REWARD,),
    "moving_amount": (items.MOVING_RESIDENCE, items.MOVING_BUSINESS),
    "transition_amount": (
        items.TRANSITION_RESIDENCE,
        items.TRANSITION_RESIDENCE_OVERDUE,
        items.TRANSITION_BUSINESS,
        items.TRANSITION_BUSINESS_OVERDUE,
    ),
}
KIND_HEADERS = {
    "house_amount": "房屋补偿",
    "exchange_amount": "产权调换差价及回购",
    "attachments_amount": "附属物",
    "stoppage_amount": "停产停业损失",
    "signing_amount": "签约奖励",
    "moving_amount": "搬迁补助",
    "transition_amount": "临时安置",
    _OTHER: "其他",
}
NOTICE_COLUMNS = (
    "household_id",
    "owner_name",
    "masked_id_number",
    "masked_account",
    "building_count",
    "compensated_area_m2",
    *KIND_HEADERS,
    "net_amount",
)
_SHOWN_AT_ENDS = 4


@dataclass(frozen=True)
class Settlement:
    """What the notice is made of: the tables of `schemas.compensation` and the current survey."""

    line_items: pl.DataFrame
    buildings: pl.DataFrame
    survey: pl.DataFrame


def public_notice(settlement: Settlement) -> pl.DataFrame:
    """One row per household that has an owed item: `NOTICE_COLUMNS`, amounts in 元 over owed items alone."""
    owners = settlement.survey.group_by("household_id").agg(
        pl.col("owner_name").first(),
        pl.col("id_number").drop_nulls().first(),
        pl.col("bank_account").drop_nulls().first(),
    )
    return (
        owed_items(settlement)
        .with_columns(kind=_kind())
        .group_by("household_id")
        .agg(*_sums(), net_amount=pl.col("amount").sum().cast(MONEY))
        .join(owners, on="household_id", how="left")
        .join(_buildings(settlement.buildings), on="household_id", how="left")
        .with_columns(
            masked_id_number=mask(pl.col("id_number"), shown_at_start=_SHOWN_AT_ENDS),
            masked_account=mask(pl.col("bank_account"), shown_at_start=0),
        )
        .sort(natural_key(pl.col("household_id")), "household_id")
        .select(NOTICE_COLUMNS)
    )


def owed_items(settlement: Settlement) -> pl.DataFrame:
    """The line items that the notice sums up."""
    return settlement.line_items.filter(pl.col("status") == Status.OWED.value)


def mask(number: pl.Expr, *, shown_at_start: int) -> pl.Expr:
    """The number with all but its ends starred; wholly starred when less than half of it would be hidden."""
    length = number.str.len_chars()
    hidden = length.cast(pl.Int64) - shown_at_start - _SHOWN_AT_ENDS
    stars = pl.lit("*").repeat_by(pl.max_horizontal(hidden, 0)).list.join("")
    masked = number.str.head(shown_at_start) + stars + number.str.tail(_SHOWN_AT_ENDS)
    wholly = pl.lit("*").repeat_by(length).list.join("")
    return pl.when(hidden * 2 >= length).then(masked).when(number.is_not_null()).then(wholly)


def _kind() -> pl.Expr:
    kinds = {item.code: kind for kind, summed in _KINDS.items() for item in summed}
    return pl.col("item").replace_strict(kinds, default=_OTHER)


def _sums() -> list[pl.Expr]:
    return [
        pl.col("amount").filter(pl.col("kind") == kind).sum().cast(MONEY).alias(kind) for kind in KIND_HEADERS
    ]


def _buildings(buildings: pl.DataFrame) -> pl.DataFrame:
    compensated = pl.col("compensable_area_m2").filter(pl.col("eligible").fill_null(value=False))
    return buildings.group_by("household_id").agg(
        building_count=pl.len().cast(pl.Int64), compensated_area_m2=compensated.sum().cast(MONEY)
    )
