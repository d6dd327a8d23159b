"""The night's drafts, from what households are owed; every programme's dues and payees come in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.housing import HouseholdSurvey, Payees
from schemas.payout import Programme
from transforms.compensation.settlement import Settlement
from transforms.payout.batches import Draft, draft_batches
from transforms.payout.checks import check_draft
from transforms.payout.obligations import housing_dues
from transforms.payout.payees import housing_payees
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
) -> Payouts:
    """The drafts of all programmes. `records` are the current records by table name."""
    dues = housing_dues(settlement.line_items)
    payees = housing_payees(records[HouseholdSurvey.table], records[Payees.table])
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
