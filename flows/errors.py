"""Errors that whoever runs the program can mend, and how all others are told of without their text."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

Fault = TypeVar("Fault", bound=BaseException)
_OURS = ("flows.", "schemas.", "transforms.")


class OperatorError(Exception):
    """Something that whoever runs the program can mend: the text says what, and holds no personal data."""


class WrongUseError(OperatorError):
    """An option or a setting that can't be used."""


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
    return str(OSError(error.errno, os.strerror(error.errno), error.filename))


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
    return f"{type(error).__name__} ({os.strerror(number)})" if number else type(error).__name__
