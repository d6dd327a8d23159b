"""Errors that whoever runs the program can mend, and how all others are told of without their text."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

Fault = TypeVar("Fault", bound=BaseException)
_OURS = ("flows.", "schemas.", "transforms.")
_ROOM = "make room on the disk, then start again"
_ADVICE = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EROFS: "have the disk mounted for writing, then start again",
    errno.EIO: "look to the disk, then start again",
}


class OperatorError(Exception):
    """Something that whoever runs the program can mend: the text says what, and holds no personal data."""


class WrongUseError(OperatorError):
    """An option or a setting that can't be used."""


@contextmanager
def cleared_up(clear_up: Callable[[], object]) -> Iterator[None]:
    """Clears up after what failed; what keeps it from that, the next start tells of.

    The error that is raised stays the one that tells why the work ended.
    """
    try:
        yield
    except BaseException:
        with suppress(Exception):
            clear_up()
        raise


def told(error: BaseException) -> str:
    """An unforeseen error by its type and place. Its text may hold values of rows, so it is left out."""
    place, trace = "an unknown place", error.__traceback__
    while trace:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith(_OURS):
            place = f"{module}, line {trace.tb_lineno}"
        trace = trace.tb_next
    return f"{_kind(error)} at {place}"


def told_by_system(error: OSError) -> str:
    """A file that can't be reached, in the system's words."""
    if error.errno is None:
        return told(error)
    return str(OSError(error.errno, os.strerror(error.errno), error.filename)) + _advice(error.errno)


def told_of_files(error: OSError, folders: Mapping[str, Path]) -> str:
    """`told`, and in which of the folders; not which file there, since clerks name files after persons."""
    if not isinstance(error.filename, str | bytes | os.PathLike):
        return told(error)
    path = Path(os.fsdecode(error.filename)).resolve()
    within = [
        f", in {folder} ({name})" for name, folder in folders.items() if path.is_relative_to(folder.resolve())
    ]
    return told(error) + "".join(within[:1])


def alone(error: Fault) -> Fault:
    """The error without notes and without the errors that led to it: they are shown with it."""
    error.__cause__ = error.__context__ = None
    error.__suppress_context__ = True
    if hasattr(error, "__notes__"):
        del error.__notes__
    return error


def _kind(error: BaseException) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if not number:
        return type(error).__name__
    return f"{type(error).__name__} ({os.strerror(number)}{_advice(number)})"


def _advice(number: int) -> str:
    return f": {_ADVICE[number]}" if number in _ADVICE else ""
