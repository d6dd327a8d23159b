"""The cases of the envoys' evaluation: each a sentence, its facts, and the lines that must follow."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from flows.policies import load_policies
from schemas.investment_scores import ScoreItem
from tests.transforms.envoys.facts import changed, envoy_records
from transforms.envoys.checks import check_evaluation
from transforms.envoys.evaluation import Evaluation, evaluate
from transforms.envoys.evidence import NO_ENTRY, NO_REPORT, evidence

CASES = Path(__file__).parent / "cases"
POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").envoys
ITEM = re.compile(r"^(\S+) (\d{4}) (\w+): (?:(.+) = )?([\d.]+)$")
TOTAL = re.compile(
    r"^(\S+) (\d{4})(?:Q(\d))?: ([\d.]+) \+ ([\d.]+) = ([\d.]+)(?: (优秀|合格|不合格))? #(\d+)$"
)
DUTY = re.compile(r"^(\S+) (\d{4}) (\w+): (yes|no|open)(?:, (.+))?$")
MET = {"yes": True, "no": False, "open": None}
OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['case']}")
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


def worked_out(arithmetic: str) -> Decimal:
    """Sums, products, quotients and brackets, exactly, rounded half up to 0.01."""
    plain = arithmetic.replace("×", "*").replace("÷", "/")
    value = _value(ast.parse(plain, mode="eval").body)
    return Decimal(int(value * 100 + Fraction(1, 2))) / 100


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Fraction(str(number))
        case ast.BinOp(left=left, op=operation, right=right):
            return OPERATIONS[type(operation)](_value(left), _value(right))
    raise ValueError(ast.dump(node))


@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any]) -> None:
    records = envoy_records(case["envoys"], case.get("rows"))
    policy = changed(POLICY, case.get("readings", {}), case.get("values", {}))
    as_of = case.get("as_of", date(2022, 12, 31))
    done = evaluate(records, policy, as_of)
    for line in case.get("lines", []):
        holds(line, done)
    for line, months in case.get("months", {}).items():
        envoy_id, year = line.split(" ")
        assert row_of(done.scores, envoy_id=envoy_id, year=int(year))["months"] == months
    for line, expected in case.get("fields", {}).items():
        envoy_id, year = line.split(" ")
        row = row_of(done.scores, envoy_id=envoy_id, year=int(year))
        assert {name: row[name] for name in expected} == expected
    if "scored" in case:
        assert scored(done) == case["scored"]
    asked = done.questions.select("subject_id", "sheet", "code", "record_count").rows()
    assert [" ".join(map(str, row)) for row in asked] == case.get("open", [])
    assert check_evaluation(done, records) == []
    adds_up(done, evidence(records, policy, as_of))


def holds(line: str, done: Evaluation) -> None:
    """One line of a case: an item, a total of a year or quarter with its place, or a duty."""
    if match := TOTAL.match(line):
        envoy_id, year, quarter, *points, grade, rank = match.groups()
        table = done.rankings if quarter else done.scores
        row = row_of(
            table, envoy_id=envoy_id, year=int(year), **({"quarter": int(quarter)} if quarter else {})
        )
        found = [str(row[name]) for name in ("base_score", "bonus", "total")]
        assert (found, row.get("grade"), row["rank"]) == (points, grade, int(rank)), line
    elif match := ITEM.match(line):
        envoy_id, year, item, arithmetic, score = match.groups()
        if arithmetic:
            assert worked_out(arithmetic) == Decimal(score), line
        row = row_of(done.items, envoy_id=envoy_id, year=int(year), item=ScoreItem(item).value)
        assert str(row["score"]) == score, f"{line}: {row['basis']}"
    else:
        match = DUTY.match(line)
        assert match, f"not a line: {line}"
        envoy_id, year, duty, met, detail = match.groups()
        row = row_of(done.duties, envoy_id=envoy_id, year=int(year), duty=duty)
        assert row["met"] is MET[met], f"{line}: {row['detail']}"
        assert (detail or "") in row["detail"], f"{line}: {row['detail']}"


def row_of(table: pl.DataFrame, **key: object) -> dict[str, Any]:
    found = table.filter(pl.all_horizontal(pl.col(name) == value for name, value in key.items()))
    assert found.height == 1, key
    return found.row(0, named=True)


def scored(done: Evaluation) -> list[str]:
    years = [f"{envoy} {year}" for envoy, year in done.scores.select("envoy_id", "year").rows()]
    quarters = done.rankings.select("envoy_id", "year", "quarter").rows()
    return sorted([*years, *(f"{envoy} {year}Q{quarter}" for envoy, year, quarter in quarters)])


def adds_up(done: Evaluation, found: pl.DataFrame) -> None:
    """What counts among the evidence makes `measured` of each item; of journal and reports, what is amiss."""
    days = pl.col("reason").str.extract(r"^计 (\d+) 天", 1).cast(pl.Int64).filter(pl.col("counts")).sum()
    amiss = ~pl.col("counts") & (
        pl.col("reason").is_in([NO_ENTRY, NO_REPORT]) | pl.col("reason").str.starts_with("迟报")
    )
    is_due = pl.col("item").is_in([ScoreItem.JOURNAL.value, ScoreItem.REPORTING.value])
    of_item = found.group_by("envoy_id", "year", "item").agg(
        counted=pl.when(pl.col("item").first() == ScoreItem.DAYS_AWAY)
        .then(days)
        .when(is_due.first())
        .then(amiss.sum().cast(pl.Int64))
        .otherwise(pl.col("counts").sum().cast(pl.Int64))
    )
    key = ["envoy_id", "year"]
    items = done.items.join(of_item, on=[*key, "item"], how="left").join(
        done.scores.select(*key, "months"), on=key
    )
    for row in items.iter_rows(named=True):
        divisor = row["months"] if row["item"] == ScoreItem.DAYS_AWAY else 1
        exact = Fraction(row["counted"] or 0, divisor) * 10_000
        assert Decimal(int(exact + Fraction(1, 2))) / 10_000 == row["measured"], row
    assert found.join(done.scores, on=key, how="anti").is_empty()
