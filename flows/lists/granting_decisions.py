"""What waits for somebody: to be decided, held, or one by one; why, and what would settle it."""

from __future__ import annotations

import polars as pl

from flows.lists.granting_rows import OUTCOME_WORDS
from schemas.investment import IncentiveClaims, Introducers, Projects
from schemas.investment_payments import Outcome
from schemas.payout import Programme
from transforms.frames import stacked
from transforms.payout.natural_order import natural_key

CASE_BY_CASE = "case_by_case"
CASE_BY_CASE_KIND = "一事一议"
_TO_DECIDE = "请作出决定，并记下决定文号"
_TO_MEND = "理由所列事项落实后重新核定"
_ONE_BY_ONE = "请一事一议决定，并记下决定文号"
_POLICY_OF_ITS_OWN = "单独制定政策"
_WAITING = (Outcome.FOR_DECISION.value, Outcome.HELD.value)
_COLUMNS = ["kind", "result", "named", "matter", "amount", "reason", "settled_by", "clause"]


def decision_rows(
    rewards: pl.DataFrame, incentives: pl.DataFrame, questions: pl.DataFrame, projects: pl.DataFrame
) -> pl.DataFrame:
    """The rewards and incentives to be decided or held, and the questions that are taken one by one.

    `rewards` and `incentives` are the rows of their sheets. What settles a held one is what is asked about
    its project, its introducer or its claim. Numbered from 1, with an empty `decision`.
    """
    reward = _waiting(rewards, Programme.INTRODUCTION_REWARD, pl.col("item_name"))
    incentive = _waiting(incentives, Programme.INVESTMENT_INCENTIVE, pl.format("优惠政策{}", "article"))
    of_rewards = _asked(questions, {Projects.title: "project_id", Introducers.title: "introducer_id"})
    of_claims = _asked(questions, {Projects.title: "project_id", IncentiveClaims.title: "claim_id"})
    rows = [
        _settled(reward, of_rewards),
        _settled(incentive, of_claims),
        _one_by_one(questions, projects),
    ]
    return (
        stacked(rows)
        .with_row_index("number", 1)
        .with_columns(pl.col("number").cast(pl.Int64), decision=pl.lit(None, pl.String))
    )


def _waiting(rows: pl.DataFrame, programme: Programme, matter: pl.Expr) -> pl.DataFrame:
    return rows.filter(pl.col("outcome").is_in(_WAITING)).with_columns(
        kind=pl.lit(programme.value),
        matter=pl.concat_str(matter, "project", separator="\n", ignore_nulls=True),
    )


def _asked(questions: pl.DataFrame, keys: dict[str, str]) -> dict[str, pl.DataFrame]:
    """By the field that names their subject, what is asked: `message_of_<field>`."""
    asked = questions.filter(pl.col("code") != CASE_BY_CASE)
    return {
        field: asked.filter(pl.col("sheet") == sheet)
        .group_by(pl.col("subject_id").alias(field))
        .agg(pl.col("message").unique(maintain_order=True).str.join("；").alias(f"message_of_{field}"))
        for sheet, field in keys.items()
    }


def _settled(rows: pl.DataFrame, asked: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The rows with `settled_by`."""
    joined = rows
    for field, messages in asked.items():
        joined = joined.join(messages, on=field, how="left", maintain_order="left")
    messages_of_row = pl.concat_str(
        [f"message_of_{field}" for field in asked], separator="；", ignore_nulls=True
    )
    is_to_decide = pl.col("outcome") == Outcome.FOR_DECISION.value
    return joined.with_columns(
        settled_by=pl.when(is_to_decide)
        .then(pl.lit(_TO_DECIDE))
        .when(messages_of_row != "")
        .then(messages_of_row)
        .otherwise(pl.lit(_TO_MEND))
    ).select(_COLUMNS)


def _one_by_one(questions: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    names = projects.select("project_name", subject_id="project_id")
    return (
        questions.filter(pl.col("code") == CASE_BY_CASE)
        .join(names, on="subject_id", how="left", maintain_order="left")
        .sort(natural_key(pl.col("subject_id")), maintain_order=True)
        .select(
            kind=pl.lit(CASE_BY_CASE_KIND),
            result=pl.lit(OUTCOME_WORDS[Outcome.FOR_DECISION]),
            named=pl.concat_str("project_name", "subject_id", separator="\n", ignore_nulls=True),
            matter=pl.lit(_POLICY_OF_ITS_OWN),
            amount=pl.when(pl.col("waiting_amount") != 0).then("waiting_amount"),
            reason="message",
            settled_by=pl.lit(_ONE_BY_ONE),
            clause="clause",
        )
    )
