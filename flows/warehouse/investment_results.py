"""What a night computes of investment, into its tables: each is replaced whole."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import polars as pl

from flows.warehouse.connection import transaction
from flows.warehouse.tables import replace
from schemas.investment_payments import Incentives, OfficerReimbursements, OfficerReviews, Rewards
from schemas.investment_scores import InvestmentQuestions
from transforms.frames import stacked
from transforms.granting import Granting
from transforms.officers.review import OfficerReview


def store_granting(connection: duckdb.DuckDBPyConnection, granting: Granting) -> None:
    """Put the rewards and incentives in the place of the earlier ones."""
    with transaction(connection):
        replace(connection, Rewards, granting.rewards)
        replace(connection, Incentives, granting.incentives)


def store_officers(connection: duckdb.DuckDBPyConnection, review: OfficerReview) -> None:
    """Put the officers' reviews and reimbursements in the place of the earlier ones."""
    with transaction(connection):
        replace(connection, OfficerReviews, review.reviews)
        replace(connection, OfficerReimbursements, review.expenses)


def store_questions(connection: duckdb.DuckDBPyConnection, questions: Iterable[pl.DataFrame]) -> None:
    """Put the open questions of all parts of investment, together, in the place of the earlier ones."""
    with transaction(connection):
        replace(connection, InvestmentQuestions, stacked([InvestmentQuestions.empty(), *questions]))
