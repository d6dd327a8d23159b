"""Reads the written lists back, with another reader than wrote them, and compares them with the batch.

What differs is named by file, row and column; of the values only amounts are shown.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv
from python_calamine import CalamineError, CalamineWorkbook

from flows.lists.batch_content import BatchContent
from flows.lists.many_rows import MANY
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
from flows.reading.workbook import UnreadableWorkbook, read_workbook
from schemas.raw_sheet import BLANK, NUMBER, TEXT, RawSheet

_CENT = Decimal("0.01")
_LARGEST_BY_FLOAT = 10**12
_EXACT = pl.Decimal(38, 20)
"""Of numbers with as many digits as a spreadsheet shows."""
NUMBERS = frozenset({CellStyle.AMOUNT, CellStyle.COUNT})

Table = list[list[str]]


@dataclass(frozen=True)
class _Printed:
    """What a sheet should have: between the header and the total these rows."""

    sheet: str
    columns: Sequence[PrintedColumn]
    rows: pl.DataFrame
    total: Decimal


def read_back(folder: Path, contents: Iterable[BatchContent]) -> list[str]:
    """What in the written lists differs from the batches; empty when nothing does."""
    return [failed for content in contents for failed in _batch_failures(folder, content)]


def _batch_failures(folder: Path, content: BatchContent) -> Iterator[str]:
    batch_id, programme = content.batch_id, content.batch["programme"]
    total = content.batch["total_amount"]
    if content.lines.height:
        rows = content.payment_rows()
        printed = [_Printed(LINES_SHEET, PAYMENT_COLUMNS, rows, total), *_detail(content.item_rows(), total)]
        changed = changed_accounts(rows)
        if changed.height:
            part = total_of(changed["amount"])
            printed.append(_Printed(CHANGES_SHEET, CHANGE_COLUMNS, changed, part))
        yield from _workbook_failures(payment_path(folder, programme, batch_id, "xlsx"), printed)
        yield from _csv_failures(payment_path(folder, programme, batch_id, "csv"), rows, total)
    if has_receivables(content):
        rows, items = content.receivable_rows(), content.receivable_items()
        owing = total_of(rows["amount"])
        printed = [_Printed(RECEIVABLES_SHEET, RECEIVABLE_COLUMNS, rows, owing), *_detail(items, owing)]
        yield from _workbook_failures(receivables_path(folder, batch_id), printed)


def _detail(items: pl.DataFrame, total: Decimal) -> Iterator[_Printed]:
    for sheet, rows, its_total in detail_sheets(items, total):
        yield _Printed(sheet, DETAIL_COLUMNS, rows, its_total)


def _workbook_failures(path: Path, printed: Sequence[_Printed]) -> Iterator[str]:
    if not path.is_file():
        yield f"{path.name}：没有这个文件"
        return
    by_column = _read_by_column(path) if any(its.rows.height >= MANY for its in printed) else {}
    for its in printed:
        if its.sheet not in by_column or not _is_as_expected(by_column[its.sheet], its):
            yield from _sheet_failures(path, its)


def _read_by_column(path: Path) -> Mapping[str, RawSheet]:
    """The sheets by name; none where this reader can't read them, and the other one has to say why."""
    try:
        return {sheet.name: sheet for sheet in read_workbook(path)}
    except (UnreadableWorkbook, OSError):
        return {}


def _sheet_failures(path: Path, its: _Printed) -> list[str]:
    """What is otherwise than it should be, cell by cell."""
    where, columns = f"{path.name}「{its.sheet}」", its.columns
    try:
        with CalamineWorkbook.from_path(path) as book:
            cells = book.get_sheet_by_name(its.sheet).to_python(skip_empty_area=False)
    except (CalamineError, OSError):
        return [f"{where}：读不出来，文件可能已损坏"]
    headers = [column.header for column in columns]
    starts = [index for index, row in enumerate(cells) if row[: len(headers)] == headers]
    ends = [index for index, row in enumerate(cells) if row[0] == TOTAL_LABEL]
    if len(starts) != 1 or len(ends) != 1:
        return [f"{where}：应有一行表头和一行合计，实有 {len(starts)} 和 {len(ends)} 行"]
    found = [_texts(row, columns) for row in cells[starts[0] + 1 : ends[0]]]
    failures = _table_failures(where, columns, _expected(its.rows, columns), found)
    return failures + _total_failures(where, its.total, _texts(cells[ends[0]], columns)[_amount_in(columns)])


