"""The whole plan with one choice for each reading: cases, questions, and the lines of every clause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from transforms.compensation.clause_05_1_house import (
    attachments,
    buyback,
    house_items,
    house_questions,
    value_houses,
)
from transforms.compensation.clause_05_2_exchange import exchange_difference, exchange_questions
from transforms.compensation.clause_05_2_stoppage import business_stoppage, overdue_stoppage
from transforms.compensation.clause_06_signing import signing_reward
from transforms.compensation.clause_08_recognition import not_compensated, register_questions
from transforms.compensation.clause_09_assistance import assistance_questions, housing_floor
from transforms.compensation.clause_11_moving import moving_allowances, special_decisions
from transforms.compensation.clause_12_transition import transition_payments
from transforms.compensation.clause_13_status import (
    agreed_amount_questions,
    held_homes,
    household_questions,
    statuses,
    title_questions,
)
from transforms.compensation.collecting import all_collected, collected
from transforms.compensation.items import NUMBER_SCHEMA, WORD_SCHEMA
from transforms.compensation.months import one_by_one
from transforms.frames import stacked
from transforms.money import MONEY
from transforms.policy import Policy


@dataclass(frozen=True)
class Facts:
    """What every pass starts from: recognised cases, decisions on surveyed households, and the survey."""

    cases: pl.DataFrame
    decisions: pl.DataFrame
    survey: pl.DataFrame

    def of_homes(self, homes: pl.Series) -> Facts:
        """The facts of some households alone."""
        among = pl.col("home").is_in(homes.implode())
        return Facts(self.cases.filter(among), self.decisions.filter(among), self.survey.filter(among))


@dataclass(frozen=True)
class Pass:
    """The outcome with one choice for each reading.

    `lines` have numbers and `status`; `line` is a line's row among the `statements`, which have its words,
    and `forgone` is what a line that is put to zero would amount to.
    """

    statements: list[pl.LazyFrame]
    lines: pl.DataFrame
    questions: pl.DataFrame

    def words(self) -> pl.DataFrame:
        """Unit, clause, basis, reading and sources of each statement, in the order of `line`."""
        return stacked(all_collected([rows.select(list(WORD_SCHEMA)) for rows in self.statements]))

    def of_homes(self, homes: pl.Series) -> Pass:
        """The outcome of some households alone, every month by itself."""
        lines = self.lines.filter(pl.col("home").is_in(homes.implode()))
        return replace(self, lines=one_by_one(lines))


def one_pass(facts: Facts, policy: Policy, as_of: date, first_line: int = 0) -> Pass:
    """Everything with one choice for each reading; its lines are counted from `first_line`."""
    cases = value_houses(facts.cases.lazy(), policy).pipe(collected).lazy()
    statements = [
        not_compensated(cases),
        *house_items(cases, policy),
        attachments(cases),
        housing_floor(cases, policy),
        buyback(cases, policy),
        *exchange_difference(cases, policy),
        business_stoppage(cases, policy),
        *overdue_stoppage(cases, policy, as_of),
        *transition_payments(cases, policy, as_of),
        signing_reward(cases, policy, as_of),
        *moving_allowances(cases, facts.decisions, policy),
    ]
    lines = _numbers(statements)
    questions = stacked(
        [
            register_questions(cases, policy),
            house_questions(cases, policy),
            exchange_questions(cases, policy),
            assistance_questions(cases),
            title_questions(cases, facts.decisions),
        ]
    )
    questions = stacked(
        [questions, agreed_amount_questions(cases, lines, questions), household_questions(facts.survey)]
    )
    special, special_statuses = special_decisions(cases, facts.decisions, held_homes(questions))
    status = pl.concat([statuses(lines, cases, questions, facts.decisions), special_statuses], rechunk=True)
    lines = stacked([lines, _numbers([special])]).with_columns(
        status=status.rechunk(),
        line=pl.int_range(first_line, first_line + pl.len(), dtype=pl.UInt32),
        forgone=pl.lit(value=None, dtype=MONEY),
    )
    return Pass([*statements, special], lines, questions)


def _numbers(statements: list[pl.LazyFrame]) -> pl.DataFrame:
    return stacked(all_collected([rows.select(list(NUMBER_SCHEMA)) for rows in statements]))
