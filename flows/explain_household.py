"""What a household gets: every item with its arithmetic, clause and source row, and what is open."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import duckdb

from flows.text_table import grouped, text_table
from schemas.compensation import Alternatives, Buildings, LineItems, OpenQuestions
from schemas.housing import HOUSING_SHEETS
from schemas.table import Table

STATUS_WORDS = {"owed": "应付", "held": "暂缓", "estimate": "估算"}
_YES_NO = {True: "是", False: "否"}
_SOURCE = re.compile(r"(?P<sheet>\S+)@(?P<upload>[0-9a-f]+)#(?P<row>\d+)")


def household_text(connection: duckdb.DuckDBPyConnection, household_id: str) -> str:
    """The whole of a household's case, in Chinese."""
    sections = (
        _table("房屋", connection, Buildings, household_id, "building_id"),
        _items(connection, household_id),
        _table(
            "待定理解的各种选择", connection, Alternatives, household_id, "building_id, item, period, choice"
        ),
        _table("待定事项", connection, OpenQuestions, household_id, "building_id, code"),
        _payouts(connection, household_id),
        _records(connection, household_id),
    )
    return "\n".join((_head(connection, household_id), *(section for section in sections if section)))


def _head(connection: duckdb.DuckDBPyConnection, household_id: str) -> str:
    rows = connection.execute(
        "SELECT owner_name, status, amount_paid_to, amount_owed_by, net_amount, held_amount, "
        "estimated_amount FROM compensation.households WHERE household_id = ?",
        [household_id],
    ).fetchall()
    if not rows:
        return f"户 {household_id}：尚无可计算的入户调查。\n"
    owner, status, paid, owed, net, held, estimated = rows[0]
    return (
        f"户 {household_id}  {owner}  {STATUS_WORDS[str(status)]}\n"
        f"应付给户 {grouped(paid)} 元，户应付 {grouped(owed)} 元，净额 {grouped(net)} 元；"
        f"暂缓 {grouped(held)} 元，估算 {grouped(estimated)} 元\n"
    )


def _items(connection: duckdb.DuckDBPyConnection, household_id: str) -> str:
    """Every item; its source rows by file, sheet and row."""
    fields = (
        "building_id", "item_name", "period", "quantity", "unit", "rate", "factor",
        "amount", "status", "clause", "basis", "reading", "sources",
    )  # fmt: skip
    rows = connection.execute(
        f"SELECT {', '.join(fields)} FROM {LineItems.qualified_name()} WHERE household_id = ? "
        "ORDER BY building_id NULLS LAST, item, period",
        [household_id],
    ).fetchall()
    names = dict(connection.execute("SELECT left(upload_id, 16), file_name FROM audit.uploads").fetchall())
    status = fields.index("status")
    shown = [
        (*row[:status], STATUS_WORDS[row[status]], *row[status + 1 : -1], source_rows(str(row[-1]), names))
        for row in rows
    ]
    return _section("补偿项目", _headers(LineItems, fields), shown)


def source_rows(sources: str, file_names: Mapping[str, str]) -> str:
    """`入户调查@0123456789abcdef#2` as `入户调查第2行（甲.xlsx）`, by the upload's name."""
    return _SOURCE.sub(
        lambda found: (
            f"{found['sheet']}第{found['row']}行（{file_names.get(found['upload'], found['upload'])}）"
        ),
        sources,
    )


def _table(
    title: str, connection: duckdb.DuckDBPyConnection, table: type[Table], household_id: str, order: str
) -> str:
    fields = [name for name in table.columns if name != "household_id"]
    rows = connection.execute(
        f"SELECT {', '.join(fields)} FROM {table.qualified_name()} WHERE household_id = ? ORDER BY {order}",
        [household_id],
    ).fetchall()
    shown = [[_YES_NO[cell] if isinstance(cell, bool) else cell for cell in row] for row in rows]
    return _section(title, _headers(table, fields), shown)


def _payouts(connection: duckdb.DuckDBPyConnection, household_id: str) -> str:
    """What stands on a list, what is kept off it and what the household owes, over all its payees."""
    rows = connection.execute(
        """
        SELECT payee_id, '清单 ' || batch_id || ' 第' || line_number || '笔', amount, reason
        FROM payout.lines WHERE payee_id = $1 OR starts_with(payee_id, $1 || '#')
        UNION ALL SELECT payee_id, '不能列入清单', amount, reason
        FROM payout.held WHERE payee_id = $1 OR starts_with(payee_id, $1 || '#')
        UNION ALL SELECT payee_id, '应收', amount, reason
        FROM payout.receivables WHERE payee_id = $1 OR starts_with(payee_id, $1 || '#')
        ORDER BY ALL
        """,
        [household_id],
    ).fetchall()
    return _section("支付", ["收款人编号", "去向", "金额", "事由"], rows)


def _records(connection: duckdb.DuckDBPyConnection, household_id: str) -> str:
    """Every current record that concerns the household or one of its buildings: file, sheet, row."""
    rows: list[tuple[object, ...]] = []
    for sheet in HOUSING_SHEETS:
        owner_fields = [name for name in ("household_id", "building_id") if name in sheet.columns]
        if not owner_fields:
            continue
        by_household = "record.household_id = $1" if "household_id" in owner_fields else "false"
        by_building = (
            f"record.building_id IN ({_ITS_BUILDINGS})" if "building_id" in owner_fields else "false"
        )
        building = "record.building_id" if "building_id" in owner_fields else "NULL"
        rows += connection.execute(
            f"SELECT $2, {building}, upload.file_name, record.row_number "
            f"FROM survey.{sheet.table} AS record JOIN audit.uploads AS upload USING (upload_id) "
            f"WHERE {by_household} OR {by_building} ORDER BY 2, upload.sequence, 4",
            [household_id, sheet.title],
        ).fetchall()
    return _section("依据的记录", ["工作表", "房屋编号", "文件", "行号"], rows)


_ITS_BUILDINGS = "SELECT building_id FROM survey.household_survey WHERE household_id = $1"


def _headers(table: type[Table], fields: Sequence[str]) -> list[str]:
    return [table.columns[name].header for name in fields]


def _section(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    return f"── {title} ──\n{text_table(headers, rows)}"
