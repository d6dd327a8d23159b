"""The run that the warehouse's results come from, and the policies that it computed by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from flows.errors import OperatorError
from flows.policies import Policies, load_policies


class OtherPoliciesError(OperatorError):
    """The policy files are not those that the amounts were computed by."""


@dataclass(frozen=True)
class LastRun:
    """The run whose results stand in the warehouse."""

    run_id: str
    as_of: date
    policy_digest: str


def last_run(connection: duckdb.DuckDBPyConnection) -> LastRun:
    """The last run that was published; a warehouse has at least one."""
    found = connection.execute(
        "SELECT run_id, as_of, policy_digest FROM audit.runs ORDER BY finished_at DESC, run_id DESC LIMIT 1"
    ).fetchall()
    return LastRun(*found[0])


def policies_of(run: LastRun, folder: Path) -> Policies:
    """The policies in the folder. Raises PolicyError, and OtherPoliciesError where they are not the run's."""
    policies = load_policies(folder)
    if policies.digest != run.policy_digest:
        reason = (
            f"the policies in {folder} are not those of run {run.run_id}, which computed the amounts: "
            "run `arxan nightly` again, or name their folder with --policies"
        )
        raise OtherPoliciesError(reason)
    return policies
