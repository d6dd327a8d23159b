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


def settlement(*questions: tuple[str | None, str | None, str, str]) -> Settlement:
    """Open questions as (household, building, code, waiting amount)."""
    rows = [
        {
            "household_id": household,
            "building_id": building,
            "code": code,
            "clause": "八",
            "waiting_amount": Decimal(amount),
        }
        for household, building, code, amount in questions
    ]
    asked = pl.DataFrame(rows, schema=OpenQuestions.frame_schema())
    return Settlement(LineItems.empty(), Alternatives.empty(), Households.empty(), Buildings.empty(), asked)


OF_BUILDING = ("H-1", "B-1", "x", "10.00")
OF_HOUSEHOLD = ("H-1", None, "x", "17.00")
OF_ANOTHER = ("H-2", "B-3", "x", "100.00")
OF_NO_SURVEY = (None, "B-9", "x", "0.00")


@pytest.mark.parametrize(
    ("case", "questions", "waiting"),
    [
        ("a building's question holds what is held on it", [OF_BUILDING], "10.00"),
        ("asked twice, it is counted once", [OF_BUILDING, OF_BUILDING], "10.00"),
        ("asked of both, the household is counted", [OF_HOUSEHOLD, OF_BUILDING], "17.00"),
        ("two buildings add up", [OF_BUILDING, OF_ANOTHER], "110.00"),
        ("a record without a survey holds nothing", [OF_NO_SURVEY, OF_BUILDING], "10.00"),
    ],
)
def test_how_much_waits_for_a_question(
    case: str, questions: list[tuple[str | None, str | None, str, str]], waiting: str
) -> None:
    (found,) = question_figures(settlement(*questions))
    assert (found.count, found.waiting) == (len(questions), Decimal(waiting)), case


def test_the_most_frequent_question_comes_first() -> None:
    asked = [(*place, code, "0.00") for code in ("rare", "often") for place in (("H-1", "B-1"),)]
    found = question_figures(settlement(*asked, ("H-2", "B-3", "often", "0.00")))
    assert [question.code for question in found] == ["often", "rare"]


def test_every_status_is_counted_also_where_there_is_none() -> None:
    assert household_figures(settlement()) == {"owed": 0, "estimate": 0, "held": 0}


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
