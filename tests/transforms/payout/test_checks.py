from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from schemas.payout import ReceivableItems
from tests.support.payout_frames import drafted, items_frame, line_item, survey_frame, surveyed
from tests.support.payout_nights import Books, dues_frame, paid_to
from tests.support.whole_draft import WholeDraft as Draft
from tests.support.whole_draft import check_draft
from transforms.money import MONEY
from transforms.payout.checks import check_items, check_placed, check_totals
from transforms.payout.obligations import housing_dues
from transforms.payout.past import Past

ITEMS = items_frame(
    line_item("H-1", "house_residence", "100.00"),
    line_item("H-1", "attachments", "7.00"),
    line_item("H-2", "house_residence", "50.00", building_id="B-2"),
    line_item("H-3", "buyback", "-30.00", building_id="B-3"),
)
SURVEY = survey_frame(surveyed("H-1", 1), surveyed("H-2", 2, bank_account=None), surveyed("H-3", 3))


def made() -> Draft:
    return drafted(ITEMS, SURVEY)


def failures(draft: Draft) -> list[str]:
    return check_draft(draft, Past.none(), dues=housing_dues(ITEMS), line_items=ITEMS)


def test_a_draft_as_it_is_made_passes() -> None:
    draft = made()
    assert failures(draft) == []
    assert (draft.lines.height, draft.held.height, draft.receivables.height) == (1, 1, 1)


def one_cent_more(frame: pl.DataFrame) -> pl.DataFrame:
    cent = pl.lit(Decimal("0.01"))
    return frame.with_columns(amount=(pl.col("amount") + cent).cast(pl.Decimal(18, 2)))


@pytest.mark.parametrize(
    ("spoil", "failure"),
    [
        (
            lambda draft: replace(draft, lines=one_cent_more(draft.lines)),
            "批次合计 = 各行之和：HC-0001 应为 107.00，实为 107.01，差 0.01",
        ),
        (
            lambda draft: replace(draft, line_items=one_cent_more(draft.line_items).head(1)),
            "清单行 = 其明细之和：HC-0001 第 1 行 应为 107.00，实为 100.01，差 -6.99",
        ),
        (
            lambda draft: replace(draft, obligations=draft.obligations.head(3)),
            "应付减已列的每一项恰好处理一次：房屋征收补偿/H-3/B-3/buyback/ 应为 -30.00，实为 0.00，差 30.00",
        ),
        (
            lambda draft: replace(draft, obligations=pl.concat([draft.obligations] * 2)),
            (
                "应付减已列的每一项恰好处理一次：房屋征收补偿/H-1/B-1/attachments/ "
                "应为 7.00，实为 14.00，差 7.00"
            ),
        ),
        (
            lambda draft: replace(draft, held=draft.held.clear()),
            "净额 − 已列 = 清单 + 暂缓 − 应收：房屋征收补偿 H-2 应为 50.00，实为 0.00，差 -50.00",
        ),
        (
            lambda draft: replace(draft, receivables=one_cent_more(draft.receivables)),
            "净额 − 已列 = 清单 + 暂缓 − 应收：房屋征收补偿 H-3 应为 -30.00，实为 -30.01，差 -0.01",
        ),
        (
            lambda draft: replace(draft, held=one_cent_more(draft.held)),
            "暂缓 = 暂缓的款项：H-2 应为 50.00，实为 50.01，差 0.01",
        ),
        (
            lambda draft: replace(draft, receivables=one_cent_more(draft.receivables)),
            "应收 = 应收的款项：H-3 应为 30.00，实为 30.01，差 0.01",
        ),
        (
            lambda draft: replace(draft, line_items=one_cent_more(draft.line_items).head(1)),
            "清单明细 = 列入的款项：房屋征收补偿/H-1/B-1/attachments/ 应为 7.00，实为 0.00，差 -7.00",
        ),
        # the sum of the line stays as it is
        (
            lambda draft: replace(
                draft, line_items=draft.line_items.with_columns(pl.col("amount").reverse())
            ),
            "清单明细 = 列入的款项：房屋征收补偿/H-1/B-1/attachments/ 应为 7.00，实为 100.00，差 93.00",
        ),
        (
            lambda draft: replace(draft, line_items=pl.concat([draft.line_items] * 2)),
            (
                "每项付款义务的每个次序只列入一次：房屋征收补偿/H-1/B-1/attachments/ "
                "已经列入过，或重列的与失败的不同"
            ),
        ),
        (
            lambda draft: replace(draft, lines=draft.lines.clear()),
            "批次笔数 = 行数：HC-0001 应为 1，实为 0",
        ),
        (
            lambda draft: replace(
                draft, lines=draft.lines.with_columns(amount=pl.lit(Decimal("0.00")).cast(MONEY))
            ),
            "清单行大于 0：HC-0001 第 1 行 不大于 0",
        ),
        (
            lambda draft: replace(draft, batches=draft.batches.clear()),
            "净额 − 已列 = 清单 + 暂缓 − 应收：房屋征收补偿 H-1 应为 107.00，实为 0.00，差 -107.00",
        ),
        (
            lambda draft: replace(draft, batches=draft.batches.with_columns(digest=pl.lit("0"))),
            "批次摘要 = 各行内容的摘要：HC-0001 不符",
        ),
        (
            lambda draft: replace(draft, batches=draft.batches.with_columns(line_count=pl.lit(2))),
            "批次笔数 = 行数：HC-0001 应为 2，实为 1",
        ),
    ],
)
def test_a_spoilt_draft_fails_with_its_figures(spoil: Callable[[Draft], Draft], failure: str) -> None:
    assert failure in failures(spoil(made()))


