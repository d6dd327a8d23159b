"""A fault at each durable step, a crash upon a crash, and a hundred kills.

What must be true after each is said in tests/support/crash_checks.py. The counts are printed, and none may be
wrong. CRASH_KILLS sets the number of kills.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.crash_checks import (
    AS_IT_WAS,
    PUBLISHED,
    WITHOUT_COPY,
    Tally,
    after_approval,
    after_night,
    disturbed_approval,
    disturbed_night,
)
from tests.support.crash_faults import Fault, Kind
from tests.support.crash_kills import killed, seconds_of
from tests.support.crash_towns import (
    APPROVE,
    SECOND,
    THIRD,
    Towns,
    copied,
    differences,
    done_well,
    left_over,
    runs,
    state,
)
from tests.support.crashes import forks
from tests.support.town import Town

KILLS = int(os.environ.get("CRASH_KILLS", "100"))
FAULTS = tuple(kind for kind in Kind if kind is not Kind.INTERRUPT)
FOLLOWED = 4
"""Each so many faults that leave something half done, the next night follows to its end: see crash_checks."""
NIGHTS_OF_TEN = 6
"""The others are approvals."""


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    folder = tmp_path_factory.mktemp("crashes")
    with forks(folder / "scratch") as ready:
        yield Towns(folder, ready)


def sampled(steps: tuple[str, ...]) -> list[tuple[int, str]]:
    """Each third step, and all from the publication on."""
    published = last_step(steps, "os.rename warehouse/arxan.duckdb.night")
    return [(place, step) for place, step in enumerate(steps, 1) if place >= published or place % 3 == 0]


def last_step(steps: tuple[str, ...], beginning: str) -> int:
    return max(place for place, step in enumerate(steps, 1) if step.startswith(beginning))


@pytest.mark.parametrize("kind", Kind)
def test_each_durable_step_of_a_night(
    towns: Towns, tmp_path_factory: pytest.TempPathFactory, kind: Kind
) -> None:
    folder = tmp_path_factory.mktemp("night") / "town"
    tally = Tally(f"night, {kind}")
    steps = list(enumerate(towns.night_steps, 1))
    for place, step in sampled(towns.night_steps) if kind is Kind.INTERRUPT else steps:
        fault = Fault(kind, place)
        is_followed = place % FOLLOWED == 0
        tally.count(
            f"step {place}, {step}",
            lambda fault=fault, is_followed=is_followed: disturbed_night(  # type: ignore[misc]
                towns, folder, fault, is_followed=is_followed
            ),
        )
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
    steps, is_sampled = list(enumerate(towns.approval_steps, 1)), is_night_next or kind is Kind.INTERRUPT
    for place, step in sampled(towns.approval_steps) if is_sampled else steps:
        fault = Fault(kind, place)
        tally.count(
            f"step {place}, {step}",
            lambda fault=fault: disturbed_approval(towns, folder, fault, is_night_next=is_night_next),  # type: ignore[misc]
        )
    tally.close()


@pytest.mark.parametrize("kind", [Kind.END, Kind.ERRORS])
def test_a_crash_upon_a_crash(towns: Towns, tmp_path_factory: pytest.TempPathFactory, kind: Kind) -> None:
    """Each night begins from what the last one left half done, until one is published: that one is whole.

    A step that fails by itself leaves nothing. Clearing up has steps too, so a night has more than its own.
    """
    town = copied(towns.before, tmp_path_factory.mktemp("chain") / "town")
    tally = Tally(f"night upon night, {kind}")

    def link(place: int) -> str:
        towns.night(town, Fault(kind, place))
        if runs(town) > 1:
            return PUBLISHED
        tables = {name: rows for name, rows in state(town).items() if name in towns.first_state}
        assert not differences(tables, towns.first_state)
        return AS_IT_WAS

    for place in range(2, 2 * len(towns.night_steps), 3):
        tally.count(f"step {place}", lambda place=place: link(place))  # type: ignore[misc]
        if tally.counts[PUBLISHED]:
            break
    tally.close()
    assert after_night(towns, town, None) in {PUBLISHED, WITHOUT_COPY}
    assert not left_over(town)


def crashed_in(folder: Path, town: Town, command: Callable[[Town], object]) -> Town:
    """A town beside the folder, as it was left there: what is unfinished belongs to its warehouse's place."""
    command(copied(town, folder))
    return copied(Town(folder), folder.with_name("crashed"))


@pytest.mark.parametrize("kind", FAULTS)
def test_a_crash_while_a_published_night_is_mended(
    towns: Towns, tmp_path_factory: pytest.TempPathFactory, kind: Kind
) -> None:
    """The next night puts the lists in their place before its first COMMIT: each third step until then."""
    folder = tmp_path_factory.mktemp("mended") / "town"
    between = Fault(Kind.END, last_step(towns.night_steps, "os.rename out/.staging"))
    crashed = crashed_in(folder, towns.before, lambda town: towns.night(town, between))
    steps = done_well(towns.night(copied(crashed, folder))).steps
    tally = Tally(f"night upon a night that was published, {kind}")

    def next_night(place: int) -> str:
        town = copied(crashed, folder)
        if towns.night(town, Fault(kind, place)).exit_code == 0:  # a folder that is there need not be made
            assert not differences(state(town), towns.twice)
            assert not left_over(town)
            return PUBLISHED
        return after_night(towns, town, None)

    for place in range(1, steps.index("COMMIT") + 2, 3):
        tally.count(f"step {place}, {steps[place - 1]}", lambda place=place: next_night(place))  # type: ignore[misc]
    tally.close()
    assert set(tally.counts) == {PUBLISHED}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_crash_while_a_published_approval_is_mended(
    towns: Towns, tmp_path_factory: pytest.TempPathFactory, kind: Kind
) -> None:
    """Verifying puts the lists in their place: each step of it."""
    folder = tmp_path_factory.mktemp("mended") / "town"
    between = Fault(Kind.END, last_step(towns.approval_steps, "os.rename out/.approval-HC-0002@"))
    crashed = crashed_in(folder, towns.drafted, lambda town: towns.approve(town, between))
    steps = done_well(towns.verify(copied(crashed, folder))).steps
    tally = Tally(f"verifying after an approval that was published, {kind}")

    def verifying(place: int) -> str:
        town = copied(crashed, folder)
        done = towns.verify(town, Fault(kind, place))
        return after_approval(towns, town, None if kind is Kind.END else done)

    for place, step in enumerate(steps, 1):
        tally.count(f"step {place}, {step}", lambda place=place: verifying(place))  # type: ignore[misc]
    tally.close()
    assert set(tally.counts) == {PUBLISHED}


def test_kills_at_random_moments(towns: Towns, tmp_path_factory: pytest.TempPathFactory) -> None:
    moments = random.Random(20240630)  # noqa: S311 moments, no secrets
    folder = tmp_path_factory.mktemp("kills")
    night_seconds = seconds_of(copied(towns.before, folder / "town"), SECOND, "nightly")
    approval_seconds = seconds_of(copied(towns.drafted, folder / "town"), THIRD, *APPROVE)
    tally = Tally("kill -9")

    def night(number: int) -> str:
        town = copied(towns.before, folder / "town")
        was_at_work = killed(town, SECOND, moments.uniform(0.0, night_seconds), "nightly")
        outcome = after_night(towns, town, None, is_followed=number % FOLLOWED == 0)
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
