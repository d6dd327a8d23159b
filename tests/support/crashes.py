"""Commands in processes of their own that are disturbed at a chosen durable step, or killed at any moment.

A durable step is whatever changes a file of the town: opening to write, writing, renaming, removing, making a
folder, flushing, and the database's COMMIT and CHECKPOINT. Each command is a fork of a process that has
everything imported: what ends in it ends as a process does, without a `finally`.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Self

import duckdb

from flows.annotated import TEMPORARY
from tests.support.town import Town

ROOT = Path(__file__).resolve().parents[2]
THIS_MODULE = "tests.support.crashes"
ENDED = 99
"""The exit code of a process that ended in the middle of its work."""
NO_ROOM = "No space left on device"
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate", "os.link"}
_LOGGED = ("COMMIT", "CHECKPOINT")


class Kind(StrEnum):
    """What happens at the chosen step."""

    END = "the process ends"
    ERROR = "the step fails"
    ERRORS = "the step and all after it fail"


@dataclass(frozen=True)
class Fault:
    """What happens, and at which durable step of the command, counted from 1."""

    kind: Kind
    place: int


@dataclass(frozen=True)
class Done:
    """How a command ended, what it said, and the durable steps that it came to."""

    exit_code: int
    output: str
    steps: tuple[str, ...]


class Disturbance:
    """Counts the durable steps of this process under a folder, and lets one of them go wrong."""

    def __init__(self, folder: Path, fault: Fault | None, log: Path) -> None:
        self._folder, self._fault = str(folder), fault
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._count = 0

    def install(self) -> None:
        """From now on; there is no way back."""
        sys.addaudithook(self._audit)
        for name in ("fsync", "sendfile", "pwrite"):
            setattr(os, name, self._watched(name))
        self._watch_files()
        self._watch_database()

    def step(self, name: str, half: Callable[[], object] | None = None) -> bool:
        """Whether the step is to be done; at the chosen one, half of it is done where it has halves."""
        self._count += 1
        os.write(self._log, f"{name}\n".encode())
        fault = self._fault
        if fault is None or self._count < fault.place:
            return True
        if fault.kind is not Kind.ERRORS and self._count > fault.place:
            return True
        if half is not None:
            half()
        if fault.kind is Kind.END:
            os._exit(ENDED)
        return False

    def _fail(self, name: str) -> None:
        if not self.step(name):
            raise OSError(errno.ENOSPC, NO_ROOM, name.partition(" ")[2])

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if isinstance(path, str | bytes) and flags & _WRITES and self._is_ours(os.fsdecode(path)):
                self._fail(f"open {self._shown(path)}")
        elif event in _CHANGES and not isinstance(args[0], int):
            path = os.fsdecode(args[0])
            # a relative name is one in a folder that is being removed
            is_ours = self._is_ours(path) or not path.startswith("/")
            if is_ours and (event != "os.remove" or not path.startswith("/") or os.path.lexists(path)):
                self._fail(f"{event} {self._shown(path)}")

    def _is_ours(self, path: str) -> bool:
        # what libraries keep for themselves while they write one copy is no step: the copy itself is one
        return path.startswith(self._folder) and f"/{TEMPORARY}/" not in path

    def _shown(self, path: str | bytes) -> str:
        return os.fsdecode(path).removeprefix(self._folder + "/")

    def _watched(self, name: str) -> Callable[..., Any]:
        real: Callable[..., Any] = getattr(os, name)

        def watched(*args: Any) -> Any:  # noqa: ANN401 whatever the real one takes and gives
            def half() -> None:
                if name == "sendfile":
                    real(*args[:3], os.fstat(args[1]).st_size // 2)

            if not self.step(f"{name} a file", half):
                raise OSError(errno.ENOSPC, NO_ROOM)
            return real(*args)

        return watched

    def _watch_files(self) -> None:
        real = os.fdopen

        def fdopen(handle: int, mode: str = "r", *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 as above
            file = real(handle, mode, *args, **kwargs)
            return _WatchedFile(file, self) if mode == "wb" else file

        os.fdopen = fdopen  # type: ignore[assignment]  # the program's own, in this process alone

    def _watch_database(self) -> None:
        real = duckdb.DuckDBPyConnection.execute

        def execute(connection: duckdb.DuckDBPyConnection, query: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            if query in _LOGGED and not self.step(query):
                raise duckdb.IOException(f"IO Error: Could not write file: {NO_ROOM}")
            return real(connection, query, *args, **kwargs)

        duckdb.DuckDBPyConnection.execute = execute  # type: ignore[method-assign,assignment]


class _WatchedFile:
    """A file that is opened to be written in one go."""

    def __init__(self, file: IO[bytes], disturbance: Disturbance) -> None:
        self._file, self._disturbance = file, disturbance

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 whatever the file has
        return getattr(self._file, name)

    def write(self, content: bytes) -> None:
        def half() -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        if not self._disturbance.step("write a file", half):
            raise OSError(errno.ENOSPC, NO_ROOM)
        self._file.write(content)


def _environment(town: Town, at: datetime) -> dict[str, str]:
    settings = town.settings().as_strings()
    return {f"ARXAN_{name.upper()}": value for name, value in settings.items()} | {"CRASH_AT": at.isoformat()}


def _stop_the_clock() -> None:
    """Two towns that did the same are the same, times and the digests over them included."""
    from flows import approval, steps  # noqa: PLC0415 only in a process that runs commands

    at = datetime.fromisoformat(os.environ["CRASH_AT"])
    for module in (steps, approval):
        setattr(module, "arxan_now", lambda: at)  # noqa: B010 it is theirs by import


def _run(arguments: Sequence[str]) -> None:
    from flows.cli import main  # noqa: PLC0415 as above

    _stop_the_clock()
    main(list(arguments))


class Forks:
    """Runs commands one after the other, each in a fork of one process that stands ready."""

    def __init__(self, process: subprocess.Popen[str], scratch: Path) -> None:
        self._process, self._scratch = process, scratch

    def run(
        self,
        town: Town,
        at: datetime,
        *arguments: str,
        fault: Fault | None = None,
        largest_file: int | None = None,
    ) -> Done:
        """Run a command in a town at a moment, with a fault in it, or on a disk that takes no larger file."""
        told, log = self._scratch / "told", self._scratch / "steps"
        for path in (told, log):
            path.write_text("")
        request = {
            "folder": str(town.folder),
            "environment": _environment(town, at),
            "arguments": arguments,
            "fault": asdict(fault) if fault else None,
            "largest_file": largest_file,
            "told": str(told),
            "log": str(log),
        }
        if self._process.stdin is None or self._process.stdout is None:
            raise AssertionError
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        exit_code = int(self._process.stdout.readline())
        return Done(exit_code, told.read_text(), tuple(log.read_text().splitlines()))


@contextmanager
def forks(scratch: Path) -> Iterator[Forks]:
    """A process that stands ready to be forked."""
    scratch.mkdir(parents=True, exist_ok=True)
    with subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", THIS_MODULE, "--forks"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield Forks(process, scratch)
        if process.stdin is not None:
            process.stdin.close()


def started(town: Town, at: datetime, *arguments: str) -> subprocess.Popen[str]:
    """A command as a real process with processes of its own, to be waited for or killed."""
    return subprocess.Popen(  # noqa: S603 our own program
        [sys.executable, "-m", THIS_MODULE, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env=os.environ | _environment(town, at),
    )


def _serve() -> None:
    """Fork for each line that comes in."""
    import flows.approval  # noqa: PLC0415 everything that a command needs, once
    import flows.batches  # noqa: PLC0415
    import flows.night  # noqa: F401, PLC0415

    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _be_forked(request)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201 the answer


def _be_forked(request: dict[str, Any]) -> None:
    from flows import annotated, intake  # noqa: PLC0415 as above
    from tests.support.in_line import in_line  # noqa: PLC0415

    told = os.open(request["told"], os.O_WRONLY)
    os.dup2(told, 1)
    os.dup2(told, 2)
    os.environ.update(request["environment"])
    # a fault must strike this process, not one that reads a workbook
    for module in (intake, annotated):
        setattr(module, "in_processes", in_line)  # noqa: B010 it is theirs by import
    given = request["fault"]
    fault = Fault(Kind(given["kind"]), given["place"]) if given else None
    if request["largest_file"] is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["largest_file"], hard))
    code = 70
    try:
        Disturbance(Path(request["folder"]), fault, Path(request["log"])).install()
        _run(request["arguments"])
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    if sys.argv[1:] == ["--forks"]:
        _serve()
    else:
        _run(sys.argv[1:])
