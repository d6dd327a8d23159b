"""Ten nights of one town through the command line: what is listed, held, owed, entered and settled.

The steps stand in `ten_nights.yaml`. After each of them every sum is made anew, from the lists as they were
written and from SQL, and the books are verified.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml

from flows import intake
from tests.support.clerks import Clerks
from tests.support.in_line import in_line
from tests.support.town import Town

Money = dict[str, Decimal]
Rows = list[tuple[Any, ...]]
Ask = Callable[[str], Rows]
STEPS = yaml.safe_load((Path(__file__).parent / "ten_nights.yaml").read_text("utf-8"))
HOUSING = "房屋征收补偿"


def amounts(given: Mapping[str, object] | None) -> Money:
    """What a step says, as exact amounts."""
    cent = Decimal("0.01")
    return {name: Decimal(str(amount)).quantize(cent) for name, amount in (given or {}).items()}


def added_up(pairs: Iterable[Sequence[Any]]) -> Money:
    """The sums of amounts by name."""
    found: Money = defaultdict(lambda: Decimal("0.00"))
    for name, amount in pairs:
        found[str(name)] += Decimal(str(amount))
    return dict(found)


@dataclass
class Story:
    """The town, and what must be true of it by now."""

    town: Town
    clerks: Clerks = field(default_factory=Clerks)
    ledger: Money = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    failed_lines: set[tuple[str, int]] = field(default_factory=set)
    books: Rows = field(default_factory=list)
    entries: int = 0
    run: str = ""

    def go(self, place: int, step: dict[str, Any]) -> None:
        """One step, and all that must follow."""
        if "night" in step:
            self._night(place, step)
        elif "approve" in step:
            done = self.town.arxan("payouts", "approve", step["approve"], "--by", step["by"])
            assert done.exit_code == 0, done.output
        else:
            before = self.town.digest()
            done = self.town.arxan("payouts", "approve", step["refused"], "--by", step["by"])
            assert done.exit_code == 1
            assert step["because"] in done.output
            assert self.town.digest() == before
            return
        self.ledger |= amounts(step.get("ledger"))
        self.statuses |= step.get("batches", {})
        with duckdb.connect(str(self.town.warehouse), read_only=True) as connection:

            def ask(sql: str) -> Rows:
                return connection.execute(sql).fetchall()

            self._only_added(ask)
            self._compare(ask, step)
            self._add_up(ask)
        verified = self.town.arxan("payouts", "verify")
        assert verified.exit_code == 0, verified.output

    def _night(self, place: int, step: dict[str, Any]) -> None:
        uploaded, today = step.get("upload", {}), step["night"]
        if uploaded:
            self.town.upload(f"{place:02d}.xlsx", self.clerks.sheets(uploaded, today))
        for batch, lines in uploaded.get("receipts", {}).items():
            self.failed_lines |= {(batch, line) for line, told in lines.items() if told != "成功"}
        earlier, tables = self.run, self._tables() if step.get("is_same_as_before") else {}
        self.town.night("--as-of", today.isoformat())
        runs = self.town.ask("SELECT run_id FROM audit.runs ORDER BY finished_at")
        self.run = str(runs[-1][0])
        assert self.town.ask("SELECT * FROM audit.findings") == []
        if step.get("is_same_as_before"):
            assert self._tables() == tables
            assert lists_in(self.town.out / self.run) == lists_in(self.town.out / earlier)

    def _tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row, but which run it was that drafted."""
        batches = self.town.ask("SELECT * EXCLUDE (run_id) FROM payout.batches ORDER BY ALL")
        return self.town.tables("audit.runs", "payout.batches") | {"payout.batches": batches}

    def _only_added(self, ask: Ask) -> None:
        """No entry of the ledger is ever another one, and none goes."""
        books = ask("SELECT * FROM payout.ledger ORDER BY entry_id")
        assert books[: len(self.books)] == self.books
        self.books = books

    def _compare(self, ask: Ask, step: dict[str, Any]) -> None:
        """What the step says, against the warehouse and the written draft."""
        draft = step.get("draft", {})
        statuses = ask("SELECT batch_id, status FROM payout.batches ORDER BY 1")
        assert dict(statuses) == self.statuses | ({draft["batch"]: "draft"} if draft else {})
        held = ask("SELECT payee_id, amount, reason FROM payout.held")
        assert {payee: amount for payee, amount, _ in held} == amounts(step.get("held"))
        assert {reason for _, _, reason in held} == {step[name] for name in step if name == "held_because"}
        receivables = ask("SELECT payee_id, amount FROM payout.receivables")
        assert dict(receivables) == amounts(step.get("receivables"))
        assert added_up(ask("SELECT kind, amount FROM payout.ledger")) == self.ledger
        new = ask(
            "SELECT if(kind = 'recovery', 'recovery ', '') || obligation_key || ' ' || sequence || '.' || "
            "attempt || ' ' || amount FROM payout.ledger WHERE kind IN ('listed', 'recovery') AND entry_id > "
            f"{self.entries}"
        )
        assert sorted(text for (text,) in new) == sorted(
            re.sub(r"(?=H-)", f"{HOUSING}/", text, count=1) for text in step.get("listings", [])
        )
        self.entries = len(self.books)
        if draft:
            self._compare_draft(ask, draft, step)

    def _compare_draft(self, ask: Ask, draft: dict[str, Any], step: dict[str, Any]) -> None:
        folder, batch = self.town.out / self.run, draft["batch"]
        lines = table_of(folder / f"{HOUSING}-{batch}.csv")
        assert added_up((row["编号"], row["金额(元)"]) for row in lines) == amounts(draft["lines"])
        changed = ask(
            f"SELECT payee_id FROM payout.lines WHERE batch_id = '{batch}' AND account_change IS NOT NULL"
        )
        assert [payee for (payee,) in changed] == draft.get("changed_accounts", [])
        replaced = ask(
            f"SELECT DISTINCT replaces FROM payout.line_items WHERE batch_id = '{batch}' AND attempt > 1"
        )
        assert [where for (where,) in replaced] == [draft[name] for name in draft if name == "replaces"]
        shown = ask(
            f"SELECT payee_id, change FROM payout.receivable_items WHERE batch_id = '{batch}' AND change <> 0"
        )
        assert added_up(shown) == amounts(step.get("shown"))
        assert owing_in(folder / f"应收清单-{batch}.xlsx") == amounts(step.get("receivables"))

    def _add_up(self, ask: Ask) -> None:
        """Each household's owed items, by SQL, against all that any list says of it."""
        settled = added_up(
            ask("SELECT household_id, amount FROM compensation.line_items WHERE status = 'owed'")
        )
        listed: list[tuple[str, Decimal]] = []
        came_back = Decimal("0.00")
        for path in sorted((self.town.out / "approved").glob("*/*.csv")):
            for row in table_of(path):
                amount = Decimal(row["金额(元)"])
                listed.append((row["编号"], amount))
                if (path.parent.name, int(row["序号"])) in self.failed_lines:
                    listed.append((row["编号"], -amount))
                    came_back += amount
        approved = sum((amount for _, amount in listed), Decimal("0.00")) + came_back
        assert approved == self.ledger.get("listed", Decimal("0.00"))
        assert came_back == self.ledger.get("failed", Decimal("0.00"))
        drafted = ask(
            "SELECT payee_id, amount FROM payout.lines JOIN payout.batches USING (batch_id) "
            "WHERE status = 'draft'"
        )
        waiting = ask(
            "SELECT payee_id, amount FROM payout.held "
            "UNION ALL SELECT payee_id, -amount FROM payout.receivables"
        )
        found = added_up(
            (str(payee).partition("#")[0], amount) for payee, amount in (*listed, *drafted, *waiting)
        )
        assert {name: sum_ for name, sum_ in found.items() if sum_} == {
            name: sum_ for name, sum_ in settled.items() if sum_
        }


