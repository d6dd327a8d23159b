"""What each payee is owed under each key: set-off within a household, then the shares of its payees."""

from __future__ import annotations

import polars as pl

from schemas.compensation import Status
from schemas.compensation_items import ALL_ITEMS
from schemas.payout import Programme
from transforms.frames import looked_up, stacked
from transforms.money import MONEY
from transforms.payout.frames import DUES, WHOLE_SHARE
from transforms.payout.natural_order import natural_place
from transforms.payout.past import Past
from transforms.payout.payee_numbers import NUMBER_MARK, place_of
from transforms.payout.shares import shared_out
from transforms.wording import money

SET_OFF_READING = "set_off"
LINE, HELD, RECEIVABLE, SET_OFF = "line", "held", "receivable", "set_off"
PLACES = (LINE, HELD, RECEIVABLE, SET_OFF)
"""Where an obligation went: a line of a list, held, owed by the party, or used up by what the party owes."""

_PARTY = ["programme", "party_id"]
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


def housing_dues(line_items: pl.DataFrame, status: Status = Status.OWED) -> pl.DataFrame:
    """The items of a status other than zero as `frames.DUES`, by household, building and place in the plan.

    Keys are 房屋征收补偿/household/building/item/period, as in 房屋征收补偿/H-0001/JJG-0001/house_residence/.
    """
    programme = Programme.HOUSING_COMPENSATION.value
    parts = [pl.col(name) for name in ("household_id", "building_id", "item", "period")]
    kept = [name for name in line_items.columns if name in (*DUES, "household_id", "item")]
    is_due = (pl.col("status") == status.value) & (pl.col("amount") != 0)
    due = line_items.lazy().filter(is_due).select(kept)
    rows = due.with_columns(pl.col("item", "period").cast(pl.String)).collect()
    if rows.is_empty():
        return DUES.to_frame()
    return (
        rows.with_columns(
            programme=pl.lit(programme),
            party_id=pl.col("household_id"),
            obligation_key=obligation_key(programme, *parts),
        )
        .sort(
            natural_place(rows, "household_id"),
            natural_place(rows, "building_id"),
            _place_in_plan(),
            "obligation_key",
            nulls_last=True,
        )
        .select(list(DUES))
        .cast(DUES)
    )


def _place_in_plan() -> pl.Expr:
    places = {item.code: place for place, item in enumerate(ALL_ITEMS)}
    return pl.col("item").replace_strict(places, default=None)


def payee_obligations(
    open_dues: pl.DataFrame, payees: pl.DataFrame, past: Past, *, separate: bool
) -> pl.DataFrame:
    """One row per outstanding obligation and payee, with `due_key`, `payee_id`, `payee_name`, `place`.

    `open_dues` is `outstanding.OUTSTANDING`; `payees` has `hold_reason`, which is kept. With `separate` what
    a party owes is receivable in full and what it is owed payable; otherwise they are set off, and only the
    net is paid or receivable. What is receivable of a party is not shared out to payees, and a payee whose
    parts come to less than 0.00 leaves them to the party. Parts that come to 0.00 have no row.
    """
    placed = _placed(open_dues, separate=separate).with_columns(due_key=pl.col("obligation_key"))
    shared = _by_payee(_shared(placed.filter(pl.col("place").is_null()), payees, past))
    is_receivable = pl.col("place") == RECEIVABLE
    columns = [*DUES, "due_key", "place"]
    of_parties = stacked(
        [
            placed.filter(pl.col("place").is_not_null()).select(columns),
            _put_together(shared.filter(is_receivable)).select(columns),
        ]
    )
    columns = [*columns, "payee_id", "payee_name", "hold_reason"]
    named = _in_the_name_of_the_party(of_parties, payees, past)
    return stacked([shared.filter(~is_receivable).select(columns), named.select(columns)])


