"""`arxan payouts`: the batches, the lines of one, and whether all that was approved still stands."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from flows import approved_lists
from flows.errors import OperatorError
from flows.ledger_checks import ledger_failures, list_failures, shelf_failures
from flows.lists.batch_content import BatchContent, content_in_warehouse
from flows.lists.print_layout import total_of
from flows.shown import remember_shown
from flows.text_table import grouped, text_table
from flows.warehouse.connection import reading_results
from flows.warehouse.lock import exclusive
from schemas.payout import DRAFT

_SHOWN_DIGITS = 4
STATUS_WORDS = {"draft": "草稿", "approved": "已批准", "settled": "已结清"}


class UnknownBatchError(OperatorError):
    """No batch has the number; the text names those that there are."""


def batch_list(warehouse: Path) -> str:
    """Every batch with its status, number of lines and total. Raises WarehouseMissingError."""
    with reading_results(warehouse) as connection:
        rows = connection.execute(
            "SELECT batch_id, programme, status, as_of, line_count, total_amount, approved_by, "
            "strftime(approved_at, '%Y-%m-%d %H:%M') FROM payout.batches ORDER BY batch_id"
        ).fetchall()
    if not rows:
        return "尚无批次。\n"
    shown = [(*row[:2], STATUS_WORDS[row[2]], *row[3:]) for row in rows]
    return text_table(("批次号", "项目", "状态", "业务日期", "笔数", "合计", "批准人", "批准时间"), shown)


def batch_text(warehouse: Path, batch_id: str) -> str:
    """The lines of a batch and what is receivable, without ID numbers; of a draft it is noted what was shown.

    Raises UnknownBatchError, WarehouseMissingError.
    """
    with reading_results(warehouse) as connection:
        content = content_in_warehouse(connection, batch_id)
        if content is None:
            known = connection.execute("SELECT batch_id FROM payout.batches ORDER BY 1").fetchall()
            named = "、".join(str(number) for (number,) in known)
            reason = f"there is no batch {batch_id}" + (f"; there are {named}" if named else "")
            raise UnknownBatchError(reason)
    batch = content.batch
    if batch["status"] == DRAFT:
        remember_shown(warehouse, batch_id, str(batch["digest"]))
    head = (
        f"{batch_id}  {batch['programme']}  {STATUS_WORDS[batch['status']]}  业务日期 {batch['as_of']}  "
        f"{batch['line_count']} 笔，合计 {grouped(batch['total_amount'])} 元\n清单摘要 {batch['digest']}\n"
    )
    return head + _lines_text(content) + _receivables_text(content)


def _lines_text(content: BatchContent) -> str:
    if content.lines.is_empty():
        return ""
    lines = content.lines.select(
        "line_number",
        "payee_id",
        "payee_name",
        "bank_name",
        pl.format("…{}", pl.col("bank_account").str.tail(_SHOWN_DIGITS)),
        "amount",
        "reason",
    )
    return text_table(("序号", "编号", "收款人", "开户银行", "账号末四位", "金额", "事由"), lines.rows())


def _receivables_text(content: BatchContent) -> str:
    """Who owes; what approved lists show and is receivable no longer is told of by its number of items."""
    if content.owing.is_empty():
        return ""
    rows = content.receivable_rows()
    gone = content.owing.filter(pl.col("line_number") == 0).height
    head = f"\n应收清单：{rows.height} 户，合计 {grouped(total_of(rows['amount']))} 元\n"
    if gone:
        head += f"不再应收的款项 {gone} 项\n"
    shown = rows.select("line_number", "payee_id", "payee_name", "amount", "reason")
    return head + text_table(("序号", "编号", "应付款人", "金额", "事由"), shown.rows())


def verified(warehouse: Path, out: Path) -> tuple[str, bool]:
    """What is wrong with ledger, batches and approved lists, line by line; and whether nothing is.

    Raises WarehouseBusyError while an approval is putting its lists in their place, WarehouseMissingError.
    """
    text, is_right = "", False
    if not approved_lists.unfinished(out, warehouse):
        text, is_right = _compared(warehouse, out)
    if not is_right:
        # an approval between one look and the next is no fault: what is wrong is wrong while none is at work
        try:
            with exclusive(warehouse):
                approved_lists.recover(out, warehouse)
                text, is_right = _compared(warehouse, out)
        except OSError:  # of a copy that is read-only, which no approval is at work on
            if not text:
                raise
    return text, is_right


def _compared(warehouse: Path, out: Path) -> tuple[str, bool]:
    with reading_results(warehouse) as connection:
        failures = [
            *ledger_failures(connection),
            *shelf_failures(connection, out),
            *list_failures(connection, out),
        ]
        ((entries, batches),) = connection.execute(
            "SELECT (SELECT count(*) FROM payout.ledger), "
            "(SELECT count(*) FROM payout.batches WHERE status <> 'draft')"
        ).fetchall()
    if failures:
        return "".join(f"{line}\n" for line in failures), False
    return f"账簿 {entries} 笔、已批准的清单 {batches} 份，全部相符。\n", True
