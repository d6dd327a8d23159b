"""The list that the finance bureau signs, as workbook and as csv."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from flows.lists.batch_content import BatchContent
from flows.lists.print_layout import (
    MOST_ROWS,
    CellStyle,
    PrintedBook,
    PrintedColumn,
    PrintedPage,
    PrintedSheet,
    total_of,
)
from schemas.payout import DRAFT
from transforms.payout.amount_in_words import amount_in_words
from transforms.payout.holds import runs_as_formula
from transforms.payout.obligations import SET_OFF_READING

LINES_SHEET, DETAIL_SHEET, CHANGES_SHEET = "支付清单", "明细", "变更账户"
PAYMENT_COLUMNS = (
    PrintedColumn("序号", "line_number", 5.5, CellStyle.COUNT),
    PrintedColumn("编号", "payee_id", 12, CellStyle.CENTRED),
    PrintedColumn("收款人", "payee_name", 11),
    PrintedColumn("证件号码", "id_number", 20, CellStyle.CENTRED),
    PrintedColumn("开户名", "account_name", 11),
    PrintedColumn("开户银行", "bank_name", 17),
    PrintedColumn("银行账号", "bank_account", 21, CellStyle.CENTRED),
    PrintedColumn("金额(元)", "amount", 15, CellStyle.AMOUNT),
    PrintedColumn("金额大写", "amount_in_words", 22),
    PrintedColumn("事由", "reason", 25),
)
DETAIL_COLUMNS = (
    PrintedColumn("序号", "line_number", 5.5, CellStyle.COUNT),
    PrintedColumn("编号", "payee_id", 12, CellStyle.CENTRED),
    PrintedColumn("收款人", "payee_name", 11),
    PrintedColumn("户编号", "party_id", 12, CellStyle.CENTRED),
    PrintedColumn("房屋编号", "building_id", 12, CellStyle.CENTRED),
    PrintedColumn("项目", "item_name", 18),
    PrintedColumn("期间", "period", 11, CellStyle.CENTRED),
    PrintedColumn("算式", "basis", 44),
    PrintedColumn("条款", "clause", 14),
    PrintedColumn("金额(元)", "amount", 15, CellStyle.AMOUNT),
)
CHANGE_COLUMNS = (
    *PAYMENT_COLUMNS[:8],
    PrintedColumn("上次列入清单时的账户", "account_change", 46),
)
SIGNERS = ("经办人", "复核人", "负责人")
TO_SIGN = "本清单依据下列暂定理解编制，签字前请确认："
_SECOND_LOOK = "以上收款人的账户与上次列入清单时不同，请与收款人本人核对后再付。"
_DRAFT_WARNING = "草稿：未经批准，不得据以付款"
_SHOWN_OF_DIGEST = 16


class UnsafeCellError(ValueError):
    """A text that a spreadsheet would run was about to be written into a csv."""


def payment_workbook(content: BatchContent, readings: Mapping[str, str]) -> bytes:
    """The workbook of a batch: the lines to be signed, what is behind each, and the accounts that changed.

    `readings` has a sentence for each provisional reading.
    """
    batch, total = content.batch, content.batch["total_amount"]
    items = content.item_rows()
    book = PrintedBook(batch["as_of"])
    sheet = book.add_page(page_of(batch, LINES_SHEET, "支付清单", PAYMENT_COLUMNS))
    rows = content.payment_rows()
    sheet.add_rows(rows)
    sheet.add_total(total, "amount", amount_in_words(total))
    notes = [*reading_notes(items["reading"], readings), *control_notes(content)]
    finish(sheet, notes, batch["batch_id"], rows["amount"])
    add_detail(book, batch, "支付清单明细", items, total)
    changed = changed_accounts(rows)
    if changed.height:
        accounts = book.add_page(page_of(batch, CHANGES_SHEET, "支付清单：变更了的账户", CHANGE_COLUMNS))
        accounts.add_rows(changed)
        accounts.add_total(total_of(changed["amount"]), "amount")
        accounts.add_notes([_SECOND_LOOK])
        accounts.add_signatures(SIGNERS[:2])
    return book.content()


def add_detail(
    book: PrintedBook, batch: Mapping[str, Any], kind: str, items: pl.DataFrame, total: Decimal
) -> None:
    """What is behind the lines, on as many sheets as it takes."""
    for name, rows, its_total in detail_sheets(items, total):
        sheet = book.add_page(page_of(batch, name, kind, DETAIL_COLUMNS))
        sheet.add_rows(rows)
        sheet.add_total(its_total, "amount")


def detail_sheets(items: pl.DataFrame, total: Decimal) -> Iterator[tuple[str, pl.DataFrame, Decimal]]:
    """Each sheet's name, rows and total in 元: one sheet, unless the rows are more than a sheet can have."""
    if items.height <= MOST_ROWS:
        yield DETAIL_SHEET, items, total
        return
    for place, rows in enumerate(items.iter_slices(MOST_ROWS), 1):
        yield f"{DETAIL_SHEET}{place if place > 1 else ''}", rows, total_of(rows["amount"])


