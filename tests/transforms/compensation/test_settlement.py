"""The plan as a whole: versions of the policy, and what every line carries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from flows.policies import load_policies
from schemas.compensation_items import ALL_ITEMS
from schemas.policy import DatedValue
from tests.support.records import records
from transforms.compensation.settlement import settle
from transforms.policy import Policy

POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").compensation
SECOND_PLAN = date(2021, 4, 2)
AS_OF = date(2022, 1, 31)


def second_plan(**values: int) -> Policy:
    """The policy with a later version in which some parameters have other values."""
    content = POLICY.content
    changed = {
        name: content.parameters[name].model_copy(
            update={
                "values": (
                    *content.parameters[name].values,
                    DatedValue(effective_from=SECOND_PLAN, value=Decimal(value)),
                )
            }
        )
        for name, value in values.items()
    }
    return Policy(content.model_copy(update={"parameters": content.parameters | changed}))


def test_a_later_plan_changes_only_what_is_signed_after_it_takes_effect() -> None:
    night = records(
        [
            {"id": "B1", "household": "H1", "agreement": {"signed_on": date(2021, 4, 1)}},
            {"id": "B2", "household": "H2", "agreement": {"signed_on": SECOND_PLAN}},
            {"id": "B3", "household": "H3", "agreement": None},
        ]
    )
    before = settle(night, POLICY, AS_OF)
    policy = second_plan(residence_self_built_rate=2600, signing_reward=25000, moving_residence=1800)
    after = settle(night, policy, AS_OF)
    of_first = pl.col("household_id") == "H1"
    assert after.line_items.filter(of_first).equals(before.line_items.filter(of_first))
    amounts = after.line_items.filter(~of_first).select("household_id", "item", "amount", "policy_version")
    assert sorted(amounts.rows()) == [
        ("H2", "house_residence", Decimal("156000.00"), SECOND_PLAN),
        ("H2", "moving_residence", Decimal("1800.00"), SECOND_PLAN),
        ("H2", "signing_reward", Decimal("25000.00"), SECOND_PLAN),
        ("H3", "house_residence", Decimal("156000.00"), SECOND_PLAN),
        ("H3", "moving_residence", Decimal("1800.00"), SECOND_PLAN),
    ]


def test_a_line_names_the_rows_that_it_rests_on() -> None:
    night = records([{"appraisals": [{"subject": "附属物", "appraised_amount": "5"}]}])
    lines = settle(night, POLICY, AS_OF).line_items
    sources = dict(lines.select("item", "sources").iter_rows())
    case = "入户调查@upload#2 影像登记@upload#2 补偿协议@upload#2"
    assert sources["house_residence"] == case
    assert sources["attachments"] == f"{case} 评估结果@upload#2"
    assert sources["signing_reward"] == case


def test_an_open_question_says_how_much_money_waits_on_it() -> None:
    night = records([{"register": None}])
    questions = settle(night, POLICY, AS_OF).open_questions
    assert questions.select("code", "waiting_amount").rows() == [("not_in_register", Decimal("150000.00"))]


def test_a_household_without_any_record_but_its_survey_is_there() -> None:
    settlement = settle(records([{"register": None, "agreement": None}]), POLICY, AS_OF)
    assert settlement.households["household_id"].to_list() == ["H1"]
    assert settlement.buildings["eligible"].to_list() == [None]


def test_no_household_at_all_settles_to_nothing() -> None:
    settlement = settle(records([]), POLICY, AS_OF)
    assert settlement.line_items.is_empty()
    assert settlement.households.is_empty()


def test_item_codes_are_each_of_their_own() -> None:
    assert len({item.code for item in ALL_ITEMS}) == len(ALL_ITEMS) == 18
