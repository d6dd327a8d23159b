"""What the program leaves behind is for its owner alone, whatever the umask that it was started with."""

from __future__ import annotations

import logging
import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from pathlib import Path
from typing import Any

_OTHERS, _OWNER_ONLY = 0o077, 0o700
_STANDARD_ERROR = 2


@contextmanager
def private() -> Iterator[None]:
    """New files and folders are the owner's alone, also those of native code and of child processes.

    A process that crashes leaves no core dump, which would hold all that it was working on.
    """
    umask = os.umask(_OTHERS)
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))
        os.umask(umask)


def private_folder(path: Path) -> Path:
    """Makes the folder and those above it that are missing; one that is there keeps its permissions."""
    with private():
        path.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    return path


@contextmanager
def native_code_silenced() -> Iterator[None]:
    """What Python writes to the standard error arrives, log lines too; what native code writes does not.

    Native code that panics writes the values that it was at.
    """
    python_errors, arrives = sys.stderr, os.dup(_STANDARD_ERROR)
    if _number_of(python_errors) == _STANDARD_ERROR:
        python_errors.flush()
        sys.stderr = os.fdopen(arrives, "w", buffering=1, errors="backslashreplace", closefd=False)
    _point_logs(python_errors, sys.stderr)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(arrives, _STANDARD_ERROR)
        _point_logs(sys.stderr, python_errors)
        os.close(arrives)
        sys.stderr = python_errors


def _point_logs(old: Any, new: Any) -> None:  # noqa: ANN401 streams, as logging has them
    """Have what logs to one stream log to another. Prefect's handler holds it twice."""
    loggers = [logging.root, *logging.root.manager.loggerDict.values()]
    for handler in {each for logger in loggers for each in getattr(logger, "handlers", ())}:
        if getattr(handler, "stream", None) is old:
            handler.setStream(new)
            if hasattr(handler, "console"):
                handler.console.file = new


def _number_of(stream: object) -> int | None:
    """The file behind a stream; none where it is no file."""
    try:
        return int(stream.fileno())  # type: ignore[attr-defined] # one without it has no file either
    except (AttributeError, UnsupportedOperation, ValueError):
        return None
