"""What must be true after a fault: checked in the town itself, then again after the command is repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from flows.annotated import SUFFIX
from flows.summary import SUMMARY_FILE
from tests.support.crash_faults import Fault, Kind
from tests.support.crash_towns import (
    BATCH,
    Towns,
    copied,
    differences,
    done_well,
    explained,
    left_over,
    runs,
    state,
    status,
)
from tests.support.crashes import Done
from tests.support.town import Town

AS_IT_WAS, PUBLISHED = "as it was", "published"
WITHOUT_COPY = "published, and the summary names the annotated copy that could not be written"
SECOND_RUN = "2024-06-30-002"
BEGINNING = Fault(Kind.END, 1, "open warehouse/arxan.duckdb.night")
"""Where a night that begins has cleared up, and does what is its own."""


def after_night(towns: Towns, town: Town, done: Done | None, *, is_followed: bool = True) -> str:
    """After a night that was disturbed; gives whether it was published.

    At once, every reader finds the whole warehouse of before or the whole one of after, never a part of it.
    After the next night, nothing is half done, and tables and lists are cell by cell and byte by byte those
    of a town that nothing happened to: after one night where this one was not published, else after two.
    What comes of a town whose every byte is that of before is known. Where the next night is not to follow to
    its end, it is ended when it begins to copy the warehouse: by then it has made the town what it was, to
    the byte, or it follows all the same.
    """
    is_published = runs(town) == 2
    found = {name: rows for name, rows in state(town).items() if "/" not in name}
    wanted = {name: rows for name, rows in _wanted(towns, is_published=is_published) if "/" not in name}
    assert not differences(found, wanted)
    assert done is None or done.exit_code == 0 or explained(done), done.output
    assert done is None or done.exit_code != 0 or is_published
    if towns.is_as_before(town):
        return AS_IT_WAS
    if not is_followed and not is_published:
        towns.night(town, BEGINNING)
        if towns.is_as_before(town):
            return AS_IT_WAS
    done_well(towns.night(town))
    assert not left_over(town), left_over(town)
    differs = differences(state(town), towns.twice if is_published else towns.once)
    if is_published and differs and _is_said_of_copy(town, differs):
        return WITHOUT_COPY
    assert not differs, differs
    return PUBLISHED if is_published else AS_IT_WAS


def _is_said_of_copy(town: Town, differs: list[str]) -> bool:
    """Whether all that differs is an annotated copy that could not be written, which the summary tells of."""
    folder = town.out / SECOND_RUN
    summary = f"{SECOND_RUN}/{SUMMARY_FILE}"
    copies = [name for name in differs if name != summary]
    return (
        summary in differs
        and all(name.startswith(SECOND_RUN) and SUFFIX in name for name in copies)
        and "批注副本" in (folder / SUMMARY_FILE).read_text("utf-8")
    )


def _wanted(towns: Towns, *, is_published: bool) -> list[tuple[str, object]]:
    return list((towns.once if is_published else towns.first_state).items())


def after_approval(towns: Towns, town: Town, done: Done | None, *, is_night_next: bool = False) -> str:
    """After an approval that was disturbed; gives whether the batch is approved.

    Either the batch is a draft, no list of it is on the shelf, and it can be approved; or it is approved with
    its entries in the ledger, and its lists are on the shelf after whatever command comes next. In both cases
    the books verify, and the town ends as one that nothing happened to. `is_night_next` lets a night come
    before anything else: what is approved is not listed again by it.
    """
    is_approved = status(town) == "approved"
    assert is_approved or not (town.out / "approved" / BATCH).exists()
    assert done is None or done.exit_code == 0 or explained(done), done.output
    assert done is None or done.exit_code != 0 or is_approved
    if towns.is_as_drafted(town):
        return AS_IT_WAS
    if is_night_next:
        done_well(towns.third_night(town))
        assert not differences(state(town), towns.after if is_approved else towns.unapproved)
    done_well(towns.verify(town))
    if not is_night_next and not is_approved:
        done_well(towns.approve(town))
    if not is_night_next:
        assert not differences(state(town), towns.approved)
        done_well(towns.verify(town))
    assert not left_over(town) or not (is_night_next or is_approved), left_over(town)
    return PUBLISHED if is_approved else AS_IT_WAS


def disturbed_night(towns: Towns, folder: Path, fault: Fault, *, is_followed: bool = True) -> str:
    """A night with a fault in it."""
    town = copied(towns.before, folder)
    done = towns.night(town, fault)
    told = None if fault.kind is Kind.END else done
    return after_night(towns, town, told, is_followed=is_followed)


def disturbed_approval(towns: Towns, folder: Path, fault: Fault, *, is_night_next: bool) -> str:
    """An approval with a fault in it."""
    town = copied(towns.drafted, folder)
    done = towns.approve(town, fault)
    told = None if fault.kind is Kind.END else done
    return after_approval(towns, town, told, is_night_next=is_night_next)


class Tally:
    """Counts outcomes, and keeps what was wrong with those that were."""

    def __init__(self, of: str) -> None:
        self.of, self.counts, self.wrong = of, Counter[str](), list[str]()

    def count(self, case: str, outcome: Callable[[], str]) -> None:
        """An outcome, wrong where it raises AssertionError."""
        try:
            self.counts[outcome()] += 1
        except AssertionError as error:
            self.counts["WRONG"] += 1
            self.wrong.append(f"{case}: {error}")
        print("." if not self.wrong else "W", end="", flush=True)  # noqa: T201 long runs show that they go on

    def close(self) -> None:
        """Print the counts. Raises AssertionError where one was wrong."""
        told = "; ".join(f"{count} {outcome}" for outcome, count in sorted(self.counts.items()))
        print(f"\n{self.of}: {self.counts.total()} faults: {told}")  # noqa: T201 the counts are the result
        assert not self.wrong, "\n".join(self.wrong)
