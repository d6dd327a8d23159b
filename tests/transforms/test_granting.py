"""What holds of every granting, and what the checks before publication find."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from schemas.investment_payments import Outcome
from tests.support.granting_cases import granted, records
from transforms.granting import check_granting

TOWN: dict[str, Any] = {
    "introducers": [
        {"kind": "第三方机构"},
        {"id": "I2", "official": True},
        {"id": "I3", "kind": "单位", "target": "5000"},
    ],
    "projects": [
        {"introducer": "I1", "total": "7000"},
        {"id": "P2", "introducer": "I2"},
        {"id": "P3", "introducer": "I3"},
        {"id": "P4", "introducer": "I1", "landed": None, "total": "8000"},
    ],
    "claims": [
        {"article": "第十二条", "on_schedule": True},
        {"id": "C2", "project": "P3", "jobs": 301, "person": 7},
        {"id": "C3", "project": "P3", "article": "第十三条", "person": 7},
        {"id": "C4", "project": "P4", "article": "第十二条", "on_schedule": True},
    ],
}


def test_without_records_nothing_is_granted() -> None:
    result = granted({"projects": []})
    assert result.rewards.is_empty()
    assert result.incentives.is_empty()
    assert result.questions.is_empty()


def test_the_same_records_in_another_order_give_the_same() -> None:
    turned = {sheet: list(reversed(rows)) for sheet, rows in TOWN.items()}
    numbered = {"id": "C1", "project": "P1"}
    turned["claims"] = [numbered | row for row in turned["claims"]]
    columns = pl.exclude("sources")
    first, second = granted(TOWN), granted(turned)
    assert first.rewards.select(columns).equals(second.rewards.select(columns))
    assert first.incentives.drop("sources").equals(second.incentives.drop("sources"))


def test_no_text_shows_an_id_number_or_the_name_of_anyone() -> None:
    result = granted(TOWN)
    texts = [
        text
        for frame in (result.rewards, result.incentives, result.questions)
        for name in ("reason", "basis", "reading", "clause", "message", "sources")
        if name in frame.columns
        for text in frame[name].drop_nulls()
    ]
    assert texts
    assert not [text for text in texts if re.search(r"[0-9]{17}[0-9X]|某甲|某乙", text)]


def test_one_missing_day_is_asked_once_and_only_the_highest_waits_for_it() -> None:
    questions = granted(TOWN).questions.filter(pl.col("subject_id") == "P4")
    assert questions.select("code", "record_count", "waiting_amount").rows() == [
        ("landed_on_missing", 1, Decimal("240000.00"))
    ]


def test_sources_name_the_rows() -> None:
    row = granted(TOWN).rewards.row(by_predicate=pl.col("item") == "unit_reward", named=True)
    assert row["sources"] == "投资项目@upload#4 引资人@upload#4"


def test_each_row_says_from_when_its_measures_are() -> None:
    result = granted(TOWN)
    assert result.rewards["policy_version"].unique().to_list() == [date(2021, 4, 20)]
    assert result.incentives["policy_version"].unique().to_list() == [date(2021, 4, 20)]


@pytest.mark.parametrize(
    ("table", "row", "changed", "complaint"),
    [
        ("rewards", "I3", {"amount": pl.lit(Decimal("50000.01"))}, "arithmetic of rewards: 1 rows"),
        (
            "incentives",
            "C2",
            {"basis": pl.lit("301 人 × 200 元/人 = 60,200.01 元")},
            "arithmetic of incentives",
        ),
        ("rewards", "I3", {"granted": pl.lit(value=False)}, "granted in rewards"),
        ("rewards", "I2", {"granted": pl.lit(value=True)}, "public officials"),
        (
            "incentives",
            "C3",
            {"granted": pl.lit(value=True), "outcome": pl.lit(Outcome.GRANTED.value)},
            "highest: 1 rows, first: P3",
        ),
        ("incentives", "C1", {"outcome": pl.lit(Outcome.FAILS.value)}, "agencies: 1 claims, 2 rewards"),
        ("incentives", "C1", {"article": pl.lit("第九条")}, "claims in rewards"),
        ("incentives", "C1", {"claim_id": pl.lit("C9")}, "claims: 4 claimed, 4 listed"),
    ],
)
def test_the_checks_find(table: str, row: str, changed: dict[str, pl.Expr], complaint: str) -> None:
    result = granted(TOWN)
    frame = getattr(result, table)
    is_row = pl.col(frame.columns[0]) == row
    broken = frame.with_columns(
        pl.when(is_row).then(value.cast(frame.schema[name])).otherwise(pl.col(name)).alias(name)
        for name, value in changed.items()
    )
    failures = check_granting(replace(result, **{table: broken}), records(TOWN))
    assert any(complaint in failure for failure in failures), failures
