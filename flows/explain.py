"""`arxan explain`: what a household gets and why, row by row; or what is on record of an envoy."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

import duckdb

from flows.errors import OperatorError
from flows.explain_envoy import envoy_text
from flows.explain_household import household_text
from flows.household_case import household_case
from flows.last_run import OtherPoliciesError, last_run, policies_of
from flows.payouts import provisional_sentences
from flows.policies import PolicyError
from flows.warehouse.connection import reading_results


class UnknownSubjectError(OperatorError):
    """No household or envoy has the number; the text names those that look like it."""


class Subject(StrEnum):
    """What can be explained."""

    HOUSEHOLD = "household"
    ENVOY = "envoy"


def explanation(warehouse: Path, subject: str, policies: Path, *, each_month: bool = False) -> str:
    """All that the warehouse says of a household or an envoy; equal months as one line if not `each_month`.

    Raises UnknownSubjectError, WarehouseMissingError.
    """
    with reading_results(warehouse) as connection:
        if subject_kind(connection, subject) is Subject.ENVOY:
            return envoy_text(connection, subject)
        case = household_case(connection, subject)
        return household_text(case, _sentences(connection, policies), each_month=each_month)


def subject_kind(connection: duckdb.DuckDBPyConnection, subject: str) -> Subject:
    """What the number is of. Raises UnknownSubjectError."""
    if subject in _numbers(connection, _HOUSEHOLDS):
        return Subject.HOUSEHOLD
    if subject in _numbers(connection, _ENVOYS):
        return Subject.ENVOY
    raise UnknownSubjectError(_not_found(connection, subject))


def _sentences(connection: duckdb.DuckDBPyConnection, policies: Path) -> Mapping[str, str]:
    """A sentence for each provisional reading; none where the policies are not those of the last run."""
    run = last_run(connection)
    try:
        return provisional_sentences(policies_of(run, policies).compensation, run.as_of)
    except (OtherPoliciesError, PolicyError):
        return {}


_HOUSEHOLDS = (
    "SELECT household_id FROM compensation.households "
    "UNION SELECT household_id FROM survey.household_survey "
    "UNION SELECT household_id FROM compensation.open_questions WHERE household_id IS NOT NULL"
)
_ENVOYS = "SELECT envoy_id FROM survey.envoys"


def _numbers(connection: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    return {str(number) for (number,) in connection.execute(sql).fetchall()}


def _not_found(connection: duckdb.DuckDBPyConnection, subject: str) -> str:
    owners = connection.execute(
        "SELECT household_id FROM survey.household_survey WHERE building_id = ?", [subject]
    ).fetchall()
    for (owner,) in owners:
        return f"{subject} is a building of household {owner}: run `arxan explain {owner}`"
    known = sorted(_numbers(connection, _HOUSEHOLDS) | _numbers(connection, _ENVOYS))
    near = difflib.get_close_matches(subject, known, n=5, cutoff=0.5)
    hint = f"; near it are {', '.join(near)}" if near else ""
    return f"no household or envoy has the number {subject}{hint}"
