"""`arxan explain HOUSEHOLD --format xlsx`: one household's settlement sheet, ready to print and sign."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

from flows.errors import OperatorError, WrongUseError
from flows.explain import Subject, subject_kind
from flows.household_case import household_case
from flows.last_run import last_run, policies_of
from flows.lists.private_file import write_private
from flows.lists.settlement_page import SHEET_TITLE, Basis, settlement_workbook
from flows.payouts import SEPARATE, SET_OFF, provisional_sentences
from flows.private import private_folder
from flows.warehouse.connection import reading_results

SHEETS_FOLDER = "settlement-sheets"


class NothingToSettleError(OperatorError):
    """Nothing can be computed for the household yet, so there is nothing to sign."""


def write_settlement_sheet(warehouse: Path, household_id: str, policies: Path, folder: Path) -> Path:
    """Write the sheet of a household as of the last run, and say where it stands.

    Raises UnknownSubjectError, WrongUseError for an envoy, NothingToSettleError, PolicyError, and
    OtherPoliciesError where the policy files are not those that the amounts were computed by.
    """
    with reading_results(warehouse) as connection:
        if subject_kind(connection, household_id) is not Subject.HOUSEHOLD:
            reason = f"{household_id} is an envoy: only households have a settlement sheet"
            raise WrongUseError(reason)
        basis = _basis(connection, policies)
        case = household_case(connection, household_id)
    if case.summary is None:
        reason = (
            f"nothing can be computed for household {household_id} yet: see `arxan explain {household_id}`"
        )
        raise NothingToSettleError(reason)
    content = settlement_workbook(case, case.summary, basis)
    return write_private(private_folder(folder) / f"{SHEET_TITLE}-{household_id}.xlsx", content)


def _basis(connection: duckdb.DuckDBPyConnection, folder: Path) -> Basis:
    run = last_run(connection)
    policy = policies_of(run, folder).compensation
    is_separate = pl.select(policy.chooses(SET_OFF, SEPARATE, pl.lit(run.as_of))).item()
    sentences = provisional_sentences(policy, run.as_of)
    return Basis(run.run_id, run.as_of, run.policy_digest, policy, sentences, bool(is_separate))
