"""The data dictionary, written from the sheet and table classes: `python -m flows.dictionary`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from flows.warehouse.ddl import (
    PROVENANCE_COLUMNS,
    SCHEMA_NAMES,
    TableDefinition,
    history_definition,
    survey_definition,
    table_definition,
)
from schemas.columns import Column, Kind
from schemas.sheet import VOID_FIELD, VOID_HEADER, Sheet
from schemas.sheets import ALL_SHEETS
from schemas.tables import ALL_TABLES

DICTIONARY_PATH = Path(__file__).resolve().parents[1] / "docs" / "dictionary.md"
REWRITE_COMMAND = "python -m flows.dictionary"

_INTRODUCTION = f"""# Data dictionary

Written by `{REWRITE_COMMAND}` from the classes under `schemas/`; change those, not this file.

The first part is what comes in: one section per sheet of the workbooks that are uploaded. A sheet is
recognised by its name and a column by its header. The second part is what is kept: the tables of the
warehouse, one DuckDB file, where the same descriptions stand as comments on tables and columns.

Areas are in ㎡, money in 元 unless the unit says 万元, dates are days in Asia/Shanghai. Decimals are exact
and have at most the decimals of their type. An *identifier* is text, also where it is all digits; an
*ID number*, a *credit code* or an *account* is refused in a numeric cell, since Excel keeps 15 digits.
Every date but those marked *may be planned* is of a thing done, and so not after the as-of date.

Every sheet may have the further column {VOID_HEADER} (`{VOID_FIELD}`, 是 or blank): the record with this key
is withdrawn, and the row needs only its key. A later row with the same key replaces the earlier one, which
stays in the table's `_history`. Under each sheet stand the rules that its rows are checked by, as
`audit.findings` names them, with the message that the clerk reads; `{{value}}` stands for the cell's value.
"""

_KIND_NAMES = {
    Kind.IDENTIFIER: "identifier",
    Kind.TEXT: "text",
    Kind.NAME: "name",
    Kind.ENUM: "choice",
    Kind.YES_NO: "yes/no",
    Kind.HAS_NOT: "has/has not",
    Kind.DECIMAL: "decimal",
    Kind.INTEGER: "integer",
    Kind.DATE: "date",
    Kind.ID_NUMBER: "ID number",
    Kind.CREDIT_CODE: "credit code",
    Kind.ACCOUNT: "account",
    Kind.TIMESTAMP: "moment",
}


def dictionary_markdown() -> str:
    """The whole dictionary as Markdown."""
    blocks: list[str] = [_INTRODUCTION, "## Sheets\n"]
    for sheet in ALL_SHEETS:
        blocks.extend(_sheet_blocks(sheet))
    blocks.append("## Tables\n")
    for name in SCHEMA_NAMES:
        blocks.extend(_schema_blocks(name))
    return "\n".join(blocks).rstrip("\n") + "\n"


def _sheet_blocks(sheet: type[Sheet]) -> Iterator[str]:
    yield f"### {sheet.title} · `{sheet.table}`\n"
    yield f"{sheet.description()} Key: {_key_text(sheet)}.\n"
    yield markdown_table(
        ("header", "field", "type", "required", "unit", "choices and limits", "description"),
        (
            (
                column.header,
                f"`{column.name}`",
                _KIND_NAMES[column.kind],
                "yes" if column.required else "",
                column.unit or "",
                _limits(column),
                column.description,
            )
            for column in sheet.columns.values()
        ),
    )
    if rules := sheet.all_rules():
        yield markdown_table(
            ("rule", "field", "severity", "message"),
            ((f"`{rule.name}`", f"`{rule.field}`", rule.severity, rule.message) for rule in rules),
        )


def _key_text(sheet: type[Sheet]) -> str:
    return ", ".join(f"{sheet.columns[name].header} (`{name}`)" for name in sheet.key)


def _limits(column: Column) -> str:
    return "; ".join((*_value_limits(column), *_cell_limits(column)))


def _value_limits(column: Column) -> Iterator[str]:
    if column.choices:
        yield "、".join(column.choices)
    if column.kind is Kind.YES_NO:
        yield "是 or blank" if column.only_yes_or_blank else "是、否"
    if column.kind is Kind.HAS_NOT:
        yield "有、无"
    if column.minimum is not None:
        yield f"{'>' if column.above_minimum else '≥'} {column.minimum:,}"
    if column.maximum is not None:
        yield f"≤ {column.maximum:,}"


def _cell_limits(column: Column) -> Iterator[str]:
    if column.pattern_hint:
        yield column.pattern_hint
    if column.kind is Kind.DECIMAL:
        yield f"at most {column.scale} decimals"
    if column.may_be_future:
        yield "may be planned"
    if column.must_be_text:
        yield "text cell only"
    if column.fills_merged:
        yield "a merged cell holds for each of its rows"


def _schema_blocks(schema_name: str) -> Iterator[str]:
    if schema_name == "survey":
        yield from _survey_blocks()
        return
    for table in ALL_TABLES:
        if table.schema_name == schema_name:
            definition = table_definition(table)
            key = ", ".join(f"`{name}`" for name in table.key)
            yield f"### `{definition.schema_name}.{definition.name}`\n"
            yield f"{definition.comment}{f' Key: {key}.' if key else ''}\n"
            yield _columns_table(definition)


def _survey_blocks() -> Iterator[str]:
    provenance = ", ".join(f"`{column.name}`" for column in PROVENANCE_COLUMNS)
    yield "### `survey`: one pair of tables per sheet\n"
    yield (
        f"Each has the fields of its sheet and {provenance}. The first holds the current records, the second "
        "every accepted one, with `is_void` and `replaced_by`; in it only the key is never null.\n"
    )
    yield markdown_table(
        ("sheet", "current records", "all versions", "key"),
        (
            (
                sheet.title,
                f"`survey.{survey_definition(sheet).name}`",
                f"`survey.{history_definition(sheet).name}`",
                ", ".join(f"`{name}`" for name in sheet.key),
            )
            for sheet in ALL_SHEETS
        ),
    )
    for sheet in ALL_SHEETS:
        yield f"#### `survey.{sheet.table}`\n"
        yield _columns_table(history_definition(sheet), survey_definition(sheet))


def _columns_table(definition: TableDefinition, current: TableDefinition | None = None) -> str:
    """The columns; of a pair of tables those of the history, with what the current table requires."""
    in_current = {column.name: column for column in (current or definition).columns}
    return markdown_table(
        ("column", "type", "never null", "title", "unit", "description"),
        (
            (
                f"`{column.name}`" + ("" if column.name in in_current else " (history)"),
                column.sql_type,
                "yes" if in_current.get(column.name, column).required else "",
                column.header,
                column.unit or "",
                _with_choices(column.description, column.choices),
            )
            for column in definition.columns
        ),
    )


def _with_choices(description: str, choices: tuple[str, ...]) -> str:
    """The description, and after it the values that it does not name itself."""
    is_told = all(f"{choice} = " in description for choice in choices)
    return description if is_told else f"{description} ({', '.join(choices)})"


def markdown_table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown, whatever its cells hold."""
    lines = [_markdown_row(header), _markdown_row(("---",) * len(header)), *map(_markdown_row, rows)]
    return "\n".join(lines) + "\n"


def _markdown_row(cells: tuple[str, ...]) -> str:
    escaped = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(escaped) + " |"


def main() -> None:
    """Rewrite `docs/dictionary.md`."""
    DICTIONARY_PATH.parent.mkdir(parents=True, exist_ok=True)
    DICTIONARY_PATH.write_text(dictionary_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()
