"""The rows of the granting workbook, as those who decide read them: names, words, and what it comes to."""

from __future__ import annotations

import polars as pl

from schemas.investment_payments import OfficerDuty, Outcome
from transforms import wording
from transforms.money import MONEY
from transforms.payout.natural_order import natural_key

OUTCOME_WORDS = {
    Outcome.GRANTED: "给予",
    Outcome.FOR_DECISION: "报请决定",
    Outcome.HELD: "暂缓",
    Outcome.GIVES_WAY: "让位",
    Outcome.FAILS: "不符合",
    Outcome.IN_REWARDS: "列入奖励",
}
"""In the order in which they stand on a sheet."""
WHOLE, PART, NONE, UNREGISTERED = "全额报销", "部分报销", "不予报销", "等待登记"
MET, NOT_MET, NOT_YET = "履行", "未履行", "尚不能判断"
DUTY_TITLES = {
    OfficerDuty.DELEGATIONS: "组织考察",
    OfficerDuty.SIGNED_PROJECTS: "促成签约",
    OfficerDuty.LANDED_PROJECTS: "项目落地",
    OfficerDuty.MONTHLY_CONTACT: "每月联络",
    OfficerDuty.AGE: "选聘年龄",
    OfficerDuty.ONE_PER_PROVINCE: "一省一人（家）",
}
_OUTCOMES = pl.Enum([outcome.value for outcome in OUTCOME_WORDS])


def reward_rows(rewards: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """Every reward, by outcome and then by introducer, with `named`, `project`, `standard`, `result`."""
    year = pl.format("{} 年度", "year")
    return _by_outcome(rewards, "introducer_id", projects).with_columns(
        named=_with_number("introducer_name", "introducer_id"),
        project=pl.coalesce(_project(), year),
    )


def incentive_rows(incentives: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """Every claim, by outcome and then by number, with `named`, `project`, `standard`, `result`."""
    return _by_outcome(incentives, "claim_id", projects).with_columns(
        named=_with_number("claimant_name", "claim_id"), project=_project()
    )


def expense_rows(expenses: pl.DataFrame) -> pl.DataFrame:
    """Every invoice in the order in which the funds are used up, with `named`, `year`, `day`, `result`."""
    reimbursed = pl.col("reimbursed")
    result = (
        pl.when(pl.col("officer_name").is_null())
        .then(pl.lit(UNREGISTERED))
        .when(reimbursed == pl.col("expense_amount"))
        .then(pl.lit(WHOLE))
        .when(reimbursed > 0)
        .then(pl.lit(PART))
        .otherwise(pl.lit(NONE))
    )
    return expenses.with_columns(
        result=result,
        named=_with_number("officer_name", "officer_id"),
        year=pl.coalesce(_year_of_engagement(), pl.lit("聘期外")),
        day=pl.col("spent_on").cast(pl.String),
    )


def duty_rows(reviews: pl.DataFrame) -> pl.DataFrame:
    """Every duty that was reviewed, officer by officer, with `named`, `year`, `duty_name`, `result`."""
    return reviews.with_columns(
        named=_with_number("officer_name", "officer_id"),
        year=pl.coalesce(_year_of_engagement(), pl.lit("整个聘期")),
        duty_name=pl.col("duty").replace_strict(_as_text(DUTY_TITLES), return_dtype=pl.String),
        result=pl.when("met")
        .then(pl.lit(MET))
        .when(~pl.col("met"))
        .then(pl.lit(NOT_MET))
        .otherwise(pl.lit(NOT_YET)),
    )


def totals(rows: pl.DataFrame, results: tuple[str, ...], amount: str | None = None) -> list[str]:
    """A sentence per result that there is: how many rows, and what they come to."""
    return [
        _total(name, rows.filter(pl.col("result") == name), amount) for name in results if _has(rows, name)
    ]


def _has(rows: pl.DataFrame, result: str) -> bool:
    return bool((rows["result"] == result).any())


def _total(result: str, rows: pl.DataFrame, amount: str | None) -> str:
    text = f"{result}：{rows.height} 项"
    if amount is None:
        return text
    unknown = rows[amount].null_count()
    if unknown == rows.height:
        return f"{text}，金额尚不能计算"
    tail = f"（其中 {unknown} 项的金额尚不能计算）" if unknown else ""
    total = rows.select(wording.money(pl.col(amount).sum().cast(MONEY))).item()
    return f"{text}，合计 {total}{tail}"


def _by_outcome(results: pl.DataFrame, number: str, projects: pl.DataFrame) -> pl.DataFrame:
    names = projects.select("project_id", "project_name")
    return (
        results.join(names, on="project_id", how="left", maintain_order="left")
        .sort(
            pl.col("outcome").cast(_OUTCOMES),
            natural_key(pl.col(number)),
            natural_key(pl.col("project_id")),
            "year",
            nulls_last=True,
            maintain_order=True,
        )
        .with_columns(
            result=pl.col("outcome").replace_strict(_as_text(OUTCOME_WORDS), return_dtype=pl.String),
            standard=wording.plain(pl.col("rate")),
        )
    )


def _with_number(name: str, number: str) -> pl.Expr:
    return pl.concat_str(name, number, separator="\n", ignore_nulls=True)


def _project() -> pl.Expr:
    """Name and number of the project, the number alone while the project is not registered, or null."""
    is_given = pl.col("project_id").is_not_null()
    return pl.when(is_given).then(_with_number("project_name", "project_id"))


def _year_of_engagement() -> pl.Expr:
    return pl.format("第 {} 年", "engagement_year")


def _as_text(words: dict[Outcome, str] | dict[OfficerDuty, str]) -> dict[str, str]:
    return {str(code): word for code, word in words.items()}
