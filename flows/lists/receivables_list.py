"""The list of who owes, and why."""

from __future__ import annotations

from collections.abc import Mapping

from flows.lists.batch_content import BatchContent
from flows.lists.payment_list import (
    DETAIL_COLUMNS,
    DETAIL_SHEET,
    control_notes,
    finish,
    page_of,
    reading_notes,
)
from flows.lists.print_layout import CellStyle, PrintedBook, PrintedColumn, total_of
from transforms.payout.amount_in_words import amount_in_words

RECEIVABLES_SHEET = "应收清单"
RECEIVABLE_COLUMNS = (
    PrintedColumn("序号", "line_number", 6, CellStyle.COUNT),
    PrintedColumn("编号", "payee_id", 13, CellStyle.CENTRED),
    PrintedColumn("应付款人", "payee_name", 14),
    PrintedColumn("金额(元)", "amount", 16, CellStyle.AMOUNT),
    PrintedColumn("金额大写", "amount_in_words", 30),
    PrintedColumn("事由", "reason", 56),
)


def receivables_workbook(content: BatchContent, readings: Mapping[str, str]) -> bytes:
    """The workbook of the receivables beside a batch, with what each is made of."""
    batch, rows, items = content.batch, content.receivable_rows(), content.receivable_items()
    total = total_of(rows["amount"])
    book = PrintedBook(batch["as_of"])
    sheet = book.add_page(page_of(batch, RECEIVABLES_SHEET, "应收清单", RECEIVABLE_COLUMNS))
    sheet.add_rows(rows)
    sheet.add_total(total, "amount", amount_in_words(total))
    notes = [*reading_notes(items["reading"], readings), *control_notes(content)]
    finish(sheet, notes, batch["batch_id"], rows["amount"])
    detail = book.add_page(page_of(batch, DETAIL_SHEET, "应收清单明细（正数为应收）", DETAIL_COLUMNS))
    detail.add_rows(items)
    detail.add_total(total, "amount")
    return book.content()
