"""The cases of the compensation plan: each a sentence, its facts, and every line that must follow."""

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
from schemas.policy import ReadingState, ReadingVersion
from tests.support.records import records
from transforms.compensation.checks import check_arithmetic, check_settlement
from transforms.compensation.settlement import settle
from transforms.policy import Policy

CASES = Path(__file__).parent / "cases"
POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").compensation
LINE = re.compile(r"^(\S+) (\w+)(?:@(\S+))?: (?:(.+) = )?(-?[\d.]+) (owed|held|estimate)$")


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['case']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


def with_readings(policy: Policy, readings: dict[str, str]) -> Policy:
    """The policy with readings settled as the case says."""
    content = policy.content
    changed = {
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
        for name, choice in readings.items()
    }
    return Policy(content.model_copy(update={"readings": content.readings | changed}))


def worked_out(arithmetic: str) -> Decimal:
    """A sum of products, exactly, rounded half up to the 分."""
    total = Fraction(0)
    for sign, term in re.findall(r"(^|[+-]) ?([^+-]+)", arithmetic):
        value = Fraction(1)
        for factor in term.split("×"):
            value *= Fraction(factor.strip())
        total += -value if sign == "-" else value
    cents = abs(total) * 100
    rounded = int(cents + Fraction(1, 2))
    return Decimal(rounded if total >= 0 else -rounded) / 100


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any]) -> None:
    night = records(case["buildings"], decisions=case.get("decisions", []), payees=case.get("payees", []))
    policy = with_readings(POLICY, case.get("readings", {}))
    settlement = settle(night, policy, case.get("as_of", date(2022, 1, 31)))

    expected = []
    for line in case["lines"]:
        match = LINE.match(line)
        assert match, f"not a line: {line}"
        building, item, period, arithmetic, amount, status = match.groups()
        if arithmetic:
            assert worked_out(arithmetic) == Decimal(amount), line
        expected.append((None if building == "-" else building, item, period, Decimal(amount), status))
    rows = settlement.line_items.select("building_id", "item", "period", "amount", "status")
    if "only" in case:
        rows = rows.filter(pl.col("item").is_in(case["only"]))
    found = rows.rows()
    assert sorted(found, key=str) == sorted(expected, key=str)

    codes = sorted(settlement.open_questions["code"].to_list())
    assert codes == sorted(case.get("open", []))
    for building, area in case.get("areas", {}).items():
        row = settlement.buildings.row(by_predicate=pl.col("building_id") == building, named=True)
        assert [row["compensable_area_m2"], row["excess_area_m2"]] == [Decimal(str(a)) for a in area]
    if "alternatives" in case:
        choices = {(r["item"], r["choice"]): str(r["amount"]) for r in settlement.alternatives.to_dicts()}
        assert choices == {tuple(key.split(" ")): value for key, value in case["alternatives"].items()}
    assert check_settlement(settlement, night) == []
    assert check_arithmetic(settlement.line_items) == []
