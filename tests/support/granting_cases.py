"""Cases of rewards and incentives: builds their records, and compares what is granted line by line."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from flows.policies import load_policies
from schemas.investment import IncentiveClaims, Introducers, Projects
from schemas.policy import ReadingState, ReadingVersion, Review
from tests.support.payout_frames import id_number
from tests.support.records import frame
from transforms.granting import Granting, check_granting, grant
from transforms.policy import Policy

POLICIES = load_policies(Path(__file__).parents[2] / "data" / "policies")
AS_OF = date(2025, 3, 31)
REVIEWED_FROM = date(2024, 8, 1)
ROW = re.compile(r"^(\S+) (\S+) (\w+)(?:@(\d+))?$")
RESULT = re.compile(
    r"^(?P<row>.+): (?:(?P<arithmetic>[^|=]+) = )?(?P<amount>-?[\d.]+|none) "
    r"(?P<outcome>\w+)(?: \| (?P<reason>.+))?$"
)

ORDINARY_PROJECT: dict[str, Any] = {
    "project_id": "P1",
    "project_name": "示例项目",
    "investor_name": "示例公司",
    "investor_code": "CODE-1",
    "introducer_id": None,
    "fixed_investment_10k_yuan": "6000",
    "total_investment_10k_yuan": None,
    "industry": "生态环保型工业",
    "is_key_supported": True,
    "landed_on": date(2021, 6, 10),
    "in_production_on": date(2022, 9, 30),
    "verification": "已核实",
    "has_violation": False,
}
ORDINARY_INTRODUCER: dict[str, Any] = {
    "introducer_id": "I1",
    "introducer_name": "某甲",
    "introducer_kind": "自然人",
    "is_public_official": False,
}
ORDINARY_CLAIM: dict[str, Any] = {
    "claim_id": "C1",
    "project_id": "P1",
    "article": "第十五条",
    "year": 2022,
    "claimant_name": "某乙",
}
SHORT = {
    "introducer": "introducer_id",
    "fixed": "fixed_investment_10k_yuan",
    "total": "total_investment_10k_yuan",
    "landed": "landed_on",
    "produced": "in_production_on",
    "listed": "listed_on",
    "company": "investor_code",
    "kind": "introducer_kind",
    "official": "is_public_official",
    "target": "investment_target_10k_yuan",
    "since": "operating_since",
    "committed": "committed_years",
    "share": "core_revenue_share",
    "tax": "local_income_tax",
    "agreed": "agreed_investment_10k_yuan",
    "invested": "invested_within_three_years_10k_yuan",
    "project": "project_id",
    "jobs": "local_jobs",
    "fee": "design_fee",
}


def cases(folder: Path) -> list[Any]:
    """The cases of a folder as parameters."""
    return [
        pytest.param(case, id=f"{path.stem}: {case['case']}")
        for path in sorted(folder.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


def records(case: dict[str, Any]) -> dict[str, pl.DataFrame]:
    """The records of a case: what it says, and ordinary facts for the rest.

    An ID number is given as `person`, a small number; who has none gets one of their own, `0` means none.
    """
    projects = [_project(row) for row in case.get("projects", [{}])]
    introducers = [
        _identified(ORDINARY_INTRODUCER | _named(row), place)
        for place, row in enumerate(case.get("introducers", []), start=100)
    ]
    claims = [
        _identified(ORDINARY_CLAIM | _named(row), place)
        for place, row in enumerate(case.get("claims", []), start=200)
    ]
    for row in introducers:
        if row["introducer_kind"] != "自然人":
            row["is_public_official"] = row["is_public_official"] or None
    return {
        Projects.table: frame(Projects, projects),
        Introducers.table: frame(Introducers, introducers),
        IncentiveClaims.table: frame(IncentiveClaims, claims),
    }


def granted(case: dict[str, Any]) -> Granting:
    """What is granted in a case, checked as before publication."""
    night = records(case)
    result = grant(
        night,
        _changed(POLICIES.rewards, case),
        _changed(POLICIES.incentives, case),
        POLICIES.officers,
        case.get("as_of", AS_OF),
    )
    assert check_granting(result, night) == []
    return result


def compare(case: dict[str, Any]) -> None:
    """Every row of both tables must be as the case says, and every question that it lists must be asked."""
    result = granted(case)
    rewards = result.rewards.with_columns(
        row=pl.concat_str(
            pl.format("{} {} {}", "introducer_id", pl.col("project_id").fill_null("-"), "item"),
            pl.col("year").cast(pl.String),
            separator="@",
            ignore_nulls=True,
        )
    )
    found = _rows(rewards) | _rows(result.incentives.with_columns(row="claim_id"))
    expected = dict(_expected(line) for line in case.get("rewards", []) + case.get("results", []))
    assert {row: value[:2] for row, value in found.items()} == {r: v[:2] for r, v in expected.items()}
    for row, (_, _, needle) in expected.items():
        assert needle is None or needle in found[row][2], (row, found[row][2])
    questions = {
        f"{row['subject_id']} {row['code']} {row['waiting_amount']}" for row in result.questions.to_dicts()
    }
    assert questions == set(case.get("open", []))
    resting = {row: reading for row, (_, _, _, reading) in found.items() if reading}
    assert resting == case.get("resting", {})


def worked_out(arithmetic: str) -> Decimal:
    """A sum of products, exactly, rounded half up to the 分."""
    total = Fraction(0)
    for sign, term in re.findall(r"(^|[+-]) ?([^+-]+)", arithmetic):
        value = Fraction(1)
        for factor in term.split("×"):
            value *= Fraction(factor.strip())
        total += -value if sign == "-" else value
    return Decimal(int(total * 100 + Fraction(1, 2))) / 100


def _expected(line: str) -> tuple[str, tuple[Decimal | None, str, str | None]]:
    match = RESULT.match(line)
    assert match, f"not a line: {line}"
    amount = None if match["amount"] == "none" else Decimal(match["amount"])
    if match["arithmetic"]:
        assert worked_out(match["arithmetic"]) == amount, line
    return match["row"], (amount, match["outcome"], match["reason"])


def _rows(table: pl.DataFrame) -> dict[str, tuple[Decimal | None, str, str, str | None]]:
    return {r["row"]: (r["amount"], r["outcome"], r["reason"], r["reading"]) for r in table.to_dicts()}


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {SHORT.get(name, name): value for name, value in row.items()}


def _project(row: dict[str, Any]) -> dict[str, Any]:
    named = _named({"project_id" if name == "id" else name: value for name, value in row.items()})
    project = ORDINARY_PROJECT | named
    return project | {
        "total_investment_10k_yuan": project["total_investment_10k_yuan"]
        or project["fixed_investment_10k_yuan"]
    }


def _identified(row: dict[str, Any], place: int) -> dict[str, Any]:
    number = row.pop("id", None)
    if number is not None:
        row["claim_id" if "claim_id" in row else "introducer_id"] = number
    person = row.pop("person", place)
    return row | {"id_number": id_number(person) if person else None}


def _changed(policy: Policy, case: dict[str, Any]) -> Policy:
    """The policy with the readings and reviews of the case."""
    content = policy.content
    readings = {
        name: content.readings[name].model_copy(
            update={
                "versions": (
                    ReadingVersion(
                        effective_from=policy.first_day(),
                        state=ReadingState.UNDECIDED if choice == "undecided" else ReadingState.PROVISIONAL,
                        choice=None if choice == "undecided" else choice,
                    ),
                )
            }
        )
        for name, choice in case.get("readings", {}).items()
        if name in content.readings
    }
    reviews = tuple(
        Review(article=article, effective_from=REVIEWED_FROM, number=number)
        for article, number in case.get("reviews", {}).items()
    )
    return Policy(content.model_copy(update={"readings": content.readings | readings, "reviews": reviews}))
