"""All that the warehouse says of one household, as frames: what is shown of it is shown from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from schemas.compensation import Alternatives, Buildings, Households, LineItems, OpenQuestions
from schemas.compensation_items import ALL_ITEMS
from schemas.housing import HOUSING_SHEETS
from schemas.payout import Programme
from schemas.table import Table
from transforms.frames import stacked
from transforms.payout.obligations import SET_OFF_READING

STATUS_WORDS = {"owed": "应付", "held": "暂缓", "estimate": "估算"}
RECORD_SCHEMA = {
    "number": pl.Int64(),
    "source": pl.String(),
    "sheet": pl.String(),
    "row_number": pl.Int64(),
    "building_id": pl.String(),
    "file_name": pl.String(),
}
_ITEM_ORDER = pl.Enum([item.code for item in ALL_ITEMS])
_STATUS_ORDER = pl.Enum(list(STATUS_WORDS))


@dataclass(frozen=True)
class HouseholdCase:
    """A household's rows of each table of the results, in the order in which they are read aloud.

    `summary` is the row of `compensation.households`, None while nothing can be computed. `agreements` has
    `building_id`, `signing_status`, `method`, `signed_on`. `payments` has `payee_id`, `place`, `amount`,
    `reason`: what stands on a list, is kept off it or is owed by the household, and what the bank said.
    `records` are the rows of workbooks that concern it, numbered from 1, with `source` as items name them.
    """

    household_id: str
    summary: dict[str, Any] | None
    buildings: pl.DataFrame
    agreements: pl.DataFrame
    items: pl.DataFrame
    alternatives: pl.DataFrame
    questions: pl.DataFrame
    payments: pl.DataFrame
    records: pl.DataFrame

    def reading_codes(self) -> list[str]:
        """The readings that its items rest on; set-off too where it is paid and owes as well."""
        named = {code for codes in self.items["reading"].drop_nulls() for code in codes.split()}
        if self.summary and self.summary["amount_paid_to"] > 0 and self.summary["amount_owed_by"] > 0:
            named.add(SET_OFF_READING)
        return sorted(named)


def household_case(connection: duckdb.DuckDBPyConnection, household_id: str) -> HouseholdCase:
    """What the warehouse says of the household."""
    summaries = _of_household(connection, Households, household_id).rows(named=True)
    alternatives = _of_household(connection, Alternatives, household_id)
    return HouseholdCase(
        household_id=household_id,
        summary=summaries[0] if summaries else None,
        buildings=_of_household(connection, Buildings, household_id).sort("building_id"),
        agreements=_frame(connection, _AGREEMENTS, household_id),
        items=_as_read_aloud(_of_household(connection, LineItems, household_id)),
        alternatives=alternatives.sort(
            "building_id", _place_of_item(), "period", "reading", "choice", nulls_last=True
        ),
        questions=_of_household(connection, OpenQuestions, household_id).sort("building_id", "code"),
        payments=_frame(connection, _PAYMENTS, household_id, str(Programme.HOUSING_COMPENSATION)),
        records=_records(connection, household_id),
    )


def _frame(connection: duckdb.DuckDBPyConnection, sql: str, *values: str) -> pl.DataFrame:
    found: pl.DataFrame = connection.sql(sql, params=list(values)).pl()
    return found


def _of_household(
    connection: duckdb.DuckDBPyConnection, table: type[Table], household_id: str
) -> pl.DataFrame:
    found = _frame(
        connection,
        f"SELECT {', '.join(table.columns)} FROM {table.qualified_name()} WHERE household_id = $1",
        household_id,
    )
    return found.cast(pl.Schema(table.frame_schema()))


def _as_read_aloud(items: pl.DataFrame) -> pl.DataFrame:
    """What is owed first; within it building by building, those of the whole household last."""
    status = pl.col("status").cast(_STATUS_ORDER)
    return items.sort(status, "building_id", _place_of_item(), "period", nulls_last=True)


def _place_of_item() -> pl.Expr:
    return pl.col("item").cast(_ITEM_ORDER)


_AGREEMENTS = """
    SELECT building_id, signing_status, method, signed_on FROM survey.agreements
    WHERE building_id IN (SELECT building_id FROM survey.household_survey WHERE household_id = $1)
    ORDER BY building_id
"""
_ITS_PAYEES = "(payee_id = $1 OR starts_with(payee_id, $1 || '#'))"
_PAYMENTS = f"""
    WITH line AS (
        SELECT payee_id, '清单 ' || batch_id || ' 第' || line_number || '笔' AS name, status, amount, reason
        FROM payout.lines JOIN payout.batches USING (batch_id)
        WHERE programme = $2 AND {_ITS_PAYEES}
    ), entry AS (
        SELECT payee_id, kind, '清单 ' || batch_id || CASE WHEN line_number > 0
                THEN ' 第' || line_number || '笔' ELSE '（不再应收）' END AS name,
            strftime(recorded_at, '%Y-%m-%d') AS recorded_on, sum(ledger.amount) AS amount
        FROM payout.ledger AS ledger JOIN payout.batches USING (batch_id)
        WHERE programme = $2 AND kind <> 'listed' AND {_ITS_PAYEES}
        GROUP BY ALL
    )
    SELECT payee_id, place, CAST(amount AS DECIMAL(18,2)) AS amount, reason FROM (
        SELECT 1 AS sequence, payee_id, name || CASE status WHEN 'draft' THEN '（草稿）'
            WHEN 'approved' THEN '（已批准）' ELSE '（已结清）' END AS place, amount, reason
        FROM line
        UNION ALL SELECT 2, payee_id, CASE kind WHEN 'confirmed' THEN '银行已付：'
            WHEN 'failed' THEN '付款失败：' ELSE '列入应收：' END || name, amount, '记录日期 ' || recorded_on
        FROM entry
        UNION ALL SELECT 3, payee_id, '不能列入清单', amount, reason FROM payout.held
        WHERE programme = $2 AND {_ITS_PAYEES}
        UNION ALL SELECT 4, payee_id, '列入应收清单', amount, reason FROM payout.receivables
        WHERE programme = $2 AND {_ITS_PAYEES}
    ) ORDER BY sequence, payee_id, place
"""


def _records(connection: duckdb.DuckDBPyConnection, household_id: str) -> pl.DataFrame:
    """Every current record that concerns the household or one of its buildings."""
    found = [
        _frame(connection, _records_of(sheet.table, list(sheet.columns)), household_id)
        for sheet in HOUSING_SHEETS
        if {"household_id", "building_id"} & set(sheet.columns)
    ]
    return (
        stacked(found).with_row_index("number", 1).select(list(RECORD_SCHEMA)).cast(pl.Schema(RECORD_SCHEMA))
    )


def _records_of(table: str, fields: list[str]) -> str:
    its_buildings = "SELECT building_id FROM survey.household_survey WHERE household_id = $1"
    conditions = []
    if "household_id" in fields:
        conditions.append("record.household_id = $1")
    if "building_id" in fields:
        conditions.append(f"record.building_id IN ({its_buildings})")
    building = "record.building_id" if "building_id" in fields else "NULL"
    return (
        "SELECT record.sheet || '@' || left(record.upload_id, 16) || '#' || record.row_number AS source, "
        f"record.sheet, record.row_number, {building}::VARCHAR AS building_id, upload.file_name "
        f"FROM survey.{table} AS record JOIN audit.uploads AS upload USING (upload_id) "
        f"WHERE {' OR '.join(conditions)} ORDER BY building_id, upload.sequence, record.row_number"
    )
