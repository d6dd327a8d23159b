"""Who is at work: the person or account that runs a night, and whether approving takes another one."""

from __future__ import annotations

import getpass
import os
import unicodedata
from collections.abc import Mapping

from flows.errors import WrongUseError

OPERATOR, TWO_PEOPLE = "ARXAN_OPERATOR", "ARXAN_TWO_PEOPLE"
_YES, _NO = frozenset({"1", "yes", "true", "是"}), frozenset({"", "0", "no", "false", "否"})


def operator(environment: Mapping[str, str] | None = None) -> str:
    """Who drafts: `ARXAN_OPERATOR`, else the account that the program runs under.

    Raises WrongUseError where two people are asked for and nobody is named: an account is no name that the
    person who approves could be compared with.
    """
    variables = os.environ if environment is None else environment
    named = variables.get(OPERATOR, "").strip()
    if not named and needs_two_people(variables):
        reason = f"{TWO_PEOPLE} is set, so {OPERATOR} must name the person who runs the night"
        raise WrongUseError(reason)
    return named or _account()


def is_same_person(name: str, other: str) -> bool:
    """Whether two names are one, however they were typed: spaces, width and case count for nothing."""
    return _plain(name) == _plain(other)


def needs_two_people(environment: Mapping[str, str] | None = None) -> bool:
    """Whether `ARXAN_TWO_PEOPLE` asks that no draft be approved by whoever made it. Raises WrongUseError."""
    variables = os.environ if environment is None else environment
    written = variables.get(TWO_PEOPLE, "").strip().lower()
    if written in _YES | _NO:
        return written in _YES
    reason = f"{TWO_PEOPLE} is {written!r}: write yes or no"
    raise WrongUseError(reason)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return str(os.getuid())
