"""The review as a whole: registers without rows, and questions on funds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.policies import load_policies
from schemas.officer_policy import OfficerParameter
from schemas.policy import DatedValue
from tests.transforms.officers.registers import registers
from transforms.officers.review import OfficerReview, review_officers
from transforms.policy import Policy

POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").officers
AS_OF = date(2022, 12, 31)


def reviewed(policy: Policy = POLICY, **case: Any) -> OfficerReview:  # noqa: ANN401 what a case may say
    return review_officers(registers(case), policy, AS_OF)


def test_without_officers_there_is_nothing() -> None:
    review = reviewed(officers=[], introducers=[])
    assert (review.reviews.height, review.expenses.height, review.questions.height) == (0, 0, 0)


def test_rows_stand_officer_by_officer_in_the_order_that_people_count() -> None:
    review = reviewed(officers=[{"officer_id": "TJ-10"}, {"officer_id": "TJ-9", "officer_name": "示例乙"}])
    assert review.reviews["officer_id"].to_list() == ["TJ-9"] * 6 + ["TJ-10"] * 6
    assert review.reviews["officer_name"][0] == "示例乙"
    assert set(review.reviews["clause"]) == {
        "第三条(一)", "第五条(一)", "第五条(二)", "第七条(一)", "第七条(三)"
    }  # fmt: skip


def test_a_question_names_at_most_twenty_rows_and_counts_them_all() -> None:
    expenses = [{"officer_id": "TJ-7", "expense_amount": "0.01"} for _ in range(21)]
    question = reviewed(expenses=expenses).questions.row(0, named=True)
    assert question["record_count"] == 21
    assert len(question["sources"].split(" ")) == 20
    assert question["waiting_amount"] == Decimal("0.21")


@pytest.mark.parametrize(("limit", "codes"), [("39999.99", ["funding_below_least"]), ("40000", [])])
def test_funds_below_what_the_measures_grant_are_asked_about(limit: str, codes: list[str]) -> None:
    name = OfficerParameter.FUNDING_LEAST
    parameter = POLICY.content.parameters[name]
    raised = DatedValue(effective_from=date(2021, 6, 1), value=Decimal(40000))
    values = {"values": (*parameter.values, raised)}
    parameters = POLICY.content.parameters | {name: parameter.model_copy(update=values)}
    policy = Policy(POLICY.content.model_copy(update={"parameters": parameters}))
    questions = reviewed(policy, officers=[{"funding_limit": limit}]).questions
    assert questions["code"].to_list() == codes
