"""A batch is the same whether it comes from the night's draft or from the warehouse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from flows.lists.batch_content import BatchContent, content_in_warehouse
from flows.lists.payment_list import control_notes
from flows.lists.read_back import read_back
from flows.lists.receivables_list import receivables_workbook
from flows.lists.writing import write_batch_lists
from flows.warehouse.connection import transaction, writing
from flows.warehouse.migrate import make_tables
from flows.warehouse.results import clear_drafts, store_draft
from flows.warehouse.tables import append
from schemas.payout import LineObligations, ReceivableItems
from tests.support.payout_frames import (
    card_number,
    drafted,
    items_frame,
    line_item,
    payee,
    payees_frame,
    survey_frame,
    surveyed,
)
from tests.support.whole_draft import contents_of_draft
from transforms.money import MONEY

DRAFT = drafted(
    items_frame(
        line_item("H-1", "house_residence", "100000.53"),
        line_item("H-1", "buyback", "-0.05"),
        line_item("H-2", "house_residence", "0.07", building_id="B-2"),
        line_item("H-3", "buyback", "-1234.50", building_id="B-3"),
        line_item("H-3", "attachments", "34.50", building_id="B-3"),
    ),
    survey_frame(surveyed("H-1", 1), surveyed("H-2", 2), surveyed("H-3", 3)),
    payees_frame(payee("H-1", 11, "50"), payee("H-1", 12, "50")),
)
READINGS = {"set_off": "抵扣的理解。"}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with writing(tmp_path_factory.mktemp("warehouse") / "w.duckdb") as opened:
        with transaction(opened):
            make_tables(opened)
        with transaction(opened):
            earlier = clear_drafts(opened)
            append(opened, LineObligations, DRAFT.line_items)
            append(opened, ReceivableItems, DRAFT.receivable_items)
            store_draft(opened, DRAFT, earlier)
        yield opened


@pytest.fixture(scope="module")
def content() -> BatchContent:
    (only,) = contents_of_draft(DRAFT)
    return only


def test_the_warehouse_gives_back_what_was_drafted(
    connection: duckdb.DuckDBPyConnection, content: BatchContent, tmp_path: Path
) -> None:
    stored = content_in_warehouse(connection, "HC-0001")
    assert stored is not None
    assert stored.batch == content.batch
    assert stored.digest() == content.digest() == content.batch["digest"]
    written = [
        [path.read_bytes() for path in write_batch_lists(each, READINGS, folder)]
        for each, folder in ((content, tmp_path), (stored, tmp_path))
    ]
    assert written[0] == written[1]
    assert len(written[0]) == 3


def test_a_batch_that_there_is_not(connection: duckdb.DuckDBPyConnection) -> None:
    assert content_in_warehouse(connection, "HC-0002") is None


def test_the_accounts_have_a_digest_that_anybody_can_make_again(content: BatchContent) -> None:
    accounts = [card_number(serial) for serial in (11, 12, 2)]
    text = "".join(f"{account}\n" for account in accounts)
    assert content.account_digest() == hashlib.sha256(text.encode()).hexdigest()


def test_the_lines_in_their_order_with_words(content: BatchContent) -> None:
    rows = content.payment_rows().select("line_number", "payee_id", "amount", "amount_in_words").rows()
    assert rows == [
        (1, "H-1", Decimal("50000.24"), "人民币伍万元零贰角肆分"),
        (2, "H-1#2", Decimal("50000.24"), "人民币伍万元零贰角肆分"),
        (3, "H-2", Decimal("0.07"), "人民币柒分"),
    ]


def test_who_owes_and_why_is_made_from_the_items(content: BatchContent) -> None:
    rows = content.receivable_rows().select("line_number", "payee_id", "amount", "reason").rows()
    assert rows == [(1, "H-3", Decimal("1200.00"), "buyback；已抵扣：attachments")]
    assert content.receivable_rows().select("payee_id", "amount", "reason").rows() == (
        DRAFT.receivables.select("payee_id", "amount", "reason").rows()
    )


def test_a_draft_says_nothing_of_the_ledger_and_an_approved_batch_does(content: BatchContent) -> None:
    (only,) = control_notes(content)
    assert only.startswith("控制数：3 笔；银行账号摘要 ")
    assert only.endswith(f"；清单摘要 {content.batch['digest']}")
    approved = content.batch | {
        "ledger_entries": 7,
        "ledger_digest": "e" * 64,
        "approved_by": "示例张",
        "approved_at": datetime(2021, 7, 1, 9, 5),  # noqa: DTZ001 Beijing time
    }
    notes = control_notes(BatchContent(approved, content.lines, content.items, content.owing))
    assert notes == [
        only,
        f"账簿：批准后共 7 笔账目，末笔摘要 {'e' * 64}；批准人 示例张，批准时间 2021-07-01 09:05",
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (["1234.50", "-34.50"], ["与已批准的应收清单相比，本清单增加 1,200.00 元。"]),
        (["-1.00", "0.50"], ["与已批准的应收清单相比，本清单减少 0.50 元。"]),
        (["1.00", "-1.00"], []),
    ],
)
def test_a_list_of_receivables_says_what_changed(
    content: BatchContent, tmp_path: Path, changes: list[str], told: list[str]
) -> None:
    owing = content.owing.with_columns(change=pl.Series(map(Decimal, changes), dtype=MONEY))
    changed = BatchContent(content.batch, content.lines, content.items, owing)
    path = tmp_path / "list.xlsx"
    path.write_bytes(receivables_workbook(changed, READINGS))
    notes = [str(row[0]) for row in openpyxl.load_workbook(path)["应收清单"].iter_rows(values_only=True)]
    start = notes.index("合计") + 1
    assert notes[start : start + 3 + len(told)] == [
        "本清单依据下列暂定理解编制，签字前请确认：",
        "1．抵扣的理解。",
        *told,
        f"控制数：应收 1 笔；清单摘要 {content.batch['digest']}",
    ]


def test_what_is_receivable_no_longer_stands_on_a_list_of_its_own(
    content: BatchContent, tmp_path: Path
) -> None:
    gone = content.owing.with_columns(
        line_number=pl.lit(0, pl.Int64),
        change=-pl.col("amount"),
        amount=pl.lit(0).cast(MONEY),
        basis=pl.lit("不再应收"),
    )
    only_gone = BatchContent(content.batch, content.lines.clear(), content.items.clear(), gone)
    (path,) = write_batch_lists(only_gone, READINGS, tmp_path)
    assert path.name == "应收清单-HC-0001.xlsx"
    rows = list(openpyxl.load_workbook(path)["明细"].iter_rows(values_only=True))
    assert [(row[0], row[7], row[9]) for row in rows[4:]] == [
        (None, "不再应收", 0),
        (None, "不再应收", 0),
        ("合计", None, 0),
    ]
    assert read_back(tmp_path, [only_gone]) == []
