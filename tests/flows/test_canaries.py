"""People's data stay where they belong: nights over invented persons, then a search for them everywhere."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from flows import approval, approved_lists, batches, intake, night, staging, steps
from flows.annotated import SUFFIX
from flows.summary import SUMMARY_FILE
from flows.warehouse.connection import WarehouseUnusableError, reading, writing
from flows.warehouse.night_copy import discard_copy, night_file
from tests.support.canaries import (
    ACCOUNT,
    FILE_NAME,
    ID_NUMBER,
    MARKS,
    NAME,
    Canaries,
    forms,
    marks_below,
    marks_in,
    write_answers,
    write_canaries,
    write_owed,
)
from tests.support.in_line import in_line
from tests.support.leaking_errors import ERRORS, leaking, raising
from tests.support.town import Town

BATCH = "HC-0001"
STEPS = (
    "prepare", "read_new_uploads", "land", "answer_receipts", "compute", "draft_payout", "write_all",
    "verify", "publish",
)  # fmt: skip
PAYEE = {NAME, ID_NUMBER, ACCOUNT}
MAY_HOLD: tuple[tuple[str, set[str]], ...] = (
    ("warehouse/arxan.duckdb", set(MARKS)),
    (f"out/*/*{SUFFIX}*.xlsx", set(MARKS)),
    (f"out/*/{SUMMARY_FILE}", {FILE_NAME}),
    ("out/*/房屋征收补偿-*", PAYEE),
    ("out/approved/*/房屋征收补偿-*", PAYEE),
    ("out/*/应收清单-*", PAYEE),
    ("out/approved/*/应收清单-*", PAYEE),
    ("out/*/分户补偿公示.xlsx", {NAME}),
    ("out/*/考评成绩-*.xlsx", {NAME, FILE_NAME}),
    ("out/*/奖补核定表.xlsx", {NAME}),
)
"""Whose names and numbers may stand where; nothing stands anywhere else."""


@dataclass(frozen=True)
class House:
    """A town after its nights, all that was said in them, and the folder of temporary files."""

    town: Town
    said: Path
    temporary: Path


@contextmanager
def everything_said(log: Path) -> Iterator[None]:
    """All that this process, its children and its libraries write to the terminal and to logs."""
    handler = logging.FileHandler(log, encoding="utf-8")
    kept = [os.dup(1), os.dup(2)]
    with log.open("ab") as target:
        for number in (1, 2):
            os.dup2(target.fileno(), number)
    logging.getLogger().addHandler(handler)
    level = logging.getLogger().level
    logging.getLogger().setLevel(logging.DEBUG)
    try:
        yield
    finally:
        logging.getLogger().setLevel(level)
        logging.getLogger().removeHandler(handler)
        handler.close()
        for number, earlier in zip((1, 2), kept, strict=True):
            os.dup2(earlier, number)
            os.close(earlier)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two nights with an approval between them, under a umask that keeps nothing private."""
    folder = tmp_path_factory.mktemp("canaries")
    made = House(Town(folder / "town"), folder / "said.log", folder / "tmp")
    made.temporary.mkdir()
    made.town.inbox.mkdir(parents=True)
    umask = os.umask(0)
    with pytest.MonkeyPatch.context() as patched, everything_said(made.said):
        patched.setenv("TMPDIR", str(made.temporary))
        patched.setattr(tempfile, "tempdir", str(made.temporary))
        try:
            run_nights(made)
        finally:
            os.umask(umask)
    return made


def run_nights(house: House) -> None:
    town, canaries = house.town, Canaries()
    write_canaries(canaries, town.inbox)
    write_owed(canaries, town.inbox)
    (town.inbox / f"{FILE_NAME}链接.xlsx").symlink_to(town.inbox / "nowhere")
    say(house, "nightly")
    town.arxan("payouts", "show", BATCH)  # which shows names, to whoever approves
    say(house, "payouts", "list")
    say(house, "payouts", "approve", BATCH, "--by", "批准人")
    say(house, "payouts", "verify")
    write_answers(canaries, town.inbox, BATCH)
    for command in (("nightly",), ("payouts", "list"), ("payouts", "verify")):
        say(house, *command)


def say(house: House, *command: str) -> None:
    done = house.town.arxan(*command)
    with house.said.open("a", encoding="utf-8") as log:
        log.write(done.output)
    if done.exit_code:
        raise AssertionError(done.output)


