"""Commands at the same time, with other beginnings each time, and readers all the while."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.support.crash_checks import Tally
from tests.support.crash_kills import finished
from tests.support.crash_towns import (
    APPROVE,
    SECOND,
    THIRD,
    VERIFY,
    Towns,
    copied,
    differences,
    done_well,
    left_over,
    runs,
    state,
    status,
)
from tests.support.crashes import forks, started
from tests.support.town import Town

Command = tuple[datetime, tuple[str, ...]]
"""At which moment it believes to run, and its arguments."""
ROUNDS = 8
LATER = 1.5
"""The second starts at most so many times later than the first takes by itself: readers slow both."""
BUSY, ONCE = "in use by another night or approval (process", "has been approved already"
READERS = (
    ("query", "SELECT run_id FROM audit.runs ORDER BY 1"),
    ("query", "SELECT batch_id, status FROM payout.batches ORDER BY 1"),
    ("payouts", "list"),
    ("explain", "H-1"),
)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    folder = tmp_path_factory.mktemp("collisions")
    with forks(folder / "scratch") as ready:
        yield Towns(folder, ready)


def whole_seconds(town: Town, command: Command) -> float:
    """How long a command takes by itself, from its start to its end."""
    start = time.monotonic()
    code, output = finished(started(town, command[0], *command[1]))
    assert code == 0, output
    return time.monotonic() - start


def at_once(town: Town, seconds: float, first: Command, second: Command) -> list[tuple[int, str]]:
    """Two commands, the second so many seconds after the first, and readers until both have ended."""
    processes: list[subprocess.Popen[str]] = [started(town, first[0], *first[1])]
    end = time.monotonic() + seconds
    while len(processes) == 1 or any(process.poll() is None for process in processes):
        if len(processes) == 1 and time.monotonic() >= end:
            processes.append(started(town, second[0], *second[1]))
        for command in READERS:
            told = town.arxan(*command)
            assert told.exit_code == 0, told.output
    return [finished(process) for process in processes]


def test_two_nights(towns: Towns, tmp_path: Path) -> None:
    """One is published, or both one after the other; one that may not is told who is at work."""
    chance, tally = random.Random(1), Tally("two nights")  # noqa: S311 moments, no secrets
    latest = LATER * whole_seconds(copied(towns.before, tmp_path / "town"), (SECOND, ("nightly",)))

    def a_round() -> str:
        town = copied(towns.before, tmp_path / "town")
        ends = at_once(town, chance.uniform(0, latest), (SECOND, ("nightly",)), (SECOND, ("nightly",)))
        published = [code for code, _ in ends].count(0)
        assert published
        assert all(code == 0 or BUSY in output for code, output in ends), ends
        assert runs(town) == published + 1
        assert not differences(state(town), towns.once if published == 1 else towns.twice)
        assert not left_over(town)
        return f"{published} published"

    for number in range(ROUNDS):
        tally.count(f"round {number}", a_round)
    tally.close()


@pytest.mark.parametrize("is_night_first", [True, False])
def test_a_night_and_an_approval(towns: Towns, tmp_path: Path, is_night_first: bool) -> None:
    """Each is whole, whichever came first; what was refused is done afterwards; nothing is listed twice."""
    chance, tally = random.Random(2), Tally(f"night {'before' if is_night_first else 'after'} approval")  # noqa: S311

    night, approval = (THIRD, ("nightly",)), (THIRD, APPROVE)
    pair = (night, approval) if is_night_first else (approval, night)
    latest = LATER * whole_seconds(copied(towns.drafted, tmp_path / "town"), pair[0])

    def a_round() -> str:
        town = copied(towns.drafted, tmp_path / "town")
        ends = at_once(town, chance.uniform(0, latest), *pair)
        assert all(code == 0 or BUSY in output for code, output in ends), ends
        done = [code == 0 for code, _ in (ends if is_night_first else reversed(ends))]
        assert any(done)
        assert (status(town) == "approved") is done[1]
        assert runs(town) == 2 + done[0]
        if not done[1]:
            done_well(towns.approve(town))
        if not done[0]:
            done_well(towns.third_night(town))
        assert not differences(state(town), towns.after) or not differences(state(town), towns.late)
        done_well(towns.verify(town))
        assert not left_over(town)
        return f"night {'published' if done[0] else 'refused'}, batch {'approved' if done[1] else 'not'}"

    for number in range(ROUNDS):
        tally.count(f"round {number}", a_round)
    tally.close()


def test_two_approvals(towns: Towns, tmp_path: Path) -> None:
    """One approves, the other is told who is at work or that the batch is approved."""
    chance, tally = random.Random(3), Tally("two approvals")  # noqa: S311 moments, no secrets

    def a_round() -> str:
        town = copied(towns.drafted, tmp_path / "town")
        ends = at_once(town, chance.uniform(0, 1), (THIRD, APPROVE), (THIRD, APPROVE))
        (refused,) = (output for code, output in ends if code)
        assert BUSY in refused or ONCE in refused, refused
        assert not differences(state(town), towns.approved)
        done_well(towns.verify(town))
        return "refused while at work" if BUSY in refused else "refused as approved"

    for number in range(ROUNDS):
        tally.count(f"round {number}", a_round)
    tally.close()


def test_verifying_during_an_approval(towns: Towns, tmp_path: Path) -> None:
    """It says that all agrees, or who is at work: never that the books are wrong."""
    tally = Tally("verifying during an approval")

    def a_round() -> str:
        town = copied(towns.drafted, tmp_path / "town")
        process = started(town, THIRD, *APPROVE)
        told = []
        while process.poll() is None:
            told.append(town.arxan(*VERIFY))
        assert finished(process)[0] == 0
        assert all(done.exit_code == 0 or BUSY in done.output for done in told), [
            done.output for done in told if done.exit_code
        ]
        return "verified all the while" if not any(done.exit_code for done in told) else "refused meanwhile"

    for number in range(ROUNDS):
        tally.count(f"round {number}", a_round)
    tally.close()
