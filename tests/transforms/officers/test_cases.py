"""The cases of the officers' measures: each a sentence, its facts, and what must follow."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from flows.policies import load_policies
from tests.transforms.officers.registers import registers
from transforms.officers.checks import check_officers
from transforms.officers.review import OfficerReview, review_officers

FOLDER = Path(__file__).parent / "cases"
POLICY = load_policies(Path(__file__).parents[3] / "data" / "policies").officers
REVIEW = re.compile(r"^(\S+) (\w+)(?:@(\d+))?: (yes|no|open)(?: (.+))?$")
EXPENSE = re.compile(r"^([^\s@]+)(?:@(\d+))?: (?:(.+) = )?([\d.]+)(?: (\D.*))?$")
MET = {"yes": True, "no": False, "open": None}


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['case']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text("utf-8"))
    ]


@pytest.mark.parametrize("case", cases())
def test_case(case: dict[str, Any]) -> None:
    records = registers(case)
    review = review_officers(records, POLICY, case.get("as_of", date(2022, 12, 31)))
    if "reviews" in case:
        expect_reviews(review, case["reviews"])
    if "expenses_follow" in case:
        expect_expenses(review, case["expenses_follow"])
    questions = review.questions.select("code", "sheet", "subject_id", "record_count", "waiting_amount")
    assert [" ".join(map(str, row)) for row in questions.rows()] == case.get("open", [])
    assert check_officers(review, records) == []


def expect_reviews(review: OfficerReview, lines: list[str]) -> None:
    """All rows of the duties that the lines name, and the words that they quote."""
    expected, quoted = [], []
    for line in lines:
        match = REVIEW.match(line)
        assert match, f"not a review: {line}"
        officer, duty, year, met, words = match.groups()
        expected.append((officer, duty, year and Decimal(year), MET[met]))
        quoted.append(words)
    named = review.reviews.filter(pl.col("duty").is_in([duty for _, duty, _, _ in expected]))
    assert named.select("officer_id", "duty", "engagement_year", "met").rows() == expected
    for words, detail in zip(quoted, named["detail"], strict=True):
        assert words is None or words in detail


def expect_expenses(review: OfficerReview, lines: list[str]) -> None:
    """Every invoice in order: the year, what is reimbursed, and words of the reason."""
    found = review.expenses.select("invoice_number", "engagement_year", "reimbursed").rows()
    expected = []
    for line, reason in zip(lines, review.expenses["reason"], strict=True):
        match = EXPENSE.match(line)
        assert match, f"not an expense: {line}"
        invoice, year, arithmetic, amount, words = match.groups()
        if arithmetic:
            first, *others = map(Decimal, arithmetic.split(" - "))
            assert first - sum(others) == Decimal(amount), line
        expected.append((invoice, year and Decimal(year), Decimal(amount)))
        assert words is None or words in reason
    assert found == expected