def test_the_nights_had_persons_in_every_part(house: House) -> None:
    town = house.town
    ((rejected, accepted),) = town.ask("SELECT sum(rows_rejected), sum(rows_accepted) FROM audit.uploads")
    assert int(str(rejected)) > 250
    assert int(str(accepted)) > 60
    ((rules,),) = town.ask("SELECT count(DISTINCT rule) FROM audit.findings")
    assert int(str(rules)) >= 18
    kinds = [kind for (kind,) in town.ask("SELECT DISTINCT kind FROM payout.ledger ORDER BY 1")]
    assert kinds == ["confirmed", "failed", "listed"]
    assert town.ask("SELECT count(*) > 0 FROM payout.held") == [(True,)]
    assert (town.out / "approved" / BATCH / approved_lists.CONTROL_FILE).is_file()
    assert town.warehouse.with_name("arxan.duckdb.shown").is_file()


def test_nobody_is_named_in_what_is_said(house: House) -> None:
    said = house.said.read_bytes()
    assert said.count(b"checks: all hold") == 2
    assert marks_in(said, MARKS) == set()


def test_each_file_holds_what_belongs_into_it_and_no_more(house: House) -> None:
    found = {
        name: marks
        for name, marks in marks_below(house.town.folder, MARKS).items()
        if not name.startswith("inbox/")
    }
    assert {SUMMARY_FILE, "分户补偿公示.xlsx", f"房屋征收补偿-{BATCH}.csv"} <= {Path(n).name for n in found}
    too_much = {name: marks - may_hold(name) for name, marks in found.items() if marks - may_hold(name)}
    assert too_much == {}


def may_hold(name: str) -> set[str]:
    return next((marks for pattern, marks in MAY_HOLD if Path(name).match(pattern)), set())


def test_no_temporary_file_is_left(house: House) -> None:
    assert list(house.temporary.iterdir()) == []
    assert sorted(path.name for path in house.town.warehouse.parent.iterdir()) == [
        "arxan.duckdb", "arxan.duckdb.lock", "arxan.duckdb.shown"
    ]  # fmt: skip


def test_all_that_is_written_is_its_owners_alone_whatever_the_umask(house: House) -> None:
    town = house.town
    written = [town.out, town.warehouse.parent, *town.out.rglob("*"), *town.warehouse.parent.rglob("*")]
    assert len(written) > 40
    open_to_others = [path for path in written if path.stat().st_mode & 0o077]
    assert open_to_others == []


def test_a_copy_and_a_settlement_sheet_that_are_asked_for_are_private_too(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "in_processes", in_line)
    canaries, umask = Canaries(), os.umask(0)
    try:
        path = write_owed(canaries, town.inbox)
        wrong = write_canaries(canaries, town.folder / "desk")[0]
        town.night()
        town.arxan("explain", "OH-1", "--format", "xlsx", "--out", str(town.folder / "counter" / "today"))
        town.arxan("check", str(path), str(wrong), "--out", str(town.folder / "checked" / "today"))
    finally:
        os.umask(umask)
    written = [p for name in ("counter", "checked") for p in (town.folder / name).rglob("*")]
    assert len([path for path in written if path.suffix == ".xlsx"]) == 2
    parents = [town.folder / "counter", town.folder / "checked"]
    assert [path for path in (*parents, *written) if path.stat().st_mode & 0o077] == []


