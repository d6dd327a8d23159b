"""A town before a night and before an approval, what each must come to, and whether it came to that."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from flows.annotated import TEMPORARY
from flows.warehouse.lock import lock_file
from schemas.housing import HouseholdSurvey, ImageryRegister, PaymentReceipts
from schemas.sheet import Sheet
from tests.support.crash_faults import Fault
from tests.support.crashes import Done, Forks
from tests.support.payout_frames import card_number, id_number
from tests.support.town import Town
from tests.support.workbooks import Row, ordinary_sheets, register, survey

FIRST, APPROVED, SECOND, THIRD = (
    datetime.fromisoformat(f"2024-06-30T{hour}:00") for hour in ("01", "09", "20", "23")
)
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
    sheets: dict[type[Sheet], list[Row]] = {}
    for number in (1, 2, 3):
        for sheet, rows in ordinary_sheets(f"B-{number}", f"H-{number}").items():
            kept = [household(number)] if sheet is HouseholdSurvey else rows
            sheets.setdefault(sheet, []).extend({**row, "agreement_number": f"XY-{number}"} for row in kept)
    town.upload("首批.xlsx", sheets, FIRST)
    return town


def upload_more(town: Town) -> None:
    """The bank's answers, a larger house, a mended account, a rejected row, a file that is no workbook."""
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


class Towns:
    """What is copied for each fault, and what a town that nothing happens to comes to from it.

    Each is made when it is asked for first.
    """

    def __init__(self, folder: Path, forks: Forks) -> None:
        self.forks, self._folder = forks, folder

    def night(self, town: Town, fault: Fault | None = None) -> Done:
        """The second night."""
        return self.forks.run(town, SECOND, "nightly", fault=fault)

    def third_night(self, town: Town) -> Done:
        """A night at the hour of the approval, with nothing new in the inbox."""
        return self.forks.run(town, THIRD, "nightly")

    def approve(self, town: Town, fault: Fault | None = None) -> Done:
        """The approval of HC-0002."""
        return self.forks.run(town, THIRD, *APPROVE, fault=fault)

    def verify(self, town: Town, fault: Fault | None = None) -> Done:
        """The books and the shelf."""
        return self.forks.run(town, THIRD, *VERIFY, fault=fault)

    @cached_property
    def before(self) -> Town:
        """HC-0001 is approved, and the uploads of the second night are in the inbox."""
        town = fresh_town(self._folder / "before")
        done_well(self.forks.run(town, FIRST, "nightly"))
        shutil.copy(town.warehouse, self.last_week)
        done_well(self.forks.run(town, APPROVED, "payouts", "approve", "HC-0001", "--by", "示例张"))
        upload_more(town)
        return town

    @property
    def last_week(self) -> Path:
        """A copy of the warehouse before HC-0001 was approved, once `before` is there."""
        return self._folder / "last-week.duckdb"

    @cached_property
    def _night(self) -> tuple[Town, State, tuple[str, ...]]:
        town = copied(self.before, self._folder / "drafted")
        done = done_well(self.night(town))
        once = state(town)
        done_well(self.forks.run(town, SECOND, "payouts", "show", BATCH))
        return town, once, done.steps

    @property
    def drafted(self) -> Town:
        """`before` after the second night: HC-0002 is a draft, and was shown to somebody."""
        return self._night[0]

    @property
    def once(self) -> State:
        """`before` after the second night."""
        return self._night[1]

    @property
    def night_steps(self) -> tuple[str, ...]:
        """The durable steps of the second night."""
        return self._night[2]

    @cached_property
    def _bytes(self) -> tuple[State, State]:
        return every_byte(self.before), every_byte(self.drafted)

    def is_as_before(self, town: Town) -> bool:
        """Whether every file of the town is that of `before`, also those that stand beside its lists."""
        return every_byte(town) == self._bytes[0]

    def is_as_drafted(self, town: Town) -> bool:
        """Whether every file of the town is that of `drafted`."""
        return every_byte(town) == self._bytes[1]

    @cached_property
    def first_state(self) -> State:
        """`before` itself."""
        return state(self.before)

    @cached_property
    def twice(self) -> State:
        """`before` after the second night, done twice."""
        town = copied(self.drafted, self._folder / "twice")
        done_well(self.night(town))
        return state(town)

    @cached_property
    def _approval(self) -> tuple[Town, State, tuple[str, ...]]:
        town = copied(self.drafted, self._folder / "approved")
        done = done_well(self.approve(town))
        return town, state(town), done.steps

    @property
    def approved_town(self) -> Town:
        """`drafted` after the approval, itself."""
        return self._approval[0]

    @property
    def approved(self) -> State:
        """`drafted` after the approval."""
        return self._approval[1]

    @property
    def approval_steps(self) -> tuple[str, ...]:
        """The durable steps of the approval."""
        return self._approval[2]

    @cached_property
    def after(self) -> State:
        """`approved` after another night."""
        town = copied(self.approved_town, self._folder / "after")
        done_well(self.third_night(town))
        return state(town)

    @cached_property
    def _unapproved(self) -> Town:
        town = copied(self.drafted, self._folder / "unapproved")
        done_well(self.third_night(town))
        return town

    @cached_property
    def unapproved(self) -> State:
        """`drafted` after another night, without the approval."""
        return state(self._unapproved)

    @cached_property
    def late(self) -> State:
        """`unapproved` after the approval."""
        town = copied(self._unapproved, self._folder / "late")
        done_well(self.approve(town))
        return state(town)


