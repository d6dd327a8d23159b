"""A real Prefect server and worker on a home and a port of their own: deploy, schedule, one night."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import httpx
import pytest

from schemas.housing import HouseholdSurvey
from schemas.investment import Introducers
from tests.support.canaries import MARKS, Canaries, marks_below, marks_in, write_canaries, write_owed

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2024-06-30"
HOUSEHOLDS = 12
PANIC = """
import polars as pl
from flows import steps
from flows.prefect_night import nightly_flow

def prepare(*_):
    pl.Series([1]).new_from_index(0, 2**62)

steps.prepare = steps.step(prepare)
nightly_flow()
"""
PERSONAL_COLUMNS = {
    "id_number", "payee_id_number", "bank_account", "phone", "owner_name", "payee_name", "envoy_name",
}  # fmt: skip

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(280)]


@dataclass(frozen=True)
class House:
    """A Prefect server with the deployment, and where its night reads and writes."""

    folder: Path
    api: str
    environment: dict[str, str]

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def tails(self) -> str:
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}"
            for log in sorted(self.folder.glob("*.log"))
        )

    def run(self, *command: str) -> None:
        """A command of this environment; its output is in the failure, when it fails."""
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.fail(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}\n{self.tails()}")

    @contextmanager
    def running(self, name: str, *command: str) -> Iterator[None]:
        """A program beside the test, stopped at the end with all that it started."""
        with self.log(name).open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            try:
                yield
            finally:
                stop_group(process)

    def ask(self, path: str, **body: object) -> Any:
        answer = httpx.post(f"{self.api}/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def wait_until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > deadline:
                pytest.fail(f"not within {seconds:.0f} s: {what}\n{self.tails()}")
            time.sleep(0.5)


def stop_group(process: subprocess.Popen[bytes]) -> None:
    for kill in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, kill)
            process.wait(timeout=20)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def is_healthy(api: str) -> bool:
    try:
        return httpx.get(f"{api}/health", timeout=5).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    environment = {
        **os.environ,
        "PREFECT_HOME": str(folder / "prefect"),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    }
    house = House(folder, api, environment)
    with house.running("server", "prefect", "server", "start", "--port", str(port)):
        house.wait_until(lambda: is_healthy(api), 90, "the server answers")
        house.run("prefect", "work-pool", "create", "arxan", "--type", "process", "--overwrite")
        house.run("prefect", "--no-prompt", "deploy", "--all")
        yield house


def deployment(house: House) -> dict[str, Any]:
    answer = httpx.get(f"{house.api}/deployments/name/nightly/nightly", timeout=30)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


def scheduled_starts(house: House) -> list[str]:
    runs = house.ask(
        "flow_runs/filter",
        deployments={"id": {"any_": [deployment(house)["id"]]}},
        flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}},
    )
    return [run["expected_start_time"] for run in runs]


def test_deploying_schedules_the_nights_at_one_in_beijing(house: House) -> None:
    house.wait_until(lambda: bool(scheduled_starts(house)), 60, "a night is scheduled")
    beijing = ZoneInfo("Asia/Shanghai")
    starts = {datetime.fromisoformat(start).astimezone(beijing).time() for start in scheduled_starts(house)}
    assert {start.isoformat("minutes") for start in starts} == {"01:00"}


def test_the_deployment_runs_one_night_at_a_time_in_this_checkout(house: House) -> None:
    found = deployment(house)
    assert found["global_concurrency_limit"]["limit"] == 1
    assert found["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert found["pull_steps"] == [
        {"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}
    ]


def test_a_panic_of_native_code_is_told_by_its_type_and_not_heard(house: House, tmp_path: Path) -> None:
    folders = {f"ARXAN_{name.upper()}": str(tmp_path / name) for name in ("inbox", "warehouse", "out")}
    (tmp_path / "inbox").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PANIC],
        cwd=ROOT, env={**house.environment, **folders}, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "panicked" not in done.stderr
    assert "step prepare: PanicException" in done.stderr
    assert "Finished in state Failed" in done.stderr


@pytest.fixture(scope="module")
def night(house: House) -> dict[str, Any]:
    """The run of a night over a small sample, by the worker, when it has ended."""
    folder = house.folder
    house.run(
        "flows.cli", "sample", "--out", str(folder / "inbox"),
        "--households", str(HOUSEHOLDS), "--envoys", "2", "--seed", "7",
    )  # fmt: skip
    write_owed(Canaries(), folder / "inbox")
    write_canaries(Canaries(issued=5000), folder / "inbox", (HouseholdSurvey, Introducers))
    with house.running("worker", "prefect", "worker", "start", "--pool", "arxan"):
        created = house.ask(
            f"deployments/{deployment(house)['id']}/create_flow_run",
            state={"type": "SCHEDULED"},
            parameters={
                "inbox": str(folder / "inbox"),
                "as_of": AS_OF,
                "warehouse": str(folder / "arxan.duckdb"),
                "out": str(folder / "out"),
            },
        )

        def run() -> dict[str, Any]:
            found: dict[str, Any] = httpx.get(f"{house.api}/flow_runs/{created['id']}", timeout=30).json()
            return found

        ended = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
        house.wait_until(lambda: run()["state_type"] in ended, 150, "the night ends")
        return run()


def test_the_worker_runs_the_night_and_writes_the_lists(house: House, night: dict[str, Any]) -> None:
    assert night["state_type"] == "COMPLETED", house.tails()
    written = {path.suffix for path in (house.folder / "out").glob("*/*")}
    assert {".xlsx", ".csv", ".md"} <= written


def test_the_night_leaves_its_counts_and_summary_in_prefect(house: House, night: dict[str, Any]) -> None:
    found = house.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [night["id"]]}})
    assert {artifact["key"]: artifact["type"] for artifact in found} == {
        "night-counts": "table",
        "night-summary": "markdown",
    }


def test_prefect_keeps_nothing_personal(house: House, night: dict[str, Any]) -> None:
    with closing(sqlite3.connect(house.folder / "prefect" / "prefect.db")) as database:
        kept = "\n".join(database.iterdump()) + house.tails()
    assert night["id"] in kept
    personal = personal_values(house.folder / "arxan.duckdb")
    assert len(personal) > HOUSEHOLDS
    assert [value for value in personal if value in kept] == []


@pytest.mark.usefixtures("night")
def test_prefect_keeps_neither_names_of_persons_nor_of_files_nor_of_sheets(house: House) -> None:
    assert set(marks_below(house.folder / "out", MARKS))
    assert marks_below(house.folder / "prefect", MARKS) == {}
    logs = b"".join(log.read_bytes() for log in house.folder.glob("*.log"))
    assert b"checks: all hold" in logs
    assert marks_in(logs, MARKS) == set()


def personal_values(warehouse: Path) -> set[str]:
    """Each number of a person or an account in the warehouse."""
    with closing(duckdb.connect(str(warehouse), read_only=True)) as connection:
        columns = connection.execute(
            "SELECT table_schema, table_name, column_name FROM information_schema.columns"
            " WHERE data_type = 'VARCHAR'"
        ).fetchall()
        return {
            value
            for schema, table, column in columns
            if column in PERSONAL_COLUMNS
            for (value,) in connection.table(f"{schema}.{table}").project(column).fetchall()
            if value
        }
