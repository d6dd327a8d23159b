"""A warehouse that an earlier version wrote, under this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.warehouse.connection import writing
from flows.warehouse.migrate import make_tables
from tests.support.town import Town
from tests.support.workbooks import ordinary_sheets


@pytest.fixture
def old(town: Town) -> Town:
    """A town whose warehouse lacks a column of a sheet, of a result and of the ledger's uploads."""
    town.upload("甲.xlsx", ordinary_sheets())
    town.night()
    with writing(town.warehouse) as connection:
        for statement in (
            "ALTER TABLE survey.household_survey_history DROP COLUMN phone",
            "ALTER TABLE compensation.households DROP COLUMN open_questions",
            "ALTER TABLE audit.findings DROP COLUMN column_letter",
            "DROP TABLE payout.receivables",
        ):
            connection.execute(statement)
    return town


def test_the_next_night_adds_what_is_missing_and_keeps_what_is_there(old: Town) -> None:
    before = old.ask("SELECT building_id, upload_id FROM survey.household_survey_history")
    old.night()
    assert old.ask("SELECT building_id, upload_id FROM survey.household_survey_history") == before
    assert old.ask("SELECT phone FROM survey.household_survey_history") == [(None,)]
    assert old.ask("SELECT open_questions FROM compensation.households") == [(0,)]
    assert old.ask("SELECT * FROM payout.receivables") == []


def test_a_table_with_a_key_can_take_a_column(old: Town) -> None:
    with writing(old.warehouse) as connection:
        connection.execute("ALTER TABLE audit.uploads DROP COLUMN message")
    old.night()
    assert old.ask("SELECT message FROM audit.uploads") == [(None,)]


def test_a_column_of_another_type_stops_the_night(old: Town) -> None:
    with writing(old.warehouse) as connection:
        connection.execute("ALTER TABLE survey.agreements_history ALTER agreed_amount TYPE DOUBLE")
    before = old.digest()
    done = old.arxan("nightly")
    assert done.exit_code == 1
    assert "keeps survey.agreements_history.agreed_amount as DOUBLE" in done.stderr
    assert old.digest() == before


def test_commands_that_only_read_say_what_to_do(old: Town) -> None:
    with writing(old.warehouse) as connection:
        connection.execute("DROP TABLE compensation.households")
    done = old.arxan("explain", "H-1")
    assert (done.exit_code, "written by another version of the program" in done.stderr) == (1, True)


def test_comments_are_renewed_where_they_are_others(old: Town) -> None:
    asked = (
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'runs' ORDER BY column_index",
        "SELECT comment FROM duckdb_tables() WHERE table_name = 'runs'",
    )
    before = [old.ask(sql) for sql in asked]
    with writing(old.warehouse) as connection:
        connection.execute("COMMENT ON COLUMN audit.runs.as_of IS 'x'")
        connection.execute("COMMENT ON TABLE audit.runs IS NULL")
    assert [old.ask(sql) for sql in asked] != before
    old.night()
    assert [old.ask(sql) for sql in asked] == before
    assert all(comment for rows in before for (comment,) in rows)


def test_where_nothing_is_missing_nothing_is_written(tmp_path: Path) -> None:
    with writing(tmp_path / "w.duckdb") as connection:
        for is_first in (True, False):
            connection.execute("BEGIN TRANSACTION")
            make_tables(connection)
            connection.execute("COMMIT")
            if is_first:
                connection.execute("CHECKPOINT")
        assert not (tmp_path / "w.duckdb.wal").exists()
