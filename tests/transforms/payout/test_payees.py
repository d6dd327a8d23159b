from __future__ import annotations

from decimal import Decimal

import polars as pl

from tests.support.payout_frames import (
    card_number,
    id_number,
    payee,
    payees_frame,
    survey_frame,
    surveyed,
)
from transforms.payout.frames import PAYEES
from transforms.payout.payees import housing_payees

DOUBT = "「收款人」表中该户有退回的行，请改正后把该户全部收款人（份额合计 100）一并重新上报"


def test_without_rows_of_their_own_the_surveyed_owner_is_paid() -> None:
    row = housing_payees(survey_frame(surveyed("H-1", 1)), payees_frame()).row(0, named=True)
    assert (row["payee_id"], row["payee_name"], row["id_number"]) == ("H-1", "示例1", id_number(1))
    assert row["share"] == Decimal(100)
    assert row["party_hold"] is None


def test_an_account_that_one_of_the_rows_gives_is_that_of_the_household() -> None:
    without = {"account_name": None, "bank_name": None, "bank_account": None}
    survey = survey_frame(surveyed("H-1", 1, **without), surveyed("H-1", 1, building_id="B-2"))
    row = housing_payees(survey, payees_frame()).row(0, named=True)
    assert row["account_name"] == "示例1"
    assert row["bank_account"] is not None


def test_rows_of_payees_replace_the_owner_in_their_order() -> None:
    given = payees_frame(payee("H-1", 12, "60"), payee("H-1", 11, "40"))
    frame = housing_payees(survey_frame(surveyed("H-1", 1)), given)
    assert frame.select("payee_id", "payee_name", "party_name").rows() == [
        ("H-1", "收款12", "示例1"),
        ("H-1#2", "收款11", "示例1"),
    ]


def test_payees_of_a_household_that_was_never_surveyed_wait() -> None:
    frame = housing_payees(survey_frame(surveyed("H-1", 1)), payees_frame(payee("H-2", 12, "100")))
    assert frame["party_id"].to_list() == ["H-1"]


def test_shares_that_do_not_add_up_hold_the_whole_household() -> None:
    given = payees_frame(payee("H-1", 11, "60"), payee("H-1", 12, "39.99"))
    rows = housing_payees(survey_frame(surveyed("H-1", 1)), given).rows(named=True)
    assert [row["payee_id"] for row in rows] == ["H-1"]
    assert rows[0]["party_hold"].startswith("各收款人份额合计为 99.99%，应为 100%")


def test_an_owner_is_paid_with_all_that_the_survey_says_of_him() -> None:
    frame = housing_payees(survey_frame(surveyed("H-1", 1)), payees_frame())
    assert frame.schema == PAYEES
    assert frame.row(0, named=True) == {
        "programme": "房屋征收补偿",
        "party_id": "H-1",
        "party_name": "示例1",
        "payee_id": "H-1",
        "payee_name": "示例1",
        "id_number": id_number(1),
        "account_name": "示例1",
        "bank_name": "示例银行阿尔山支行",
        "bank_account": card_number(1),
        "share": Decimal("100.00"),
        "is_frozen": False,
        "party_hold": None,
    }


def test_a_payee_is_paid_with_all_that_its_row_says_of_it() -> None:
    given = payees_frame(
        payee("H-1", 11, "70", is_frozen=True), payee("H-1", 12, "20"), payee("H-1", 13, "10")
    )
    frame = housing_payees(survey_frame(surveyed("H-1", 1)), given)
    fields = ["party_name", "payee_id", "payee_name", "id_number", "account_name", "bank_account", "share"]
    assert frame.select(*fields, "is_frozen", "party_hold").rows() == [
        (
            "示例1",
            number,
            f"收款{serial}",
            id_number(serial),
            f"收款{serial}",
            card_number(serial),
            Decimal(share),
            is_frozen,
            None,
        )
        for number, serial, share, is_frozen in (
            ("H-1", 11, "70", True),
            ("H-1#2", 12, "20", False),
            ("H-1#3", 13, "10", False),
        )
    ]


def test_the_first_of_a_households_rows_names_its_owner() -> None:
    survey = survey_frame(
        surveyed("H-1", 1, id_number=None), surveyed("H-1", 2), surveyed("H-1", 3, building_id="B-9")
    )
    row = housing_payees(survey, payees_frame()).row(0, named=True)
    assert (row["party_name"], row["id_number"]) == ("示例1", id_number(2))
    assert (row["account_name"], row["bank_account"]) == ("示例1", card_number(1))


def test_owners_stand_first_and_then_the_rows_of_payees_each_in_their_order() -> None:
    places = [number * 37 % 101 for number in range(101)]
    survey = survey_frame(*(surveyed(f"H-{place}", place) for place in places))
    given = payees_frame(*(payee(f"H-{place}", 200 + place, "100") for place in range(50, 0, -1)))
    frame = housing_payees(survey, given)
    by_themselves = [f"H-{place}" for place in places if not 1 <= place <= 50]
    assert frame["party_id"].to_list() == [*by_themselves, *(f"H-{place}" for place in range(50, 0, -1))]


def test_a_household_of_wrong_shares_has_one_row_for_the_whole_and_the_others_stay() -> None:
    given = payees_frame(
        payee("H-1", 11, "60"), payee("H-1", 12, "40.01"), payee("H-2", 13, "50"), payee("H-2", 14, "50")
    )
    survey = survey_frame(surveyed("H-1", 1), surveyed("H-2", 2))
    frame = housing_payees(survey, given)
    assert frame.select("payee_id", "payee_name", "share", "party_hold").rows() == [
        (
            "H-1",
            "收款11",
            Decimal("100.00"),
            "各收款人份额合计为 100.01%，应为 100%，请改正「收款人」表的份额",
        ),
        ("H-2", "收款13", Decimal("50.00"), None),
        ("H-2#2", "收款14", Decimal("50.00"), None),
    ]


def test_a_household_whose_rows_were_rejected_waits_and_says_all_that_stands_against_it() -> None:
    survey = survey_frame(surveyed("H-1", 1), surveyed("H-2", 1), surveyed("H-3", 3), surveyed("H-4", 4))
    given = payees_frame(payee("H-1", 11, "99"))
    frame = housing_payees(survey, given, doubtful=pl.Series(["H-1", "H-3"]))
    holds = dict(frame.select("party_id", "party_hold").rows())
    doubled = "户 H-1、H-2 的被征收人证件号码相同，请核实是同一人的几户还是录错，并合并或改正「入户调查」"
    assert holds == {
        "H-1": f"各收款人份额合计为 99.00%，应为 100%，请改正「收款人」表的份额；{doubled}；{DOUBT}",
        "H-2": doubled,
        "H-3": DOUBT,
        "H-4": None,
    }
