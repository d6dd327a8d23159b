"""Where things are and which day it is: the only reading of the environment and of the clock."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.cage import Allowance
from flows.errors import WrongUseError

ARXAN_TIME = ZoneInfo("Asia/Shanghai")
CHECKOUT_POLICIES = Path(__file__).resolve().parents[1] / "data" / "policies"
_DEFAULTS = {
    "inbox": "data/inbox",
    "warehouse": "data/warehouse/arxan.duckdb",
    "out": "data/out",
    "policies": "data/policies",
}
READ_MEMORY_MIB, READ_SECONDS = 1024, 60
MIB = 1024**2


class SettingError(WrongUseError):
    """A setting that can't be used; the text names it and says what is expected."""


def environment_variable(name: str) -> str:
    """The variable that sets a setting when no option does: `ARXAN_INBOX` for `inbox`."""
    return f"ARXAN_{name.upper()}"


def arxan_now() -> datetime:
    """The present moment in Asia/Shanghai, without a time zone, as the warehouse keeps it."""
    return datetime.now(ARXAN_TIME).replace(tzinfo=None)


def modified_at(path: Path | os.DirEntry[str]) -> datetime:
    """When a file was last changed, in Asia/Shanghai, without a time zone."""
    return datetime.fromtimestamp(path.stat().st_mtime, ARXAN_TIME).replace(tzinfo=None)


@dataclass(frozen=True)
class Settings:
    """Where a night reads and writes, and the day that it computes for."""

    inbox: Path
    warehouse: Path
    out: Path
    policies: Path
    as_of: date

    def folders(self) -> dict[str, Path]:
        """The folders, by the setting that leads to them."""
        return {
            "inbox": self.inbox,
            "out": self.out,
            "policies": self.policies,
            "warehouse": self.warehouse.parent,
        }

    def as_strings(self) -> dict[str, str]:
        """The settings as text, for parameters of a flow; `settings_from` reads them back."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}


def settings_from(
    given: Mapping[str, str | None] | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Settings by what is given, else by `ARXAN_…` variables, else by default.

    Left out, `as_of` is today in Asia/Shanghai, and `policies` those of this program where the current
    directory has none. Raises SettingError for a date that is none, and for a file where a folder belongs or
    the other way round; what is not there yet is in order.
    """
    variables = os.environ if environment is None else environment
    chosen = dict(given or {})
    unknown = set(chosen) - {*_DEFAULTS, "as_of"}
    if unknown:
        reason = f"unknown settings: {', '.join(sorted(unknown))}"
        raise SettingError(reason)

    def value(name: str) -> str | None:
        return chosen.get(name) or variables.get(environment_variable(name)) or None

    settings = Settings(
        inbox=Path(value("inbox") or _DEFAULTS["inbox"]),
        warehouse=Path(value("warehouse") or _DEFAULTS["warehouse"]),
        out=Path(value("out") or _DEFAULTS["out"]),
        policies=Path(value("policies") or _default_policies()),
        as_of=_as_of(value("as_of")),
    )
    _require_room_for_file("warehouse", settings.warehouse)
    _require_room_for_folder("out", settings.out)
    reading_allowance(variables)
    return settings


def reading_allowance(environment: Mapping[str, str] | None = None) -> Allowance:
    """What reading a small upload may take; larger ones may take more.

    `ARXAN_READ_MEMORY` is in MiB, `ARXAN_READ_SECONDS` by the clock, of which the processor may be at work
    for half. Raises SettingError.
    """
    variables = os.environ if environment is None else environment
    seconds = _whole_number(variables, "read_seconds", READ_SECONDS)
    memory_bytes = _whole_number(variables, "read_memory", READ_MEMORY_MIB) * MIB
    return Allowance(memory_bytes, processor_seconds=seconds / 2, wall_seconds=seconds)


def _whole_number(variables: Mapping[str, str], name: str, otherwise: int) -> int:
    variable = environment_variable(name)
    written = variables.get(variable) or str(otherwise)
    if not (written.isascii() and written.isdigit() and int(written) > 0):
        reason = f"{variable} is {written!r}: it must be a whole number above 0, as {otherwise}"
        raise SettingError(reason)
    return int(written)


def _require_room_for_file(name: str, path: Path) -> None:
    if path.is_dir():
        reason = f"{_named(name, path)}, a folder: name a file in it, as {path / 'arxan.duckdb'}"
        raise SettingError(reason)
    _require_room_for_folder(name, path.parent)


def _require_room_for_folder(name: str, path: Path) -> None:
    for folder in (path, *path.parents):
        if folder.exists() and not folder.is_dir():
            reason = f"{_named(name, folder)}, a file: there must be a folder, or nothing yet"
            raise SettingError(reason)


def _named(name: str, path: Path) -> str:
    return f"--{name} (or {environment_variable(name)}) leads to {path}"


def _default_policies() -> str:
    here = Path(_DEFAULTS["policies"])
    return str(here if here.is_dir() else CHECKOUT_POLICIES)


def _as_of(written: str | None) -> date:
    if written is None:
        return arxan_now().date()
    try:
        return date.fromisoformat(written)
    except ValueError:
        reason = f"as-of date {written!r} is no date: write it as 2021-03-05"
        raise SettingError(reason) from None
