"""The night's drafts, from what is owed under each programme less what is listed already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl

from flows.lists.writing import write_lists
from flows.policies import Policies
from flows.shift import Computed
from schemas.compensation import Status
from schemas.housing import HouseholdSurvey, Payees
from schemas.investment import IncentiveClaims, Introducers, PromotionOfficers
from schemas.investment_payments import Outcome
from schemas.payout_policy import PayoutParameter
from schemas.policy import ReadingState
from transforms.frames import stacked
from transforms.payout.batches import Draft, Occasion, Terms, draft_batches
from transforms.payout.checks import CHECKED_OF_DUES, CHECKED_OF_OBLIGATIONS, check_draft
from transforms.payout.frames import DUES, PAYEES
from transforms.payout.frozen import with_frozen
from transforms.payout.investment_dues import claim_payees, incentive_dues, introducer_payees, reward_dues
from transforms.payout.limits import Limits, money_of
from transforms.payout.obligations import housing_dues
from transforms.payout.officer_dues import officer_dues, officer_payees
from transforms.payout.past import Past
from transforms.payout.payees import housing_payees
from transforms.payout.public_notice import Settlement as NoticeSource
from transforms.policy import Policy

SET_OFF, SEPARATE = "set_off", "separate"


@dataclass(frozen=True)
class Payouts:
    """The drafts of a night, and what they were made of: `owed`, `dues` with what is frozen, the past.

    Of the dues and the obligations there is what checks take from them: texts of a town's are gigabytes.
    """

    owed: pl.DataFrame
    dues: pl.DataFrame
    past: Past
    draft: Draft


def draft_payouts(
    computed: Computed, policies: Policies, past: Past, occasion: Occasion, doubtful: pl.Series
) -> Payouts:
    """The drafts of all programmes; `doubtful` are the households whose payees are in doubt."""
    owed = _dues(computed, Status.OWED, Outcome.GRANTED)
    dues = with_frozen(owed, _dues(computed, Status.HELD, Outcome.HELD), past)
    terms = Terms(
        separate=_is_separate(policies.compensation, occasion.as_of),
        limits=_limits(policies.payouts, occasion.as_of),
    )
    draft = draft_batches(dues, _payees(computed.records, doubtful), past, occasion, terms)
    return Payouts(
        owed.select(CHECKED_OF_DUES),
        dues.select(CHECKED_OF_DUES),
        past,
        replace(draft, obligations=draft.obligations.select(CHECKED_OF_OBLIGATIONS)),
    )


def _dues(computed: Computed, status: Status, outcome: Outcome) -> pl.DataFrame:
    """What has the status or the outcome, of all programmes; officers' invoices are owed or are not."""
    granting = computed.granting
    dues = [
        housing_dues(computed.settlement.line_items, status),
        reward_dues(granting.rewards, outcome),
        incentive_dues(granting.incentives, outcome),
    ]
    if status is Status.OWED:
        dues.append(officer_dues(computed.officers.expenses))
    return stacked(frame.select(list(DUES)).cast(DUES) for frame in dues)


def _payees(records: Mapping[str, pl.DataFrame], doubtful: pl.Series) -> pl.DataFrame:
    introducers = records[Introducers.table]
    payees = [
        housing_payees(records[HouseholdSurvey.table], records[Payees.table], doubtful),
        introducer_payees(introducers),
        claim_payees(records[IncentiveClaims.table]),
        officer_payees(records[PromotionOfficers.table], introducers),
    ]
    return stacked(frame.select(list(PAYEES)).cast(PAYEES) for frame in payees)


def check_payouts(payouts: Payouts, computed: Computed) -> list[str]:
    """The checks on the drafts that failed; empty when all hold."""
    line_items = computed.settlement.line_items
    return check_draft(
        payouts.draft, payouts.past, dues=payouts.dues, owed=payouts.owed, line_items=line_items
    )


def _is_separate(compensation: Policy, as_of: date) -> bool:
    chosen = pl.select(compensation.chooses(SET_OFF, SEPARATE, pl.lit(as_of))).item()
    return bool(chosen)


def _limits(payouts: Policy, as_of: date) -> Limits:
    line, batch = pl.select(
        line=payouts.number(PayoutParameter.LINE_LIMIT, pl.lit(as_of)),
        batch=payouts.number(PayoutParameter.BATCH_LIMIT, pl.lit(as_of)),
    ).row(0)
    none = Limits()
    return Limits(
        none.line if line is None else money_of(line), none.batch if batch is None else money_of(batch)
    )


def write_payouts(
    payouts: Payouts, computed: Computed, policies: Policies, folder: Path, as_of: date
) -> list[Path]:
    """Write the lists and the public notice into the folder."""
    settlement = computed.settlement
    notice = NoticeSource(
        settlement.line_items, settlement.buildings, computed.records[HouseholdSurvey.table]
    )
    return write_lists(payouts.draft, notice, provisional_readings(policies, as_of), folder, as_of=as_of)


def provisional_readings(policies: Policies, as_of: date) -> dict[str, str]:
    """`provisional_sentences` of every policy that an obligation may rest on."""
    return {
        name: sentence
        for policy in policies.all()
        for name, sentence in provisional_sentences(policy, as_of).items()
    }


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