def changed_accounts(rows: pl.DataFrame) -> pl.DataFrame:
    """The lines whose payee was paid to another account before."""
    return rows.filter(pl.col("account_change").is_not_null())


def control_notes(content: BatchContent) -> list[str]:
    """What tells whether the list, or the ledger behind it, was altered since."""
    batch = content.batch
    accounts = content.account_digest()[:_SHOWN_OF_DIGEST]
    counted = f"控制数：{content.lines.height} 笔；银行账号摘要 {accounts}；清单摘要 {batch['digest']}"
    return [counted, *ledger_notes(batch)]


def ledger_notes(batch: Mapping[str, Any]) -> list[str]:
    """What the ledger was when the batch had been approved; of a draft there is nothing to say."""
    if batch["ledger_entries"] is None:
        return []
    ledger = f"账簿：批准后共 {batch['ledger_entries']} 笔账目，末笔摘要 {batch['ledger_digest']}"
    return [f"{ledger}；批准人 {batch['approved_by']}，批准时间 {batch['approved_at']:%Y-%m-%d %H:%M}"]


def payment_csv(rows: pl.DataFrame) -> bytes:
    """The rows as UTF-8 with a byte order mark, every field quoted, digits as they are.

    Raises UnsafeCellError when a spreadsheet would run a cell; such payees are held before.
    """
    texts = rows.select(pl.col(column.field).cast(pl.String).fill_null("") for column in PAYMENT_COLUMNS)
    unsafe = [
        column.header
        for column in PAYMENT_COLUMNS
        if texts.select(runs_as_formula(pl.col(column.field)).any()).item()
    ]
    if unsafe:
        raise UnsafeCellError(f"a spreadsheet would run a cell in {unsafe}")
    file = io.BytesIO()
    texts.rename({column.field: column.header for column in PAYMENT_COLUMNS}).write_csv(
        file, include_bom=True, line_terminator="\r\n", quote_style="always"
    )
    return file.getvalue()


def page_of(
    batch: Mapping[str, Any], sheet_name: str, kind: str, columns: tuple[PrintedColumn, ...]
) -> PrintedPage:
    """The page of a batch's list, marked as a draft while it is one."""
    is_draft = batch["status"] == DRAFT
    mark = "（草稿）" if is_draft else ""
    return PrintedPage(
        sheet_name=sheet_name,
        title=f"阿尔山市{batch['programme']}{kind}{mark}",
        warning=_DRAFT_WARNING if is_draft else "",
        heading=f"批次号：{batch['batch_id']}　　　　日期：{chinese_date(batch['as_of'])}　　　　单位：元",
        columns=columns,
        foot_left=f"{batch['batch_id']}{mark}",
        foot_right=f"摘要 {batch['digest'][:_SHOWN_OF_DIGEST]}",
    )


def reading_notes(codes: pl.Series, readings: Mapping[str, str], heading: str = TO_SIGN) -> list[str]:
    """A note for each reading that rows rest on, from their columns of codes.

    Set-off is named only while `readings` has it as provisional; any other code without a sentence raises
    KeyError, since whoever signs must see it.
    """
    named = sorted({code for text in codes.drop_nulls().unique() for code in text.split()})
    sentences = [readings[code] for code in named if code != SET_OFF_READING or SET_OFF_READING in readings]
    return [heading, *(f"{place}．{text}" for place, text in enumerate(sentences, 1))] if sentences else []


def finish(sheet: PrintedSheet, notes: list[str], batch_id: str, amounts: pl.Series) -> None:
    """The notes, what is signed once more, since it may stand on a page of its own, and the signatures."""
    total = total_of(amounts)
    signed = f"批次 {batch_id}　共 {amounts.len()} 笔　合计 {total:,} 元（{amount_in_words(total)}）"
    sheet.add_notes([*notes, signed])
    sheet.add_signatures(SIGNERS)


def chinese_date(day: date) -> str:
    """The date as it is written on paper."""
    return f"{day.year}年{day.month}月{day.day}日"
