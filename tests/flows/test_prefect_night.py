"""The night as a flow: what Prefect is told, what it is not, and how a night fails."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.client.schemas.objects import Artifact, State
from prefect.logging.handlers import APILogHandler
from prefect.settings import PREFECT_HOME, PREFECT_SERVER_DATABASE_CONNECTION_URL

from flows import prefect_night, steps
from flows.figures import Figures, ProgrammeFigures
from flows.night import NightResult
from flows.prefect_night import StepError, as_task, counts, nightly_flow, tellable, without_file_names
from flows.verify import CheckFailedError
from schemas.audit import Findings, Uploads
from tests.support.canaries import MARKS, NAME, marks_below, marks_in
from tests.support.leaking_errors import ERRORS, leaking, raising
from tests.support.town import Town

SECRET = "110101199003070000"  # noqa: S105 (looks like an ID number; its check digit is wrong)
UPLOAD_ID = "0123456789abcdef" * 4


def figures(**changes: object) -> Figures:
    upload = {
        "upload_id": UPLOAD_ID,
        "file_name": "某户协议.xlsx",
        "status": "refused",
        "rows_read": 7,
        "rows_accepted": 4,
        "rows_rejected": 2,
        "rows_skipped": 1,
    }
    told: dict[str, object] = {
        "run_id": "2024-06-30-001",
        "as_of": date(2024, 6, 30),
        "policy_digest": "d" * 64,
        "uploads": pl.DataFrame([upload], schema=Uploads.frame_schema()),
        "findings": Findings.empty(),
        "households": {"owed": 3, "estimate": 2, "held": 1},
        "programmes": [
            ProgrammeFigures(
                "房屋征收补偿", 3, Decimal("120.50"), Decimal("1.00"), Decimal(0), Decimal("9.00"), Decimal(0)
            )
        ],
        "questions": [],
        "readings": [],
        "files": ("某户协议-批注.xlsx", "summary.md"),
        "notes": ("某户协议.xlsx 打不开",),
    }
    return Figures(**(told | changes))  # type: ignore[arg-type] # a table of keyword arguments


def test_uploads_rows_households_and_each_programme_are_counted() -> None:
    counted = {row["项目"]: (row["数量"], row["金额（元）"]) for row in counts(figures())}
    assert counted["新上传文件"] == (1, "")
    assert counted["拒收文件"] == (1, "")
    assert [counted[f"{what}行数"][0] for what in ("读取", "接收", "退回", "略过")] == [7, 4, 2, 1]
    assert counted["应付户"] == (3, "")
    assert counted["房屋征收补偿：列入清单"] == (3, "120.50")
    assert counted["房屋征收补偿：暂缓"] == ("", "9.00")


def test_what_prefect_is_told_has_no_file_name_of_a_clerk() -> None:
    told = without_file_names(figures())
    assert told.uploads["file_name"].to_list() == [UPLOAD_ID[:12]]
    assert told.files == ("summary.md",)
    assert told.notes == ()


def in_flow(step: Callable[[], str]) -> State[str]:
    @flow(name="one-step", persist_result=False)
    def one_step() -> str:
        return as_task(step)

    state: State[str] = one_step(return_state=True)
    return state


@pytest.mark.usefixtures("prefect_server")
def test_an_unforeseen_error_shows_its_type_and_not_its_text(caplog: pytest.LogCaptureFixture) -> None:
    def fault() -> str:
        raise ValueError(SECRET)

    state = in_flow(fault)
    assert state.is_failed()
    error = state.result(raise_on_failure=False)
    assert isinstance(error, StepError)
    assert "step fault: ValueError at" in str(error)
    assert "step fault: ValueError" in caplog.text
    assert SECRET not in f"{state.message}{caplog.text}"


@pytest.mark.usefixtures("prefect_server")
@pytest.mark.parametrize(
    ("error", "repeatable", "tries"),
    [
        (TimeoutError("the share is away"), True, 3),
        (TimeoutError("the share is away"), False, 1),
        (ValueError("a fault"), True, 1),
        (CheckFailedError(["check rows: differs by 1"]), True, 1),
    ],
    ids=["out of reach", "out of reach, not repeatable", "a fault", "a failed check"],
)
def test_only_a_step_that_may_be_repeated_is_tried_again_and_only_for_what_may_pass(
    monkeypatch: pytest.MonkeyPatch, error: Exception, *, repeatable: bool, tries: int
) -> None:
    tried: list[int] = []

    def step() -> str:
        tried.append(1)
        raise error

    monkeypatch.setattr(prefect_night, "SECONDS_BETWEEN", 0)
    monkeypatch.setattr(prefect_night, "REPEATABLE", frozenset({"step"} if repeatable else ()))
    assert in_flow(step).is_failed()
    assert len(tried) == tries


@pytest.mark.usefixtures("prefect_server")
def test_a_night_over_an_empty_inbox_is_recorded_with_its_counts_and_summary(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    state: State[NightResult] = nightly_flow(
        inbox=str(tmp_path / "inbox"),
        as_of="2024-06-30",
        warehouse=str(tmp_path / "arxan.duckdb"),
        out=str(tmp_path / "out"),
        return_state=True,
    )
    result = state.result()
    assert isinstance(result, NightResult)
    assert (result.folder / "summary.md").is_file()
    artifacts = {artifact.key: artifact for artifact in artifacts_of(state)}
    assert artifacts.keys() == {"night-counts", "night-summary"}
    assert artifacts["night-summary"].data == (result.folder / "summary.md").read_text("utf-8")


def artifacts_of(state: State[NightResult]) -> list[Artifact]:
    run_id = state.state_details.flow_run_id
    assert run_id is not None
    with get_client(sync_client=True) as client:
        return client.read_artifacts(
            artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]))
        )


@pytest.mark.usefixtures("prefect_server")
def test_a_failed_check_fails_the_flow_run_and_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def night(*_: object, **__: object) -> NightResult:
        raise CheckFailedError(["check rows of upload 0123: expected 7, got 6, differs by -1"])

    monkeypatch.setattr(prefect_night, "night", night)
    state = nightly_flow(out=str(tmp_path), return_state=True)
    assert state.is_failed()
    assert "differs by -1" in str(state.message)
    with pytest.raises(CheckFailedError):
        nightly_flow(out=str(tmp_path))


STEPS = (
    "prepare", "read_new_uploads", "land", "answer_receipts", "compute", "draft_payout", "write_all",
    "verify", "publish",
)  # fmt: skip
WORST = "constraint"
ENDS = [
    *((place, WORST) for place in ("prepare", "compute", "publish", "clear_up", "record")),
    *(("prepare", kind) for kind in ("a file", "schema, all", "a panic of polars", "a warehouse")),
]


@pytest.mark.parametrize("kind", ERRORS)
def test_of_no_error_more_is_told_than_may_be(kind: str) -> None:
    error = tellable("compute", leaking(kind))
    shown = f"{error!r}{''.join(traceback.format_exception(error))}"
    assert marks_in(shown.encode(), MARKS) == set()


@pytest.fixture
def prefect_log(tmp_path: Path) -> Iterator[Path]:
    """All that any part of Prefect logs, its debug lines too."""
    path = tmp_path / "prefect.log"
    handler = logging.FileHandler(path, encoding="utf-8")
    loggers = [logging.getLogger(name) for name in ("prefect", "prefect.flow_runs", "prefect.task_runs")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield path
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)
    handler.close()


@pytest.mark.usefixtures("prefect_server")
def test_however_a_night_ends_prefect_is_told_of_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch, prefect_log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prefect_night, "RETRIES", 0)
    told = []
    for place, kind in ENDS:
        with monkeypatch.context() as broken:
            end_with(broken, place, kind)
            state = nightly_flow(**town.settings().as_strings(), return_state=True)
        assert state.is_failed(), (place, kind)
        error = state.result(raise_on_failure=False)
        assert isinstance(error, Exception)
        assert (error.__cause__, error.__context__, getattr(error, "__notes__", None)) == (None, None, None)
        told.append(f"{state.message} {error!r} {error}")
    assert [line for line in told if marks_in(line.encode(), MARKS)] == []
    said = capfd.readouterr()
    logged = prefect_log.read_bytes() + said.out.encode() + said.err.encode()
    assert logged.count(b"StepError") > len(ENDS)
    assert marks_in(logged, MARKS) == set()
    APILogHandler().flush()
    kept = kept_by_prefect()
    assert b"StepError" in kept
    assert marks_in(kept, MARKS) == set()
    assert marks_in(kept + NAME.encode(), MARKS) == {NAME}
    assert marks_below(PREFECT_HOME.value(), MARKS) == {}
    assert marks_below(town.folder, MARKS) == {}


def end_with(broken: pytest.MonkeyPatch, place: str, kind: str) -> None:
    """A night whose steps do nothing, but for the place that raises."""
    for name in STEPS:
        broken.setattr(steps, name, done_nothing(name))
    if place == "record":
        broken.setattr(prefect_night, "night", lambda *_, **__: SimpleNamespace(figures=None))
        broken.setattr(prefect_night, place, raising(kind, place))
    else:
        function = raising(kind, place)
        broken.setattr(steps, place, steps.step(function) if place in STEPS else function)


def done_nothing(name: str) -> Callable[..., None]:
    def function(*_: object) -> None: ...

    function.__name__ = name
    return function


def kept_by_prefect() -> bytes:
    """The server's database as it lies on the disk, with what is not yet folded into it."""
    database = Path(str(PREFECT_SERVER_DATABASE_CONNECTION_URL.value()).split("///")[1])
    files = sorted(database.parent.glob(f"{database.name}*"))
    assert files
    return b"\0".join(path.read_bytes() for path in files)
