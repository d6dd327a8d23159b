"""A fault at each durable step, a crash upon a crash, and a hundred kills.

What must be true after each is said in tests/support/crash_checks.py. The counts are printed, and none may be
wrong. CRASH_KILLS sets the number of kills.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest

from tests.support.crash_checks import (
    PUBLISHED,
    WITHOUT_COPY,
    Tally,
    after_approval,
    after_night,
    disturbed_approval,
    disturbed_night,
)
from tests.support.crash_kills import killed, seconds_of
from tests.support.crash_towns import (
    APPROVE,
    SECOND,
    THIRD,
    Towns,
    copied,
    differences,
    left_over,
    runs,
    state,
)
from tests.support.crashes import Fault, Kind, forks

KILLS = int(os.environ.get("CRASH_KILLS", "100"))
NIGHTS_OF_TEN = 6
"""The others are approvals."""


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    folder = tmp_path_factory.mktemp("crashes")
    with forks(folder / "scratch") as ready:
        yield Towns(folder, ready)


@pytest.mark.parametrize("kind", Kind)
def test_each_durable_step_of_a_night(
    towns: Towns, tmp_path_factory: pytest.TempPathFactory, kind: Kind
) -> None:
    folder = tmp_path_factory.mktemp("night") / "town"
    tally = Tally(f"night, {kind}")
    for place, step in enumerate(towns.night_steps, 1):
        fault = Fault(kind, place)
        tally.count(f"step {place}, {step}", lambda fault=fault: disturbed_night(towns, folder, fault))  # type: ignore[misc]
    tally.close()
    beyond = copied(towns.before, folder)
    assert towns.night(beyond, Fault(kind, len(towns.night_steps) + 1)).exit_code == 0


@pytest.mark.parametrize("is_night_next", [False, True])
@pytest.mark.parametrize("kind", Kind)
def test_each_durable_step_of_an_approval(
    towns: Towns, tmp_path_factory: pytest.TempPathFactory, kind: Kind, is_night_next: bool
) -> None:
    folder = tmp_path_factory.mktemp("approval") / "town"
    tally = Tally(f"approval{', then a night' if is_night_next else ''}, {kind}")
    for place, step in enumerate(towns.approval_steps, 1):
        fault = Fault(kind, place)
        tally.count(
            f"step {place}, {step}",
            lambda fault=fault: disturbed_approval(towns, folder, fault, is_night_next=is_night_next),  # type: ignore[misc]
        )
    tally.close()


@pytest.mark.parametrize("kind", Kind)
def test_a_crash_upon_a_crash(towns: Towns, tmp_path_factory: pytest.TempPathFactory, kind: Kind) -> None:
    """Each night begins from what the last one left half done, until one is published: that one is whole."""
    town = copied(towns.before, tmp_path_factory.mktemp("chain") / "town")
    for place in range(1, len(towns.night_steps) + 1):
        towns.night(town, Fault(kind, place))
        if runs(town) > 1:
            break
        tables = {name: rows for name, rows in state(town).items() if name in towns.first_state}
        assert not differences(tables, towns.first_state), place
    assert after_night(towns, town, None) in {PUBLISHED, WITHOUT_COPY}
    assert not left_over(town)


def test_kills_at_random_moments(towns: Towns, tmp_path_factory: pytest.TempPathFactory) -> None:
    moments = random.Random(20240630)  # noqa: S311 moments, no secrets
    folder = tmp_path_factory.mktemp("kills")
    night_seconds = seconds_of(copied(towns.before, folder / "town"), SECOND, "nightly")
    approval_seconds = seconds_of(copied(towns.drafted, folder / "town"), THIRD, *APPROVE)
    tally = Tally("kill -9")

    def night(_: int) -> str:
        town = copied(towns.before, folder / "town")
        was_at_work = killed(town, SECOND, moments.uniform(0.0, night_seconds), "nightly")
        outcome = after_night(towns, town, None)
        return f"nights {'killed' if was_at_work else 'ended before'}, {outcome}"

    def approval(number: int) -> str:
        town = copied(towns.drafted, folder / "town")
        was_at_work = killed(town, THIRD, moments.uniform(0.0, approval_seconds), *APPROVE)
        outcome = after_approval(towns, town, None, is_night_next=number % 4 == 0)
        return f"approvals {'killed' if was_at_work else 'ended before'}, {outcome}"

    for number in range(KILLS):
        command = night if number % 10 < NIGHTS_OF_TEN else approval
        tally.count(f"kill {number}", lambda command=command, number=number: command(number))  # type: ignore[misc]
    tally.close()