def table_of(path: Path) -> list[dict[str, str]]:
    """The rows of a written list; none where there is no list."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def owing_in(path: Path) -> Money:
    """Who owes, by the list of receivables as it was written."""
    if not path.exists():
        return {}
    rows = list(openpyxl.load_workbook(path)["应收清单"].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "序号") + 1
    return amounts({str(row[1]): row[3] for row in rows[start:] if isinstance(row[0], int)})


def lists_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in {".xlsx", ".csv"}}


def test_ten_nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # a process for each small workbook takes longer than all the rest
    monkeypatch.setattr(intake, "in_processes", in_line)
    town = Town(tmp_path)
    town.inbox.mkdir()
    story = Story(town)
    for place, step in enumerate(STEPS, 1):
        try:
            story.go(place, step)
        except AssertionError as error:
            error.add_note(f"in the step “{step['step']}”")
            raise
    months = town.ask(
        "SELECT obligation_key, count(*) FROM payout.ledger WHERE kind = 'listed' AND obligation_key LIKE "
        "'%/transition_residence/%' GROUP BY ALL ORDER BY 1"
    )
    assert [(str(key)[-7:], times) for key, times in months] == [
        ("2023-09", 1),
        ("2023-10", 1),
        ("2023-11", 1),
        ("2023-12", 1),
        ("2024-01", 1),
        ("2024-02", 1),
    ]
    assert town.ask("SELECT DISTINCT line_count > 0, status FROM payout.batches ORDER BY ALL") == [
        (False, "approved"),
        (True, "settled"),
    ]
