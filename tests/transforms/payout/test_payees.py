from __future__ import annotations

from decimal import Decimal

from tests.support.payout_frames import id_number, payee, payees_frame, survey_frame, surveyed
from transforms.payout.payees import housing_payees


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
