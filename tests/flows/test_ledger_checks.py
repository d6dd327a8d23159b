"""The checks of ledger and lists; that they find what was altered is told in `end_to_end`."""

from __future__ import annotations

import ast
import dataclasses
import re
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from flows.ledger_checks import Books, ledger_failures, list_failures, read_books, shelf_failures
from flows.warehouse import ledger
from flows.warehouse.connection import reading, transaction, writing
from flows.warehouse.migrate import REPLACED_WHOLE, make_tables
from schemas.payout import Ledger
from tests.support.approved_town import approved_town, copied, drafted_town
from tests.support.town import Town
from transforms.frames import stacked

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


def changed(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """With another value, of the same type, in the last row of a column."""
    is_last = pl.int_range(pl.len()) == pl.len() - 1
    first, value = frame[name].first(), frame[name].last()
    other: object = None if value is not None else first
    if other is None and value is None:
        kind = frame.schema[name]
        other = "" if kind == pl.String else 0
    return frame.with_columns(
        pl.when(is_last).then(pl.lit(other, frame.schema[name])).otherwise(pl.col(name)).alias(name)
    )


def test_books_have_their_seal_as_long_as_nothing_in_them_is_changed(approved: Path) -> None:
    with reading(approved) as connection:
        books, again = read_books(connection), read_books(connection)
    assert books.ledger.height > 1
    assert seals_agree(books, again)
    for field in dataclasses.fields(Books):
        frame: pl.DataFrame = getattr(books, field.name)
        others = [changed(frame, name) for name in frame.columns] if frame.height else []
        if frame.height > 1:
            others += [frame.head(-1), stacked([frame, frame.tail(1)])]
            assert seals_agree(dataclasses.replace(books, **{field.name: frame.reverse()}), books)
        for other in others:
            assert not seals_agree(dataclasses.replace(books, **{field.name: other}), books)


def seals_agree(one: Books, other: Books) -> bool:
    pairs = zip(one.seal(), other.seal(), strict=True)
    return all(now.equals(then) for now, then in pairs)


def test_books_that_have_the_seal_are_not_gone_through_again_and_others_are(approved: Path) -> None:
    altered = approved.with_name("altered.duckdb")
    shutil.copyfile(approved, altered)
    with reading(approved) as connection:
        seal = read_books(connection).seal()
        assert ledger_failures(connection, seal) == ledger_failures(connection) == []
    with writing(altered) as connection:
        connection.execute("UPDATE payout.ledger SET amount = amount + 1 WHERE entry_id = 1")
        found = ledger_failures(connection)
        assert len(found) > 1
        assert ledger_failures(connection, seal) == found
        assert ledger_failures(connection, read_books(connection).seal()) == []
