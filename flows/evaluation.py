"""The envoys' evaluation of a night: computed, stored, checked, and written for the evaluation office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from flows.envoy_case import upload_names
from flows.lists.score_workbook import envoys_with_sheet, score_workbooks, write_scores
from flows.payouts import provisional_sentences
from flows.policies import Policies
from flows.warehouse.results import store_evaluation
from transforms.envoys.checks import check_evaluation
from transforms.envoys.evaluation import Evaluation, evaluate
from transforms.envoys.evidence import evidence


def evaluate_envoys(
    connection: duckdb.DuckDBPyConnection,
    records: Mapping[str, pl.DataFrame],
    policies: Policies,
    as_of: date,
) -> Evaluation:
    """Score every envoy by the current records by table name, and store what follows."""
    evaluation = evaluate(records, policies.envoys, as_of)
    store_evaluation(connection, evaluation)
    return evaluation


def check_envoys(evaluation: Evaluation, records: Mapping[str, pl.DataFrame]) -> list[str]:
    """The checks on the evaluation that failed; empty when all hold."""
    return check_evaluation(evaluation, records)


def write_evaluation(
    connection: duckdb.DuckDBPyConnection,
    evaluation: Evaluation,
    records: Mapping[str, pl.DataFrame],
    policies: Policies,
    as_of: date,
    folder: Path,
) -> list[Path]:
    """Write the workbook of each scored year into the folder, with the rows behind each score."""
    if evaluation.scores.is_empty():
        return []
    shown = envoys_with_sheet(evaluation)
    rows = evidence(records, policies.envoys, as_of, shown)
    readings = provisional_sentences(policies.envoys, as_of)
    workbooks = score_workbooks(evaluation, rows, upload_names(connection), readings, as_of)
    return write_scores(workbooks, folder)
