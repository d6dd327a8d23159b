"""Whether the sample has every branch of the compensation plan: what the rules make of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.policies import load_policies
from tests.flows.sample.conftest import AS_OF, ReadSample
from transforms.compensation.settlement import Settlement, settle

POLICIES = Path(__file__).parents[3] / "data" / "policies"
OPEN_QUESTIONS = {
    "agreed_amount_differs",
    "agreements_without_survey",
    "appraisal_below_standard",
    "appraisals_differ",
    "appraisals_without_survey",
    "before_policy",
    "buyback_of_residence_or_business",
    "dispute_not_appraised",
    "exchange_not_offered",
    "flat_below_protected_area",
    "household_facts_differ",
    "interruption_unproved",
    "no_imagery",
    "no_material_grade",
    "no_origin",
    "no_own_yard",
    "no_structure_or_title",
    "not_appraised",
    "not_habitable",
    "not_in_register",
    "owner_missing",
    "recognitions_without_survey",
    "several_assisted_residences",
    "special_decisions_without_survey",
    "title_unclear",
    "untitled_brick_concrete",
    "use_differs",
    "wrong_resettlement",
}
OWED_ITEMS = {
    "attachments",
    "business_stoppage",
    "business_stoppage_overdue",
    "buyback",
    "exchange_difference",
    "house_appraised",
    "house_business",
    "house_residence",
    "housing_floor",
    "moving_business",
    "moving_residence",
    "not_compensated",
    "signing_reward",
    "special_decision",
    "transition_business",
    "transition_business_overdue",
    "transition_residence",
    "transition_residence_overdue",
}


@pytest.fixture(scope="module")
def settlement(read_sample: ReadSample) -> Settlement:
    return settle(read_sample.current(), load_policies(POLICIES).compensation, AS_OF)


def test_every_open_question_is_asked(settlement: Settlement) -> None:
    assert set(settlement.open_questions["code"]) >= OPEN_QUESTIONS


def test_every_item_is_owed_to_somebody(settlement: Settlement) -> None:
    assert set(settlement.line_items.filter(status="owed")["item"]) >= OWED_ITEMS


def test_most_households_are_paid_and_some_wait(settlement: Settlement) -> None:
    shares = settlement.households["status"].value_counts(normalize=True)
    by_status = dict(shares.iter_rows())

    assert by_status["owed"] > 0.7
    assert {"held", "estimate"} <= set(by_status)


def test_some_household_owes_more_than_it_is_paid(settlement: Settlement) -> None:
    assert (settlement.households["net_amount"] < 0).any()
