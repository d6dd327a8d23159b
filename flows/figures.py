"""The night in figures: counts and sums only, so nothing personal is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from flows.landing import Landed
from flows.shift import Computed, Shift
from schemas.compensation import Status
from schemas.payout import PROGRAMMES, Programme
from schemas.policy import Reading, ReadingState
from transforms.compensation.settlement import Settlement
from transforms.payout.batches import Draft
from transforms.policy import Policy

AMOUNT = pl.Decimal(18, 2)
ZERO = Decimal("0.00")
_QUOTED = "(?s)“.*”"
"""The name of a sheet, which a clerk may have given it after a person."""
ROW_COUNTS = ("rows_read", "rows_accepted", "rows_rejected", "rows_skipped")


@dataclass(frozen=True)
class ProgrammeFigures:
    """A programme's amounts in 元.

    `to_pay` is on the list, `held` owed but not listable, `receivable` owed to the town; `waiting` and
    `estimated` are of items that are not owed yet.
    """

    programme: str
    line_count: int
    to_pay: Decimal
    held: Decimal
    receivable: Decimal
    waiting: Decimal
    estimated: Decimal


@dataclass(frozen=True)
class QuestionFigures:
    """How many open questions of one code there are, and the held amount in 元 of what they concern."""

    code: str
    clause: str
    count: int
    waiting: Decimal


@dataclass(frozen=True)
class ReadingInForce:
    """A reading that is not settled on the as-of date; `choice` is in words, none while undecided."""

    name: str
    clause: str
    question: str
    state: ReadingState
    choice: str | None


@dataclass(frozen=True)
class Figures:
    """All that is told of a night: `uploads` and `findings` are rows of the audit tables."""

    run_id: str
    as_of: date
    policy_digest: str
    uploads: pl.DataFrame
    findings: pl.DataFrame
    households: dict[str, int]
    programmes: list[ProgrammeFigures]
    questions: list[QuestionFigures]
    readings: list[ReadingInForce]
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def row_counts(self) -> tuple[int, int, int, int]:
        """Rows read, accepted, rejected and skipped over all uploads of the night."""
        sums = self.uploads.select(pl.col(name).sum() for name in ROW_COUNTS).row(0)
        read, accepted, rejected, skipped = (int(value) for value in sums)
        return read, accepted, rejected, skipped


def night_figures(
    shift: Shift, notes: tuple[str, ...], landed: Landed, computed: Computed, draft: Draft
) -> Figures:
    """The figures of a night whose lists are written."""
    as_of, settlement = shift.settings.as_of, computed.settlement
    return Figures(
        run_id=shift.run_id,
        as_of=as_of,
        policy_digest=shift.policies.digest,
        uploads=landed.uploads.with_columns(message=pl.col("message").str.replace(_QUOTED, "“…”")),
        findings=landed.findings,
        households=household_figures(settlement),
        programmes=programme_figures(settlement, draft),
        questions=question_figures(settlement),
        readings=unsettled_readings(shift.policies.all(), as_of),
        files=tuple(sorted(path.name for path in shift.folder.iterdir() if not path.name.startswith("."))),
        notes=notes,
    )


def amount_sum(frame: pl.DataFrame) -> Decimal:
    """The sum of a frame's amounts, exact to the 分; 0.00 for no rows."""
    total = frame.select(pl.col("amount").sum().cast(AMOUNT)).item()
    return total if isinstance(total, Decimal) else ZERO


def household_figures(settlement: Settlement) -> dict[str, int]:
    """How many households have each status."""
    counts = dict(settlement.households.group_by("status").len().iter_rows())
    return {status.value: int(counts.get(status.value, 0)) for status in Status}


def programme_figures(settlement: Settlement, draft: Draft) -> list[ProgrammeFigures]:
    """Every programme that has any amount."""
    figures = [_programme(name, settlement, draft) for name in PROGRAMMES]
    return [
        found
        for found in figures
        if found.line_count or any((found.held, found.receivable, found.waiting, found.estimated))
    ]


def _programme(programme: Programme, settlement: Settlement, draft: Draft) -> ProgrammeFigures:
    is_its = pl.col("programme") == programme.value
    batches = draft.batches.filter(is_its)
    lines = draft.lines.filter(pl.col("batch_id").is_in(batches["batch_id"].to_list()))
    is_housing = programme is Programme.HOUSING_COMPENSATION
    items = settlement.line_items if is_housing else settlement.line_items.clear()
    return ProgrammeFigures(
        programme=programme.value,
        line_count=lines.height,
        to_pay=amount_sum(lines),
        held=amount_sum(draft.held.filter(is_its)),
        receivable=amount_sum(draft.receivables.filter(is_its)),
        waiting=amount_sum(items.filter(pl.col("status") == Status.HELD.value)),
        estimated=amount_sum(items.filter(pl.col("status") == Status.ESTIMATE.value)),
    )


def question_figures(settlement: Settlement) -> list[QuestionFigures]:
    """Open questions by code, the most frequent first.

    The amount is what is held on their buildings, or on the whole household where they name none; it is
    counted under each code that holds it, so the amounts of several codes do not add up.
    """
    concerned = (
        settlement.open_questions.select("code", "household_id", "building_id", "waiting_amount")
        .unique()
        .with_columns(is_whole=pl.col("building_id").is_null())
        .with_columns(has_whole=pl.col("is_whole").any().over("code", "household_id"))
        .filter(pl.col("is_whole") | ~pl.col("has_whole"))
        .group_by("code")
        .agg(waiting=pl.col("waiting_amount").sum().cast(AMOUNT))
    )
    counts = settlement.open_questions.group_by("code").agg(
        clause=pl.col("clause").unique().sort().str.join("、"), count=pl.len()
    )
    rows = counts.join(concerned, on="code", how="left").sort(
        pl.col("count"), "code", descending=[True, False]
    )
    return [
        QuestionFigures(code, clause, count, waiting or ZERO)
        for code, clause, count, waiting in rows.select("code", "clause", "count", "waiting").iter_rows()
    ]


def unsettled_readings(policies: Iterable[Policy], as_of: date) -> list[ReadingInForce]:
    """The readings that are provisional or undecided on a day, the undecided first."""
    found = [
        reading
        for policy in policies
        for name, declared in policy.content.readings.items()
        if (reading := _in_force(name, declared, as_of)) is not None
    ]
    return sorted(found, key=lambda reading: (reading.state is not ReadingState.UNDECIDED, reading.name))


def _in_force(name: str, reading: Reading, as_of: date) -> ReadingInForce | None:
    versions = [version for version in reading.versions if version.effective_from <= as_of]
    if not versions or versions[-1].state is ReadingState.SETTLED:
        return None
    choice = versions[-1].choice
    words = None if choice is None else reading.choices[choice]
    return ReadingInForce(name, reading.clause, reading.question, versions[-1].state, words)
