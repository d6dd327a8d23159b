from __future__ import annotations

import hashlib
from decimal import Decimal

import polars as pl
import pytest

from schemas.payout import LineObligations, Lines, ReceivableItems
from schemas.table import Table
from tests.support.payout_frames import card_number, id_number
from tests.support.payout_nights import Books, dues_frame, paid_to
from tests.support.whole_draft import WholeDraft as Draft
from transforms.payout.batch_digest import batch_digest

TABLES: tuple[type[Table], ...] = (Lines, LineObligations, ReceivableItems)


@pytest.fixture(scope="module")
def draft() -> Draft:
    dues = dues_frame({("H-1", "house"): "1.00", ("H-1", "trees"): "2.00", ("H-2", "buyback"): "-3.00"})
    return Books().night(dues, paid_to("H-1", (1, "100")))


def frames(draft: Draft) -> list[pl.DataFrame]:
    return [draft.lines, draft.line_items, draft.receivable_items]


def other(frame: pl.DataFrame, field: str) -> pl.Expr:
    """Another value of the field's type in every row."""
    kind = frame.schema[field]
    if kind == pl.Int64():
        return (pl.col(field).fill_null(0) + 1).alias(field)
    if kind == pl.String():
        return (pl.col(field).fill_null("") + "改").alias(field)
    return (pl.col(field) + pl.lit(Decimal("0.01"))).cast(kind).alias(field)


@pytest.mark.parametrize("place", range(len(TABLES)))
def test_no_field_can_be_changed_without_the_digest_changing(draft: Draft, place: int) -> None:
    digest = draft.batches["digest"].item()
    for field in TABLES[place].columns:
        if field == "batch_id":
            continue
        spoilt = frames(draft)
        spoilt[place] = spoilt[place].with_columns(other(spoilt[place], field))
        assert batch_digest("HC-0001", *spoilt) != digest, field


def test_the_digest_of_a_batch_that_stands_never_becomes_another(draft: Draft) -> None:
    house, trees, buyback = (f"房屋征收补偿/{key}/" for key in ("H-1//house", "H-1//trees", "H-2//buyback"))
    nobody, account = "∅", f"{id_number(1)}|收款1|示例银行阿尔山支行|{card_number(1)}"
    text = f"""HC-0001
lines
HC-0001|1|H-1|收款1|{account}|3.00|house、trees|∅
line_items
HC-0001|1|{house}|1|1|1.00|{house}|∅|∅|H-1|收款1|H-1|∅|house|∅|方案 五(一)1|1 × 1.00 元 = 1.00 元|∅|1
HC-0001|1|{trees}|1|1|2.00|{trees}|∅|∅|H-1|收款1|H-1|∅|trees|∅|方案 五(一)1|1 × 2.00 元 = 2.00 元|∅|2
receivable_items
HC-0001|1|{buyback}|{buyback}|3.00|3.00|H-2|∅|H-2|∅|buyback|∅|方案 五(一)1|1 × -3.00 元 = -3.00 元|∅|1"""
    written = text.replace("|", "\x1f").replace(nobody, "\x00")
    assert draft.batches["digest"].item() == hashlib.sha256(written.encode()).hexdigest()


def test_the_order_in_which_rows_come_is_no_matter(draft: Draft) -> None:
    assert (
        batch_digest("HC-0001", *(frame.reverse() for frame in frames(draft))) == draft.batches["digest"][0]
    )


def test_rows_of_other_batches_are_no_matter(draft: Draft) -> None:
    both = [pl.concat([frame, frame.with_columns(batch_id=pl.lit("HC-0002"))]) for frame in frames(draft)]
    assert batch_digest("HC-0001", *both) == draft.batches["digest"].item()
    assert batch_digest("HC-0002", *both) != draft.batches["digest"].item()


def test_what_moves_from_one_field_to_the_next_changes_the_digest(draft: Draft) -> None:
    lines, items, owing = frames(draft)
    moved = [
        lines.with_columns(account_name=pl.lit(account), bank_name=pl.lit(bank))
        for account, bank in (("示例甲", "乙银行"), ("示例", "甲乙银行"))
    ]
    first, second = (batch_digest("HC-0001", each, items, owing) for each in moved)
    assert first != second


def test_null_and_empty_are_not_the_same(draft: Draft) -> None:
    lines, items, owing = frames(draft)
    assert lines["account_change"].null_count() == 1
    emptied = lines.with_columns(pl.col("account_change").fill_null(""))
    assert batch_digest("HC-0001", emptied, items, owing) != draft.batches["digest"].item()


def test_the_digest_does_not_hang_on_how_many_rows_are_taken_at_once(
    draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.payout.batch_digest._ROWS_AT_ONCE", 1)
    assert draft.line_items.height > 1
    assert batch_digest("HC-0001", *frames(draft)) == draft.batches["digest"].item()
