from __future__ import annotations

import itertools
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.payout import Programme
from tests.support.payout_frames import (
    drafted,
    items_frame,
    line_item,
    payee,
    payees_frame,
    survey_frame,
    surveyed,
)
from tests.support.payout_nights import Books, dues_frame, paid_to
from tests.support.whole_draft import check_draft
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.payout.obligations import housing_dues, obligation_key, payee_obligations
from transforms.payout.outstanding import outstanding
from transforms.payout.past import Past
from transforms.payout.payees import housing_payees


def amounts(frame: pl.DataFrame, *names: str) -> dict[str, Decimal]:
    return dict(frame.select(*(names or ("payee_id",)), "amount").iter_rows())


def test_a_key_has_five_parts_and_empty_ones_where_none_applies() -> None:
    dues = housing_dues(
        items_frame(
            line_item("H-1", "house_residence", "100.00", building_id="JJG-0001"),
            line_item("H-1", "transition_residence", "720.00", building_id="JJG-0001", period="2021-05"),
            line_item("H-1", "signing_reward", "20000.00", building_id=None),
        )
    )
    assert dues["obligation_key"].to_list() == [
        "房屋征收补偿/H-1/JJG-0001/house_residence/",
        "房屋征收补偿/H-1/JJG-0001/transition_residence/2021-05",
        "房屋征收补偿/H-1//signing_reward/",
    ]


def test_a_separator_within_a_part_can_not_make_two_keys_one() -> None:
    frame = pl.DataFrame({"first": ["a/b", "a"], "second": ["c", "b/c"]})
    keys = frame.select(obligation_key("P", pl.col("first"), pl.col("second"))).to_series()
    assert keys.to_list() == ["P/a%2Fb/c", "P/a/b%2Fc"]
    written_out = pl.DataFrame({"first": ["a/b", "a%2Fb"]}).select(obligation_key("P", pl.col("first")))
    assert written_out.to_series().to_list() == ["P/a%2Fb", "P/a%252Fb"]


def test_the_months_of_an_item_stand_in_their_order() -> None:
    months = ("2021-05", "2021-06", "2021-07", "2021-08")
    items = [
        line_item("H-1", "transition_residence", "720.00", period=months[place]) for place in (2, 0, 3, 1)
    ]
    assert housing_dues(items_frame(*items))["period"].to_list() == list(months)


def test_only_owed_amounts_other_than_zero_are_obligations() -> None:
    items = items_frame(
        line_item("H-1", "house_residence", "100.00"),
        line_item("H-1", "attachments", "50.00", status="held"),
        line_item("H-1", "moving_residence", "1500.00", status="estimate"),
        line_item("H-1", "not_compensated", "0.00"),
    )
    assert housing_dues(items)["item_name"].to_list() == ["house_residence"]


SET_OFF = items_frame(
    line_item("H-1", "house_residence", "100.00"),
    line_item("H-1", "buyback", "-30.00"),
    line_item("H-2", "house_residence", "100.00", building_id="B-2"),
    line_item("H-2", "buyback", "-130.00", building_id="B-2"),
    line_item("H-3", "house_residence", "50.00", building_id="B-3"),
    line_item("H-3", "buyback", "-50.00", building_id="B-3"),
)
THREE_OWNERS = survey_frame(surveyed("H-1", 1), surveyed("H-2", 2), surveyed("H-3", 3))


def test_net_set_off_pays_or_claims_the_difference() -> None:
    draft = drafted(SET_OFF, THREE_OWNERS)
    assert amounts(draft.lines) == {"H-1": Decimal("70.00")}
    assert amounts(draft.receivables) == {"H-2": Decimal("30.00")}
    assert draft.lines["reason"].to_list() == ["house_residence；扣除：buyback"]
    assert draft.receivables["reason"].to_list() == ["buyback；已抵扣：house_residence"]


def test_separate_set_off_pays_and_claims_both_in_full() -> None:
    draft = drafted(SET_OFF, THREE_OWNERS, separate=True)
    expected = {"H-1": Decimal("100.00"), "H-2": Decimal("100.00"), "H-3": Decimal("50.00")}
    assert amounts(draft.lines) == expected
    assert amounts(draft.receivables) == {
        "H-1": Decimal("30.00"),
        "H-2": Decimal("130.00"),
        "H-3": Decimal("50.00"),
    }