def _put_together(parts: pl.DataFrame) -> pl.DataFrame:
    """What payees owe of each of their party's obligations, in one row for each obligation."""
    keys = [*_PARTY, "due_key"]
    total = pl.col("amount").sum().cast(MONEY)
    of_several = pl.format("{}〔几位收款人的部分合计 {}〕", pl.col("whole_basis").first(), money(total))
    return (
        parts.with_columns(obligation_key=pl.col("due_key"))
        .group_by(keys, maintain_order=True)
        .agg(
            pl.exclude("amount", "basis").first(),
            amount=total,
            basis=pl.when(pl.len() == 1).then(pl.col("basis").first()).otherwise(of_several),
        )
    )


def _in_the_name_of_the_party(of_parties: pl.DataFrame, payees: pl.DataFrame, past: Past) -> pl.DataFrame:
    """With the party's number and its name: that of the last list where it is surveyed no longer."""
    names = payees.select(*_PARTY, "party_name").unique(_PARTY, keep="first")
    first = past.programmed_lines().filter(place_of(pl.col("payee_id")) == 1)
    earlier_names = first.group_by("programme", party_id="payee_id").agg(
        earlier_name=pl.col("payee_name").last()
    )
    return (
        of_parties.join(names, on=_PARTY, how="left", maintain_order="left")
        .join(earlier_names, on=_PARTY, how="left", maintain_order="left")
        .with_columns(
            payee_id=pl.col("party_id"),
            payee_name=pl.coalesce("party_name", "earlier_name"),
            hold_reason=pl.lit(None, pl.String),
        )
    )


def _placed(open_dues: pl.DataFrame, *, separate: bool) -> pl.DataFrame:
    """The dues with `place` where set-off alone decides it, null where they go to the payees."""
    amount, of_party = pl.col("amount"), pl.col("net")
    parties = open_dues.group_by(_PARTY).agg(
        net=amount.sum(), has_both_signs=(amount > 0).any() & (amount < 0).any()
    )
    decisive = amount if separate else of_party
    named = pl.concat_str(["reading", pl.lit(SET_OFF_READING)], separator=" ", ignore_nulls=True)
    return (
        looked_up(open_dues, parties, _PARTY)
        .with_columns(
            place=pl.when(decisive < 0).then(pl.lit(RECEIVABLE)).when(decisive == 0).then(pl.lit(SET_OFF)),
            reading=pl.when(pl.col("has_both_signs") & (amount < 0)).then(named).otherwise(pl.col("reading")),
        )
        .drop("net", "has_both_signs")
    )


def _shared(open_dues: pl.DataFrame, payees: pl.DataFrame, past: Past) -> pl.DataFrame:
    """What is outstanding, split over the payees; a party without one is held."""
    shares = payees.select(*_PARTY, "payee_id", "payee_name", "hold_reason", "share", mark=_mark())
    parts = open_dues.join(shares, on=_PARTY, how="left", maintain_order="left_right").with_columns(
        hold_reason=pl.when(pl.col("payee_id").is_null())
        .then(pl.lit(_NO_PAYEE))
        .otherwise(pl.col("hold_reason")),
        payee_id=pl.coalesce("payee_id", "party_id"),
        share=pl.col("share").fill_null(WHOLE_SHARE),
    )
    # the obligation towards one payee: a further payee's number stands behind the key
    key_of_payee = (
        pl.when(pl.col("mark").is_null()).then("due_key").otherwise(pl.col("due_key") + pl.col("mark"))
    )
    return (
        shared_out(parts, past)
        .with_columns(whole_basis=pl.col("basis"), basis=pl.col("part_basis"), obligation_key=key_of_payee)
        .drop("mark")
        .filter(pl.col("amount") != 0)
    )


def _mark() -> pl.Expr:
    """What tells a further payee from the first one, which has none."""
    place = place_of(pl.col("payee_id"))
    return pl.when(place > 1).then(pl.concat_str(pl.lit(NUMBER_MARK), place))


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
