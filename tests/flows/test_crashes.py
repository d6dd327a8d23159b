"""Crashes and collisions, caused for real: the short slice; tests/long has each step and many moments.

What must be true after each fault is said where it is checked, in tests/support/crash_checks.py, and here.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows import batches
from flows.batches import verified
from flows.ledger_checks import ledger_failures
from flows.warehouse.connection import WarehouseUnusableError, writing
from flows.warehouse.lock import exclusive
from flows.warehouse.night_copy import put_in_place, take_copy
from tests.support.crash_checks import (
    AS_IT_WAS,
    PUBLISHED,
    after_approval,
    after_night,
    disturbed_approval,
    disturbed_night,
)
from tests.support.crash_faults import Fault, Kind
from tests.support.crash_kills import at_work, finished, killed
from tests.support.crash_towns import (
    APPROVE,
    BATCH,
    SECOND,
    THIRD,
    Towns,
    copied,
    differences,
    done_well,
    left_over,
    state,
    status,
)
from tests.support.crashes import forks, started

PUBLICATION = "os.rename warehouse/arxan.duckdb.night"
LISTS_IN_PLACE = "os.rename out/."
RUNS = ("query", "SELECT run_id FROM audit.runs ORDER BY 1")
READERS = (RUNS, ("payouts", "list"), ("explain", "H-1"))
HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    folder = tmp_path_factory.mktemp("crashes")
    with forks(folder / "scratch") as ready:
        yield Towns(folder, ready)


def place(steps: tuple[str, ...], beginning: str) -> int:
    """The number of the last durable step of a kind."""
    return max(number for number, step in enumerate(steps, 1) if step.startswith(beginning))


@pytest.mark.parametrize(
    ("kind", "step", "later", "outcome"),
    [
        (Kind.END, PUBLICATION, 0, AS_IT_WAS),
        (Kind.END, PUBLICATION, 1, PUBLISHED),
    ],
)
def test_a_night_is_whole_or_not_at_all(
    towns: Towns, tmp_path: Path, kind: Kind, step: str, later: int, outcome: str
) -> None:
    fault = Fault(kind, place(towns.night_steps, step) + later)
    assert disturbed_night(towns, tmp_path / "town", fault) == outcome


@pytest.mark.parametrize(
    ("kind", "step", "later", "outcome"),
    [
        (Kind.END, PUBLICATION, 0, AS_IT_WAS),
        (Kind.END, PUBLICATION, 1, PUBLISHED),
        (Kind.ERROR, "COMMIT", 0, AS_IT_WAS),
        (Kind.ERROR, LISTS_IN_PLACE, 0, PUBLISHED),
        (Kind.ERRORS, PUBLICATION, 1, PUBLISHED),
        (Kind.INTERRUPT, LISTS_IN_PLACE, 0, PUBLISHED),
    ],
)
def test_an_approval_is_whole_or_not_at_all(
    towns: Towns, tmp_path: Path, kind: Kind, step: str, later: int, outcome: str
) -> None:
    fault = Fault(kind, place(towns.approval_steps, step) + later)
    assert disturbed_approval(towns, tmp_path / "town", fault, is_night_next=False) == outcome


def test_a_disk_that_stays_full_does_not_hide_why_a_command_ended(towns: Towns, tmp_path: Path) -> None:
    """Clearing up meets it too: what is told is what ended the work, and what to do."""
    last = place(towns.night_steps, "os.rename out/.staging")
    night = towns.night(copied(towns.before, tmp_path / "night"), Fault(Kind.ERRORS, last))
    assert "run 2024-06-30-002 is published, but its lists could not be put in" in night.output
    commit = Fault(Kind.ERRORS, place(towns.approval_steps, "COMMIT"))
    approval = towns.approve(copied(towns.drafted, tmp_path / "approval"), commit)
    assert "there is no room for it: make room on its disk, then start again" in approval.output


def test_killed_at_any_moment(towns: Towns, tmp_path: Path) -> None:
    moments = random.Random(2021)  # noqa: S311 moments, no secrets
    night = copied(towns.before, tmp_path / "night")
    killed(night, SECOND, moments.uniform(0.0, 2.0), "nightly")
    after_night(towns, night, None)
    for number in range(2):
        approval = copied(towns.drafted, tmp_path / f"approval-{number}")
        killed(approval, THIRD, moments.uniform(0.0, 0.4), *APPROVE)
        after_approval(towns, approval, None)


def test_without_its_warehouse_a_night_does_not_begin_to_pay_again(towns: Towns, tmp_path: Path) -> None:
    """The shelf witnesses what was approved: nothing is published, and the warehouse is asked for."""
    town = copied(towns.drafted, tmp_path / "town")
    town.warehouse.unlink()
    before = state(town)
    for _ in range(2):
        done = town.arxan("nightly")
        assert done.exit_code == 1
        assert "批次 HC-0001 已批准并印出（账簿 9 笔），仓库的账簿只有 0 笔" in done.output
        assert "请换回最新的仓库文件" in done.output
        assert not town.warehouse.exists()
        assert state(town) == before
        assert not left_over(town)


def test_an_older_warehouse_is_refused_once_something_was_approved_since(
    towns: Towns, tmp_path: Path
) -> None:
    """Neither a night nor an approval goes on from it; with the right one in its place again, both do."""
    town = copied(towns.drafted, tmp_path / "town")
    right = shutil.move(town.warehouse, tmp_path / "right")
    shutil.copy(towns.last_week, town.warehouse)
    before = state(town)
    for command in (("nightly",), ("payouts", "approve", "HC-0001", "--by", "示例张")):
        done = town.arxan(*command)
        assert done.exit_code == 1
        assert "仓库是较早的副本，请换回最新的仓库文件" in done.output
    assert town.arxan("payouts", "verify").exit_code == 1
    assert state(town) == before
    shutil.move(right, town.warehouse)
    assert town.arxan("payouts", "verify").exit_code == 0


def test_what_stands_on_the_shelf_without_a_control_file_is_not_written_over(
    towns: Towns, tmp_path: Path
) -> None:
    """Else the batch would be approved, and its lists would have no place to go to."""
    town = copied(towns.drafted, tmp_path / "town")
    (town.out / "approved" / BATCH).mkdir()
    (town.out / "approved" / BATCH / "清单.csv").touch()
    done = town.arxan(*APPROVE)
    assert done.exit_code == 1
    assert "is there already, without a control file" in done.output
    assert status(town) == "draft"
    assert not left_over(town)


@pytest.mark.parametrize("damage", ["empty", "cut in its head", "cut", "other bytes", "a bit of its head"])
def test_a_damaged_warehouse_is_told_of_and_left_as_it_is(towns: Towns, tmp_path: Path, damage: str) -> None:
    """Nothing is published from it, by a night or an approval; the backup in its place, all goes on."""
    town = copied(towns.drafted, tmp_path / "town")
    content = town.warehouse.read_bytes()
    damaged = {
        "empty": b"",
        "cut in its head": content[:5000],
        "cut": content[: len(content) // 4],
        "other bytes": b"no database" * 1000,
        "a bit of its head": content[:12296] + bytes([content[12296] ^ 1]) + content[12297:],
    }[damage]
    town.warehouse.write_bytes(damaged)
    for command in (("nightly",), APPROVE, RUNS):
        done = town.arxan(*command)
        assert done.exit_code == 1
        assert "damaged" in done.output or "no DuckDB file" in done.output
        assert town.warehouse.read_bytes() == damaged
    town.warehouse.write_bytes(content)
    assert not left_over(town)
    assert town.arxan("payouts", "verify").exit_code == 0


def test_a_warehouse_that_another_program_writes_to_is_left_to_it(towns: Towns, tmp_path: Path) -> None:
    """Who holds it is told; once it is closed there, the approval goes on."""
    town = copied(towns.drafted, tmp_path / "town")
    command = [sys.executable, "-c", HOLD, str(town.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:  # noqa: S603 ours
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        for asked in (("nightly",), APPROVE):
            done = town.arxan(*asked)
            assert done.exit_code == 1
            assert f"in use by process {holder.pid}" in done.output
        holder.communicate()
    assert not left_over(town)
    assert town.arxan(*APPROVE).exit_code == 0


def test_a_log_that_came_meanwhile_is_not_played_into_another_file(tmp_path: Path) -> None:
    """What another program wrote while the night was at work belongs to the file of before."""
    warehouse = tmp_path / "w.duckdb"
    with writing(warehouse) as connection:
        connection.execute("CREATE TABLE numbers AS SELECT 1 AS number")
    before = warehouse.read_bytes()
    with writing(take_copy(warehouse)) as connection:
        connection.execute("INSERT INTO numbers VALUES (2)")
    (tmp_path / "w.duckdb.wal").write_bytes(b"of another program")
    with pytest.raises(WarehouseUnusableError, match=r"another program has written .* nothing is"):
        put_in_place(warehouse)
    assert warehouse.read_bytes() == before


def test_all_that_reads_goes_on_through_a_night_and_what_writes_is_told_who_is_at_work(
    towns: Towns, tmp_path: Path
) -> None:
    """Readers see the town of before or of after, never an error; the night is as it is alone."""
    town = copied(towns.before, tmp_path / "town")
    of_before = [town.arxan(*command).output for command in READERS]
    of_after = [towns.drafted.arxan(*command).output for command in READERS]
    with started(town, SECOND, "nightly") as process:
        assert at_work(town, process)
        for asked in (("nightly",), APPROVE):
            refused = town.arxan(*asked)
            assert refused.exit_code == 1
            assert f"in use by another night or approval (process {process.pid})" in refused.output
        rounds = 0
        while process.poll() is None:
            for command, *either in zip(READERS, of_before, of_after, strict=True):
                told = town.arxan(*command)
                assert told.exit_code == 0
                assert told.output in either
            rounds += 1
        code, output = finished(process)
    assert code == 0, output
    assert rounds
    assert [town.arxan(*command).output for command in READERS] == of_after
    assert not differences(state(town), towns.once)


def test_two_approvals_at_once_are_one_approval(towns: Towns, tmp_path: Path) -> None:
    town = copied(towns.drafted, tmp_path / "town")
    both = [started(town, THIRD, *APPROVE) for _ in range(2)]
    ends = [finished(process) for process in both]
    assert sorted(code for code, _ in ends) == [0, 1]
    (refused,) = (output for code, output in ends if code)
    assert "in use by another night or approval" in refused or "has been approved already" in refused
    assert not differences(state(town), towns.approved)
    assert town.arxan("payouts", "verify").exit_code == 0


def test_verifying_waits_for_no_night(towns: Towns, tmp_path: Path) -> None:
    town = copied(towns.drafted, tmp_path / "town")
    with exclusive(town.warehouse):
        assert verified(town.warehouse, town.out)[1]


def test_an_approval_between_two_looks_is_no_false_alarm(
    towns: Towns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shelf is looked at after the ledger: what was approved in between is not missing from it."""
    town = copied(towns.drafted, tmp_path / "town")

    to_come = [lambda: done_well(towns.approve(town))]

    def looked_at(connection: duckdb.DuckDBPyConnection) -> list[str]:
        found = ledger_failures(connection)
        if to_come:
            to_come.pop()()
        return found

    monkeypatch.setattr(batches, "ledger_failures", looked_at)
    assert batches.verified(town.warehouse, town.out) == ("账簿 19 笔、已批准的清单 2 份，全部相符。\n", True)
