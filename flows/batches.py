"""`arxan payouts`: the batches, the lines of one, and whether all that was approved still stands."""

from __future__ import annotations

from pathlib import Path

from flows import approved_lists
from flows.errors import OperatorError
from flows.ledger_checks import ledger_failures, list_failures, shelf_failures
from flows.shown import remember_shown
from flows.text_table import grouped, text_table
from flows.warehouse.connection import reading_results
from flows.warehouse.lock import exclusive
from schemas.payout import DRAFT

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
    """The lines of a batch, without ID numbers; of a draft it is noted what was shown.

    Raises UnknownBatchError, WarehouseMissingError.
    """
    with reading_results(warehouse) as connection:
        batches = connection.execute(
            "SELECT batch_id, programme, status, as_of, line_count, total_amount, digest FROM payout.batches"
        ).fetchall()
        found = [batch for batch in batches if batch[0] == batch_id]
        if not found:
            known = "、".join(sorted(batch[0] for batch in batches))
            reason = f"there is no batch {batch_id}" + (f"; there are {known}" if known else "")
            raise UnknownBatchError(reason)
        lines = connection.execute(
            "SELECT line_number, payee_id, payee_name, bank_name, '…' || right(bank_account, 4), "
            "amount, reason FROM payout.lines WHERE batch_id = ? ORDER BY line_number",
            [batch_id],
        ).fetchall()
    _, programme, status, as_of, line_count, total, digest = found[0]
    if status == DRAFT:
        remember_shown(warehouse, batch_id, digest)
    head = (
        f"{batch_id}  {programme}  {STATUS_WORDS[status]}  业务日期 {as_of}  "
        f"{line_count} 笔，合计 {grouped(total)} 元\n清单摘要 {digest}\n"
    )
    return head + text_table(("序号", "编号", "收款人", "开户银行", "账号末四位", "金额", "事由"), lines)


def verified(warehouse: Path, out: Path) -> tuple[str, bool]:
    """What is wrong with ledger, batches and approved lists, line by line; and whether nothing is.

    Raises WarehouseBusyError while an approval is putting its lists in their place, WarehouseMissingError.
    """
    if approved_lists.unfinished(out, warehouse):
        with exclusive(warehouse):
            approved_lists.recover(out, warehouse)
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
