"""The whole plan in one pass: cases, questions, and the lines of every clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from transforms.compensation.facts import Facts
from transforms.compensation.items import Statement
from transforms.compensation.questions import ask
from transforms.frames import stacked
from transforms.policy import Policy


@dataclass(frozen=True)
class Pass:
    """The outcome for everybody and for the copies on which undecided readings are tried.

    `lines` have numbers and `status`; `line` is a line's row among the `statements`, which have its words:
    those that state anything.
    """

    statements: Sequence[Statement]
    lines: pl.DataFrame
    questions: pl.DataFrame


def one_pass(facts: Facts, policy: Policy, as_of: date) -> Pass:
    """Everything, each case under the choices of its `trial`."""
    cases = value_houses(facts.cases.lazy(), policy).pipe(collected).lazy()
    statements = [
        not_compensated(cases),
        *house_items(cases, policy),
        attachments(cases),
        housing_floor(cases, policy),
        buyback(cases, policy),
        *exchange_difference(cases, policy),
        business_stoppage(cases, policy),
        overdue_stoppage(cases, policy, as_of),
        *transition_payments(cases, policy, as_of),
        signing_reward(cases, policy, as_of),
        *moving_allowances(cases, facts.decisions, policy),
    ]
    differing = household_questions(facts.survey)
    special, special_statuses = special_decisions(cases, facts.decisions, held_homes(differing))
    lines, stating = _lines([*statements, special])
    asked = ask(
        cases,
        *register_questions(policy),
        *house_questions(policy),
        *exchange_questions(policy),
        *title_questions(facts.decisions),
    )
    questions = stacked([asked, assistance_questions(cases)])
    questions = stacked([questions, agreed_amount_questions(cases, lines, questions), differing])
    computed = lines.head(lines.height - special_statuses.len())
    status = statuses(computed, cases, questions, facts.decisions)
    lines = lines.with_columns(
        status=pl.concat([status, special_statuses], rechunk=True),
        line=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    return Pass(stating or [special], lines, questions)


def _lines(statements: Sequence[Statement]) -> tuple[pl.DataFrame, list[Statement]]:
    """The numbers of all lines, and the statements that have any."""
    found = all_collected([statement.numbers for statement in statements])
    stating = [statement for statement, numbers in zip(statements, found, strict=True) if numbers.height]
    return stacked(found), stating