@pytest.mark.parametrize("separate", [False, True])
def test_an_amount_that_rests_on_set_off_names_the_reading(*, separate: bool) -> None:
    draft = drafted(SET_OFF, THREE_OWNERS, separate=separate)
    named = draft.obligations.filter(pl.col("reading") == "set_off")
    assert named["item_name"].unique().to_list() == ["buyback"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        # what is owed alone rests on no reading of set-off
        ({"house": ("-0.50", None)}, {"house": None}),
        ({"house": ("0.50", "area")}, {"house": "area"}),
        ({"house": ("0.50", "area"), "trees": ("-0.20", "area")}, {"house": "area", "trees": "area set_off"}),
        ({"house": ("0.50", None), "trees": ("-0.20", None)}, {"house": None, "trees": "set_off"}),
    ],
)
def test_only_what_is_taken_off_names_the_reading_of_set_off(
    given: dict[str, tuple[str, str | None]], expected: dict[str, str | None]
) -> None:
    rows = [line_item("H-1", item, amount, reading=reading) for item, (amount, reading) in given.items()]
    draft = drafted(items_frame(*rows), survey_frame(surveyed("H-1", 1)))
    assert dict(draft.obligations.select("item_name", "reading").iter_rows()) == expected


def test_a_household_whose_items_cancel_out_is_not_shared_out() -> None:
    items = items_frame(
        *(line_item("H-1", f"item_{n}", "0.01") for n in range(3)), line_item("H-1", "buyback", "-0.03")
    )
    two = payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), two)
    assert draft.obligations.select("place", "payee_id").unique().rows() == [("set_off", "H-1")]
    assert draft.batches.is_empty()


def test_a_payee_whose_parts_cancel_out_is_neither_paid_nor_owes() -> None:
    items = items_frame(
        line_item("H-1", "first", "0.01"),
        line_item("H-1", "second", "0.02"),
        line_item("H-1", "buyback", "-0.02"),
    )
    two = payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), two)
    places = draft.obligations.select("payee_id", "place").unique().sort("payee_id").rows()
    assert places == [("H-1", "line"), ("H-1#2", "set_off")]


def test_net_amounts_of_one_yuan_are_paid() -> None:
    items = items_frame(line_item("H-1", "first", "3.00"), line_item("H-1", "buyback", "-2.00"))
    two = payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    assert amounts(drafted(items, survey_frame(surveyed("H-1", 1))).lines) == {"H-1": Decimal("1.00")}
    assert amounts(drafted(items, survey_frame(surveyed("H-1", 1)), two).lines) == {
        "H-1": Decimal("0.50"),
        "H-1#2": Decimal("0.50"),
    }
    doubled = items_frame(line_item("H-1", "first", "2.00"))
    assert amounts(drafted(doubled, survey_frame(surveyed("H-1", 1)), two).lines) == {
        "H-1": Decimal("1.00"),
        "H-1#2": Decimal("1.00"),
    }


def test_a_payee_of_two_programmes_is_below_zero_in_one_of_them_alone() -> None:
    items = items_frame(
        *(line_item("H-1", f"item_{n}", "0.01") for n in range(3)), line_item("H-1", "buyback", "-0.02")
    )
    two = housing_payees(
        survey_frame(surveyed("H-1", 1)), payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    ).with_columns(hold_reason=pl.lit(None, pl.String))
    other = pl.lit(Programme.OFFICER_EXPENSES.value)
    dues = housing_dues(items)
    more = dues.head(1).with_columns(
        programme=other, obligation_key=pl.lit("other"), amount=pl.lit(Decimal("9.00")).cast(MONEY)
    )
    found = payee_obligations(
        outstanding(stacked([dues, more]), Past.none()),
        stacked([two, two.with_columns(programme=other)]),
        Past.none(),
        separate=False,
    )
    receivable = found.filter(pl.col("place") == "receivable")
    assert receivable.select("programme", "amount").rows() == [
        (Programme.HOUSING_COMPENSATION.value, Decimal("-0.01")),
    ]


def test_a_household_named_in_two_ways_owes_once() -> None:
    payees = paid_to("H-1", (1, "50"), (2, "50")).with_columns(party_name=pl.col("payee_name"))
    draft = Books().night(dues_frame({("H-1", "buyback"): "-3.00"}), payees)
    assert draft.receivable_items.select("payee_name", "amount").rows() == [("收款1", Decimal("3.00"))]


def test_what_set_off_uses_up_is_neither_listed_nor_receivable_and_not_lost() -> None:
    draft = drafted(SET_OFF, THREE_OWNERS)
    used_up = draft.obligations.filter(pl.col("place") == "set_off")
    assert used_up["party_id"].unique().to_list() == ["H-3"]
    assert check_draft(draft, Past.none(), dues=housing_dues(SET_OFF), line_items=SET_OFF) == []


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        ("100.00", ("33.33", "33.33", "33.34"), ("33.33", "33.33", "33.34")),
        ("0.01", ("50", "50"), ("0.01", None)),  # 0.005 goes up, and the rest is nothing
        ("0.05", ("50", "50"), ("0.03", "0.02")),  # 0.025 goes up
        ("10.01", ("25", "25", "50"), ("2.50", "2.50", "5.01")),  # 2.5025 goes down
        ("1000.00", ("33.33", "33.33", "33.34"), ("333.30", "333.30", "333.40")),
    ],
)
def test_shares_are_rounded_half_up_and_the_last_takes_the_rest(
    amount: str, shares: tuple[str, ...], parts: tuple[str | None, ...]
) -> None:
    items = items_frame(line_item("H-1", "house_residence", amount))
    given_payees = payees_frame(*(payee("H-1", 10 + n, share) for n, share in enumerate(shares)))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), given_payees)
    ids = ["H-1", "H-1#2", "H-1#3"]
    assert amounts(draft.lines) == {
        name: Decimal(part) for name, part in zip(ids, parts, strict=False) if part is not None
    }


