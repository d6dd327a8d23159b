"""The list of who owes, and why."""

from __future__ import annotations

from collections.abc import Mapping

from flows.lists.batch_content import BatchContent
from flows.lists.payment_list import (
    add_detail,
    finish,
    ledger_notes,
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
    counted = f"控制数：应收 {rows.height} 笔；清单摘要 {batch['digest']}"
    readings_named = reading_notes(items["reading"], readings)
    notes = [*readings_named, *_change_notes(content), counted, *ledger_notes(batch)]
    finish(sheet, notes, batch["batch_id"], rows["amount"])
    add_detail(book, batch, "应收清单明细（正数为应收）", items, total)
    return book.content()


def _change_notes(content: BatchContent) -> list[str]:
    """By how much more or less is receivable than approved lists show."""
    change = total_of(content.owing["change"])
    if not change:
        return []
    return [f"与已批准的应收清单相比，本清单{'增加' if change > 0 else '减少'} {abs(change):,} 元。"]
