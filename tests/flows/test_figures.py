"""The night in figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from flows.figures import amount_sum, household_figures, question_figures, unsettled_readings
from schemas.compensation import Alternatives, Buildings, Households, LineItems, OpenQuestions
from schemas.policy import PolicyFile
from transforms.compensation.settlement import Settlement
from transforms.policy import Policy

YUAN = pl.Decimal(18, 2)


def settlement(
    questions: list[tuple[str | None, str | None, str]], held: list[tuple[str, str | None, str]]
) -> Settlement:
    """Open questions as (household, building, code), held items as (household, building, amount)."""
    items = pl.DataFrame(
        [
            {"household_id": household, "building_id": building, "amount": Decimal(amount), "status": "held"}
            for household, building, amount in held
        ],
        schema=LineItems.frame_schema(),
    )
    asked = pl.DataFrame(
        [
            {"household_id": household, "building_id": building, "code": code, "clause": "八"}
            for household, building, code in questions
        ],
        schema=OpenQuestions.frame_schema(),
    )
    return Settlement(items, Alternatives.empty(), Households.empty(), Buildings.empty(), asked)


@pytest.mark.parametrize(
    ("case", "questions", "waiting"),
    [
        ("a building's question holds what is held on it", [("H-1", "B-1", "x")], "10.00"),
        ("a household's question holds all of it", [("H-1", None, "x")], "17.00"),
        ("asked twice, it is counted once", [("H-1", "B-1", "x"), ("H-1", "B-1", "x")], "10.00"),
        ("asked of both, the household is counted", [("H-1", None, "x"), ("H-1", "B-1", "x")], "17.00"),
        ("two buildings add up", [("H-1", "B-1", "x"), ("H-2", "B-3", "x")], "110.00"),
        ("a record without a survey holds nothing", [(None, "B-9", "x")], "0.00"),
    ],
)
def test_how_much_waits_for_a_question(
    case: str, questions: list[tuple[str | None, str | None, str]], waiting: str
) -> None:
    held = [("H-1", "B-1", "10.00"), ("H-1", "B-2", "5.00"), ("H-1", None, "2.00"), ("H-2", "B-3", "100.00")]
    (found,) = question_figures(settlement(questions, held))
    assert (found.count, found.waiting) == (len(questions), Decimal(waiting)), case


def test_the_most_frequent_question_comes_first() -> None:
    asked = [("H-1", "B-1", "rare"), ("H-1", "B-1", "often"), ("H-2", "B-3", "often")]
    assert [found.code for found in question_figures(settlement(asked, []))] == ["often", "rare"]


def test_every_status_is_counted_also_where_there_is_none() -> None:
    assert household_figures(settlement([], [])) == {"owed": 0, "estimate": 0, "held": 0}


def test_a_sum_of_nothing_is_nothing() -> None:
    assert amount_sum(pl.DataFrame(schema={"amount": YUAN})) == Decimal("0.00")


def test_large_amounts_add_up_to_the_last_place() -> None:
    amounts = pl.Series("amount", [Decimal("9007199254740993.01"), Decimal("0.02")], dtype=YUAN)
    assert amount_sum(pl.DataFrame(amounts)) == Decimal("9007199254740993.03")


def test_a_reading_is_told_of_until_it_is_settled() -> None:
    versions = [
        {"effective_from": date(2021, 1, 1), "state": "undecided"},
        {"effective_from": date(2022, 1, 1), "state": "provisional", "choice": "a"},
        {"effective_from": date(2023, 1, 1), "state": "settled", "choice": "b", "decided_by": "纪要1号"},
    ]
    reading = {
        "question": "怎样",
        "clause": "五",
        "choices": {"a": "这样", "b": "那样"},
        "versions": tuple(versions),
    }
    policy = Policy(
        PolicyFile.model_validate(
            {"policy": "p", "title": "t", "document": "d", "parameters": {}, "readings": {"r": reading}}
        )
    )

    def told(year: int) -> list[tuple[str, str | None]]:
        return [(found.state.value, found.choice) for found in unsettled_readings([policy], date(year, 6, 1))]

    assert told(2020) == []
    assert told(2021) == [("undecided", None)]
    assert told(2022) == [("provisional", "这样")]
    assert told(2023) == []
