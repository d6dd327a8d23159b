"""The night's drafts, from what households are owed; every programme's dues and payees come in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from flows.lists.writing import write_lists
from schemas.housing import HouseholdSurvey, Payees
from schemas.payout import Programme
from schemas.policy import ReadingState
from transforms.compensation.settlement import Settlement
from transforms.payout.batches import Draft, draft_batches
from transforms.payout.checks import check_draft
from transforms.payout.obligations import housing_dues
from transforms.payout.payees import housing_payees
from transforms.payout.public_notice import Settlement as NoticeSource
from transforms.policy import Policy

SET_OFF, SEPARATE = "set_off", "separate"


@dataclass(frozen=True)
class Payouts:
    """The drafts of a night and the dues that they were made of."""

    dues: pl.DataFrame
    draft: Draft


def draft_payouts(
    settlement: Settlement,
    records: Mapping[str, pl.DataFrame],
    compensation: Policy,
    as_of: date,
    next_numbers: Mapping[Programme, int],
    doubtful: pl.Series,
) -> Payouts:
    """The drafts of all programmes.

    `records` are the current records by table name; `doubtful` the households whose payees are in doubt.
    """
    dues = housing_dues(settlement.line_items)
    payees = housing_payees(records[HouseholdSurvey.table], records[Payees.table], doubtful)
    draft = draft_batches(
        dues,
        payees,
        as_of=as_of,
        separate=_is_separate(compensation, as_of),
        next_numbers=next_numbers,
    )
    return Payouts(dues, draft)


def check_payouts(payouts: Payouts, settlement: Settlement) -> list[str]:
    """The checks on the drafts that failed; empty when all hold."""
    return check_draft(payouts.draft, dues=payouts.dues, line_items=settlement.line_items)


def _is_separate(compensation: Policy, as_of: date) -> bool:
    chosen = pl.select(compensation.chooses(SET_OFF, SEPARATE, pl.lit(as_of))).item()
    return bool(chosen)


def write_payouts(
    payouts: Payouts,
    settlement: Settlement,
    survey: pl.DataFrame,
    compensation: Policy,
    folder: Path,
    as_of: date,
) -> list[Path]:
    """Write the lists and the public notice into the folder."""
    notice = NoticeSource(settlement.line_items, settlement.buildings, survey)
    return write_lists(payouts.draft, notice, provisional_sentences(compensation, as_of), folder, as_of=as_of)


def provisional_sentences(policy: Policy, as_of: date) -> dict[str, str]:
    """For each reading that an item may rest on, a sentence with the question and the choice in force.

    An item rests on what was in force on its own date, so a reading that has been settled since is still
    named where it was provisional; set-off is read on the as-of date alone.
    """
    sentences = {}
    for name, reading in policy.content.readings.items():
        provisional = [version for version in reading.versions if version.state is ReadingState.PROVISIONAL]
        in_force = [version for version in reading.versions if version.effective_from <= as_of][-1:]
        if name == SET_OFF:
            provisional = [version for version in provisional if version in in_force]
        if provisional:
            shown = next((version for version in in_force if version in provisional), provisional[-1])
            choice = reading.choices[str(shown.choice)]
            sentences[name] = f"{reading.clause}：{reading.question}——现按：{choice}。"
    return sentences
