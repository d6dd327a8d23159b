"""The checks of ledger and lists; that they find what was altered is told in `end_to_end`."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.ledger_checks import ledger_failures, list_failures, shelf_failures
from flows.warehouse import ledger
from flows.warehouse.connection import transaction, writing
from flows.warehouse.glance import (
    HEAD_FIELDS,
    LISTED_FIELDS,
    OWING_FIELDS,
    books_look_in_order,
    seal_of_books,
)
from flows.warehouse.ledger import LEDGER, LEDGER_COLUMNS, NOT_DRAFT
from flows.warehouse.migrate import REPLACED_WHOLE, make_tables
from schemas.payout import Ledger
from tests.support.approved_town import approved_town, copied, drafted_town
from tests.support.town import Town

ROOT = Path(__file__).parents[2]
CODE = sorted(path for folder in ("flows", "transforms") for path in (ROOT / folder).rglob("*.py"))
CHANGING = re.compile(
    r"(UPDATE|DELETE\s+FROM|TRUNCATE|DROP\s+TABLE|ALTER\s+TABLE|MERGE\s+INTO|INSERT\s+OR\s+\w+\s+INTO)\s+"
    r"[\"{(]*(payout\W+)?ledger\b",
    re.IGNORECASE,
)


def test_new_books_are_in_order(tmp_path: Path) -> None:
    with writing(tmp_path / "new.duckdb") as connection:
        with transaction(connection):
            make_tables(connection)
        assert ledger_failures(connection) == []
        assert shelf_failures(connection, tmp_path / "out") == []
        assert list_failures(connection, tmp_path / "out") == []


def test_lists_of_another_warehouse_are_no_lists_of_this_one(tmp_path: Path) -> None:
    """Two installations need two output folders: each takes the other's lists for newer than its books."""
    one = drafted_town(tmp_path / "one")
    assert one.arxan("payouts", "approve", "HC-0001", "--by", "示例张").exit_code == 0
    other = copied(Town(tmp_path / "one"), tmp_path / "other")
    other.warehouse.unlink()
    done = other.arxan("nightly")
    assert (done.exit_code, "仓库是较早的副本" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("UPDATE payout.ledger SET amount = 0", True),
        ('delete from "payout"."ledger"', True),
        ("INSERT OR REPLACE INTO payout.ledger VALUES (1)", True),
        ("DELETE FROM {Ledger.qualified_name()}", True),
        ("UPDATE payout.batches SET status = '' WHERE batch_id IN (SELECT 1 FROM payout.ledger)", False),
        ("INSERT INTO payout.ledger BY NAME SELECT * FROM incoming", False),
    ],
)  # fmt: skip
def test_the_look_for_statements_finds_them(text: str, *, is_found: bool) -> None:
    assert bool(CHANGING.search(text)) is is_found


def test_no_statement_changes_or_removes_entries_of_the_ledger() -> None:
    found = [path.name for path in CODE if CHANGING.search(path.read_text("utf-8"))]
    assert found == []


def test_one_module_alone_writes_to_the_ledger_and_only_adds() -> None:
    writers = []
    for path in CODE:
        if path.is_relative_to(ROOT / "flows"):
            parsed = ast.parse(path.read_text("utf-8"))
            names = {node.id for node in ast.walk(parsed) if isinstance(node, ast.Name)}
            writers += [path.relative_to(ROOT).as_posix()] if "Ledger" in names else []
            given = [
                node.func.id
                for node in ast.walk(parsed)
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
                and any(isinstance(argument, ast.Name) and argument.id == "Ledger" for argument in node.args)
            ]  # fmt: skip
            assert set(given) <= {"append", "_rows"}
    assert writers == [Path(str(ledger.__file__)).relative_to(ROOT).as_posix()]


def test_the_ledger_is_no_table_that_is_made_anew() -> None:
    assert Ledger.qualified_name() not in REPLACED_WHOLE


