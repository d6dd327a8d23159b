"""`arxan query`: one question to the warehouse, its answer exact, nothing changed."""

from __future__ import annotations

import csv
import io
import json
from enum import StrEnum
from pathlib import Path

import duckdb

from flows.errors import OperatorError
from flows.text_table import text_table, written
from flows.warehouse.connection import reading

Row = tuple[object, ...]


class QueryError(OperatorError):
    """The database refused the question; the text is its answer and where to look."""


class Format(StrEnum):
    """How an answer is written. In JSON a decimal is text, since a JSON number need not be exact."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def answer(warehouse: Path, sql: str, form: Format) -> str:
    """Ask the warehouse, read-only. Raises QueryError, WarehouseMissingError."""
    with reading(warehouse) as connection:
        try:
            statements = len(connection.extract_statements(sql))
            if statements > 1:
                reason = f"there are {statements} questions: ask one at a time"
                raise QueryError(reason)
            connection.execute(sql)
            titles = [str(column[0]) for column in connection.description or []]
            rows: list[Row] = connection.fetchall() if titles else []
        except duckdb.Error as error:
            raise QueryError(_with_hint(error)) from None
    if not titles:
        reason = 'the question is empty: write for instance "SELECT * FROM audit.runs"'
        raise QueryError(reason)
    return {Format.TABLE: _as_table, Format.CSV: _as_csv, Format.JSON: _as_json}[form](titles, rows)


def _with_hint(error: duckdb.Error) -> str:
    said = str(error).strip()
    if isinstance(error, duckdb.CatalogException):
        return f'{said}\nAll tables are listed by: arxan query "SHOW ALL TABLES"'
    if isinstance(error, duckdb.InvalidInputException | duckdb.PermissionException):
        return f"{said}\nA query only reads the warehouse: it changes nothing and reaches no other file."
    return said


def _as_table(titles: list[str], rows: list[Row]) -> str:
    counted = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    return f"{text_table(titles, rows)}{counted}\n"


def _as_csv(titles: list[str], rows: list[Row]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(titles)
    writer.writerows([written(cell) for cell in row] for row in rows)
    return target.getvalue()


def _as_json(titles: list[str], rows: list[Row]) -> str:
    records = [dict(zip(titles, map(_json_value, row), strict=True)) for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def _json_value(cell: object) -> object:
    if cell is None or isinstance(cell, bool | int | float | str):
        return cell
    if isinstance(cell, list | tuple):
        return [_json_value(part) for part in cell]
    if isinstance(cell, dict):
        return {str(name): _json_value(part) for name, part in cell.items()}
    return written(cell)
