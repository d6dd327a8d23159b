"""What always holds, checked before anything is published: each failure is a line that says by how much."""

from __future__ import annotations

import re

import duckdb
import polars as pl

from flows.errors import OperatorError
from schemas.compensation import Buildings, Households
from schemas.housing import HouseholdSurvey
from schemas.sheet import Sheet
from schemas.sheets import ALL_SHEETS

_PERSONAL = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Z]{15,20}|1[3-9][0-9]{9})(?![0-9A-Za-z])[Xx]?")


class CheckFailedError(OperatorError):
    """At least one check before publication failed; `failures` has a line for each.

    Numbers as long as those of persons, phones and cards are left out of the lines.
    """

    def __init__(self, failures: list[str]) -> None:
        self.failures = tuple(_PERSONAL.sub("…", line) for line in failures)
        super().__init__("\n".join(f"check failed: {line}" for line in self.failures))

    def __reduce__(self) -> tuple[type[CheckFailedError], tuple[list[str]]]:
        """Exceptions are rebuilt from their arguments, also in another process."""
        return type(self), (list(self.failures),)


def require(failures: list[str]) -> None:
    """Raises CheckFailedError when there is a failure."""
    if failures:
        raise CheckFailedError(failures)


def failure(what: str, *, expected: int, got: int) -> str:
    """The line of a failed check over counts."""
    return f"check {what}: expected {expected}, got {got}, differs by {got - expected}"


def check_row_counts(uploads: pl.DataFrame) -> list[str]:
    """Per upload, rows read = accepted + rejected + skipped."""
    accounted = pl.col("rows_accepted") + pl.col("rows_rejected") + pl.col("rows_skipped")
    wrong = uploads.select("upload_id", "rows_read", accounted.alias("accounted")).filter(
        pl.col("rows_read") != pl.col("accounted")
    )
    return [
        failure(f"rows of upload {upload_id[:12]}", expected=read, got=found)
        for upload_id, read, found in wrong.iter_rows()
    ]


def check_warehouse(connection: duckdb.DuckDBPyConnection, uploads: pl.DataFrame) -> list[str]:
    """What the tables as they now stand must agree on, whatever made them."""
    return [
        *_landed(connection, uploads),
        *(failed for sheet in ALL_SHEETS for failed in _keys_once(connection, sheet)),
        *_once_each(connection, HouseholdSurvey.table, Buildings.qualified_name(), "building_id"),
        *_once_each(connection, HouseholdSurvey.table, Households.qualified_name(), "household_id"),
    ]


def _landed(connection: duckdb.DuckDBPyConnection, uploads: pl.DataFrame) -> list[str]:
    """Each accepted row of the night's uploads is in the history of its sheet."""
    histories = " UNION ALL ".join(
        f"SELECT upload_id FROM survey.{sheet.table}_history" for sheet in ALL_SHEETS
    )
    landed = connection.sql(
        f"SELECT upload_id, count(*) AS landed FROM ({histories}) GROUP BY upload_id"
    ).pl()
    compared = uploads.join(landed, on="upload_id", how="left").select(
        "upload_id", "rows_accepted", pl.col("landed").fill_null(0)
    )
    return [
        failure(f"rows in the history of upload {upload_id[:12]}", expected=accepted, got=found)
        for upload_id, accepted, found in compared.iter_rows()
        if accepted != found
    ]


def _keys_once(connection: duckdb.DuckDBPyConnection, sheet: type[Sheet]) -> list[str]:
    """Each key has one current record, the one that nothing in the history has replaced or withdrawn."""
    key = ", ".join(sheet.key)
    [(rows, keys, standing)] = connection.execute(
        f"""
        SELECT (SELECT count(*) FROM survey.{sheet.table}),
               (SELECT count(*) FROM (SELECT DISTINCT {key} FROM survey.{sheet.table})),
               (SELECT count(*) FROM survey.{sheet.table}_history WHERE replaced_by IS NULL AND NOT is_void)
        """
    ).fetchall()
    return [
        failure(f"{what} of survey.{sheet.table}", expected=expected, got=rows)
        for what, expected in (("rows by key", keys), ("rows by history", standing))
        if rows != expected
    ]


def _once_each(
    connection: duckdb.DuckDBPyConnection, survey_table: str, computed_table: str, key: str
) -> list[str]:
    """Every one surveyed is in the computed table, once, and no other."""
    row = connection.execute(
        f"""
        SELECT (SELECT count(DISTINCT {key}) FROM survey.{survey_table}),
               (SELECT count(*) FROM {computed_table}),
               (SELECT count(DISTINCT {key}) FROM {computed_table}
                WHERE {key} IN (SELECT {key} FROM survey.{survey_table}))
        """
    ).fetchall()[0]
    surveyed, rows, matched = map(int, row)
    return [
        failure(f"{what} in {computed_table}", expected=surveyed, got=got)
        for what, got in (("rows", rows), (f"surveyed {key}", matched))
        if got != surveyed
    ]
