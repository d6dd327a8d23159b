from __future__ import annotations

import polars as pl
import pytest

from tests.support.payout_nights import RECEIPTS, Books, dues_frame, paid_to
from transforms.payout.answers import (
    CONTRADICTS,
    NOTHING_TO_VOID,
    TWICE,
    UNKNOWN_LINE,
    answers,
)

OK, BAD = "成功", "失败"
Row = tuple[str, int, str, bool]


def books() -> Books:
    """A batch of two lines, not answered."""
    made = Books()
    dues = dues_frame({("H-1", "house"): "1.00", ("H-2", "house"): "2.00", ("H-3", "buyback"): "-3.00"})
    made.approve(made.night(dues, paid_to("H-1", (1, "100")), paid_to("H-2", (2, "100"))))
    return made


def taken(made: Books, *rows: Row) -> tuple[list[tuple[str, int, bool]], list[tuple[str, int, str]]]:
    """What is answered, and what is refused with its rule."""
    receipts = pl.DataFrame(
        [(batch, line, result, None, void) for batch, line, result, void in rows],
        schema=RECEIPTS,
        orient="row",
    )
    found = answers(receipts, made.past.ledger)
    refused = found.refused.select("batch_id", "line_number", "rule")
    return list(found.answered.iter_rows()), list(refused.iter_rows())


def test_each_line_takes_its_answer() -> None:
    answered, refused = taken(books(), ("HC-0001", 1, OK, False), ("HC-0001", 2, BAD, False))
    assert answered == [("HC-0001", 1, True), ("HC-0001", 2, False)]
    assert refused == []


def test_no_receipts_are_no_answers() -> None:
    assert taken(books()) == ([], [])


@pytest.mark.parametrize(("batch", "line"), [("HC-0009", 1), ("HC-0001", 3), ("HC-0001", 0)])
@pytest.mark.parametrize("is_void", [False, True])
def test_a_receipt_for_no_approved_line_changes_nothing(batch: str, line: int, *, is_void: bool) -> None:
    answered, refused = taken(books(), (batch, line, OK, is_void), ("HC-0001", 1, OK, False))
    assert answered == [("HC-0001", 1, True)]
    assert refused == [(batch, line, UNKNOWN_LINE)]


def test_the_receivable_of_a_batch_is_no_line_of_it() -> None:
    # line 1 of the receivables list is not line 1 of the payment list
    made = Books()
    made.approve(made.night(dues_frame({("H-3", "buyback"): "-3.00"})))
    assert taken(made, ("HC-0001", 1, OK, False)) == ([], [("HC-0001", 1, UNKNOWN_LINE)])


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [(True, OK, TWICE), (False, BAD, TWICE), (True, BAD, CONTRADICTS), (False, OK, CONTRADICTS)],
)
def test_a_second_night_s_receipt_is_refused(first: bool, second: str, rule: str) -> None:
    made = books()
    made.answer([("HC-0001", 1, first)])
    assert taken(made, ("HC-0001", 1, second, False)) == ([], [("HC-0001", 1, rule)])


def test_the_same_receipt_twice_in_a_night_counts_once() -> None:
    answered, refused = taken(books(), ("HC-0001", 1, OK, False), ("HC-0001", 1, OK, False))
    assert answered == [("HC-0001", 1, True)]
    assert refused == [("HC-0001", 1, TWICE)]


@pytest.mark.parametrize("later", [(BAD, False), (OK, True)])
def test_two_different_receipts_in_a_night_settle_nothing(later: tuple[str, bool]) -> None:
    answered, refused = taken(books(), ("HC-0001", 1, OK, False), ("HC-0001", 1, *later))
    assert answered == []
    assert refused == [("HC-0001", 1, CONTRADICTS)] * 2


@pytest.mark.parametrize(("was_answered", "rule"), [(False, NOTHING_TO_VOID), (True, CONTRADICTS)])
def test_a_void_receipt_takes_nothing_back(was_answered: bool, rule: str) -> None:
    made = books()
    if was_answered:
        made.answer([("HC-0001", 1, True)])
    assert taken(made, ("HC-0001", 1, OK, True)) == ([], [("HC-0001", 1, rule)])


def test_refused_rows_keep_their_fields_and_order_and_say_what_to_do() -> None:
    receipts = pl.DataFrame(
        [("HC-0009", 7, OK, None, False), ("HC-0001", 1, OK, None, True)], schema=RECEIPTS, orient="row"
    )
    refused = answers(receipts, books().past.ledger).refused
    assert refused.columns == [*RECEIPTS, "rule", "message"]
    assert refused["rule"].to_list() == ["receipt_unknown_line", "receipt_nothing_to_void"]
    assert refused["message"].to_list() == [
        "没有已批准的清单 HC-0009 第 7 行，回执未入账；请核对批次号和序号。",
        "清单 HC-0001 第 1 行没有已入账的回执，作废的这一行不影响账簿。",
    ]


def test_a_receipt_a_second_time_and_one_that_contradicts_say_what_to_do() -> None:
    made = books()
    made.answer([("HC-0001", 1, True), ("HC-0001", 2, True)])
    receipts = pl.DataFrame(
        [("HC-0001", 1, OK, None, False), ("HC-0001", 2, BAD, None, False)], schema=RECEIPTS, orient="row"
    )
    assert answers(receipts, made.past.ledger).refused.select("rule", "message").rows() == [
        ("receipt_twice", "清单 HC-0001 第 1 行已有相同的回执，这一行不再入账。"),
        (
            "receipt_contradicts",
            "清单 HC-0001 第 2 行已有不同的回执，这一行未入账；请与财政部门核实后以书面处理。",
        ),
    ]


def test_a_line_that_is_listed_again_has_an_answer_of_its_own() -> None:
    made = books()
    made.answer([("HC-0001", 1, False)])
    mended = paid_to("H-1", (1, "100"), account_name="更正户名")
    dues = dues_frame({("H-1", "house"): "1.00", ("H-2", "house"): "2.00", ("H-3", "buyback"): "-3.00"})
    made.approve(made.night(dues, mended, paid_to("H-2", (2, "100"))))
    assert taken(made, ("HC-0002", 1, OK, False)) == ([("HC-0002", 1, True)], [])
