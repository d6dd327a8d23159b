"""The program against the second calculator: every mark, rank and duty of hundreds of invented envoys."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.policies import load_policies
from schemas.investment import (
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Negotiations,
    Projects,
    TravelTickets,
)
from schemas.investment_scores import EnvoyDuties, EnvoyRankings, EnvoyScoreItems, EnvoyScores
from schemas.policy import DatedValue, PolicyFile, ReadingState, ReadingVersion
from tests.transforms.envoys.envoy_years import (
    AS_OF_DAYS,
    ENVOY_SHEETS,
    ONE_DAY,
    Office,
    Record,
    frames,
    full_rows,
    office,
    offices,
)
from tests.transforms.envoys.second_calculator import Answers, calculate
from transforms.envoys.evaluation import Evaluation, evaluate
from transforms.policy import Policy

POLICIES = Path(__file__).parents[3] / "data" / "policies"
OTHER_CHOICES = (("days_short", "average_whole"), ("days_short", "total"), ("journal_gap", "each_month"))
CHANGED_ON = dt.date(2024, 2, 29)
CHANGED: dict[str, Decimal | tuple[str, ...]] = {
    "days_away_full": Decimal(18),
    "days_away_per_month": Decimal("12.5"),
    "days_away_deduction": Decimal("0.7"),
    "journal_deduction": Decimal("2.5"),
    "reporting_full": Decimal(9),
    "reporting_deduction": Decimal("0.75"),
    "quarterly_report_due_days": Decimal(15),
    "monthly_report_due_days": Decimal(8),
    "weekly_report_due_days": Decimal(5),
    "company_visits_per_month": Decimal(4),
    "company_visits_deduction": Decimal("0.3333"),
    "negotiations_full": Decimal(25),
    "negotiations_per_month": Decimal(2),
    "bonus_per_project": Decimal("7.5"),
    "landed_project_investment": Decimal("5000.01"),
    "landed_projects_per_year": Decimal(2),
    "excellent_from": Decimal(85),
    "qualified_from": Decimal(50),
    "age_at_posting_most": Decimal(54),
    "posting_term_years": Decimal(2),
    "ranks_at_posting": ("副处级", "正处级"),
}
ENVOYS = 20_000 if os.environ.get("LONG_COMPARISON") else 300
BATCH = 30
EARLY_DAYS = AS_OF_DAYS[:4]
"""The fewer years there are, the sooner they are calculated."""


@cache
def policy_file() -> PolicyFile:
    return load_policies(POLICIES).envoys.content


def read_as(content: PolicyFile, reading: str, choice: str, since: dt.date | None = None) -> PolicyFile:
    """The policy with a reading settled otherwise, from its start or from a day on."""
    versions = content.readings[reading].versions
    settled = ReadingVersion(
        effective_from=since or versions[0].effective_from,
        state=ReadingState.SETTLED,
        choice=choice,
        decided_by="纪要1",
    )
    kept = versions if since else ()
    changed = content.readings[reading].model_copy(update={"versions": (*kept, settled)})
    return content.model_copy(update={"readings": content.readings | {reading: changed}})


def changed_policy() -> PolicyFile:
    """The policy with other values and readings from a day on."""
    content = policy_file()
    parameters = dict(content.parameters)
    for name, value in CHANGED.items():
        values = (*parameters[name].values, DatedValue(effective_from=CHANGED_ON, value=value))
        parameters[name] = parameters[name].model_copy(update={"values": values})
    content = content.model_copy(update={"parameters": parameters})
    content = read_as(content, "days_short", "total", CHANGED_ON)
    return read_as(content, "journal_gap", "each_month", dt.date(2024, 4, 1))


def of_program(evaluation: Evaluation) -> Answers:
    """What the program says, by what is compared."""
    found: Answers = {}
    scores = evaluation.scores.with_columns(has_consequence=pl.col("consequence").is_not_null())
    columns = (
        "envoy_id", "year", "starts_on", "ends_on", "months", "base_score", "bonus", "total", "grade", "rank",
        "is_provisional", "is_excellent_by_bonus", "has_consequence", "policy_version",
    )  # fmt: skip
    for envoy, year, *score in scores.select(columns).iter_rows():
        found["score", envoy, year] = tuple(score)
    marks = (
        "envoy_id", "year", "item", "measured", "target", "shortfall", "deduction", "score", "full_mark",
    )  # fmt: skip
    for envoy, year, item, *mark in evaluation.items.select(marks).iter_rows():
        found["item", envoy, year, item] = tuple(mark)
    places = ("envoy_id", "year", "quarter", "base_score", "bonus", "total", "rank")
    for envoy, year, quarter, *score in evaluation.rankings.select(places).iter_rows():
        found["ranking", envoy, year, quarter] = tuple(score)
    for envoy, year, duty, met in evaluation.duties.select("envoy_id", "year", "duty", "met").iter_rows():
        found["duty", envoy, year, duty] = (met,)
    return found


def assert_alike(place: Office, content: PolicyFile) -> None:
    ours = of_program(evaluate(frames(place.records), Policy(content), place.as_of))
    theirs = calculate(full_rows(place.records), content, place.as_of)
    found = [
        f"{key}: {ours.get(key)} but {theirs.get(key)}"
        for key in sorted({*ours, *theirs}, key=str)
        if ours.get(key) != theirs.get(key)
    ]
    assert not found, "\n".join([f"{len(found)} differences as of {place.as_of}", *found[:30]])


@pytest.mark.parametrize("seed", range(ENVOYS // BATCH))
def test_both_calculators_agree_on_many_envoys(seed: int) -> None:
    random = Random(seed)  # noqa: S311 a seeded example, not a secret
    assert_alike(office(random, AS_OF_DAYS[seed % len(AS_OF_DAYS)], BATCH), policy_file())


@pytest.mark.parametrize(("reading", "choice"), OTHER_CHOICES)
def test_both_calculators_agree_under_every_choice_of_every_reading(reading: str, choice: str) -> None:
    random = Random(f"{reading}={choice}")  # noqa: S311 a seeded example, not a secret
    place = office(random, dt.date(2024, 12, 31), BATCH)
    assert_alike(place, read_as(policy_file(), reading, choice))


@pytest.mark.parametrize("as_of", [dt.date(2024, 2, 28), dt.date(2024, 12, 31), dt.date(2025, 3, 31)])
def test_both_calculators_take_the_values_of_each_periods_last_day(as_of: dt.date) -> None:
    random = Random(str(as_of))  # noqa: S311 a seeded example, not a secret
    assert_alike(office(random, as_of, BATCH), changed_policy())


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(place=offices(most=4))
def test_both_calculators_agree_on_whatever_hypothesis_thinks_of(place: Office) -> None:
    assert_alike(place, policy_file())


def test_nothing_is_scored_before_the_policy_takes_effect() -> None:
    place = office(Random(1), dt.date(2021, 4, 19), 5)  # noqa: S311 a seeded example, not a secret
    assert_alike(place, policy_file())
    assert calculate(full_rows(place.records), policy_file(), place.as_of) == {}


def test_who_is_not_listed_is_asked_for() -> None:
    place = office(Random(2), dt.date(2024, 12, 31), 60)  # noqa: S311 a seeded example, not a secret
    listed = {row["envoy_id"] for row in place.records["envoys"]}
    others = {
        row["envoy_id"] for rows in place.records.values() for row in rows if "envoy_id" in row
    } - listed
    questions = evaluate(frames(place.records), Policy(policy_file()), place.as_of).questions
    assert others
    assert set(questions.filter(code="envoy_unknown")["subject_id"]) == others


def answers(records: dict[str, list[Record]], as_of: dt.date) -> Answers:
    return of_program(evaluate(frames(records), Policy(policy_file()), as_of))


def with_rows(place: Office, **more: list[Record]) -> dict[str, list[Record]]:
    """The records with more rows, but for those whose key is there already."""
    result = {}
    for sheet in ENVOY_SHEETS:
        rows = place.records[sheet.table]
        keys = {tuple(row[field] for field in sheet.key) for row in rows}
        new = [row for row in more.get(sheet.table, []) if tuple(row[f] for f in sheet.key) not in keys]
        result[sheet.table] = rows + new
    return result


few = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(place=offices(most=3, days=EARLY_DAYS), seed=st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(place: Office, seed: int) -> None:
    random = Random(seed)  # noqa: S311 a seeded example, not a secret
    mixed = {table: random.sample(rows, len(rows)) for table, rows in place.records.items()}
    assert answers(mixed, place.as_of) == answers(place.records, place.as_of)


@few
@given(place=offices(most=3, days=EARLY_DAYS), days=st.integers(0, 1200))
def test_a_further_company_never_lowers_a_total(place: Office, days: int) -> None:
    envoy = place.records["envoys"][0]
    visit = {
        "envoy_id": envoy["envoy_id"],
        "visited_on": envoy["posted_on"] + days * ONE_DAY,
        "company_name": "示例新有限公司",
        "company_code": "C999",
        "company_location": "天津市",
    }
    before = answers(place.records, place.as_of)
    after = answers(with_rows(place, company_visits=[visit]), place.as_of)
    assert before.keys() == after.keys()
    for key in before:
        if key[0] == "score":
            assert after[key][5] >= before[key][5], key


def halves(ticket: Record, random: Random) -> list[Record]:
    """The same stay on two tickets that meet or overlap."""
    length = (ticket["returned_on"] - ticket["arrived_on"]).days
    first = random.randrange(length + 1)
    second = random.randrange(min(first + 1, length) + 1)
    return [
        ticket | {"returned_on": ticket["arrived_on"] + first * ONE_DAY},
        ticket
        | {
            "ticket_number": f"{ticket['ticket_number']}-2",
            "arrived_on": ticket["arrived_on"] + second * ONE_DAY,
        },
    ]


@few
@given(place=offices(most=3, days=EARLY_DAYS), seed=st.integers(0, 1000))
def test_a_stay_on_two_tickets_is_one_stay(place: Office, seed: int) -> None:
    random = Random(seed)  # noqa: S311 a seeded example, not a secret
    split = [half for ticket in place.records["travel_tickets"] for half in halves(ticket, random)]
    assert answers(place.records | {"travel_tickets": split}, place.as_of) == answers(
        place.records, place.as_of
    )


def fieldwork_on(envoy_id: str, day: dt.date) -> dict[str, list[Record]]:
    """A row of each kind that is done on a day; the project's introducer comes with it."""
    who = {"envoy_id": envoy_id}
    project: Record = {
        "project_id": "L-out",
        "project_name": "示例项目",
        "investor_name": "示例有限公司",
        "investor_code": "C000",
        "introducer_id": "Y-out",
        "fixed_investment_10k_yuan": Decimal(9000),
        "total_investment_10k_yuan": Decimal(9000),
        "industry": "文化旅游",
        "is_key_supported": False,
        "landed_on": day,
        "verification": "已核实",
        "has_violation": False,
    }
    rows: dict[Any, Record] = {
        TravelTickets: who
        | {"ticket_number": "P-out", "ticket_kind": "机票", "arrived_on": day, "returned_on": day},
        EnvoyJournal: who | {"day": day, "work_done": "走访企业"},
        EnvoyReports: who
        | {"report_kind": "月报", "period": f"{day - 45 * ONE_DAY:%Y-%m}", "submitted_on": day},
        CompanyVisits: who
        | {
            "visited_on": day,
            "company_name": "示例新有限公司",
            "company_code": "C999",
            "company_location": "天津市",
        },
        Negotiations: who
        | {"negotiated_on": day, "project_id": "X999", "project_name": "示例项目", "is_in_depth": True},
        Projects: project,
    }
    introducer = who | {
        "introducer_id": "Y-out",
        "introducer_name": "示例甲",
        "introducer_kind": "招商大使",
    }
    return {sheet.table: [row] for sheet, row in rows.items()} | {"introducers": [introducer]}


