"""The data dictionary says all that the classes say, and the written one has not drifted."""

from __future__ import annotations

from flows.dictionary import DICTIONARY_PATH, REWRITE_COMMAND, dictionary_markdown
from schemas.sheets import ALL_SHEETS
from schemas.tables import ALL_TABLES


def test_the_written_dictionary_is_up_to_date() -> None:
    written = DICTIONARY_PATH.read_text(encoding="utf-8")
    assert written == dictionary_markdown(), (
        f"docs/dictionary.md has drifted from the schemas: run `{REWRITE_COMMAND}`"
    )


def test_every_sheet_column_and_rule_is_in_it() -> None:
    text = dictionary_markdown()
    for sheet in ALL_SHEETS:
        section = text.split(f"### {sheet.title} · `{sheet.table}`")[1].split("\n##")[0]
        for column in sheet.columns.values():
            assert f"| {column.header} | `{column.name}` |" in section
        assert all(f"| `{rule.name}` | `{rule.field}` | {rule.severity} |" in section for rule in sheet.rules)


def test_every_table_and_column_is_in_it() -> None:
    text = dictionary_markdown()
    for table in ALL_TABLES:
        section = text.split(f"### `{table.qualified_name()}`")[1].split("\n##")[0]
        assert all(f"| `{name}` |" in section for name in table.columns)


def test_every_row_of_a_table_has_the_cells_of_its_header() -> None:
    width = 0
    for line in dictionary_markdown().splitlines():
        cells = line.replace("\\|", "").count("|")
        if cells and width:
            assert cells == width, line
        width = cells