@pytest.mark.parametrize("place", STEPS)
def test_whatever_a_step_ends_with_nobody_is_named(
    town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    for name in STEPS:
        monkeypatch.setattr(steps, name, steps.step(do_nothing(name)))
    said = tmp_path / "said.log"
    for kind in ERRORS:
        with monkeypatch.context() as broken, everything_said(said):
            broken.setattr(steps, place, steps.step(raising(kind, place)))
            done = town.arxan("nightly")
        assert done.exit_code == 1, kind
        assert marks_in(said.read_bytes() + done.output.encode(), MARKS) == set(), (kind, done.output)
        assert done.stderr.strip(), kind
    assert marks_below(town.folder, MARKS) == {}


def do_nothing(name: str) -> Callable[..., None]:
    def function(*_: object) -> None: ...

    function.__name__ = name
    return function


@pytest.mark.parametrize(
    ("module", "name", "command"),
    [
        (steps, "clear_up", ("nightly",)),
        (night, "exclusive", ("nightly",)),
        (approval, "exclusive", ("payouts", "approve", BATCH, "--by", "批准人")),
        (batches, "reading_results", ("payouts", "verify")),
        (batches, "reading_results", ("payouts", "list")),
    ],
)
def test_whatever_ends_a_command_between_its_steps_nobody_is_named(
    town: Town, monkeypatch: pytest.MonkeyPatch, module: object, name: str, command: tuple[str, ...]
) -> None:
    for step in STEPS:
        monkeypatch.setattr(steps, step, do_nothing(step))
    for kind in ERRORS:
        with monkeypatch.context() as broken:
            broken.setattr(module, name, raising(kind, name))
            done = town.arxan(*command)
        if command == ("nightly",) or not is_of_files(kind):
            assert marks_in(done.output.encode(), MARKS) == set(), (kind, done.output)
        assert done.exit_code == 1, kind


def is_of_files(kind: str) -> bool:
    """Files that other commands than the night can't reach are none that clerks name."""
    return kind in {"a file", "two files"}


@pytest.mark.parametrize(
    ("module", "name"),
    [(steps, "land_uploads"), (steps, "summary_text"), (steps, "read_back"), (staging, "put_in_place")],
)
def test_a_night_that_ends_with_its_work_half_done_leaves_nobody_behind(
    town: Town, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    write_owed(Canaries(), town.inbox)
    real = getattr(module, name)

    def done_and_broken(*arguments: object, **named: object) -> object:
        if name != "put_in_place":
            real(*arguments, **named)
        raise leaking("constraint")

    monkeypatch.setattr(module, name, done_and_broken)
    monkeypatch.setattr(intake, "in_processes", in_line)
    done = town.arxan("nightly")
    assert (done.exit_code, marks_in(done.output.encode(), MARKS)) == (1, set())
    left = {path for path in marks_below(town.folder, MARKS) if not path.startswith("inbox/")}
    assert {path for path in left if not may_hold(path)} == set()
    assert bool(left) == (name == "put_in_place")
    assert [path for path in town.out.rglob("*") if path.stat().st_mode & 0o077] == []


def test_rows_that_a_killed_night_spilled_are_removed(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    spilled = night_file(warehouse).with_name("w.duckdb.night.tmp")
    spilled.mkdir()
    (spilled / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(NAME.encode())
    discard_copy(warehouse)
    assert not spilled.exists()


def test_rows_that_the_database_spills_are_its_owners_alone(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        with writing(tmp_path / "w.duckdb") as connection:
            connection.execute("SET memory_limit = '40MB'; SET threads = 1")
            connection.execute("CREATE TEMP TABLE t AS SELECT repeat('x', 40) || i FROM range(900000) r(i)")
            spilled = list((tmp_path / "w.duckdb.tmp").rglob("*"))
            modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "w.duckdb.tmp", *spilled)}
    finally:
        os.umask(umask)
    assert spilled
    assert modes == {0o700, 0o600}
    assert (tmp_path / "w.duckdb").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (f"IO Error: Could not set lock on file: held in {NAME} (PID 12) by {NAME}", "in use by process 12"),
        (f"IO Error: Could not set lock on file {NAME}", "in use by another program"),
        (f"{NAME} is not a valid DuckDB database file!", "it is no DuckDB file"),
        (f"Cannot open file: Permission denied {NAME}", "this account may not read it"),
        (f"Failure while replaying: Duplicate key {NAME}", r"or its \.wal is damaged, .*\(IOException\)"),
    ],
)
def test_why_a_warehouse_is_unusable_is_said_without_the_words_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, told: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise duckdb.IOException(said)

    (tmp_path / "w.duckdb").touch()
    monkeypatch.setattr(duckdb, "connect", refused)
    with pytest.raises(WarehouseUnusableError, match=told) as raised, reading(tmp_path / "w.duckdb"):
        pass
    assert NAME not in f"{raised.value}{raised.value.__context__}"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "gb18030"])
def test_the_search_finds_a_name_however_it_is_written(encoding: str) -> None:
    assert marks_in(b"\0x" + NAME.encode(encoding) + b"\0", MARKS) == {NAME}
    assert len(forms(NAME)) >= 10
