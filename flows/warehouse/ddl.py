"""The SQL that makes the warehouse's schemas and tables, with a comment on every table and column.

All of it follows from the sheet and table classes. Schemas have no comments: DuckDB can't keep them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.columns import Column, Kind
from schemas.sheet import VOID_FIELD, VOID_HEADER, Sheet
from schemas.sheets import ALL_SHEETS
from schemas.table import Table
from schemas.tables import ALL_TABLES

SCHEMA_NAMES = ("audit", "survey", "compensation", "investment", "payout")
REPLACED_BY_FIELD = "replaced_by"
INDEXED_TABLES = frozenset({"audit.runs", "audit.uploads", "payout.batches", "payout.ledger"})
"""Computed tables with a PRIMARY KEY: those that rows are added to or changed in.

The others are written anew from a frame whose key has been checked as a whole; an index would make
replacing 1 000 000 rows some fifty times slower and the file several times larger.
"""

_UPLOAD_ID = Column(
    "上传编号", Kind.TEXT, "文件内容的 SHA-256，见 audit.uploads", required=True, name="upload_id"
)
_SHEET = Column("工作表", Kind.TEXT, "该行所在工作表的名称", required=True, name="sheet")
_ROW_NUMBER = Column("行号", Kind.INTEGER, "该行在 Excel 中显示的行号", required=True, name="row_number")
_IS_VOID = Column(VOID_HEADER, Kind.YES_NO, "是 = 该行撤销这个编号的记录", required=True, name=VOID_FIELD)
_REPLACED_BY = Column(
    "取代者",
    Kind.TEXT,
    "以同一编号取代或撤销该行的上传编号；仍有效的为空",
    name=REPLACED_BY_FIELD,
)
PROVENANCE_COLUMNS = (_UPLOAD_ID, _SHEET, _ROW_NUMBER)


@dataclass(frozen=True)
class TableDefinition:
    """A table as the warehouse has it: `key` is its PRIMARY KEY, empty when it has none.

    `unique` and `conditions` are its further constraints.
    """

    schema_name: str
    name: str
    comment: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    conditions: tuple[str, ...] = ()

    @property
    def quoted_name(self) -> str:
        """Schema and name as SQL identifiers."""
        return f"{_identifier(self.schema_name)}.{_identifier(self.name)}"


def survey_definition(sheet: type[Sheet]) -> TableDefinition:
    """The current records of a sheet; `flows.verify` sees that each key is there once.

    No PRIMARY KEY: its index makes landing several times slower and the file several times larger.
    """
    return TableDefinition(
        schema_name="survey",
        name=sheet.table,
        comment=f"{sheet.title}: {sheet.description()}",
        columns=(*sheet.columns.values(), *PROVENANCE_COLUMNS),
        key=(),
    )


def history_definition(sheet: type[Sheet]) -> TableDefinition:
    """Every accepted record of a sheet. Only its key must be there: a withdrawn row has nothing else."""
    return TableDefinition(
        schema_name="survey",
        name=f"{sheet.table}_history",
        comment=f"{sheet.title}, every accepted version, withdrawals too: {sheet.description()}",
        columns=(
            *(_needed_only_in_key(column, sheet.key) for column in sheet.columns.values()),
            *PROVENANCE_COLUMNS,
            _IS_VOID,
            _REPLACED_BY,
        ),
        key=(),
    )


def _needed_only_in_key(column: Column, key: tuple[str, ...]) -> Column:
    return Column(
        column.header,
        column.kind,
        column.description,
        required=column.name in key,
        unit=column.unit,
        scale=column.scale,
        precision=column.precision,
        name=column.name,
    )


def table_definition(table: type[Table]) -> TableDefinition:
    """A computed table."""
    is_indexed = table.qualified_name() in INDEXED_TABLES
    return TableDefinition(
        schema_name=table.schema_name,
        name=table.table,
        comment=table.description(),
        columns=tuple(table.columns.values()),
        key=table.key if is_indexed else (),
        unique=table.unique if is_indexed else (),
        conditions=table.conditions if is_indexed else (),
    )


def all_definitions() -> Iterator[TableDefinition]:
    """Every table of the warehouse: the computed ones, then each sheet's current and earlier records."""
    yield from (table_definition(table) for table in ALL_TABLES)
    for sheet in ALL_SHEETS:
        yield survey_definition(sheet)
        yield history_definition(sheet)


def schema_statements() -> list[str]:
    """SQL statements for what the tables stand in."""
    return [f"CREATE SCHEMA IF NOT EXISTS {_identifier(name)}" for name in SCHEMA_NAMES]


def table_statements(definition: TableDefinition) -> list[str]:
    """SQL statements for one table; where it is there they only renew its comments."""
    return [
        _create_table(definition),
        f"COMMENT ON TABLE {definition.quoted_name} IS {_literal(definition.comment)}",
        *(
            f"COMMENT ON COLUMN {definition.quoted_name}.{_identifier(column.name)} "
            f"IS {_literal(column.comment)}"
            for column in definition.columns
        ),
    ]


def _create_table(definition: TableDefinition) -> str:
    lines = [
        f"{_identifier(column.name)} {column.sql_type}{' NOT NULL' if column.required else ''}"
        for column in definition.columns
    ]
    if definition.key:
        lines.append(f"PRIMARY KEY ({', '.join(map(_identifier, definition.key))})")
    lines.extend(f"UNIQUE ({', '.join(map(_identifier, columns))})" for columns in definition.unique)
    lines.extend(f"CHECK ({condition})" for condition in definition.conditions)
    return f"CREATE TABLE IF NOT EXISTS {definition.quoted_name} (\n  " + ",\n  ".join(lines) + "\n)"


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