def test_a_ledger_with_entries_is_kept_by_a_later_version(tmp_path: Path) -> None:
    town = drafted_town(tmp_path / "town")
    assert town.arxan("payouts", "approve", "HC-0001", "--by", "示例张").exit_code == 0
    before = town.ask("SELECT * FROM payout.ledger ORDER BY entry_id")
    with duckdb.connect(str(town.warehouse)) as connection:
        make_tables(connection)
    assert town.ask("SELECT * FROM payout.ledger ORDER BY entry_id") == before


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The warehouse of a town with approved batches."""
    return approved_town(tmp_path_factory.mktemp("sealed"))[0].warehouse


BOOKS = {
    LEDGER: tuple(LEDGER_COLUMNS),
    "payout.line_items": LISTED_FIELDS,
    "payout.receivable_items": OWING_FIELDS,
    "payout.batches": HEAD_FIELDS,
}


@pytest.fixture
def books(approved: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The approved books, with nothing that would refuse to have them altered."""
    shutil.copyfile(approved, tmp_path / "altered.duckdb")
    with writing(tmp_path / "altered.duckdb") as connection:
        for table in BOOKS:
            connection.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table}")
        yield connection


def other_value(connection: duckdb.DuckDBPyConnection, table: str, field: str) -> str:
    """Another value of a field, in SQL."""
    described = connection.execute(f"DESCRIBE SELECT {field} FROM {table}").fetchall()
    kind = str(described[0][1])
    if kind == "VARCHAR":
        return f"coalesce({field}, '') || '0'"
    return f"{field} + INTERVAL 1 DAY" if kind == "TIMESTAMP" else f"coalesce({field}, 0) + 1"


@pytest.mark.parametrize(
    ("table", "field"), [(table, field) for table, fields in BOOKS.items() for field in fields]
)
def test_no_field_of_the_books_can_be_changed_unseen(
    books: duckdb.DuckDBPyConnection, table: str, field: str
) -> None:
    seal = seal_of_books(books)
    assert ledger_failures(books) == ledger_failures(books, seal) == []
    place = books.execute(f"SELECT max(rowid) FROM {table} WHERE {NOT_DRAFT}").fetchall()[0][0]
    value = other_value(books, table, field)
    books.execute(f"UPDATE {table} SET {field} = {value} WHERE rowid = {place}")
    assert seal_of_books(books) != seal
    found = ledger_failures(books)
    assert found == ledger_failures(books, seal) != []
    assert table == "payout.batches" or not books_look_in_order(books)


@pytest.mark.parametrize("table", BOOKS)
@pytest.mark.parametrize("alter", ["DELETE FROM {} WHERE {}", "INSERT INTO {} FROM {} WHERE {}"])
def test_no_row_of_the_books_can_be_left_out_or_doubled(
    books: duckdb.DuckDBPyConnection, table: str, alter: str
) -> None:
    seal = seal_of_books(books)
    last = f"rowid = (SELECT max(rowid) FROM {table} WHERE {NOT_DRAFT})"
    books.execute(alter.format(*[table] * (alter.count("{}") - 1), last))
    assert seal_of_books(books) != seal
    assert ledger_failures(books, seal) == ledger_failures(books)


@pytest.mark.parametrize(
    "digest", ["sha256('another')", "(SELECT digest FROM payout.ledger WHERE entry_id = 1)"]
)
def test_a_link_that_is_not_the_digest_before_is_seen(books: duckdb.DuckDBPyConnection, digest: str) -> None:
    books.execute(f"UPDATE {LEDGER} SET previous_digest = {digest} WHERE entry_id = 3")
    assert not books_look_in_order(books)


def test_the_books_of_approved_and_answered_batches_look_in_order(books: duckdb.DuckDBPyConnection) -> None:
    assert books_look_in_order(books)
    kinds = books.execute(f"SELECT count(DISTINCT kind) FROM {LEDGER}").fetchall()
    assert kinds[0][0] > 1


def test_rows_in_another_order_have_the_same_seal(books: duckdb.DuckDBPyConnection) -> None:
    seal = seal_of_books(books)
    for table in BOOKS:
        books.execute(f"CREATE OR REPLACE TABLE {table} AS FROM {table} ORDER BY ALL DESC")
    assert seal_of_books(books) == seal
    assert books_look_in_order(books)


def test_books_that_have_the_seal_are_not_gone_through_again_and_others_are(
    books: duckdb.DuckDBPyConnection,
) -> None:
    seal = seal_of_books(books)
    books.execute("UPDATE payout.ledger SET amount = amount + 1 WHERE entry_id = 1")
    found = ledger_failures(books)
    assert len(found) > 1
    assert ledger_failures(books, seal) == found
    assert ledger_failures(books, seal_of_books(books)) == []
