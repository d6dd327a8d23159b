from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest

from tests.support.payout_frames import drafted, items_frame, line_item, survey_frame, surveyed
from transforms.payout.batches import Draft
from transforms.payout.checks import check_draft
from transforms.payout.obligations import housing_dues

ITEMS = items_frame(
    line_item("H-1", "house_residence", "100.00"),
    line_item("H-1", "attachments", "7.00"),
    line_item("H-2", "house_residence", "50.00", building_id="B-2"),
    line_item("H-3", "buyback", "-30.00", building_id="B-3"),
)
SURVEY = survey_frame(surveyed("H-1", 1), surveyed("H-2", 2, bank_account=None), surveyed("H-3", 3))
DRAFT = drafted(ITEMS, SURVEY)


def failures(draft: Draft) -> list[str]:
    return check_draft(draft, dues=housing_dues(ITEMS), line_items=ITEMS)


def test_a_draft_as_it_is_made_passes() -> None:
    assert failures(DRAFT) == []
    assert (DRAFT.lines.height, DRAFT.held.height, DRAFT.receivables.height) == (1, 1, 1)


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
            "每项应付款项恰好处理一次：房屋征收补偿/H-3/B-3/buyback/ 应为 -30.00，实为 0.00，差 30.00",
        ),
        (
            lambda draft: replace(draft, obligations=pl.concat([draft.obligations] * 2)),
            "每项应付款项恰好处理一次：房屋征收补偿/H-1/B-1/attachments/ 重复",
        ),
        (
            lambda draft: replace(draft, held=draft.held.clear()),
            "净额 = 清单 + 暂缓 − 应收：房屋征收补偿 H-2 应为 50.00，实为 0.00，差 -50.00",
        ),
        (
            lambda draft: replace(draft, receivables=one_cent_more(draft.receivables)),
            "净额 = 清单 + 暂缓 − 应收：房屋征收补偿 H-3 应为 -30.00，实为 -30.01，差 -0.01",
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
    assert failure in failures(spoil(DRAFT))


def test_a_draft_of_too_few_items_fails() -> None:
    dues = housing_dues(ITEMS.head(2))
    draft = drafted(ITEMS.head(2), SURVEY)
    found = check_draft(draft, dues=dues, line_items=ITEMS)
    assert found[0] == "每户应付项目之和 = 列入处理的款项：H-2 应为 50.00，实为 0.00，差 -50.00"


def test_many_failures_are_counted_and_not_all_told() -> None:
    items = items_frame(*(line_item("H-1", f"item_{n}", "1.00") for n in range(15)))
    draft = drafted(items, SURVEY)
    found = check_draft(
        replace(draft, obligations=draft.obligations.clear()), dues=housing_dues(items), line_items=items
    )
    assert "每项应付款项恰好处理一次：另有 5 处不符" in found