def test_what_nobody_is_owed_is_found() -> None:
    found = check_draft(made(), Past.none(), dues=housing_dues(ITEMS.head(2)), line_items=ITEMS.head(2))
    assert (
        "应付减已列的每一项恰好处理一次：房屋征收补偿/H-2/B-2/house_residence/ "
        "应为 0.00，实为 50.00，差 50.00"
    ) in found


def test_the_settlement_is_compared_with_what_is_owed_before_anything_was_frozen() -> None:
    dues = housing_dues(ITEMS)
    owed = dues.filter(pl.col("party_id") != "H-2")
    found = check_draft(made(), Past.none(), dues=dues, line_items=ITEMS, owed=owed)
    assert found == ["每户应付项目之和 = 列入处理的款项：H-2 应为 50.00，实为 0.00，差 -50.00"]


def test_a_line_of_a_cent_is_a_line() -> None:
    dues = dues_frame({("H-1", "house"): "0.01", ("H-2", "house"): "1.00"})
    draft = Books().night(dues, paid_to("H-1", (1, "100")), paid_to("H-2", (2, "100")))
    assert draft.lines["amount"].to_list() == [Decimal("0.01"), Decimal("1.00")]


def test_a_draft_of_too_few_items_fails() -> None:
    dues = housing_dues(ITEMS.head(2))
    draft = drafted(ITEMS.head(2), SURVEY)
    found = check_draft(draft, Past.none(), dues=dues, line_items=ITEMS)
    assert found[0] == "每户应付项目之和 = 列入处理的款项：H-2 应为 50.00，实为 0.00，差 -50.00"


def test_many_failures_are_counted_and_not_all_told() -> None:
    items = items_frame(*(line_item("H-1", f"item_{n}", "1.00") for n in range(15)))
    draft = drafted(items, SURVEY)
    found = check_draft(
        replace(draft, obligations=draft.obligations.clear()),
        Past.none(),
        dues=housing_dues(items),
        line_items=items,
    )
    assert "应付减已列的每一项恰好处理一次：另有 5 处不符" in found


OWED = dues_frame({("H-1", "house"): "100.00"})
OWED_ITEMS = OWED.select(pl.col("party_id").alias("household_id"), "amount", status=pl.lit("owed"))
LISTED_TWICE = "每项付款义务的每个次序只列入一次：房屋征收补偿/H-1//house/ 已经列入过，或重列的与失败的不同"


def books_after_a_failure() -> Books:
    books = Books()
    first = books.night(OWED, paid_to("H-1", (1, "100")))
    books.approve(first)
    books.answer_all(first, is_paid=False)
    return books


def test_a_draft_that_has_been_approved_fails_as_listed_twice() -> None:
    books = Books()
    draft = books.night(OWED, paid_to("H-1", (1, "100")))
    books.approve(draft)
    found = check_draft(draft, books.past, dues=OWED, line_items=OWED_ITEMS)
    assert LISTED_TWICE in found
    assert (
        "应付减已列的每一项恰好处理一次：房屋征收补偿/H-1//house/ 应为 0.00，实为 100.00，差 100.00" in found
    )
    assert "净额 − 已列 = 清单 + 暂缓 − 应收：房屋征收补偿 H-1 应为 0.00，实为 100.00，差 100.00" in found


@pytest.mark.parametrize(
    "spoilt",
    [
        {"attempt": 1},  # as if it had never failed
        {"sequence": 2},  # what failed was another sequence
        {"refers_to": 1},  # what was listed is no failure
        {"refers_to": None},
        {"amount": Decimal("99.00")},
    ],
)
def test_what_is_listed_again_must_be_what_failed(spoilt: dict[str, object]) -> None:
    books = books_after_a_failure()
    draft = books.night(OWED, paid_to("H-1", (1, "100"), account_name="更正户名"))
    types = draft.line_items.schema
    items = draft.line_items.with_columns(
        **{name: pl.lit(value).cast(types[name]) for name, value in spoilt.items()}
    )
    found = check_draft(replace(draft, line_items=items), books.past, dues=OWED, line_items=OWED_ITEMS)
    assert LISTED_TWICE in found


