"""The second calculator: rewards, incentives and promotion officers, independent of the program.

Takes the records as lists of rows and the policy files for their rates; the comparison with the program
stands in `test_second_investment_calculator.py`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from schemas.policy import PolicyFile
from tests.transforms.second_investment_claims import ONCE_A_YEAR, Claim, claims_of
from tests.transforms.second_investment_law import (
    GIVES_WAY,
    GRANTED,
    HELD,
    Records,
    choice,
    to_fen,
)
from tests.transforms.second_investment_rewards import Law, Reward, rewards_of

BEFORE_ONE_ANOTHER = (
    "introducer_reward", "agency_reward", "listing_reward",
    "第九条", "第十条", "第十二条", "第十三条", "第十五条", "第十七条",
)  # fmt: skip
Result = tuple[Decimal | None, str]


@dataclass(frozen=True)
class Answer:
    """What the second calculator says: amount and outcome of each reward and of each claim."""

    rewards: dict[tuple[str, str | None, int | None, str], Result]
    incentives: dict[str, Result]


@dataclass
class Competitor:
    """The rows that are one policy for one project and recipient."""

    name: str
    first_number: str
    rows: list[Reward | Claim]

    @property
    def amount(self) -> Fraction | None:
        """All rows together, each rounded; None while one of them isn't known."""
        amounts = [_rounded(row) for row in self.rows]
        return None if None in amounts else sum((a for a in amounts if a is not None), Fraction(0))

    @property
    def granted_part(self) -> Fraction:
        """What of it is granted."""
        granted = [_rounded(row) for row in self.rows if row.outcome == GRANTED]
        return sum((amount for amount in granted if amount is not None), Fraction(0))

    @property
    def place(self) -> tuple[bool, Fraction, int, str]:
        """The highest first; what isn't known yet may be the highest."""
        amount = self.amount
        return (
            amount is not None,
            -(amount or Fraction(0)),
            BEFORE_ONE_ANOTHER.index(self.name),
            self.first_number,
        )

    def displaces(self, lower: Competitor) -> bool:
        """Whether what is granted of it already takes the lower one's place."""
        outcomes = {row.outcome for row in self.rows}
        if outcomes == {GRANTED}:
            return True
        amount = lower.amount
        return GRANTED in outcomes and amount is not None and self.granted_part >= amount


def _rounded(row: Reward | Claim) -> Fraction | None:
    amount = to_fen(row.amount)
    return None if amount is None else Fraction(amount)


def calculate(
    records: Records, rewards: PolicyFile, incentives: PolicyFile, officers: PolicyFile, as_of: dt.date
) -> Answer:
    """Every reward and every claim."""
    law = Law(rewards, incentives, officers, as_of)
    claims, agency_rewards = claims_of(records, law)
    all_rewards = rewards_of(records, law) + agency_rewards
    by_project = choice(rewards, "highest_per", as_of) == "project"
    for group in _groups([*all_rewards, *claims], by_project=by_project):
        _leave_the_highest(group)
    return Answer(
        {
            (row.introducer_id, row.project_id, row.year, row.item): (to_fen(row.amount), row.outcome)
            for row in all_rewards
        },
        {row.claim_id: (to_fen(row.amount), row.outcome) for row in claims},
    )


def _groups(rows: list[Reward | Claim], *, by_project: bool) -> list[list[Competitor]]:
    """For each project and recipient, the policies that compete."""
    found: dict[tuple[str | None, str], dict[str, Competitor]] = defaultdict(dict)
    for row in rows:
        name = row.item if isinstance(row, Reward) else row.article
        is_without_money = isinstance(row, Reward) and row.amount is None
        if name not in BEFORE_ONE_ANOTHER or row.outcome not in {GRANTED, HELD} or is_without_money:
            continue
        number = "" if isinstance(row, Reward) else row.claim_id
        group = found[row.project_id, "" if by_project else row.recipient]
        key = name if name in ONCE_A_YEAR else f"{name} {number}"
        group.setdefault(key, Competitor(name, number, [])).rows.append(row)
    return [list(group.values()) for group in found.values()]


def _leave_the_highest(group: list[Competitor]) -> None:
    highest, *others = sorted(group, key=lambda competitor: competitor.place)
    for lower in others:
        outcome = GIVES_WAY if highest.displaces(lower) else HELD
        for row in lower.rows:
            row.outcome = outcome