def done_well(done: Done) -> Done:
    """Raises AssertionError where the command did not end with 0."""
    assert done.exit_code == 0, done.output
    return done


def state(town: Town) -> State:
    """Every row of every table, and the bytes and mode of every list, by name."""
    found: State = dict(town.tables()) if town.warehouse.exists() else {}
    for path in sorted(town.out.rglob("*")):
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(town.out).parts):
            found[str(path.relative_to(town.out))] = _content(path)
    return found


def every_byte(town: Town) -> State:
    """Every file and folder of a town with its mode, but for the lock file, which names the last process."""
    lock = lock_file(town.warehouse)
    return {
        str(path.relative_to(town.folder)): _content(path)
        for path in sorted(town.folder.rglob("*"))
        if path != lock
    }


def _content(path: Path) -> tuple[str, str]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return digest, oct(path.stat().st_mode & 0o777)


def differences(found: State, wanted: State) -> list[str]:
    """The tables and files that differ."""
    return sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))


def left_over(town: Town) -> list[str]:
    """What is half done in a town: copies, logs, drafts of files and unpublished folders."""
    beside = {f"{town.warehouse.name}{ending}" for ending in ("", ".lock", ".shown")}
    # the note of what was shown is written anew with the next one, and holds digests alone
    beside.add(f".{town.warehouse.name}.shown.part")
    names = [path.name for path in town.warehouse.parent.iterdir() if path.name not in beside]
    # temporary files of an annotated copy that could not be removed stay as private as the lists beside them
    return names + [path.name for path in town.out.rglob(".*") if path.name != TEMPORARY]


def runs(town: Town) -> int:
    """How many nights are published."""
    ((count,),) = town.ask("SELECT count(*) FROM audit.runs")
    return int(str(count))


def status(town: Town) -> str:
    """Of the batch whose approval is disturbed."""
    ((found,),) = town.ask(f"SELECT status FROM payout.batches WHERE batch_id = '{BATCH}'")
    return str(found)


def explained(done: Done) -> bool:
    """Whether a command that did not end well says why in words, and not that the program is at fault.

    Of a disk without room it says what to do.
    """
    if any(word in done.output for word in ("internal error", "Traceback", "INTERNAL Error")):
        return False
    if any(word in done.output for word in ("No space left on device", "File too large")):
        return any(advice in done.output for advice in ("make room on", "puts them there"))
    return bool(done.output.strip())
