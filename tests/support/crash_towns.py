"""A town before a night and before an approval, what each must come to, and whether it came to that."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from schemas.housing import HouseholdSurvey, ImageryRegister, PaymentReceipts
from tests.support.crashes import Done, Fault, Forks
from tests.support.payout_frames import card_number, id_number
from tests.support.town import Town
from tests.support.workbooks import ordinary_sheets, register, survey

FIRST, APPROVED, SECOND, THIRD = (datetime(2024, 6, 30, hour) for hour in (1, 9, 20, 23))  # noqa: DTZ001 Beijing time
BATCH = "HC-0002"
APPROVE = ("payouts", "approve", BATCH, "--by", "示例张")
VERIFY = ("payouts", "verify")
State = dict[str, object]


def copied(town: Town, folder: Path) -> Town:
    """The same town elsewhere."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(town.folder, folder)
    return Town(folder)


def household(number: int, area: int = 60, account: int | None = None) -> dict[str, object]:
    """The survey of a household with one building."""
    return survey(
        f"B-{number}",
        f"H-{number}",
        owner_name=f"示例{number}",
        account_name=f"示例{number}",
        id_number=id_number(number),
        bank_account=card_number(account or number),
        floor_area_m2=area,
    )


def fresh_town(folder: Path) -> Town:
    """Three households that come in with the first night."""
    town = Town(folder)
    town.inbox.mkdir(parents=True)
    sheets: dict[type, list[Mapping[str, object]]] = {}
    for number in (1, 2, 3):
        for sheet, rows in ordinary_sheets(f"B-{number}", f"H-{number}").items():
            kept = [household(number)] if sheet is HouseholdSurvey else rows
            sheets.setdefault(sheet, []).extend(row | {"agreement_number": f"XY-{number}"} for row in kept)
    town.upload("首批.xlsx", sheets, FIRST)
    return town


def upload_more(town: Town) -> None:
    """The bank's answers, a larger house, a mended account, a rejected row, and a file that is no workbook."""
    receipts = [
        {"batch_id": "HC-0001", "line_number": line, "result": result, "failure_reason": reason}
        | {"paid_on": date(2024, 6, 20)}
        for line, result, reason in ((1, "成功", None), (2, "失败", "账户已销户"))
    ]
    town.upload("回执.xlsx", {PaymentReceipts: receipts}, APPROVED)
    wrong = household(9) | {"id_number": "110101190001010007"}
    rows = [household(1, area=70), household(2, account=22), wrong]
    sheets = {HouseholdSurvey: rows, ImageryRegister: [register("B-1", registered_area_m2=70)]}
    town.upload("更正.xlsx", sheets, APPROVED)
    (town.inbox / "坏.xlsx").write_bytes(b"no workbook at all")


@dataclass(frozen=True)
class Towns:
    """What is copied for each fault, and what an undisturbed town comes to from it.

    `before` has the second night's uploads in its inbox, and HC-0001 approved; `once` and `twice` are that town
    after one and two nights. `drafted` has HC-0002 as it was shown to somebody; `approved` is approved, `after`
    is a night later, and `unapproved` is a night after `drafted`.
    """

    forks: Forks
    before: Town
    drafted: Town
    first_state: State
    drafted_state: State
    once: State
    twice: State
    approved: State
    after: State
    unapproved: State
    night_steps: tuple[str, ...]
    approval_steps: tuple[str, ...]

    def night(self, town: Town, fault: Fault | None = None) -> Done:
        """The second night."""
        return self.forks.run(town, SECOND, "nightly", fault=fault)

    def approve(self, town: Town, fault: Fault | None = None) -> Done:
        """The approval of HC-0002."""
        return self.forks.run(town, THIRD, *APPROVE, fault=fault)


def towns_in(folder: Path, forks: Forks) -> Towns:
    """Make them."""
    before = fresh_town(folder / "before")
    done_well(forks.run(before, FIRST, "nightly"))
    done_well(forks.run(before, APPROVED, "payouts", "approve", "HC-0001", "--by", "示例张"))
    upload_more(before)
    drafted = copied(before, folder / "drafted")
    night = done_well(forks.run(drafted, SECOND, "nightly"))
    once = state(drafted)
    done_well(forks.run(drafted, SECOND, "payouts", "show", BATCH))
    other = copied(drafted, folder / "other")
    done_well(forks.run(other, SECOND, "nightly"))
    twice = state(other)
    other = copied(drafted, folder / "other")
    approval = done_well(forks.run(other, THIRD, *APPROVE))
    approved = state(other)
    done_well(forks.run(other, THIRD, "nightly"))
    after = state(other)
    other = copied(drafted, folder / "other")
    done_well(forks.run(other, THIRD, "nightly"))
    return Towns(
        forks, before, drafted, state(before), state(drafted), once, twice, approved, after, state(other),
        night.steps, approval.steps,
    )  # fmt: skip


def done_well(done: Done) -> Done:
    """Raises AssertionError where the command did not end with 0."""
    assert done.exit_code == 0, done.output
    return done


def state(town: Town) -> State:
    """Every row of every table, and the bytes and mode of every list, by name."""
    found: State = dict(town.tables()) if town.warehouse.exists() else {}
    for path in sorted(town.out.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(town.out).parts):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[str(path.relative_to(town.out))] = (digest, oct(path.stat().st_mode & 0o777))
    return found


def differences(found: State, wanted: State) -> list[str]:
    """The tables and files that differ."""
    return sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))


def left_over(town: Town) -> list[str]:
    """What is half done in a town: copies, logs, drafts of files and unpublished folders."""
    beside = {f"{town.warehouse.name}{ending}" for ending in ("", ".lock", ".shown")}
    # the note of what was shown is written anew with the next one, and holds digests alone
    beside.add(f".{town.warehouse.name}.shown.part")
    names = [path.name for path in town.warehouse.parent.iterdir() if path.name not in beside]
    return names + [path.name for path in town.out.rglob(".*")]


def runs(town: Town) -> int:
    """How many nights are published."""
    ((count,),) = town.ask("SELECT count(*) FROM audit.runs")
    return int(str(count))


def status(town: Town) -> str:
    """Of the batch whose approval is disturbed."""
    ((found,),) = town.ask(f"SELECT status FROM payout.batches WHERE batch_id = '{BATCH}'")
    return str(found)


def explained(done: Done) -> bool:
    """Whether a command that did not end well says why in words, and not that the program is at fault."""
    return bool(done.output.strip()) and not any(
        word in done.output for word in ("internal error", "Traceback", "INTERNAL Error")
    )
