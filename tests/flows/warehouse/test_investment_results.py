"""What a night stores of investment stands alone the next night."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from flows.warehouse.connection import transaction, writing
from flows.warehouse.investment_results import store_granting, store_officers, store_questions
from flows.warehouse.migrate import make_tables
from schemas.investment_payments import Incentives, OfficerReimbursements, OfficerReviews, Rewards
from schemas.investment_scores import InvestmentQuestions
from transforms.granting import Granting
from transforms.officers.review import OfficerReview

DUTY = {
    "officer_id": "TJ-1",
    "officer_name": "示例戊",
    "engagement_year": None,
    "duty": "age",
    "met": True,
    "detail": "50 周岁",
    "clause": "第三条(一)",
}


def asked(number: str) -> pl.DataFrame:
    row = dict.fromkeys(InvestmentQuestions.columns, "示例") | {
        "subject_id": number,
        "record_count": 1,
        "waiting_amount": 0,
    }
    return pl.DataFrame([row]).cast(InvestmentQuestions.frame_schema())  # type: ignore[arg-type]


def test_each_night_replaces_the_one_before(tmp_path: Path) -> None:
    reviews = pl.DataFrame([DUTY]).cast(OfficerReviews.frame_schema())  # type: ignore[arg-type]
    review = OfficerReview(reviews, OfficerReimbursements.empty(), InvestmentQuestions.empty())
    granting = Granting(Rewards.empty(), Incentives.empty(), asked("XM-1"))
    with writing(tmp_path / "arxan.duckdb") as connection:
        with transaction(connection):
            make_tables(connection)
        for _ in range(2):
            store_granting(connection, granting)
            store_officers(connection, review)
            store_questions(connection, [granting.questions, review.questions, asked("DS-1")])
        assert connection.execute("SELECT duty, met FROM investment.officer_reviews").fetchall() == [
            ("age", True)
        ]
        found = connection.execute("SELECT subject_id FROM investment.open_questions ORDER BY ALL").fetchall()
        assert found == [("DS-1",), ("XM-1",)]
