from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.payout_nights import Books, dues_frame, held, money_of_lines, paid_to
from transforms.payout.limits import Limits, money_of


def night(line: str, batch: str, **amounts: str) -> tuple[dict[str, Decimal], dict[str, str]]:
    """Lines, and reasons of what is held, of households H-1, H-2 and so on, given as H1, H2."""
    parties = {name.replace("H", "H-"): amount for name, amount in amounts.items()}
    dues = dues_frame({(party, "house"): amount for party, amount in parties.items()})
    payees = [paid_to(party, (serial, "100")) for serial, party in enumerate(parties, start=1)]
    draft = Books(limits=Limits(Decimal(line), Decimal(batch))).night(dues, *payees)
    assert set(held(draft)) == set(draft.held["payee_id"])
    return money_of_lines(draft), dict(draft.held.select("payee_id", "reason").iter_rows())


def test_a_line_of_the_limit_is_listed_and_one_above_it_is_held() -> None:
    lines, reasons = night("100", "1000", H1="100.00", H2="100.01")
    assert lines == {"H-1": Decimal("100.00")}
    assert reasons == {"H-2": "金额超过单笔限额 100 元，须核准后提高限额再列入"}


def test_a_batch_is_filled_up_to_its_limit_in_order() -> None:
    lines, reasons = night("100", "150", H2="50.00", H10="1.00", H1="100.00")
    assert lines == {"H-1": Decimal("100.00"), "H-2": Decimal("50.00")}
    assert reasons == {"H-10": "本批合计已达限额 150 元，留待下一批"}


def test_nobody_is_overtaken_by_a_smaller_line() -> None:
    lines, _ = night("100", "150", H1="100.00", H2="60.00", H3="1.00")
    assert lines == {"H-1": Decimal("100.00")}


def test_a_line_too_large_takes_no_room_of_the_batch() -> None:
    lines, _ = night("100", "150", H1="120.00", H2="100.00", H3="50.00")
    assert set(lines) == {"H-2", "H-3"}


def test_numbers_that_differ_in_zeros_alone_are_taken_in_a_fixed_order() -> None:
    parties = ("H-1", "H-01", "H-001", "H-0001", "H-00001", "H-000001")
    dues = dues_frame({(party, "house"): "100.00" for party in parties})
    payees = [paid_to(party, (serial, "100")) for serial, party in enumerate(parties, start=1)]
    draft = Books(limits=Limits(Decimal(100), Decimal(300))).night(dues, *payees)
    assert draft.lines["payee_id"].to_list() == ["H-000001", "H-00001", "H-0001"]


def test_when_both_limits_are_the_same_that_of_the_line_is_named() -> None:
    _, reasons = night("100", "100", H1="100.01")
    assert reasons == {"H-1": "金额超过单笔限额 100 元，须核准后提高限额再列入"}


def test_a_line_that_no_batch_has_room_for_does_not_keep_the_others_waiting() -> None:
    lines, reasons = night("1000", "150", H1="150.01", H2="50.00")
    assert lines == {"H-2": Decimal("50.00")}
    assert reasons == {"H-1": "金额超过单批限额 150 元，须核准后提高限额再列入"}


def test_what_waited_for_room_is_on_the_next_list() -> None:
    books = Books(limits=Limits(Decimal(100), Decimal(150)))
    dues = dues_frame({("H-1", "house"): "100.00", ("H-2", "house"): "60.00"})
    payees = [paid_to("H-1", (1, "100")), paid_to("H-2", (2, "100"))]
    books.approve(books.night(dues, *payees))
    assert money_of_lines(books.night(dues, *payees)) == {"H-2": Decimal("60.00")}


def test_a_line_is_its_net() -> None:
    dues = dues_frame({("H-1", "house"): "120.00", ("H-1", "buyback"): "-30.00"})
    draft = Books(limits=Limits(Decimal(100), Decimal(100))).night(dues, paid_to("H-1", (1, "100")))
    assert money_of_lines(draft) == {"H-1": Decimal("90.00")}


@pytest.mark.parametrize("value", [100, "100", Decimal("100.000")])
def test_a_number_of_the_policy_is_an_amount(value: object) -> None:
    assert str(money_of(value)) == "100.00"
