"""`arxan explain`: what a household gets and why, row by row; or how an envoy is scored, and on what."""

from __future__ import annotations

import difflib
from enum import StrEnum
from pathlib import Path

import duckdb
import polars as pl

from flows.envoy_case import EnvoyCase, envoy_case, envoy_records, upload_names
from flows.errors import OperatorError, WrongUseError
from flows.explain_envoy import Evidence, envoy_text, require_scored
from flows.explain_household import household_text
from flows.household_case import household_case
from flows.last_run import LastRun, OtherPoliciesError, last_run, policies_of
from flows.payouts import provisional_sentences
from flows.policies import Policies, PolicyError
from flows.warehouse.connection import reading_results
from transforms.envoys.evidence import evidence


class UnknownSubjectError(OperatorError):
    """No household or envoy has the number; the text names those that look like it."""


class Subject(StrEnum):
    """What can be explained."""

    HOUSEHOLD = "household"
    ENVOY = "envoy"


def explanation(
    warehouse: Path, subject: str, policies: Path, *, each_month: bool = False, year: int | None = None
) -> str:
    """All that the warehouse says of a household or an envoy.

    Equal months of a household are one line if not `each_month`; of an envoy, a `year` is shown alone and
    with its evidence. Raises UnknownSubjectError, WarehouseMissingError, YearNotScoredError, and
    WrongUseError for the year of a household.
    """
    with reading_results(warehouse) as connection:
        if subject_kind(connection, subject) is Subject.ENVOY:
            return _envoy_text(connection, subject, policies, year)
        if year is not None:
            reason = f"{subject} is a household: --year is for the score of an envoy"
            raise WrongUseError(reason)
        run = last_run(connection)
        used = _policies_of(run, policies)
        sentences = provisional_sentences(used.compensation, run.as_of) if used else {}
        return household_text(household_case(connection, subject), sentences, each_month=each_month)


def _envoy_text(
    connection: duckdb.DuckDBPyConnection, envoy_id: str, policies: Path, year: int | None
) -> str:
    case, run = envoy_case(connection, envoy_id), last_run(connection)
    used = _policies_of(run, policies)
    sentences = provisional_sentences(used.envoys, run.as_of) if used else {}
    if year is None:
        return envoy_text(case, sentences)
    require_scored(case, year)
    shown = _evidence_of(connection, case, year, used, run) if used else Evidence(None, {}, _OTHER_POLICIES)
    return envoy_text(case, sentences, year=year, evidence=shown)


def _evidence_of(
    connection: duckdb.DuckDBPyConnection, case: EnvoyCase, year: int, used: Policies, run: LastRun
) -> Evidence:
    """The evidence of a year, as the last run had it: of the envoy's own rows, by its policies."""
    envoy_id = case.envoy["envoy_id"]
    rows = evidence(envoy_records(connection, envoy_id), used.envoys, run.as_of, [envoy_id])
    return Evidence(rows.filter(pl.col("year") == year), upload_names(connection))


def subject_kind(connection: duckdb.DuckDBPyConnection, subject: str) -> Subject:
    """What the number is of. Raises UnknownSubjectError."""
    if subject in _numbers(connection, _HOUSEHOLDS):
        return Subject.HOUSEHOLD
    if subject in _numbers(connection, _ENVOYS):
        return Subject.ENVOY
    raise UnknownSubjectError(_not_found(connection, subject))


def _policies_of(run: LastRun, policies: Path) -> Policies | None:
    """The policies that the results were computed by; none where the files in the folder are others."""
    try:
        return policies_of(run, policies)
    except (OtherPoliciesError, PolicyError):
        return None


_OTHER_POLICIES = (
    "政策文件夹中的文件与上次运行所用的不同，按它们列出的依据可能与得分不符，故不列出。"
    "请先重新运行 arxan nightly，或用 --policies 指明当时的政策文件夹。"
)
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
