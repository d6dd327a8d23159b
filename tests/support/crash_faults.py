"""A fault at a chosen durable step of this process.

A durable step is whatever changes a file of the town: opening to write, writing, renaming, removing, making a
folder, flushing, and the database's COMMIT and CHECKPOINT.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Self

import duckdb

from flows.annotated import TEMPORARY

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
    INTERRUPT = "somebody interrupts"


@dataclass(frozen=True)
class Fault:
    """What happens, and at which durable step of the command, from 1: of all, or of those so named."""

    kind: Kind
    place: int
    step: str = ""


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
        os.write(self._log, f"{name}\n".encode())
        fault = self._fault
        self._count += fault is None or fault.step in ("", name)
        if fault is None or self._count < fault.place:
            return True
        if fault.step not in ("", name):
            return True
        if fault.kind is not Kind.ERRORS and self._count > fault.place:
            return True
        if half is not None:
            half()
        if fault.kind is Kind.END:
            os._exit(ENDED)
        if fault.kind is Kind.INTERRUPT:
            raise KeyboardInterrupt
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
