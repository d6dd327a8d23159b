"""Ten nights of one town through the command line: what is listed, held, owed, entered and settled.

The steps stand in `ten_nights.yaml`. After each of them every sum is made anew, from the lists as they were
written and from SQL, and the books are verified.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml

from flows import intake
from schemas.housing import (
    Agreements,
    HouseholdSurvey,
    ImageryRegister,
    Payees,
    PaymentReceipts,
    Recognitions,
)
from schemas.sheet import Sheet
from tests.support.in_line import in_line
from tests.support.payout_frames import card_number, id_number
from tests.support.records import FLAT
from tests.support.town import Town
from tests.support.workbooks import Row, agreement, register, survey, void

Money = dict[str, Decimal]
Sheets = dict[type[Sheet], list[Row]]
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
class Clerks:
    """What the clerks know of each house, and the workbooks that they make of it."""

    houses: dict[str, dict[str, Any]] = field(default_factory=dict)

    def sheets(self, uploaded: Mapping[str, Any], today: date) -> Sheets:
        """The sheets of a step's workbook."""
        found: Sheets = defaultdict(list)
        for kind, what in uploaded.items():
            made: Callable[[Any, date], Iterator[tuple[type[Sheet], Row]]] = getattr(self, f"_{kind}")
            for sheet, row in made(what, today):
                found[sheet].append(row)
        return found

    def _houses(self, what: dict[str, dict[str, Any]], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, facts in what.items():
            self.houses[building] = facts
            yield HouseholdSurvey, self._survey(building)
            yield ImageryRegister, register(building, registered_area_m2=facts["area"])
            if facts.get("is_signed", True):
                yield Agreements, self._agreement(building)

    def _survey(self, building: str) -> Row:
        facts = self.houses[building]
        serial = int(facts["household"].removeprefix("H-"))
        return survey(
            building,
            facts["household"],
            owner_name=f"示例{serial}",
            account_name=f"示例{serial}",
            id_number=id_number(serial),
            bank_account=card_number(facts.get("account", serial)),
            floor_area_m2=facts["area"],
        )

    def _agreement(self, building: str) -> Row:
        facts = self.houses[building]
        signed = agreement(building, agreement_number=f"XY-{building}")
        if "flat" not in facts:
            return signed
        return signed | FLAT | {
            "resettlement_area_m2": facts["flat"],
            "under_construction": True,
            "self_arranged": True,
            "signed_on": facts["moves_on"],
            "vacated_on": facts["moves_on"],
            "deadline_on": facts["moves_on"],
            "handed_over_on": facts.get("handed_over_on"),
        }  # fmt: skip

    def _recognised(self, what: dict[str, int], today: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, area in what.items():
            yield (
                Recognitions,
                {
                    "building_id": building,
                    "outcome": "予以补偿",
                    "recognised_use": "住宅",
                    "recognised_area_m2": area,
                    "recognised_origin": "自建",
                    "minute_number": f"示例纪要{today:%m%d}",
                    "recognised_on": today,
                },
            )

    def _accounts(self, what: dict[str, int], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, account in what.items():
            self.houses[building]["account"] = account
            yield HouseholdSurvey, self._survey(building)

    def _signed(self, what: list[str], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building in what:
            yield Agreements, self._agreement(building)

    def _handed_over(self, what: dict[str, date], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building, day in what.items():
            self.houses[building]["handed_over_on"] = day
            yield Agreements, self._agreement(building)

    def _withdrawn(self, what: list[str], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for building in what:
            for sheet in (HouseholdSurvey, ImageryRegister, Agreements):
                yield sheet, void(building_id=building)

    def _payees(self, what: dict[str, dict[int, int]], _: date) -> Iterator[tuple[type[Sheet], Row]]:
        for household, shares in what.items():
            for place, (serial, share) in enumerate(shares.items()):
                yield (
                    Payees,
                    {
                        "household_id": household,
                        "payee_name": f"示例{serial}",
                        "payee_id_kind": "居民身份证",
                        "payee_id_number": id_number(serial),
                        "payee_role": "共有人" if place else "本人",
                        "share": share,
                        "account_name": f"示例{serial}",
                        "bank_name": "示例银行",
                        "bank_account": card_number(serial),
                    },
                )

    def _receipts(self, what: dict[str, dict[int, str]], today: date) -> Iterator[tuple[type[Sheet], Row]]:
        for batch, lines in what.items():
            for line, told in lines.items():
                is_paid = told == "成功"
                yield (
                    PaymentReceipts,
                    {
                        "batch_id": batch,
                        "line_number": line,
                        "result": "成功" if is_paid else "失败",
                        "paid_on": today,
                        "failure_reason": None if is_paid else told,
                    },
                )


@dataclass
class Story:
    """The town, and what must be true of it by now."""

    town: Town
    clerks: Clerks = field(default_factory=Clerks)
    ledger: Money = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    failed_lines: set[tuple[str, int]] = field(default_factory=set)
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
        ((self.entries,),) = ask("SELECT count(*) FROM payout.ledger")
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
    assert town.ask("SELECT DISTINCT status FROM payout.batches") == [("settled",)]
