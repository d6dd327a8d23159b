"""The list of who owes, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from flows.lists.payment_list import DETAIL_COLUMNS, DETAIL_SHEET, finish, page_of, reading_notes
from flows.lists.print_layout import CellStyle, PrintedBook, PrintedColumn, total_of
from transforms.payout.amount_in_words import amount_in_words
from transforms.payout.batches import Draft
from transforms.payout.obligations import RECEIVABLE

RECEIVABLES_SHEET = "应收清单"
RECEIVABLE_COLUMNS = (
    PrintedColumn("序号", "line_number", 6, CellStyle.COUNT),
    PrintedColumn("编号", "payee_id", 13, CellStyle.CENTRED),
    PrintedColumn("应付款人", "payee_name", 14),
    PrintedColumn("金额(元)", "amount", 16, CellStyle.AMOUNT),
    PrintedColumn("金额大写", "amount_in_words", 30),
    PrintedColumn("事由", "reason", 56),
)


def receivable_rows(draft: Draft, programme: str) -> pl.DataFrame:
    """The programme's receivables with who owes them, numbered from 1, and `amount_in_words`."""
    names = _owing(draft, programme).select("payee_id", "payee_name").unique("payee_id", maintain_order=True)
    rows = draft.receivables.filter(pl.col("programme") == programme)
    return rows.join(names, on="payee_id", how="left", maintain_order="left").with_columns(
        line_number=pl.int_range(1, pl.len() + 1),
        amount_in_words=pl.Series([amount_in_words(amount) for amount in rows["amount"]], dtype=pl.String),
    )


def receivables_workbook(draft: Draft, batch: Mapping[str, Any], readings: Mapping[str, str]) -> bytes:
    """The workbook of the receivables beside a row of `payout.batches`, with what each is made of."""
    rows = receivable_rows(draft, batch["programme"])
    total = total_of(rows["amount"])
    numbers = rows.select("payee_id", "line_number")
    # what is owed counts as positive here, and what was set off against it as negative
    details = (
        _owing(draft, batch["programme"])
        .drop("line_number")
        .join(numbers, on="payee_id", how="left", maintain_order="left")
        .with_columns(amount=-pl.col("amount"))
        .sort("line_number", maintain_order=True)
    )
    book = PrintedBook(batch["as_of"])
    sheet = book.add_page(page_of(batch, RECEIVABLES_SHEET, "应收清单", RECEIVABLE_COLUMNS))
    sheet.add_rows(rows)
    sheet.add_total(total, "amount", amount_in_words(total))
    finish(sheet, reading_notes(details["reading"], readings), batch["batch_id"], rows["amount"])
    detail = book.add_page(page_of(batch, DETAIL_SHEET, "应收清单明细（正数为应收）", DETAIL_COLUMNS))
    detail.add_rows(details)
    detail.add_total(total, "amount")
    return book.content()


def _owing(draft: Draft, programme: str) -> pl.DataFrame:
    return draft.obligations.filter((pl.col("programme") == programme) & (pl.col("place") == RECEIVABLE))
