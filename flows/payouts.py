"""The night's drafts, from what is owed under each programme less what is listed already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from flows.drafting import placed_and_kept, store_in_stretches, stored_batches
from flows.lists.batch_content import BatchContent
from flows.lists.writing import write_lists
from flows.operators import operator
from flows.policies import Policies
from flows.shift import Computed
from flows.warehouse.connection import reading
from flows.warehouse.doubtful import households_with_rejected_payees
from flows.warehouse.ledger import has_entries, read_past, standing_total
from flows.warehouse.restless import restless_households
from flows.warehouse.results import due_items, next_batch_numbers
from schemas.compensation import Status
from schemas.housing import HouseholdSurvey, Payees
from schemas.investment import IncentiveClaims, Introducers, PromotionOfficers
from schemas.investment_payments import Outcome
from schemas.payout import Programme
from schemas.payout_policy import PayoutParameter
from schemas.policy import ReadingState
from transforms.frames import stacked
from transforms.payout.accounts import failed_accounts
from transforms.payout.batches import Draft, Occasion, Terms, draft_batches
from transforms.payout.checks import check_draft, check_totals
from transforms.payout.frames import DUES, PAYEES
from transforms.payout.holds import sharing_parties, with_hold_reasons
from transforms.payout.investment_dues import claim_payees, incentive_dues, introducer_payees, reward_dues
from transforms.payout.limits import Limits, money_of
from transforms.payout.obligations import housing_dues
from transforms.payout.officer_dues import officer_dues, officer_payees
from transforms.payout.past import Past
from transforms.payout.payee_numbers import party_of, with_lasting_numbers
from transforms.payout.payees import housing_payees
from transforms.payout.placing import Placed
from transforms.payout.public_notice import Settlement as NoticeSource
from transforms.payout.stretches import Stretch, stretches
from transforms.policy import Policy

_HOUSING = Programme.HOUSING_COMPENSATION.value
SET_OFF, SEPARATE = "set_off", "separate"


@dataclass(frozen=True)
class Payouts:
    """The drafts of a night, and what they were made of: `parts` are all stretches, summed up.

    `past` is that of the `households` concerned; where none are named, of all.
    """

    parts: tuple[Placed, ...]
    past: Past
    draft: Draft
    households: pl.Series | None


def draft_payouts(
    database: Path, computed: Computed, policies: Policies, as_of: date, run_id: str
) -> Payouts:
    """Draft all programmes, and store the drafts in the place of the earlier ones.

    Raises CheckFailedError when what is owed is not what is listed, held or receivable.
    """
    terms = Terms(
        separate=_is_separate(policies.compensation, as_of), limits=_limits(policies.payouts, as_of)
    )
    with reading(database) as connection:
        given = _payees(computed.records, households_with_rejected_payees(connection))
        households = _households_concerned(connection, given)
        past = read_past(connection, households)
        payees = with_hold_reasons(with_lasting_numbers(given, past), failed_accounts(past))
        payees = _concerned(payees, "payee_id", households)
        occasion = Occasion(as_of, run_id, operator(), next_batch_numbers(connection))
        town = _stretches(connection, computed, payees, past, households)
        kept = list(placed_and_kept(town, separate=terms.separate))
    parts = tuple(part.summed for part in kept)
    draft = draft_batches(parts, payees, past, occasion, terms.limits)
    return Payouts(parts, past, store_in_stretches(database, draft, kept), households)


def _households_concerned(connection: duckdb.DuckDBPyConnection, payees: pl.DataFrame) -> pl.Series | None:
    """The households that something may become of, by their families; none named where it may be all.

    Whoever shares an account is named by the number that it was listed under, so those are among them.
    """
    if not has_entries(connection):
        return None
    return pl.concat([restless_households(connection), sharing_parties(payees)], rechunk=True).unique()


def _concerned(rows: pl.DataFrame, name: str, households: pl.Series | None) -> pl.DataFrame:
    """Of the housing programme the rows of these families, of others all; `name` has the party or payee."""
    if households is None:
        return rows
    is_one = party_of(pl.col(name)).is_in(households.implode())
    return rows.filter((pl.col("programme") != _HOUSING) | is_one)


def _stretches(
    connection: duckdb.DuckDBPyConnection,
    computed: Computed,
    payees: pl.DataFrame,
    past: Past,
    households: pl.Series | None,
) -> Iterator[Stretch]:
    """All parties concerned, some at a time, with what the warehouse says that households are due."""
    settled = computed.settlement.households.select(programme=pl.lit(_HOUSING), payee_id="household_id")
    housing = _concerned(settled, "payee_id", households)
    owed, held = _other_dues(computed, Outcome.GRANTED), _other_dues(computed, Outcome.HELD)
    parties = [frame.select("programme", payee_id="party_id") for frame in (owed, held)]
    cut = stretches([payees, housing, *parties, past.parties()])
    parts = zip(
        cut.parted(housing, "payee_id"),
        cut.parted(owed, "party_id"),
        cut.parted(held, "party_id"),
        cut.parted(payees, "payee_id"),
        cut.parted_past(past),
        strict=True,
    )
    for its_households, its_owed, its_held, its_payees, its_past in parts:
        items = due_items(connection, its_households["payee_id"])
        yield Stretch(
            stacked([_as_dues(housing_dues(items, Status.OWED)), its_owed]),
            stacked([_as_dues(housing_dues(items, Status.HELD)), its_held]),
            its_payees,
            its_past,
        )


def _other_dues(computed: Computed, outcome: Outcome) -> pl.DataFrame:
    """What has the outcome, of the other programmes; officers' invoices are owed or are not."""
    granting = computed.granting
    dues = [reward_dues(granting.rewards, outcome), incentive_dues(granting.incentives, outcome)]
    if outcome is Outcome.GRANTED:
        dues.append(officer_dues(computed.officers.expenses))
    return stacked(map(_as_dues, dues))


