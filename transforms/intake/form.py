"""The form of one sheet: whether it can be read by its contract, and what is odd about its columns."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.raw_sheet import RawSheet
from schemas.sheet import ERROR, VOID_FIELD, Sheet
from transforms.intake.cells import VOID_COLUMN, kind_of, record_cells, text_of
from transforms.intake.findings import HeaderCell, column_letter, found_in_sheet
from transforms.intake.layout import LAST_HEADER_ROW, Layout, find_layout, missing_headers
from transforms.intake.rows import SheetRows, content_rows, divide_rows, filled_columns, rows_below
from transforms.intake.values import read_yes_or_no


@dataclass(frozen=True)
class SheetForm:
    """A sheet with its layout and rows; a refused or empty sheet has no rows.

    `rows_read` counts the non-blank rows below the header, or all of them when there is no header.
    """

    index: int
    raw: RawSheet
    layout: Layout | None
    rows: SheetRows | None
    rows_read: int
    found: tuple[pl.DataFrame, ...]
    is_refused: bool


def read_form(index: int, raw: RawSheet, contract: type[Sheet]) -> SheetForm:
    """The form of the sheet at an index of the workbook."""
    content = content_rows(raw.cells, range(raw.width))
    if content.is_empty():
        return SheetForm(index, raw, None, None, 0, (), is_refused=False)
    found = _hidden(index, raw)
    layout = find_layout(raw, contract)
    if layout is None:
        message = (
            f"前 {LAST_HEADER_ROW} 行里没有找到表头，整张表没有接收：请按模板写明表头（如"
            f"「{'」「'.join(column.header for column in contract.columns.values() if column.required)}」）。"
        )
        found.append(found_in_sheet(index, "no_header", message, severity=ERROR))
        return SheetForm(index, raw, None, None, content.height, tuple(found), is_refused=True)
    rows_read = rows_below(content, layout.header_row).height
    missing = missing_headers(layout, contract)
    if missing and not _only_withdraws(raw, layout, contract):
        message = (
            f"第 {layout.header_row} 行的表头缺少必需的列「{'」「'.join(missing)}」，整张表没有接收："
            "请补上这些列，或按模板改正表头。"
        )
        found.append(found_in_sheet(index, "missing_column", message, severity=ERROR))
        return SheetForm(index, raw, layout, None, rows_read, tuple(found), is_refused=True)
    rows = divide_rows(raw, layout, contract)
    found += [*_repeated_columns(index, layout, contract), *_unknown_columns(index, layout, rows)]
    return SheetForm(index, raw, layout, rows, rows_read, tuple(found), is_refused=False)


def _only_withdraws(raw: RawSheet, layout: Layout, contract: type[Sheet]) -> bool:
    """Whether the sheet has the key and 作废, and each of its rows withdraws a record: that is enough."""
    if not {*contract.key, VOID_FIELD}.issubset(layout.positions):
        return False
    records = divide_rows(raw, layout, contract).records
    cells = record_cells(records, raw, 0, layout, contract).select(
        pl.col(text_of(VOID_FIELD)).alias("text"), pl.col(kind_of(VOID_FIELD)).alias("kind")
    )
    is_void = read_yes_or_no(cells, VOID_COLUMN)["value"].fill_null(value=False)
    return not is_void.is_empty() and bool(is_void.all())


def letters_of(layout: Layout, field: str) -> str:
    """The letters of all columns that have the header of a field."""
    positions = (layout.positions[field], *layout.repeats.get(field, ()))
    return "、".join(column_letter(position) for position in positions)


def _hidden(index: int, raw: RawSheet) -> list[pl.DataFrame]:
    if not raw.is_hidden:
        return []
    message = "这张工作表是隐藏的，内容已照常读取；如不该上报，请删除后重新上传，否则请取消隐藏。"
    return [found_in_sheet(index, "hidden_sheet", message)]


def _repeated_columns(index: int, layout: Layout, contract: type[Sheet]) -> list[pl.DataFrame]:
    headers = {field: header for header, field in contract.headers().items()}
    return [
        found_in_sheet(
            index,
            "duplicate_column",
            f"「{headers[field]}」有几列（{letters_of(layout, field)}列），只读取第一列，请删去多余的列。",
            cell=HeaderCell(layout.header_row, repeat, headers[field], field),
        )
        for field, repeats in layout.repeats.items()
        for repeat in repeats
    ]


def _unknown_columns(index: int, layout: Layout, rows: SheetRows) -> list[pl.DataFrame]:
    titled = {position for position, text in layout.unknown.items() if text.strip()}
    untitled = [position for position in layout.unknown if position not in titled]
    noted = sorted(titled.union(filled_columns(rows.records, untitled)))
    return [
        found_in_sheet(
            index,
            "unknown_column",
            f"{column_letter(position)} 列不在规定的列中，没有读取；如是规定的列，请按模板改正表头。",
            cell=HeaderCell(layout.header_row, position, layout.unknown[position].strip()),
        )
        for position in noted
    ]
