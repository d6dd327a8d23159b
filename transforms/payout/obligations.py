"""What each payee is owed under each key: set-off within a household, then the shares of its payees."""

from __future__ import annotations

import polars as pl

from schemas.compensation import Status
from schemas.compensation_items import ALL_ITEMS
from schemas.payout import Programme
from transforms.frames import stacked
from transforms.money import from_cents, round_half_up, scaled, to_cents
from transforms.payout.frames import DUES, WHOLE_SHARE
from transforms.payout.natural_order import natural_key
from transforms.wording import money

SET_OFF_READING = "set_off"
LINE, HELD, RECEIVABLE, SET_OFF = "line", "held", "receivable", "set_off"
PLACES = (LINE, HELD, RECEIVABLE, SET_OFF)
"""Where an obligation went: a line of a list, held, owed by the party, or used up by what the party owes."""

_PARTY = ["programme", "party_id"]
_HUNDREDTHS_OF_WHOLE_SHARE = 10_000
_NO_PAYEE = "没有收款人资料，请先补交该户的「入户调查」或「收款人」"


def obligation_key(programme: str, *parts: pl.Expr) -> pl.Expr:
    """The permanent name of an obligation: the programme and its parts, joined by `/`.

    The number of parts is fixed per programme, and a part that does not apply is empty. A `/` or `%` within
    a part is percent-encoded, so that no two obligations share a key.
    """
    encoded = [
        part.fill_null("").str.replace_all("%", "%25", literal=True).str.replace_all("/", "%2F", literal=True)
        for part in parts
    ]
    return pl.concat_str([pl.lit(programme), *encoded], separator="/")


def housing_dues(line_items: pl.DataFrame) -> pl.DataFrame:
    """The owed items other than zero as `frames.DUES`, by household, building and in the order of the plan.

    Keys are 房屋征收补偿/household/building/item/period, as in 房屋征收补偿/H-0001/JJG-0001/house_residence/.
    """
    programme = Programme.HOUSING_COMPENSATION.value
    parts = [pl.col(name) for name in ("household_id", "building_id", "item", "period")]
    return (
        line_items.filter((pl.col("status") == Status.OWED.value) & (pl.col("amount") != 0))
        .with_columns(
            programme=pl.lit(programme),
            party_id=pl.col("household_id"),
            obligation_key=obligation_key(programme, *parts),
        )
        .sort(
            natural_key(pl.col("household_id")),
            natural_key(pl.col("building_id")),
            _place_in_plan(),
            "obligation_key",
            nulls_last=True,
        )
        .select(list(DUES))
        .cast(DUES)
    )


def _place_in_plan() -> pl.Expr:
    places = {item.code: place for place, item in enumerate(ALL_ITEMS)}
    return pl.col("item").replace_strict(places, default=len(places), return_dtype=pl.Int64)


def payee_obligations(dues: pl.DataFrame, payees: pl.DataFrame, *, separate: bool) -> pl.DataFrame:
    """One row per obligation and payee: the columns of `dues`, and `payee_id`, `payee_name`, `place`.

    `payees` has `hold_reason`; it is kept. With `separate` a party's negative items are receivable in full
    and its positive ones payable; otherwise they are set off, and only the net is paid or receivable. What is
    receivable of a party is not shared out to payees. Parts that come to 0.00 have no row.
    """
    placed = _placed(dues, separate=separate)
    unshared = (
        placed.filter(pl.col("place").is_not_null())
        .join(
            payees.select(*_PARTY, "party_name").unique(_PARTY), on=_PARTY, how="left", maintain_order="left"
        )
        .with_columns(payee_id=pl.col("party_id"), payee_name=pl.col("party_name"), hold_reason=pl.lit(None))
    )
    shared = _shared(placed.filter(pl.col("place").is_null()), payees)
    columns = [*DUES, "payee_id", "payee_name", "hold_reason", "place"]
    return stacked([_by_payee(shared).select(columns), unshared.select(columns)], how="vertical_relaxed")


def _placed(dues: pl.DataFrame, *, separate: bool) -> pl.DataFrame:
    """The dues with `place` where set-off alone decides it, null where they go to the payees."""
    amount = pl.col("amount")
    net = amount.sum().over(_PARTY)
    decisive = amount if separate else net
    has_both_signs = (amount.max().over(_PARTY) > 0) & (amount.min().over(_PARTY) < 0)
    named = pl.concat_str(["reading", pl.lit(SET_OFF_READING)], separator=" ", ignore_nulls=True)
    return dues.with_columns(
        place=pl.when(decisive < 0).then(pl.lit(RECEIVABLE)).when(decisive == 0).then(pl.lit(SET_OFF)),
        reading=pl.when(has_both_signs & (amount < 0)).then(named).otherwise(pl.col("reading")),
    )


def _shared(dues: pl.DataFrame, payees: pl.DataFrame) -> pl.DataFrame:
    """Each obligation split by share: rounded half up on its magnitude, the last payee taking the rest."""
    shares = payees.select(*_PARTY, "payee_id", "payee_name", "hold_reason", "share")
    joined = dues.join(shares, on=_PARTY, how="left", maintain_order="left_right").with_columns(
        hold_reason=pl.when(pl.col("payee_id").is_null())
        .then(pl.lit(_NO_PAYEE))
        .otherwise(pl.col("hold_reason")),
        payee_id=pl.coalesce("payee_id", "party_id"),
        share=pl.col("share").fill_null(WHOLE_SHARE),
    )
    key = ["programme", "obligation_key"]
    is_last = pl.int_range(pl.len()).over(key) == pl.len().over(key) - 1
    exact = to_cents(pl.col("amount")) * scaled(pl.col("share"), 2)
    others = (pl.col("cents").sum() - pl.col("cents")).over(key)
    return (
        joined.with_columns(cents=round_half_up(exact, _HUNDREDTHS_OF_WHOLE_SHARE), is_last=is_last)
        .with_columns(
            cents=pl.when("is_last").then(to_cents(pl.col("amount")) - others).otherwise(pl.col("cents"))
        )
        .with_columns(amount=from_cents(pl.col("cents")))
        .with_columns(basis=_basis_of_share())
        .filter(pl.col("amount") != 0)
    )


def _basis_of_share() -> pl.Expr:
    """The arithmetic of the whole obligation, followed by the payee's part of it."""
    ending = pl.when("is_last").then(pl.lit("，末位收款人取余数")).otherwise(pl.lit(""))
    part = pl.format("{}〔份额 {}%：{}{}〕", "basis", "share", money(pl.col("amount")), ending)
    return pl.when(pl.col("share") < WHOLE_SHARE).then(part).otherwise(pl.col("basis"))


def _by_payee(shared: pl.DataFrame) -> pl.DataFrame:
    """The place of each payee's part: rounding of many small items may leave a payee with nothing or less."""
    total = pl.col("amount").sum().over("programme", "payee_id")
    place = (
        pl.when(total < 0)
        .then(pl.lit(RECEIVABLE))
        .when(total == 0)
        .then(pl.lit(SET_OFF))
        .when(pl.col("hold_reason").is_not_null())
        .then(pl.lit(HELD))
        .otherwise(pl.lit(LINE))
    )
    return shared.with_columns(place=place)