@few
@given(place=offices(most=3, days=EARLY_DAYS), days=st.integers(1, 400), is_before=st.booleans())
def test_what_is_done_outside_the_posting_changes_nothing(place: Office, days: int, is_before: bool) -> None:
    envoy = place.records["envoys"][0]
    ends_on = envoy["posting_ends_on"]
    day = envoy["posted_on"] - days * ONE_DAY
    if not is_before and ends_on is not None and ends_on >= envoy["posted_on"]:
        day = ends_on + days * ONE_DAY
    rows = fieldwork_on(envoy["envoy_id"], day)
    if day > envoy["posted_on"]:
        # a report sent after the posting is late, or makes good one that was never sent: no other
        del rows["envoy_reports"]
    assert answers(with_rows(place, **rows), place.as_of) == answers(place.records, place.as_of)


@few
@given(place=offices(most=6, days=EARLY_DAYS))
def test_marks_stay_within_their_bounds_and_add_up(place: Office) -> None:
    evaluation = evaluate(frames(place.records), Policy(policy_file()), place.as_of)
    marked = evaluation.items.filter(pl.col("item") != "bonus")
    assert marked.select((pl.col("score") >= 0) & (pl.col("score") <= pl.col("full_mark")))["score"].all()
    assert marked.select((pl.col("deduction") >= 0) & (pl.col("deduction") <= pl.col("full_mark")))[
        "deduction"
    ].all()
    assert (evaluation.items["score"] >= 0).all()
    sums = evaluation.items.group_by("envoy_id", "year").agg(pl.col("score").sum(), pl.len().alias("items"))
    whole = evaluation.scores.join(sums, on=["envoy_id", "year"], validate="1:1")
    assert whole.height == evaluation.scores.height
    assert (whole["score"] == whole["total"]).all()
    assert (whole["items"] == 6).all()


def test_the_frames_are_as_their_tables_say() -> None:
    place = office(Random(3), dt.date(2024, 12, 31), 20)  # noqa: S311 a seeded example, not a secret
    evaluation = evaluate(frames(place.records), Policy(policy_file()), place.as_of)
    for table, frame in (
        (EnvoyScores, evaluation.scores),
        (EnvoyScoreItems, evaluation.items),
        (EnvoyRankings, evaluation.rankings),
        (EnvoyDuties, evaluation.duties),
    ):
        assert table.conform(frame).height > 0
        assert frame.schema == table.frame_schema()


def test_no_records_at_all_are_no_scores() -> None:
    empty: dict[str, list[Record]] = {sheet.table: [] for sheet in ENVOY_SHEETS}
    assert answers(empty, dt.date(2024, 12, 31)) == {}
