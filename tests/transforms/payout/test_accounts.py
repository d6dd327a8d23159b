from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.support.payout_frames import card_number
from tests.support.payout_nights import Books, dues_frame, held, money_of_lines, paid_to
from transforms.payout.accounts import failed_accounts
from transforms.payout.past import Past

HOUSE = ("H-1", "house")
ONE = paid_to("H-1", (1, "100"))
DUES = dues_frame({HOUSE: "100.00"})


def paid(*, is_paid: bool) -> Books:
    books = Books()
    draft = books.night(DUES, ONE)
    books.approve(draft)
    books.answer_all(draft, is_paid=is_paid)
    return books


def test_without_a_failure_no_account_has_failed() -> None:
    assert failed_accounts(Past.none()).is_empty()
    assert failed_accounts(paid(is_paid=True).past).is_empty()


def test_a_failed_account_is_named_without_its_digits() -> None:
    failed = failed_accounts(paid(is_paid=False).past)
    assert failed.height == 1
    assert card_number(1) not in failed["failed_hold"][0]


def test_a_failure_without_a_reason_says_so() -> None:
    books = paid(is_paid=False)
    nameless = replace(books.past, failures=Past.none().failures)
    assert failed_accounts(nameless)["failed_hold"].to_list() == [
        "清单 HC-0001 第 1 行付款失败（原因未填），请更正收款账户后再列入"
    ]


@pytest.mark.parametrize(
    "mended",
    [{"bank_account": card_number(50)}, {"account_name": "另一户名"}, {"bank_name": "示例银行二支行"}],
)
def test_any_change_of_the_account_is_a_mending(mended: dict[str, object]) -> None:
    draft = paid(is_paid=False).night(DUES, paid_to("H-1", (1, "100"), **mended))
    assert money_of_lines(draft) == {"H-1": Decimal("100.00")}


def test_what_grows_while_the_account_is_not_mended_is_held_with_what_failed() -> None:
    draft = paid(is_paid=False).night(dues_frame({HOUSE: "130.00"}), ONE)
    assert held(draft) == {"H-1": Decimal("130.00")}


def test_a_failed_account_is_held_for_whichever_payee_of_the_household_gives_it() -> None:
    books = Books()
    books.approve(books.night(DUES, paid_to("H-1", (1, "50"), (2, "50"))))
    books.answer([("HC-0001", 1, True), ("HC-0001", 2, False)])
    same_account = {"account_name": "收款2", "bank_account": card_number(2)}
    draft = books.night(DUES, paid_to("H-1", (3, "100"), **same_account))
    assert held(draft) == {"H-1#3": Decimal("50.00")}


def test_a_first_account_and_one_that_stays_are_no_change() -> None:
    assert Books().night(DUES, ONE).lines["account_change"].to_list() == [None]
    grown = paid(is_paid=True).night(dues_frame({HOUSE: "130.00"}), ONE)
    assert grown.lines["account_change"].to_list() == [None]


def test_a_changed_account_says_what_it_was_and_only_the_end_of_the_number() -> None:
    other = paid_to("H-1", (1, "100"), bank_account=card_number(50), bank_name="示例银行二支行")
    change = paid(is_paid=True).night(dues_frame({HOUSE: "130.00"}), other).lines["account_change"].item()
    assert change == f"清单 HC-0001：收款1，示例银行阿尔山支行，账号末四位 {card_number(1)[-4:]}"


def test_the_account_is_compared_with_the_last_list_not_the_first() -> None:
    books = paid(is_paid=True)
    other = paid_to("H-1", (1, "100"), bank_account=card_number(50))
    books.approve(books.night(dues_frame({HOUSE: "110.00"}), other))
    grown = dues_frame({HOUSE: "120.00"})
    assert books.night(grown, other).lines["account_change"].to_list() == [None]
    assert str(books.night(grown, ONE).lines["account_change"].item()).startswith("清单 HC-0002：")
