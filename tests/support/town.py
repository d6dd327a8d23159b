"""A folder with inbox, warehouse and lists of its own, and the `arxan` command in it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from click.testing import CliRunner, Result

from flows.cli import main
from flows.settings import Settings, settings_from
from schemas.sheet import Sheet
from tests.support.workbooks import Row, write_workbook

AS_OF = "2024-06-30"


@dataclass(frozen=True)
class Town:
    """One installation of the program."""

    folder: Path

    @property
    def inbox(self) -> Path:
        return self.folder / "inbox"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse" / "arxan.duckdb"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def settings(self) -> Settings:
        """As an operator would give them."""
        return settings_from(
            {
                "inbox": str(self.inbox),
                "warehouse": str(self.warehouse),
                "out": str(self.out),
                "as_of": AS_OF,
            },
            {},
        )

    def arxan(self, *arguments: str) -> Result:
        """Run a command as a person would."""
        environment = {f"ARXAN_{name.upper()}": value for name, value in self.settings().as_strings().items()}
        return CliRunner().invoke(main, arguments, env=environment)

    def night(self, *arguments: str) -> Result:
        """Run a night that is expected to succeed."""
        done = self.arxan("nightly", *arguments)
        if done.exit_code:
            raise AssertionError(done.output)
        return done

    def upload(
        self, name: str, sheets: Mapping[type[Sheet], Sequence[Row]], received_at: datetime | None = None
    ) -> Path:
        """Drop a workbook into the inbox."""
        return write_workbook(self.inbox / name, sheets, received_at=received_at)

    def ask(self, sql: str) -> list[tuple[object, ...]]:
        """What the warehouse answers."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def tables(self, *but: str) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table but the ones named."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            names = connection.execute(
                "SELECT table_schema || '.' || table_name FROM information_schema.tables ORDER BY 1"
            ).fetchall()
            return {
                str(name): connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
                for (name,) in names
                if name not in but
            }

    def digest(self) -> str:
        """The warehouse's bytes."""
        return hashlib.sha256(self.warehouse.read_bytes()).hexdigest()
