"""Whether the sample has every branch of the envoys' evaluation: what the rules make of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from flows.policies import load_policies
from flows.sample.dates import LAST_DAY
from schemas.investment_scores import Grade
from tests.flows.sample.conftest import ReadSample
from transforms.envoys.evaluation import Evaluation, evaluate

POLICIES = Path(__file__).parents[3] / "data" / "policies"
EXEMPLARY, IDLE = ("DS-01", "DS-07"), ("DS-06", "DS-12")
FULL_YEARS = (2021, 2022, 2023)
EXCELLENT, QUALIFIED, UNQUALIFIED = Grade


@pytest.fixture(scope="module")
def evaluation(read_sample: ReadSample) -> Evaluation:
    return evaluate(read_sample.current(), load_policies(POLICIES).envoys, LAST_DAY)


@pytest.fixture(scope="module")
def earlier(read_sample: ReadSample) -> Evaluation:
    """The same records in the autumn before."""
    return evaluate(read_sample.current(), load_policies(POLICIES).envoys, date(2024, 9, 30))


def met(evaluation: Evaluation, duty: str) -> dict[bool | None, set[str]]:
    """Who met a duty, who did not, and of whom it can't be said."""
    found: dict[bool | None, set[str]] = {True: set(), False: set(), None: set()}
    for envoy, is_met in evaluation.duties.filter(duty=duty).select("envoy_id", "met").iter_rows():
        found[is_met].add(envoy)
    return found


@pytest.mark.parametrize("year", FULL_YEARS)
def test_a_dozen_envoys_are_spread_over_every_grade(evaluation: Evaluation, year: int) -> None:
    scores = evaluation.scores.filter(year=year)

    assert evaluation.scores["envoy_id"].n_unique() == 12
    assert scores.height >= 10
    assert set(scores["grade"]) == set(Grade)
    assert max(Counter(scores["grade"]).values()) <= 8


def test_the_exemplary_have_full_marks_and_the_idle_fail(evaluation: Evaluation) -> None:
    exemplary = evaluation.scores.filter(pl.col("envoy_id").is_in(EXEMPLARY))
    idle = evaluation.scores.filter(pl.col("envoy_id").is_in(IDLE))

    assert set(exemplary["base_score"]) == {Decimal(100)}
    assert set(idle["grade"]) == {UNQUALIFIED}
    assert idle["consequence"].is_not_null().all()


def test_equals_share_the_first_place(evaluation: Evaluation) -> None:
    places = evaluation.scores.filter(year=2023).sort("rank")["rank"].to_list()

    assert places[:3] == [1, 1, 3]


def test_neighbours_are_near_each_other(evaluation: Evaluation) -> None:
    totals = sorted(evaluation.scores.filter(year=2023)["total"])
    differences = {higher - lower for lower, higher in pairwise(totals)}

    assert min(differences - {Decimal(0)}) <= Decimal("0.10")


def test_one_is_excellent_only_by_the_bonus(evaluation: Evaluation) -> None:
    lifted = evaluation.scores.filter(pl.col("is_excellent_by_bonus"), envoy_id="DS-11")

    assert lifted["year"].sort().to_list() == [2022, 2023]
    assert (lifted["base_score"] < 90).all()
    assert lifted["consequence"].is_not_null().all()


def test_the_bonus_is_for_what_landed_in_time_and_in_order(evaluation: Evaluation) -> None:
    rewarded = evaluation.scores.filter(pl.col("bonus") > 0).select("envoy_id", "year").sort(pl.all())

    assert rewarded.rows() == [
        ("DS-01", 2021), ("DS-01", 2022), ("DS-02", 2022), ("DS-11", 2022), ("DS-11", 2023),
    ]  # fmt: skip


def test_too_few_days_of_a_year_are_no_score(evaluation: Evaluation) -> None:
    scored = {
        envoy: set(evaluation.scores.filter(envoy_id=envoy)["year"]) for envoy in ("DS-07", "DS-09", "DS-05")
    }

    assert scored == {"DS-07": {2022, 2023, 2024}, "DS-09": {2021, 2022}, "DS-05": {2022, 2023, 2024}}


def test_the_running_year_is_provisional(earlier: Evaluation, evaluation: Evaluation) -> None:
    running = earlier.scores.filter("is_provisional")

    assert set(running["year"]) == {2024}
    assert set(running["ends_on"]) == {date(2024, 9, 30)}
    assert running["consequence"].is_null().all()
    assert met(earlier, "landed_project")[None] == {"DS-04", "DS-05", "DS-07", "DS-10"}
    assert not evaluation.scores["is_provisional"].any()


def test_every_quarter_from_the_first_in_force_is_ranked(earlier: Evaluation) -> None:
    ranked = earlier.rankings.select("year", "quarter").unique().sort(pl.all()).rows()

    assert ranked == [(2021, 2), (2021, 3), (2021, 4)] + [
        (year, quarter) for year in (2022, 2023) for quarter in (1, 2, 3, 4)
    ] + [(2024, 1), (2024, 2), (2024, 3)]


def test_duties_are_met_by_some_and_not_by_others(evaluation: Evaluation) -> None:
    assert met(evaluation, "age_at_posting")[False] == {"DS-08"}
    assert "DS-11" in met(evaluation, "age_at_posting")[True]
    assert met(evaluation, "posting_term")[False] == {"DS-09"}
    assert met(evaluation, "posting_term")[None] == {"DS-10"}
    for duty in ("landed_project", "monthly_visits", "monthly_negotiations"):
        assert met(evaluation, duty)[True], duty
        assert met(evaluation, duty)[False], duty


def test_a_ticket_of_nobody_waits(evaluation: Evaluation) -> None:
    assert "DS-O4" in set(evaluation.questions["subject_id"])
