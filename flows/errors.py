"""Errors that whoever runs the program can mend, and how all others are told of without their text."""

from __future__ import annotations

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
    return f"{type(error).__name__} at {place}"
