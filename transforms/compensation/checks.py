"""What must hold of a settlement before it is published; each failure says which check and by how much."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.compensation import Status
from schemas.housing import HouseholdSurvey
from transforms.money import product, to_cents
from transforms.receipts import recomputed

from .settlement import Settlement


def check_settlement(settlement: Settlement, records: Mapping[str, pl.DataFrame]) -> list[str]:
    """The failed checks on a whole settlement, none when all is in order."""
    return [
        *_each_building_once(settlement, records[HouseholdSurvey.table]),
        *_each_household_once(settlement, records[HouseholdSurvey.table]),
        *_nets(settlement),
    ]


def _each_building_once(settlement: Settlement, survey: pl.DataFrame) -> list[str]:
    surveyed, settled = survey["building_id"], settlement.buildings["building_id"]
    lost = surveyed.filter(~surveyed.is_in(settled.implode())).len()
    if lost or settled.len() != surveyed.len() or settled.n_unique() != settled.len():
        return [
            f"check buildings: {surveyed.len()} surveyed, {settled.len()} settled, {lost} surveyed missing"
        ]
    return []


def _each_household_once(settlement: Settlement, survey: pl.DataFrame) -> list[str]:
    surveyed, settled = survey["household_id"].n_unique(), settlement.households.height
    if surveyed != settled:
        return [f"check households: {surveyed} surveyed, {settled} settled"]
    return []


def check_arithmetic(items: pl.DataFrame) -> list[str]:
    """Quantity × rate × factor and the printed text of line items must both give the amount."""
    wrong_product = items.filter(
        product(pl.col("quantity"), pl.col("rate"), pl.col("factor")) != pl.col("amount")
    )
    texts = _wrong_texts(items)
    wrong_text = items.clear()
    if texts.height:
        wrong_text = items.join(texts, on=texts.columns, how="semi", nulls_equal=True, maintain_order="left")
    return [
        f"check arithmetic: {wrong.height} line items whose {what} does not give the amount, "
        f"first: household {wrong['household_id'][0]}, item {wrong['item'][0]}"
        for what, wrong in (("quantity × rate × factor", wrong_product), ("printed text", wrong_text))
        if wrong.height
    ]


def _wrong_texts(items: pl.DataFrame) -> pl.DataFrame:
    """Each `basis` and `amount` once that don't fit."""
    is_repeated = pl.all_horizontal(pl.all().eq_missing(pl.all().shift())) & (pl.int_range(pl.len()) > 0)
    # months follow each other with the same text: looking at neighbours first leaves half of the work
    told = items.select("basis", "amount").filter(~is_repeated).unique(maintain_order=True)
    worked = recomputed(told["basis"])
    amounts = told.select(amount=to_cents(pl.col("amount")))["amount"]
    return told.filter(~(worked["result"].eq_missing(amounts) & worked["stated"].eq_missing(amounts)))


def _nets(settlement: Settlement) -> list[str]:
    owed = settlement.line_items.filter(pl.col("status") == Status.OWED)
    sums = owed.group_by("household_id").agg(items=to_cents(pl.col("amount")).sum())
    compared = settlement.households.join(sums, on="household_id", how="left").select(
        "household_id",
        difference=to_cents(pl.col("net_amount")) - pl.col("items").fill_null(pl.lit(0, dtype=pl.Int128)),
    )
    wrong = compared.filter(pl.col("difference") != 0)
    if wrong.height:
        first = f"{wrong['household_id'][0]} by {wrong['difference'][0]} 分"
        return [
            f"check nets: {wrong.height} households whose owed items don't make their net, first: {first}"
        ]
    return []