def test_a_negative_item_is_shared_as_its_positive_would_be() -> None:
    items = items_frame(line_item("H-1", "house_residence", "100.00"), line_item("H-1", "buyback", "-0.05"))
    two = payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), two)
    negative = draft.obligations.filter(pl.col("amount") < 0)
    assert amounts(negative) == {"H-1": Decimal("-0.03"), "H-1#2": Decimal("-0.02")}


def test_the_detail_of_a_share_shows_it_after_the_arithmetic_of_the_whole() -> None:
    items = items_frame(line_item("H-1", "house_residence", "0.05"))
    two = payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), two)
    assert draft.obligations["basis"].to_list() == [
        "1 × 0.05 元 = 0.05 元〔份额 50.00%：0.03 元〕",
        "1 × 0.05 元 = 0.05 元〔份额 50.00%：0.02 元，末位收款人取余数〕",
    ]


def test_what_rounding_leaves_a_payee_below_zero_is_owed_by_the_household() -> None:
    items = items_frame(
        *(line_item("H-1", f"item_{n}", "0.01") for n in range(3)), line_item("H-1", "buyback", "-0.02")
    )
    two = payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), two)
    assert amounts(draft.lines) == {"H-1": Decimal("0.02")}
    assert amounts(draft.receivables) == {"H-1": Decimal("0.01")}
    assert draft.receivables["reason"].to_list() == ["buyback"]
    assert check_draft(draft, Past.none(), dues=housing_dues(items), line_items=items) == []


def test_what_a_household_owes_is_not_shared_out() -> None:
    items = items_frame(line_item("H-1", "buyback", "-300.00"))
    two = payees_frame(payee("H-1", 10, "50"), payee("H-1", 11, "50"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), two)
    assert amounts(draft.receivables) == {"H-1": Decimal("300.00")}
    assert draft.obligations["payee_name"].to_list() == ["示例1"]


def test_an_obligation_without_any_known_payee_is_held() -> None:
    items = items_frame(line_item("H-9", "house_residence", "100.00"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)))
    assert amounts(draft.held) == {"H-9": Decimal("100.00")}
    assert draft.held["reason"].item() == "没有收款人资料，请先补交该户的「入户调查」或「收款人」"


cents = st.integers(min_value=-(10**13), max_value=10**13).filter(bool)


@st.composite
def share_lists(draw: st.DrawFn) -> list[Decimal]:
    """Shares in hundredths of a percent that add up to 100."""
    cuts = sorted(draw(st.sets(st.integers(min_value=1, max_value=9_999), max_size=5)))
    edges = [0, *cuts, 10_000]
    return [Decimal(right - left).scaleb(-2) for left, right in itertools.pairwise(edges)]


@settings(max_examples=12, deadline=None)
@given(values=st.lists(cents, min_size=1, max_size=4), shares=share_lists(), separate=st.booleans())
def test_shares_add_up_whatever_they_are(values: list[int], shares: list[Decimal], *, separate: bool) -> None:
    items = items_frame(
        *(line_item("H-1", f"item_{n}", str(Decimal(value).scaleb(-2))) for n, value in enumerate(values))
    )
    given_payees = payees_frame(*(payee("H-1", 10 + n, str(share)) for n, share in enumerate(shares)))
    draft = drafted(items, survey_frame(surveyed("H-1", 1)), given_payees, separate=separate)
    assert check_draft(draft, Past.none(), dues=housing_dues(items), line_items=items) == []
    assert draft.obligations["amount"].sum() == items["amount"].sum()


def test_items_stand_in_the_order_of_the_plan_whatever_their_order_was() -> None:
    rows = [
        line_item("H-10", "house_residence", "1.00", building_id="B-3"),
        line_item("H-2", "moving_residence", "1.00", building_id=None),
        line_item("H-2", "attachments", "1.00", building_id="B-2"),
        line_item("H-2", "house_residence", "1.00", building_id="B-2"),
        line_item("H-2", "buyback", "-1.00", building_id="B-1"),
    ]
    dues = housing_dues(items_frame(*rows))
    assert dues["item_name"].to_list()[:4] == [
        "buyback",
        "house_residence",
        "attachments",
        "moving_residence",
    ]
    assert dues["party_id"].to_list() == ["H-2"] * 4 + ["H-10"]
    assert dues.equals(housing_dues(items_frame(*reversed(rows))))
