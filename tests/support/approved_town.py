"""A town with approved batches, made once and copied for each test that wants to do something to it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import intake
from tests.support.clerks import Clerks
from tests.support.in_line import in_line
from tests.support.town import Town

TODAY = date(2024, 6, 30)
FIRST_RUN = f"{TODAY.isoformat()}-001"
HOUSES = {
    "B-1": {"household": "H-1", "area": 60},
    "B-2": {"household": "H-2", "area": 40},
    "B-3": {"household": "H-3", "area": 20},
}
"""Owed 171 500, 121 500 and 71 500 元, listed in HC-0001 in this order."""


def new_town(folder: Path) -> Town:
    """A town with an empty inbox."""
    town = Town(folder)
    town.inbox.mkdir(parents=True)
    return town


def copied(town: Town, folder: Path) -> Town:
    """The same town elsewhere."""
    shutil.copytree(town.folder, folder, dirs_exist_ok=True)
    return Town(folder)


def night(town: Town, clerks: Clerks | None = None, name: str = "", **uploaded: Any) -> None:  # noqa: ANN401 whatever a clerk tells
    """A night after an upload; without processes, which take longer than all the rest."""
    if uploaded:
        town.upload(f"{name}.xlsx", (clerks or Clerks()).sheets(uploaded, TODAY))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(intake, "in_processes", in_line)
        town.night()


def approve(town: Town, batch: str) -> None:
    """An approval that is expected to succeed."""
    done = town.arxan("payouts", "approve", batch, "--by", "示例张")
    if done.exit_code:
        raise AssertionError(done.output)


def drafted_town(folder: Path) -> Town:
    """A town after its first night: HC-0001 is a draft."""
    town = new_town(folder)
    night(town, Clerks(), "首夜", houses=HOUSES)
    return town


def approved_town(folder: Path) -> tuple[Town, Path]:
    """A town with two approved batches and a draft, and an older copy of its warehouse.

    HC-0001 is answered: the line of H-2 came back. HC-0002 pays H-1 25 000 元 more and H-2 again to a mended
    account, and shows 25 000 元 as receivable of H-3; its line 2 is answered. HC-0003 is a draft.
    """
    town, clerks = new_town(folder), Clerks()
    night(town, clerks, "首夜", houses=HOUSES)
    approve(town, "HC-0001")
    older = folder / "older.duckdb"
    shutil.copy(town.warehouse, older)
    night(
        town, clerks, "二夜", receipts={"HC-0001": {1: "成功", 2: "账户已销户", 3: "成功"}},
        accounts={"B-2": 22}, recognised={"B-1": 70, "B-3": 10},
    )  # fmt: skip
    approve(town, "HC-0002")
    night(town, clerks, "三夜", receipts={"HC-0002": {2: "成功"}}, recognised={"B-1": 80})
    return town, older


def execute(town: Town, *statements: str) -> None:
    """Change the warehouse behind the program's back."""
    with duckdb.connect(str(town.warehouse)) as connection:
        for statement in statements:
            connection.execute(statement)
