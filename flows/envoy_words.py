"""What officials read of an envoy's score: the names of duties, of what became of them, and numbers."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.investment_scores import SCORE_ITEM_TITLES, EnvoyDuty, ScoreItem

DUTY_TITLES = {
    EnvoyDuty.LANDED_PROJECT: "每年落地项目",
    EnvoyDuty.MONTHLY_VISITS: "每月走访企业",
    EnvoyDuty.MONTHLY_NEGOTIATIONS: "每月深入洽谈项目",
    EnvoyDuty.AGE_AT_POSTING: "派驻时的年龄",
    EnvoyDuty.RANK_AT_POSTING: "派驻时的职级",
    EnvoyDuty.POSTING_TERM: "派驻期限",
}
MET_WORDS = {True: "履行", False: "未履行", None: "尚不能判断"}
COUNTS_WORDS = {True: "计入", False: "不计"}
ITEM_ORDER = pl.Enum([item.value for item in ScoreItem])
DUTY_ORDER = pl.Enum([duty.value for duty in EnvoyDuty])


def item_title(item: str) -> str:
    """The name of an item of the evaluation's table."""
    return SCORE_ITEM_TITLES[ScoreItem(item)]


def duty_title(duty: str) -> str:
    """The name of a duty."""
    return DUTY_TITLES[EnvoyDuty(duty)]


def trimmed(value: Decimal | None) -> Decimal | None:
    """The same number without zeros at its end."""
    if value is None or value == value.to_integral_value():
        return None if value is None else value.quantize(Decimal(1))
    return value.normalize()


def in_reading_order(evidence: pl.DataFrame) -> pl.DataFrame:
    """Rows of evidence by item, what counts first, then by day and row."""
    return evidence.sort(
        "envoy_id",
        "year",
        pl.col("item").cast(ITEM_ORDER),
        ~pl.col("counts"),
        "happened_on",
        "sheet",
        "upload_id",
        "row_number",
        "what",
        nulls_last=True,
    )


def readings_named(codes: pl.Series) -> list[str]:
    """The readings that rows rest on, each once, from their columns of codes."""
    return sorted({code for text in codes.drop_nulls() for code in text.split()})
