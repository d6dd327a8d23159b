from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest

from tests.support.payout_frames import (
    card_number,
    drafted,
    id_number,
    items_frame,
    line_item,
    payee,
    payees_frame,
    survey_frame,
    surveyed,
)
from tests.support.payout_nights import paid_to
from tests.support.whole_draft import WholeDraft as Draft
from transforms.frames import stacked
from transforms.payout.accounts import failed_accounts
from transforms.payout.holds import duplicate_owners, runs_as_formula, with_hold_reasons
from transforms.payout.past import Past

ITEMS = items_frame(line_item("H-1", "house_residence", "100.00"))


def held_reasons(draft: Draft) -> dict[str, str]:
    return dict(draft.held.select("payee_id", "reason").iter_rows())


def with_owner(**changed: object) -> Draft:
    return drafted(ITEMS, survey_frame(surveyed("H-1", 1, **changed)))


def wrong_card() -> str:
    card = card_number(1)
    return card[:-1] + str((int(card[-1]) + 1) % 10)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"account_name": None}, "收款账户不完整，请补录开户名"),
        ({"bank_name": None, "bank_account": None}, "收款账户不完整，请补录开户银行、银行账号"),
        ({"bank_account": "1234567"}, "银行账号应为 8 至 30 位数字，请对照存折或银行卡重新录入"),
        ({"bank_account": "１２３４５６７８"}, "银行账号应为 8 至 30 位数字，请对照存折或银行卡重新录入"),
        ({"id_number": None}, "缺少证件号码，请补录"),
        ({"bank_account": wrong_card()}, "银行卡号的校验位不对，多半录错了一位，请对照银行卡改正"),
    ],
)
def test_an_account_that_is_incomplete_or_wrong_is_held(changed: dict[str, object], reason: str) -> None:
    draft = with_owner(**changed)
    assert held_reasons(draft) == {"H-1": reason}
    assert draft.held["amount"].to_list() == [Decimal("100.00")]
    assert draft.lines.is_empty()
    assert draft.batches.is_empty()


def test_a_sound_account_without_check_digit_is_listed() -> None:
    assert with_owner(bank_account="15001234567890").lines.height == 1


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "示例\n甲", "示例\u202e甲"]
)
@pytest.mark.parametrize(
    ("field", "title"), [("owner_name", "收款人"), ("account_name", "开户名"), ("bank_name", "开户银行")]
)
def test_a_name_that_a_spreadsheet_would_run_is_held(field: str, title: str, name: str) -> None:
    text = f"{title}以 =、+、-、@ 开头或含有不可见字符，表格软件会把它当作公式，请改正"
    assert held_reasons(with_owner(**{field: name})) == {"H-1": text}


@pytest.mark.parametrize("name", ["示例甲", "O-甲", "甲=乙", "𠮷示例", "示例·甲"])
def test_other_names_are_none(name: str) -> None:
    assert pl.DataFrame({"name": [name]}).select(runs_as_formula(pl.col("name"))).item() is False


def test_a_household_number_that_a_spreadsheet_would_run_is_held() -> None:
    items = items_frame(line_item("-A1", "house_residence", "100.00"))
    draft = drafted(items, survey_frame(surveyed("-A1", 1)))
    assert held_reasons(draft) == {"-A1": "编号以“-”开头，表格软件会把它当作公式，请改用其他编号"}


def test_a_frozen_share_is_held_and_the_others_are_paid() -> None:
    given = payees_frame(payee("H-1", 11, "60", is_frozen=True), payee("H-1", 12, "40", is_frozen=False))
    draft = drafted(ITEMS, survey_frame(surveyed("H-1", 1)), given)
    assert draft.held.select("payee_id", "amount").rows() == [("H-1", Decimal("60.00"))]
    assert held_reasons(draft) == {
        "H-1": "该份额已冻结（查封、抵押或有争议），解除后请把「收款人」表的冻结改为否"
    }
    assert draft.lines.select("payee_id", "amount").rows() == [("H-1#2", Decimal("40.00"))]


def test_one_account_for_people_with_different_numbers_holds_them_all() -> None:
    items = items_frame(
        line_item("H-1", "house_residence", "100.00"),
        line_item("H-2", "house_residence", "100.00", building_id="B-2"),
    )
    survey = survey_frame(surveyed("H-1", 1), surveyed("H-2", 2, bank_account=card_number(1)))
    draft = drafted(items, survey)
    reason = "编号 H-1、H-2 的证件号码不同而银行账号相同，请逐一核对账号并改正录错的"
    assert held_reasons(draft) == {"H-1": reason, "H-2": reason}


def test_one_account_for_the_same_person_in_two_households_is_no_reason() -> None:
    items = items_frame(
        line_item("H-1", "house_residence", "100.00"),
        line_item("H-2", "house_residence", "100.00", building_id="B-2"),
    )
    office = payees_frame(payee("H-1", 30, "100"), payee("H-2", 30, "100"))
    draft = drafted(items, survey_frame(surveyed("H-1", 1), surveyed("H-2", 2)), office)
    assert draft.held.is_empty()
    assert draft.lines["payee_id"].to_list() == ["H-1", "H-2"]


def test_one_owner_of_two_households_holds_both() -> None:
    survey = survey_frame(surveyed("H-1", 1), surveyed("H-2", 1, building_id="B-2"), surveyed("H-3", 3))
    assert duplicate_owners(survey)["household_id"].sort().to_list() == ["H-1", "H-2"]
    reasons = held_reasons(drafted(ITEMS, survey))
    assert reasons["H-1"].startswith("户 H-1、H-2 的被征收人证件号码相同")


def test_all_reasons_are_given_and_none_has_a_number_or_a_name_in_it() -> None:
    draft = with_owner(bank_account="123", account_name="=甲", bank_name=None)
    reason = held_reasons(draft)["H-1"]
    assert reason == (
        "收款账户不完整，请补录开户银行；银行账号应为 8 至 30 位数字，请对照存折或银行卡重新录入；"
        "开户名以 =、+、-、@ 开头或含有不可见字符，表格软件会把它当作公式，请改正"
    )
    assert id_number(1) not in reason


def test_an_owner_of_two_numbers_that_both_are_somebody_elses_is_told_of_both() -> None:
    survey = survey_frame(
        surveyed("H-1", 1), surveyed("H-1", 2), surveyed("H-2", 1, building_id="B-3"), surveyed("H-3", 2)
    )
    text = "户 {} 的被征收人证件号码相同，请核实是同一人的几户还是录错，并合并或改正「入户调查」"
    reasons = dict(duplicate_owners(survey).iter_rows())
    assert reasons["H-1"] == f"{text.format('H-1、H-2')}；{text.format('H-1、H-3')}"


def test_payees_keep_their_columns() -> None:
    payees = paid_to("H-1", (1, "100"))
    checked = with_hold_reasons(payees, failed_accounts(Past.none()))
    assert checked.columns == [*payees.columns, "hold_reason"]


@pytest.mark.parametrize(("people", "ending"), [(8, ""), (9, " 等")])
def test_of_many_who_give_one_account_all_are_held_and_eight_are_named(people: int, ending: str) -> None:
    account = {"bank_account": card_number(1)}
    payees = stacked(paid_to(f"H-{serial}", (serial, "100"), **account) for serial in range(1, people + 1))
    reasons = with_hold_reasons(payees, failed_accounts(Past.none()))["hold_reason"]
    named = "、".join(f"H-{serial}" for serial in range(1, 9))
    text = f"编号 {named}{ending} 的证件号码不同而银行账号相同，请逐一核对账号并改正录错的"
    assert reasons.to_list() == [text] * people