def _as_dues(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(list(DUES)).cast(DUES)


def _payees(records: Mapping[str, pl.DataFrame], doubtful: pl.Series) -> pl.DataFrame:
    introducers = records[Introducers.table]
    payees = [
        housing_payees(records[HouseholdSurvey.table], records[Payees.table], doubtful),
        introducer_payees(introducers),
        claim_payees(records[IncentiveClaims.table]),
        officer_payees(records[PromotionOfficers.table], introducers),
    ]
    return stacked(frame.select(list(PAYEES)).cast(PAYEES) for frame in payees)


def check_payouts(connection: duckdb.DuckDBPyConnection, payouts: Payouts, computed: Computed) -> list[str]:
    """The checks on the drafts, as the warehouse has them, that failed; empty when all hold."""
    draft, line_items = payouts.draft, computed.settlement.line_items
    stored = stored_batches(connection, draft.batches["batch_id"])
    concerned = _concerned(
        line_items.with_columns(programme=pl.lit(_HOUSING)), "household_id", payouts.households
    )
    return [
        *check_draft(
            draft,
            payouts.past,
            parts=payouts.parts,
            line_items=concerned,
            lines=stored.lines,
            digests=stored.digests,
        ),
        *check_totals(draft, payouts.parts, line_items=line_items, standing=standing_total(connection)),
    ]


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
    contents: Iterable[BatchContent], computed: Computed, policies: Policies, folder: Path, as_of: date
) -> list[Path]:
    """Write the lists of the batches and the public notice into the folder."""
    settlement = computed.settlement
    notice = NoticeSource(
        settlement.line_items, settlement.buildings, computed.records[HouseholdSurvey.table]
    )
    return write_lists(contents, notice, provisional_readings(policies, as_of), folder, as_of=as_of)


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
    for name, declared in policy.content.readings.items():
        provisional = [version for version in declared.versions if version.state is ReadingState.PROVISIONAL]
        in_force = [version for version in declared.versions if version.effective_from <= as_of][-1:]
        if name == SET_OFF:
            provisional = [version for version in provisional if version in in_force]
        if provisional:
            shown = next((version for version in in_force if version in provisional), provisional[-1])
            choice = declared.choices[str(shown.choice)]
            sentences[name] = f"{declared.clause}：{declared.question}——现按：{choice}。"
    return sentences
