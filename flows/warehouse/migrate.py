"""Brings a warehouse that an earlier version of the program wrote to the tables of this one."""

from __future__ import annotations

import duckdb

from flows.errors import OperatorError
from flows.warehouse.ddl import TableDefinition, all_definitions, schema_statements, table_statements
from flows.warehouse.tables import quoted
from schemas.compensation import COMPENSATION_TABLES
from schemas.investment_payments import PAYMENT_TABLES
from schemas.investment_scores import SCORE_TABLES
from schemas.payout import Held, Receivables
from schemas.table import Table

Columns = dict[str, str]
_WHOLE: tuple[type[Table], ...] = (
    *COMPENSATION_TABLES,
    *SCORE_TABLES,
    *PAYMENT_TABLES,
    Held,
    Receivables,
)
REPLACED_WHOLE = frozenset(table.qualified_name() for table in _WHOLE)
"""Tables that each night writes anew: nothing is lost when they are made anew."""


class ForeignWarehouseError(OperatorError):
    """A table keeps a column as another type than this version of the program; it must not be guessed at."""


def make_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that are missing, add the columns that are, and renew the comments that are others.

    To be called within a transaction. Raises ForeignWarehouseError.
    """
    present, comments = _columns(connection), _comments(connection)
    for statement in schema_statements():
        connection.execute(statement)
    for definition in all_definitions():
        name = f"{definition.schema_name}.{definition.name}"
        if name in present and _differs(definition, present[name]):
            _bring_up(connection, definition, present[name])
        elif name in present and comments[name] == _own_comments(definition):
            continue
        for statement in table_statements(definition):
            connection.execute(statement)


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[str, Columns]:
    """Type by column of every table, by schema and name."""
    found: dict[str, Columns] = {}
    rows = connection.execute(
        "SELECT table_schema || '.' || table_name, column_name, data_type FROM information_schema.columns"
    ).fetchall()
    for table, column, data_type in rows:
        found.setdefault(str(table), {})[str(column)] = str(data_type)
    return found


def _comments(connection: duckdb.DuckDBPyConnection) -> dict[str, Columns]:
    """Comment by column of every table, by schema and name; that of the table itself under no name."""
    found: dict[str, Columns] = {}
    rows = connection.execute(
        "SELECT schema_name || '.' || table_name, '', comment FROM duckdb_tables() UNION ALL "
        "SELECT schema_name || '.' || table_name, column_name, comment FROM duckdb_columns()"
    ).fetchall()
    for table, column, comment in rows:
        found.setdefault(str(table), {})[str(column)] = str(comment or "")
    return found


def _own_comments(definition: TableDefinition) -> Columns:
    return {"": definition.comment} | {column.name: column.comment for column in definition.columns}


def _differs(definition: TableDefinition, present: Columns) -> bool:
    return {column.name: column.sql_type for column in definition.columns} != present


def _bring_up(connection: duckdb.DuckDBPyConnection, definition: TableDefinition, present: Columns) -> None:
    name = f"{definition.schema_name}.{definition.name}"
    if name in REPLACED_WHOLE or _is_empty(connection, definition):
        connection.execute(f"DROP TABLE {definition.quoted_name}")
        return
    for column in definition.columns:
        kept = present.get(column.name, column.sql_type)
        if kept != column.sql_type:
            reason = (
                f"the warehouse keeps {name}.{column.name} as {kept}, this version of the program as "
                f"{column.sql_type}: it was written by another version"
            )
            raise ForeignWarehouseError(reason)
        if column.name not in present:
            connection.execute(
                f"ALTER TABLE {definition.quoted_name} ADD COLUMN {quoted(column.name)} {column.sql_type}"
            )


def _is_empty(connection: duckdb.DuckDBPyConnection, definition: TableDefinition) -> bool:
    ((rows,),) = connection.execute(f"SELECT count(*) FROM {definition.quoted_name}").fetchall()
    return not rows
