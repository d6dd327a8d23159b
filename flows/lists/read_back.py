"""Reads the written lists back, with another reader than wrote them, and compares them with the batch.

What differs is named by file, row and column; of the values only amounts are shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl
from python_calamine import CalamineWorkbook

from flows.lists.payment_list import (
    DETAIL_COLUMNS,
    DETAIL_SHEET,
    LINES_SHEET,
    PAYMENT_COLUMNS,
    line_obligations,
    payment_rows,
)
from flows.lists.print_layout import TOTAL_LABEL, CellStyle, PrintedColumn, total_of
from flows.lists.receivables_list import RECEIVABLE_COLUMNS, RECEIVABLES_SHEET, receivable_rows
from flows.lists.writing import has_receivables, payment_path, receivables_path
from transforms.payout.batches import Draft

_CENT = Decimal("0.01")

Table = list[list[str]]


def read_back(folder: Path, draft: Draft) -> list[str]:
    """What in the written lists differs from the draft; empty when nothing does."""
    failures: list[str] = []
    for batch in draft.batches.iter_rows(named=True):
        batch_id, programme, total = batch["batch_id"], batch["programme"], batch["total_amount"]
        if batch["line_count"]:
            rows = payment_rows(draft, batch_id)
            workbook = payment_path(folder, programme, batch_id, "xlsx")
            failures += _workbook_failures(workbook, LINES_SHEET, PAYMENT_COLUMNS, rows, total)
            details = line_obligations(draft, batch_id)
            failures += _workbook_failures(workbook, DETAIL_SHEET, DETAIL_COLUMNS, details, total)
            failures += _csv_failures(payment_path(folder, programme, batch_id, "csv"), rows, total)
        if has_receivables(draft, programme):
            rows = receivable_rows(draft, programme)
            failures += _workbook_failures(
                receivables_path(folder, batch_id),
                RECEIVABLES_SHEET,
                RECEIVABLE_COLUMNS,
                rows,
                total_of(rows["amount"]),
            )
    return failures


def _workbook_failures(
    path: Path, sheet: str, columns: Sequence[PrintedColumn], rows: pl.DataFrame, total: Decimal
) -> list[str]:
    if not path.is_file():
        return [f"{path.name}：没有这个文件"]
    where = f"{path.name}「{sheet}」"
    with CalamineWorkbook.from_path(path) as book:
        cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    headers = [column.header for column in columns]
    starts = [index for index, row in enumerate(cells) if row[: len(headers)] == headers]
    ends = [index for index, row in enumerate(cells) if row[0] == TOTAL_LABEL]
    if len(starts) != 1 or len(ends) != 1:
        return [f"{where}：应有一行表头和一行合计，实有 {len(starts)} 和 {len(ends)} 行"]
    found = [_texts(row, columns) for row in cells[starts[0] + 1 : ends[0]]]
    place = [column.field for column in columns].index("amount")
    failures = _table_failures(where, columns, _expected(rows, columns), found)
    return failures + _total_failures(where, total, _texts(cells[ends[0]], columns)[place])


def _csv_failures(path: Path, rows: pl.DataFrame, total: Decimal) -> list[str]:
    if not path.is_file():
        return [f"{path.name}：没有这个文件"]
    with path.open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.reader(file))
    headers = [column.header for column in PAYMENT_COLUMNS]
    if table[:1] != [headers]:
        return [f"{path.name}：表头不符"]
    failures = _table_failures(path.name, PAYMENT_COLUMNS, _expected(rows, PAYMENT_COLUMNS), table[1:])
    # a file that differs may hold anything where an amount belongs
    if failures:
        return failures
    place = [column.field for column in PAYMENT_COLUMNS].index("amount")
    amounts = [Decimal(row[place]) for row in table[1:]]
    return _total_failures(path.name, total, str(sum(amounts, Decimal("0.00"))))


def _expected(rows: pl.DataFrame, columns: Sequence[PrintedColumn]) -> Table:
    texts = rows.select(pl.col(column.field).cast(pl.String).fill_null("") for column in columns)
    return [list(row) for row in texts.iter_rows()]


def _texts(row: Sequence[object], columns: Sequence[PrintedColumn]) -> list[str]:
    return [_text(value, column.style) for value, column in zip(row, columns, strict=False)]


def _text(value: object, style: CellStyle) -> str:
    """A cell as the frame would show it; a number where text belongs has lost digits and stays as it is."""
    if isinstance(value, float) and style is CellStyle.AMOUNT:
        # the shortest decimal that is this float: the figure that was written, up to 15 digits
        exact = Decimal(repr(value))
        return str(exact.quantize(_CENT)) if exact == exact.quantize(_CENT) else str(exact)
    if isinstance(value, float) and style is CellStyle.COUNT:
        return f"{value:.0f}"
    return str(value)


def _table_failures(where: str, columns: Sequence[PrintedColumn], expected: Table, found: Table) -> list[str]:
    if len(expected) != len(found):
        return [f"{where}：应有 {len(expected)} 行，实有 {len(found)} 行"]
    return list(_cell_failures(where, columns, expected, found))


def _cell_failures(
    where: str, columns: Sequence[PrintedColumn], expected: Table, found: Table
) -> Iterator[str]:
    for number, (wanted, got) in enumerate(zip(expected, found, strict=True), 1):
        if len(wanted) != len(got):
            yield f"{where}第 {number} 行：应有 {len(wanted)} 列，实有 {len(got)} 列"
            continue
        for column, right, real in zip(columns, wanted, got, strict=True):
            if right != real:
                shown = f"应为 {right}，实为 {real}" if column.style is CellStyle.AMOUNT else "与批次不符"
                yield f"{where}第 {number} 行「{column.header}」：{shown}"


def _total_failures(where: str, expected: Decimal, found: str) -> list[str]:
    return [] if str(expected) == found else [f"{where}合计：应为 {expected}，实为 {found}"]
