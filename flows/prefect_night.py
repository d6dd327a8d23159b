"""The night as a Prefect flow: the recipe of `flows.night`, each step a task that the server records.

Prefect's database keeps names of steps, states, log lines, counts and the summary; nothing personal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar

import duckdb
import httpx
import polars as pl
from prefect import Task, flow, get_run_logger
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, TaskRun
from prefect.settings import PREFECT_API_URL

from flows import steps
from flows.annotated import SUFFIX as ANNOTATED
from flows.console import LineReporter
from flows.errors import OperatorError, alone, told
from flows.faults import FAULTS
from flows.figures import Figures
from flows.night import NightResult, night
from flows.private import native_code_silenced
from flows.settings import Settings, settings_from
from flows.summary import HOUSEHOLD_WORDS, summary_text

P = ParamSpec("P")
R = TypeVar("R")

REPEATABLE: frozenset[str] = frozenset({steps.read_new_uploads.__name__, steps.verify.__name__})
"""The steps that only read, and so may be tried again when a file or the database was out of reach."""
RETRIES = 2
SECONDS_BETWEEN = 20
SHORT_ID = 12
SECONDS_TO_ANSWER = 10


class ServerUnreachableError(OperatorError):
    """No Prefect server answers where one is configured; the text says what to do."""


class StepError(RuntimeError):
    """A step ended in an error that nobody foresaw: its type and place, without its text.

    The text of such an error may hold values, and Prefect keeps what it is told. `may_pass` says that files
    or the database were out of reach.
    """

    def __init__(self, step: str, error: BaseException) -> None:
        super().__init__(f"step {step}: {told(error)}")
        self.may_pass = isinstance(error, OSError | duckdb.IOException)


def tellable(step: str, error: BaseException) -> OperatorError | StepError:
    """What may be told of an error: one for the operator as it is, any other by type and place."""
    return alone(error if isinstance(error, OperatorError | StepError) else StepError(step, error))


def may_pass(_task: Task[..., Any], _run: TaskRun, state: State) -> bool:
    """Whether trying a step again makes sense: not for a failed check or a fault of the program."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, StepError) and error.may_pass


def as_task(step: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a step as a task. Its arguments stay in a closure, where Prefect neither looks nor keeps them."""

    def run_step() -> R:
        try:
            return step(*args, **kwargs)
        except FAULTS as error:
            fault = tellable(step.__name__, error)
        raise fault

    task: Task[[], R] = Task(
        run_step,
        name=step.__name__.replace("_", " "),
        description=step.__doc__,
        retries=RETRIES if step.__name__ in REPEATABLE else 0,
        retry_delay_seconds=SECONDS_BETWEEN,
        retry_condition_fn=may_pass,
        cache_policy=NO_CACHE,
        persist_result=False,
        log_prints=False,
    )
    return task()


def night_on_server(settings: Settings) -> NightResult:
    """One night as a flow run that the configured server records.

    Raises ServerUnreachableError before anything is touched, and what `nightly_flow` raises.
    """
    require_server()
    return nightly_flow(**settings.as_strings())


def require_server() -> None:
    """Raises ServerUnreachableError when nothing at PREFECT_API_URL answers as a Prefect server does."""
    try:
        with get_client(httpx_settings={"timeout": SECONDS_TO_ANSWER}, sync_client=True) as client:
            client.api_version()
    except (httpx.HTTPError, ValueError) as error:
        reason = (
            f"the Prefect server at {PREFECT_API_URL.value()} can't be reached ({type(error).__name__}). "
            "Nothing was changed. Start the server, or unset PREFECT_API_URL to run the night directly"
        )
        raise ServerUnreachableError(reason) from None


@flow(name="nightly", persist_result=False, log_prints=False, validate_parameters=True)
def nightly_flow(
    inbox: str | None = None,
    as_of: str | None = None,
    warehouse: str | None = None,
    out: str | None = None,
    policies: str | None = None,
) -> NightResult:
    """One night. What is left out is taken from the environment, else from the defaults under `data/`.

    Raises what `flows.night.night` raises, and StepError for what nobody foresaw.
    """
    given = {"inbox": inbox, "as_of": as_of, "warehouse": warehouse, "out": out, "policies": policies}
    try:
        with native_code_silenced():
            result = night(settings_from(given), run=as_task, report=LineReporter(get_run_logger().info))
            record(result.figures)
    except FAULTS as error:
        fault = tellable("nightly", error)
    else:
        return result
    raise fault


def record(figures: Figures) -> None:
    """Leave the night's counts and its summary with the flow run."""
    create_table_artifact(counts(figures), key="night-counts", description=f"run {figures.run_id}")
    create_markdown_artifact(summary_text(without_file_names(figures)), key="night-summary")


def counts(figures: Figures) -> list[dict[str, str | int]]:
    """One row per thing counted; amounts in 元 as text, empty where there is none."""
    read, accepted, rejected, skipped = figures.row_counts()
    counted: list[tuple[str, int | str, object]] = [
        ("新上传文件", figures.uploads.height, ""),
        ("拒收文件", figures.uploads.filter(pl.col("status") == "refused").height, ""),
        ("读取行数", read, ""),
        ("接收行数", accepted, ""),
        ("退回行数", rejected, ""),
        ("略过行数", skipped, ""),
        *((f"{HOUSEHOLD_WORDS[status]}户", count, "") for status, count in figures.households.items()),
    ]
    for found in figures.programmes:
        counted += [
            (f"{found.programme}：列入清单", found.line_count, found.to_pay),
            (f"{found.programme}：不能列入", "", found.held),
            (f"{found.programme}：应收", "", found.receivable),
            (f"{found.programme}：暂缓", "", found.waiting),
            (f"{found.programme}：估算", "", found.estimated),
        ]
    return [{"项目": name, "数量": count, "金额（元）": str(amount)} for name, count, amount in counted]


def without_file_names(figures: Figures) -> Figures:
    """The figures with uploads by the start of their SHA-256: a clerk may name a file after a person."""
    return replace(
        figures,
        uploads=figures.uploads.with_columns(file_name=pl.col("upload_id").str.head(SHORT_ID)),
        files=tuple(name for name in figures.files if ANNOTATED not in name),
        notes=(),
    )
