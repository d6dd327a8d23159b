"""Reads the written lists back, with another reader than wrote them, and compares them with the batch.

What differs is named by file, row and column; of the values only amounts are shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from flows.lists.batch_content import BatchContent
from flows.lists.payment_list import (
    CHANGE_COLUMNS,
    CHANGES_SHEET,
    DETAIL_COLUMNS,
    LINES_SHEET,
    PAYMENT_COLUMNS,
    changed_accounts,
    detail_sheets,
)
from flows.lists.print_layout import TOTAL_LABEL, CellStyle, PrintedColumn, total_of
from flows.lists.receivables_list import RECEIVABLE_COLUMNS, RECEIVABLES_SHEET
from flows.lists.writing import has_receivables, payment_path, receivables_path

_CENT = Decimal("0.01")
_ROWS_AT_ONCE = 50_000
_LARGEST_BY_FLOAT = 10**12
NUMBERS = frozenset({CellStyle.AMOUNT, CellStyle.COUNT})

Table = list[list[str]]


def read_back(folder: Path, contents: Iterable[BatchContent]) -> list[str]:
    """What in the written lists differs from the batches; empty when nothing does."""
    return [failed for content in contents for failed in _batch_failures(folder, content)]


def _batch_failures(folder: Path, content: BatchContent) -> Iterator[str]:
    batch_id, programme = content.batch_id, content.batch["programme"]
    total = content.batch["total_amount"]
    if content.lines.height:
        rows = content.payment_rows()
        workbook = payment_path(folder, programme, batch_id, "xlsx")
        yield from _workbook_failures(workbook, LINES_SHEET, PAYMENT_COLUMNS, rows, total)
        yield from _detail_failures(workbook, content.item_rows(), total)
        changed = changed_accounts(rows)
        if changed.height:
            part = total_of(changed["amount"])
            yield from _workbook_failures(workbook, CHANGES_SHEET, CHANGE_COLUMNS, changed, part)
        yield from _csv_failures(payment_path(folder, programme, batch_id, "csv"), rows, total)
    if has_receivables(content):
        rows, items = content.receivable_rows(), content.receivable_items()
        owing, workbook = total_of(rows["amount"]), receivables_path(folder, batch_id)
        yield from _workbook_failures(workbook, RECEIVABLES_SHEET, RECEIVABLE_COLUMNS, rows, owing)
        yield from _detail_failures(workbook, items, owing)


def _detail_failures(path: Path, items: pl.DataFrame, total: Decimal) -> Iterator[str]:
    for sheet, rows, its_total in detail_sheets(items, total):
        yield from _workbook_failures(path, sheet, DETAIL_COLUMNS, rows, its_total)


def _workbook_failures(
    path: Path, sheet: str, columns: Sequence[PrintedColumn], rows: pl.DataFrame, total: Decimal
) -> list[str]:
    if not path.is_file():
        return [f"{path.name}：没有这个文件"]
    where = f"{path.name}「{sheet}」"
    try:
        with CalamineWorkbook.from_path(path) as book:
            table = book.get_sheet_by_name(sheet)
            if _is_as_expected(table, columns, rows, total):
                return []
            cells = table.to_python(skip_empty_area=False)
    except (CalamineError, OSError):
        return [f"{where}：读不出来，文件可能已损坏"]
    headers = [column.header for column in columns]
    starts = [index for index, row in enumerate(cells) if row[: len(headers)] == headers]
    ends = [index for index, row in enumerate(cells) if row[0] == TOTAL_LABEL]
    if len(starts) != 1 or len(ends) != 1:
        return [f"{where}：应有一行表头和一行合计，实有 {len(starts)} 和 {len(ends)} 行"]
    found = [_texts(row, columns) for row in cells[starts[0] + 1 : ends[0]]]
    place = [column.field for column in columns].index("amount")
    failures = _table_failures(where, columns, _expected(rows, columns), found)
    return failures + _total_failures(where, total, _texts(cells[ends[0]], columns)[place])


def _is_as_expected(
    sheet: CalamineSheet, columns: Sequence[PrintedColumn], rows: pl.DataFrame, total: Decimal
) -> bool:
    """Whether all is as it should be, seen by whole columns of some rows at a time.

    Where it is not, or amounts are too large for it, cell by cell tells what it is.
    """
    headers = [column.header for column in columns]
    if _has_large_amounts(rows):
        return False
    found = iter(sheet.iter_rows())
    if not any(row[: len(headers)] == headers for row in found):
        return False
    for part in rows.iter_slices(_ROWS_AT_ONCE):
        cells = list(islice(found, part.height))
        if len(cells) < part.height or not _are_equal(columns, part, cells):
            return False
    place = [column.field for column in columns].index("amount")
    last = next(found, None)
    return (
        last is not None
        and last[0] == TOTAL_LABEL
        and _texts(last, columns)[place] == str(total)
        and not any(row[0] == TOTAL_LABEL or row[: len(headers)] == headers for row in found)
    )


def _are_equal(
    columns: Sequence[PrintedColumn], rows: pl.DataFrame, cells: Sequence[Sequence[object]]
) -> bool:
    for column, found in zip(columns, zip(*cells, strict=True), strict=False):
        values = rows[column.field]
        is_number = column.style in NUMBERS and not values.has_nulls()
        expected = values.cast(pl.Float64) if is_number else values.cast(pl.String).fill_null("")
        if set(map(type, found)) != {float if is_number else str} or list(found) != expected.to_list():
            return False
    return True


def _has_large_amounts(rows: pl.DataFrame) -> bool:
    """Whether an amount has more digits than two different floats can be told by."""
    return bool(rows.select((pl.col("amount").abs() >= _LARGEST_BY_FLOAT).any()).item())


def _csv_failures(path: Path, rows: pl.DataFrame, total: Decimal) -> list[str]:
    if not path.is_file():
        return [f"{path.name}：没有这个文件"]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.reader(file))
    except (UnicodeDecodeError, csv.Error):
        return [f"{path.name}：读不出来，文件可能已损坏"]
    headers = [column.header for column in PAYMENT_COLUMNS]
    if table[:1] != [headers]:
        return [f"{path.name}：表头不符"]
    expected = _expected(rows, PAYMENT_COLUMNS)
    failures = (
        [] if expected == table[1:] else _table_failures(path.name, PAYMENT_COLUMNS, expected, table[1:])
    )
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
