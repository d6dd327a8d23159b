"""Disks that are full or read-only, and warehouse files that are damaged or old."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tests.support.crash_checks import Tally, after_approval, after_night
from tests.support.crash_kills import is_root
from tests.support.crash_towns import (
    APPROVE,
    SECOND,
    THIRD,
    Towns,
    copied,
    differences,
    done_well,
    explained,
    left_over,
    runs,
    state,
)
from tests.support.crashes import forks
from tests.support.town import Town

KIB, MIB = 1024, 1024**2
STEP, BLOCK = MIB // 4, 512
FLIPS, CUTS, LOGS = 40, 15, 20
LEAVE_A_LOG = """
import duckdb, os, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("CREATE TABLE notes AS SELECT range AS number FROM range(5000)")
os._exit(9)
"""
READERS = (("query", "SELECT count(*) FROM payout.ledger"), ("payouts", "list"), ("explain", "H-1"))


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Towns]:
    folder = tmp_path_factory.mktemp("disks")
    with forks(folder / "scratch") as ready:
        yield Towns(folder, ready)


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system of its own at a folder, with what is in the folder; skips where none may be mounted."""
    kept = folder.with_name(f"{folder.name}-kept")
    folder.rename(kept)
    folder.mkdir()
    if not is_root() or _call("mount", *options, str(folder)):
        pytest.skip("mounting is not permitted here: the largest file stands in for the full disk")
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        _call("umount", "--lazy", str(folder))


def _call(*command: str) -> int:
    return subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603 fixed commands


def sizes(before: Town, after: Town) -> list[int]:
    """From none at all to more than the warehouse is after the command, in steps smaller than it grows by."""
    least, most = (town.warehouse.stat().st_size for town in (before, after))
    return [0, 1, 100, KIB, 4 * KIB, 16 * KIB, 100 * KIB, MIB, *range(least - STEP, most + 2 * STEP, STEP)]


def test_no_file_of_a_night_may_grow_beyond_a_size(towns: Towns, tmp_path: Path) -> None:
    """The warehouse's copy meets the limit while it is made, and at each of its commits: see crash_checks."""
    tally = Tally("night, largest file")

    def a_night(largest: int) -> str:
        town = copied(towns.before, tmp_path / "town")
        return after_night(towns, town, towns.forks.run(town, SECOND, "nightly", largest_file=largest))

    for largest in sizes(towns.before, towns.drafted):
        tally.count(f"{largest} bytes", lambda largest=largest: a_night(largest))  # type: ignore[misc]
    tally.close()


def test_no_file_of_an_approval_may_grow_beyond_a_size(towns: Towns, tmp_path: Path) -> None:
    """As of a night."""
    tally = Tally("approval, largest file")

    def an_approval(largest: int) -> str:
        town = copied(towns.drafted, tmp_path / "town")
        return after_approval(towns, town, towns.forks.run(town, THIRD, *APPROVE, largest_file=largest))

    for largest in sizes(towns.drafted, towns.approved_town):
        tally.count(f"{largest} bytes", lambda largest=largest: an_approval(largest))  # type: ignore[misc]
    tally.close()


def used_kib(town: Town, name: str) -> int:
    """What the files in a folder take, each in whole blocks."""
    files = (path for path in (town.folder / name).rglob("*") if path.is_file())
    return sum(path.stat().st_blocks for path in files) * BLOCK // KIB


@contextmanager
def without_room(town: Town, name: str, more: int) -> Iterator[Callable[[], int]]:
    """A folder on a disk with so many KiB more than its files take; gives what makes room on it."""
    size = f"size={used_kib(town, name) + more}k"
    with mounted(town.folder / name, "-t", "tmpfs", "-o", size, "tmpfs"):
        yield lambda: _call("mount", "-o", "remount,size=256m", str(town.folder / name))


@pytest.mark.parametrize("name", ["out", "warehouse"])
def test_a_night_on_a_disk_without_room(towns: Towns, tmp_path: Path, name: str) -> None:
    """As above, of a disk that is full for all files together; with room made, the next night is in order."""
    tally = Tally(f"night, disk of {name} without room")

    def a_night(number: int, more: int) -> str:
        town = copied(towns.before, tmp_path / f"town-{number}")
        with without_room(town, name, more) as make_room:
            done = towns.night(town)
            make_room()
            return after_night(towns, town, done)

    for number, more in enumerate([16, 64, 128, 256, 6 * KIB, 7 * KIB, 8 * KIB, 64 * KIB]):
        case = f"{more} KiB more than is used"
        tally.count(case, lambda number=number, more=more: a_night(number, more))  # type: ignore[misc]
    tally.close()


@pytest.mark.parametrize("name", ["out", "warehouse"])
def test_an_approval_on_a_disk_without_room(towns: Towns, tmp_path: Path, name: str) -> None:
    """As of a night."""
    tally = Tally(f"approval, disk of {name} without room")

    def an_approval(number: int, more: int) -> str:
        town = copied(towns.drafted, tmp_path / f"town-{number}")
        with without_room(town, name, more) as make_room:
            done = towns.approve(town)
            make_room()
            return after_approval(towns, town, done)

    for number, more in enumerate([4, 8, 16, 24, 32, 8 * KIB, 9 * KIB, 64 * KIB]):
        case = f"{more} KiB more than is used"
        tally.count(case, lambda number=number, more=more: an_approval(number, more))  # type: ignore[misc]
    tally.close()