def test_what_failed_twice_is_not_listed_again_as_the_second_attempt() -> None:
    books = books_after_a_failure()
    second = books.night(OWED, paid_to("H-1", (1, "100"), account_name="更正户名"))
    books.approve(second)
    books.answer_all(second, is_paid=False)
    draft = books.night(OWED, paid_to("H-1", (1, "100"), account_name="再次更正"))
    assert draft.line_items["attempt"].to_list() == [3]
    items = draft.line_items.with_columns(attempt=pl.lit(2, pl.Int64))
    found = check_draft(replace(draft, line_items=items), books.past, dues=OWED, line_items=OWED_ITEMS)
    assert LISTED_TWICE in found


def test_a_number_with_a_mark_in_it_stops_no_night() -> None:
    marked = dues_frame({("Y#2", "reward"): "5.00", ("Y", "reward"): "7.00"})
    draft = Books().night(marked, paid_to("Y", (1, "100")), paid_to("Y#2", (2, "100")))
    assert draft.lines.select("payee_id", "amount").rows() == [
        ("Y", Decimal("7.00")),
        ("Y#2", Decimal("5.00")),
    ]


def totals(draft: Draft, owed: str, standing: str) -> list[str]:
    line_items = OWED_ITEMS.with_columns(amount=pl.lit(Decimal(owed)).cast(MONEY))
    return check_totals(draft, draft.parts, line_items=line_items, standing=Decimal(standing))


def test_of_all_households_together_nothing_may_be_missing_by_a_cent() -> None:
    draft = Books().night(OWED, paid_to("H-1", (1, "100")))
    check = "全部净额 − 已列 = 清单 + 暂缓 − 应收："
    assert totals(draft, "100.00", "0.00") == totals(draft, "130.00", "30.00") == []
    assert totals(draft, "100.01", "0.00") == [f"{check}应为 100.01，实为 100.00，差 -0.01"]
    assert totals(draft, "100.00", "0.01") == [f"{check}应为 99.99，实为 100.00，差 0.01"]


def test_what_is_held_owing_and_frozen_is_part_of_the_whole() -> None:
    draft = made()  # 107.00 on a line, 50.00 held, 30.00 receivable
    assert totals(draft, "127.00", "0.00") == []
    frozen = [
        replace(part, parties=part.parties.with_columns(due=pl.col("due") + pl.lit(Decimal("0.50"))))
        for part in draft.parts
    ]
    line_items = OWED_ITEMS.with_columns(amount=pl.lit(Decimal("127.00")).cast(MONEY))
    parties = sum(part.parties.height for part in frozen)
    found = check_totals(draft, frozen, line_items=line_items, standing=Decimal(parties) / 2)
    assert (parties, found) == (3, [])


def test_what_is_behind_a_receivable_must_be_what_was_placed_there() -> None:
    draft = made()
    (placed,) = [part.owing for part in draft.parts if part.owing.height]
    assert check_items(ReceivableItems, draft.on_lists(ReceivableItems, placed), draft.receivable_items) == []
    more = one_cent_more(draft.receivable_items)
    expected = "应收明细 = 应收的款项：房屋征收补偿/H-3/B-3/buyback/ 应为 30.00，实为 30.01，差 0.01"
    assert check_items(ReceivableItems, placed, more) == [expected]


@pytest.mark.parametrize(
    ("name", "failure"),
    [
        ("lines", "清单 = 列入的款项：H-1 应为 107.00，实为 107.01，差 0.01"),
        ("items", "清单明细 = 列入的款项：房屋征收补偿/H-1/B-1/attachments/ 应为 7.00，实为 7.01，差 0.01"),
        ("held", "暂缓 = 暂缓的款项：H-2 应为 50.00，实为 50.01，差 0.01"),
        ("receivables", "应收 = 应收的款项：H-3 应为 30.00，实为 30.01，差 0.01"),
        ("owing", "应收明细 = 应收的款项：房屋征收补偿/H-3/B-3/buyback/ 应为 30.00，实为 30.01，差 0.01"),
        (
            "dues",
            (
                "应付减已列的每一项恰好处理一次：房屋征收补偿/H-2/B-2/house_residence/ "
                "应为 50.01，实为 50.00，差 -0.01"
            ),
        ),
    ],
)
def test_a_stretch_that_loses_a_cent_fails(name: str, failure: str) -> None:
    (placed,) = made().parts
    assert check_placed(placed, Past.none()) == []
    spoilt = replace(placed, **{name: one_cent_more(getattr(placed, name))})
    assert failure in check_placed(spoilt, Past.none())
