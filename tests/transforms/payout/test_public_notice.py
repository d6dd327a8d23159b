from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from tests.support.payout_frames import (
    buildings_frame,
    card_number,
    id_number,
    items_frame,
    line_item,
    survey_frame,
    surveyed,
)
from transforms.money import MONEY
from transforms.payout.public_notice import KIND_HEADERS, NOTICE_COLUMNS, Settlement, mask, public_notice

SETTLEMENT = Settlement(
    line_items=items_frame(
        line_item("H-10", "house_business", "10.00", building_id="B-9"),
        line_item("H-1", "house_residence", "100.00"),
        line_item("H-1", "attachments", "7.00"),
        line_item("H-1", "buyback", "-30.00"),
        line_item("H-1", "an_item_of_tomorrow", "1.00"),
        line_item("H-1", "signing_reward", "20000.00", building_id=None, status="held"),
        line_item("H-2", "house_residence", "5.00", building_id="B-3", status="estimate"),
    ),
    buildings=buildings_frame(
        ("B-1", "H-1", "60.00", True), ("B-2", "H-1", "40.00", None), ("B-9", "H-10", "5.00", True)
    ),
    survey=survey_frame(surveyed("H-1", 1), surveyed("H-10", 9), surveyed("H-2", 3)),
)


def test_a_household_with_owed_items_has_one_row() -> None:
    notice = public_notice(SETTLEMENT)
    assert notice["household_id"].to_list() == ["H-1", "H-10"]
    assert tuple(notice.columns) == NOTICE_COLUMNS


def test_items_are_summed_by_kind_and_the_kinds_add_up_to_the_net() -> None:
    row = public_notice(SETTLEMENT).row(0, named=True)
    assert (row["house_amount"], row["exchange_amount"]) == (Decimal("100.00"), Decimal("-30.00"))
    assert (row["attachments_amount"], row["other_amount"]) == (Decimal("7.00"), Decimal("1.00"))
    assert row["signing_amount"] == Decimal("0.00")
    assert row["net_amount"] == sum(row[kind] for kind in KIND_HEADERS) == Decimal("78.00")


def test_buildings_are_counted_and_only_compensated_area_is() -> None:
    row = public_notice(SETTLEMENT).row(0, named=True)
    assert (row["building_count"], row["compensated_area_m2"]) == (2, Decimal("60.00"))


def test_a_household_of_many_buildings_has_the_sum_of_what_is_compensated() -> None:
    buildings = buildings_frame(
        ("B-1", "H-1", "60.00", True),
        ("B-2", "H-1", "40.50", True),
        ("B-3", "H-1", "7.00", False),
        ("B-4", "H-10", "1.00", None),
    )
    notice = public_notice(replace(SETTLEMENT, buildings=buildings))
    columns = ["building_count", "compensated_area_m2"]
    assert notice.select(columns).rows() == [(3, Decimal("100.50")), (1, Decimal("0.00"))]
    assert notice.select(columns).dtypes == [pl.Int64, MONEY]
    assert {notice.schema[kind] for kind in (*KIND_HEADERS, "net_amount")} == {MONEY}


def test_owner_and_numbers_are_the_first_that_the_survey_gives() -> None:
    survey = survey_frame(
        surveyed("H-1", 1, id_number=None, bank_account=None), surveyed("H-1", 2), surveyed("H-1", 3)
    )
    row = public_notice(replace(SETTLEMENT, survey=survey)).row(0, named=True)
    assert (row["owner_name"], row["masked_id_number"][-4:]) == ("示例1", id_number(2)[-4:])
    assert row["masked_account"][-4:] == card_number(2)[-4:]


def test_a_household_without_survey_or_buildings_stands_in_the_notice_all_the_same() -> None:
    bare = replace(SETTLEMENT, buildings=buildings_frame(), survey=survey_frame())
    notice = public_notice(bare)
    assert notice.select("household_id", "owner_name", "building_count", "net_amount").rows() == [
        ("H-1", None, None, Decimal("78.00")),
        ("H-10", None, None, Decimal("10.00")),
    ]


def test_households_stand_in_the_order_that_people_count_in() -> None:
    items = items_frame(*(line_item(f"H-{n}", "house_residence", "1.00") for n in (10, 9, 1, 2)))
    notice = public_notice(replace(SETTLEMENT, line_items=items))
    assert notice["household_id"].to_list() == ["H-1", "H-2", "H-9", "H-10"]


def test_numbers_that_differ_in_zeros_alone_have_a_fixed_order() -> None:
    households = [f"H-{'0' * zeros}1" for zeros in range(8)]
    items = items_frame(*(line_item(household, "house_residence", "1.00") for household in households))
    notice = public_notice(replace(SETTLEMENT, line_items=items))
    assert notice["household_id"].to_list() == sorted(households)


def test_neither_id_number_nor_account_can_be_read() -> None:
    notice = public_notice(SETTLEMENT)
    text = notice.write_csv()
    for number in (1, 9):
        assert id_number(number) not in text
        assert card_number(number) not in text
    assert notice["masked_id_number"][0] == f"1101**********{id_number(1)[-4:]}"
    assert notice["masked_account"][0] == "*" * 15 + card_number(1)[-4:]


@pytest.mark.parametrize(
    ("number", "shown_at_start", "masked"),
    [
        ("12345678", 0, "****5678"),
        ("1234567", 0, "*******"),
        ("123", 0, "***"),
        ("123456789012", 4, "************"),
        ("1234567890123456", 4, "1234********3456"),
        (None, 4, None),
    ],
)
def test_a_short_number_is_hidden_wholly(number: str | None, shown_at_start: int, masked: str | None) -> None:
    frame = pl.DataFrame({"number": [number]}, schema={"number": pl.String})
    assert frame.select(mask(pl.col("number"), shown_at_start=shown_at_start)).item() == masked