def _amount_in(columns: Sequence[PrintedColumn]) -> int:
    return [column.field for column in columns].index("amount")


def _is_as_expected(sheet: RawSheet, its: _Printed) -> bool:
    """Whether all is as it should be, seen by whole columns.

    Where it is not, or amounts are too large for it, cell by cell tells what it is.
    """
    rows, place = its.rows, _amount_in(its.columns)
    if sheet.width < len(its.columns) or _has_large_amounts(rows) or its.total >= _LARGEST_BY_FLOAT:
        return False
    is_header = pl.all_horizontal(
        pl.col(f"text_{place}") == column.header for place, column in enumerate(its.columns)
    ).fill_null(value=False)
    is_total = (pl.col("text_0") == TOTAL_LABEL).fill_null(value=False)
    ends = sheet.cells.select("row_number", is_header=is_header, is_total=is_total).filter(
        pl.col("is_header") | pl.col("is_total")
    )
    if ends["is_header"].to_list() != [True, False]:
        return False
    first, last = ends["row_number"]
    found = sheet.cells.filter(pl.col("row_number").is_between(first + 1, last))
    # without the total's row
    if last - first - 1 != rows.height or found.height != rows.height + 1:
        return False
    total = pl.DataFrame({"amount": [its.total]}, schema={"amount": pl.Decimal(38, 2)})
    return _are_equal(found.tail(1), place, its.columns[place], total) and all(
        _are_equal(found.head(rows.height), place, column, rows) for place, column in enumerate(its.columns)
    )


def _are_equal(found: pl.DataFrame, place: int, column: PrintedColumn, rows: pl.DataFrame) -> bool:
    """Whether the cells of a column are what the rows have, numbers as numbers and texts as texts."""
    expected, text = rows[column.field], found[f"text_{place}"]
    kind = NUMBER if column.style in NUMBERS else TEXT
    if kind == NUMBER:
        are_equal = text.cast(_EXACT, strict=False).eq_missing(expected.cast(_EXACT))
    else:
        expected = expected.replace("", None)
        are_equal = text.eq_missing(expected)
    is_kind, is_blank = (found[f"kind_{place}"] == wanted for wanted in (kind, BLANK))
    return bool(are_equal.all() and is_kind.zip_with(expected.is_not_null(), is_blank).all())


def _has_large_amounts(rows: pl.DataFrame) -> bool:
    """Whether an amount has more digits than two different floats can be told by."""
    return bool(rows.select((pl.col("amount").abs() >= _LARGEST_BY_FLOAT).any()).item())


def _csv_failures(path: Path, rows: pl.DataFrame, total: Decimal) -> list[str]:
    if not path.is_file():
        return [f"{path.name}：没有这个文件"]
    if rows.height >= MANY and _is_expected_csv(path, rows, total):
        return []
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
    amounts = [Decimal(row[_amount_in(PAYMENT_COLUMNS)]) for row in table[1:]]
    return _total_failures(path.name, total, str(sum(amounts, Decimal("0.00"))))


def _is_expected_csv(path: Path, rows: pl.DataFrame, total: Decimal) -> bool:
    """Whether all is as it should be, seen by whole columns; where it is not, row by row tells what it is."""
    fields = [column.header for column in PAYMENT_COLUMNS]
    convert = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(fields, pa.string()), strings_can_be_null=False
    )
    parse = pyarrow.csv.ParseOptions(newlines_in_values=True)
    try:
        table = pyarrow.csv.read_csv(path, parse_options=parse, convert_options=convert)
    except (pa.ArrowException, OSError):
        return False
    if table.column_names != fields:
        return False
    found = pl.DataFrame(pl.from_arrow(table))
    expected = rows.select(
        pl.col(column.field).cast(pl.String).fill_null("").alias(column.header) for column in PAYMENT_COLUMNS
    )
    return found.equals(expected) and total_of(rows["amount"]) == total


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