@pytest.mark.parametrize("name", ["out", "warehouse"])
def test_a_disk_that_is_read_only(towns: Towns, tmp_path: Path, name: str) -> None:
    """Nights and approvals end with the reason and change nothing; whoever reads is not concerned."""
    town = copied(towns.drafted, tmp_path / "town")
    before = state(town)
    with mounted(town.folder / name, "-t", "tmpfs", "tmpfs"):
        _call("mount", "-o", "remount,ro", str(town.folder / name))
        for done in (towns.night(town), towns.approve(town)):
            assert done.exit_code == 1
            assert explained(done), done.output
            assert "Read-only file system" in done.output
        for command in (*READERS, ("payouts", "show", "HC-0002"), ("payouts", "verify")):
            done_well(towns.forks.run(town, THIRD, *command))
        assert not differences(state(town), before)
        _call("mount", "-o", "remount,rw", str(town.folder / name))
        done_well(towns.approve(town))
        assert not differences(state(town), towns.approved)


def readable(town: Town, wanted: dict[str, object]) -> list[str]:
    """The tables that can be read and are not as they should be."""
    wrong = []
    with duckdb.connect(str(town.warehouse), read_only=True) as connection:
        for name, rows in wanted.items():
            try:
                if connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() != rows:
                    wrong.append(name)
            except duckdb.Error:  # found to be damaged: nobody is told anything wrong
                continue
    return wrong


def test_damaged_files(towns: Towns, tmp_path: Path) -> None:
    """A night on a damaged warehouse stops, says so and leaves it; or the damage is where nothing is read.

    Then what it publishes is right, and what is damaged is still found to be. With the backup in its place,
    all is in order again.
    """
    chance = random.Random(99)  # noqa: S311 places, no secrets
    whole = towns.before.warehouse.read_bytes()
    tables = {name: rows for name, rows in towns.once.items() if "/" not in name}
    tally = Tally("damaged warehouse")

    def a_night(damaged: bytes) -> str:
        town = copied(towns.before, tmp_path / "town")
        town.warehouse.write_bytes(damaged)
        done = towns.night(town)
        if done.exit_code == 0:
            assert not readable(town, tables)
            return "published, the damage being where nothing is read"
        assert explained(done), done.output
        assert town.warehouse.read_bytes() == damaged
        town.warehouse.write_bytes(whole)
        assert not left_over(town)
        done_well(towns.night(town))
        assert not differences(state(town), towns.once)
        return "stopped, and in order with the backup"

    for _ in range(FLIPS):
        place = chance.randrange(len(whole))
        flipped = whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :]
        tally.count(f"a bit of byte {place}", lambda flipped=flipped: a_night(flipped))  # type: ignore[misc]
    for _ in range(CUTS):
        length = chance.randrange(len(whole))
        tally.count(f"cut at {length}", lambda length=length: a_night(whole[:length]))  # type: ignore[misc]
    tally.close()


def test_logs_of_other_programs(towns: Towns, tmp_path: Path) -> None:
    """The log that a killed program left, whole or damaged: the night takes it in or stops.

    Whatever becomes of the other program's own table, ours are as they were, and no log is left.
    """
    chance = random.Random(7)  # noqa: S311 places, no secrets
    tables = {name: rows for name, rows in towns.once.items() if "/" not in name}
    tally = Tally("log of another program")

    def a_night(number: int) -> str:
        town = copied(towns.before, tmp_path / "town")
        log = town.warehouse.with_name(f"{town.warehouse.name}.wal")
        subprocess.run([sys.executable, "-c", LEAVE_A_LOG, str(town.warehouse)], check=False)  # noqa: S603 ours
        content = log.read_bytes()
        place = chance.randrange(len(content))
        if number % 3 == 1:
            log.write_bytes(content[:place])
        elif number % 3 == 2:
            log.write_bytes(content[:place] + bytes([content[place] ^ 4]) + content[place + 1 :])
        done = towns.night(town)
        if done.exit_code == 0:
            assert not readable(town, tables)
            assert not left_over(town)
            return "taken in as far as it could be read"
        assert explained(done), done.output
        assert log.exists()
        log.unlink()
        done_well(towns.night(town))
        assert not readable(town, tables)
        return "stopped, and in order without the log"

    for number in range(LOGS):
        tally.count(f"log {number}", lambda number=number: a_night(number))  # type: ignore[misc]
    tally.close()


def test_an_older_warehouse_without_approvals_since(towns: Towns, tmp_path: Path) -> None:
    """The night takes in again what came since, and lists the same; the lists of the lost run stay."""
    town = copied(towns.drafted, tmp_path / "town")
    shutil.copy(towns.before.warehouse, town.warehouse)
    done_well(towns.night(town))
    assert runs(town) == 2
    found = state(town)
    with_run = ("audit.runs", "audit.uploads", "payout.batches")
    assert not [name for name in differences(found, towns.once) if "/" not in name and name not in with_run]
    lists = [name for name in towns.once if name.startswith("2024-06-30-002/房屋征收补偿")]
    assert lists
    for name in lists:
        assert found[name] == found[name.replace("-002/", "-003/")] == towns.once[name]
    done_well(towns.approve(town))
    done_well(towns.verify(town))
