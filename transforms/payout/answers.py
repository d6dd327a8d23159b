"""What a night's 支付回执 say of the lines of approved batches, and what they can't say."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from schemas.payout import CONFIRMED, FAILED, LISTED
from transforms.frames import stacked

SUCCESS = "成功"
LINE = ["batch_id", "line_number"]
RECEIPT_RULES = "receipt_"
"""What the rules of all receipts that are not taken in begin with."""

UNKNOWN_LINE, TWICE, CONTRADICTS, NOTHING_TO_VOID = (
    RECEIPT_RULES + name for name in ("unknown_line", "twice", "contradicts", "nothing_to_void")
)
_ANSWERS = pl.Schema({"batch_id": pl.String(), "line_number": pl.Int64(), "is_paid": pl.Boolean()})
_MESSAGES = {
    UNKNOWN_LINE: "没有已批准的清单 {} 第 {} 行，回执未入账；请核对批次号和序号。",
    TWICE: "清单 {} 第 {} 行已有相同的回执，这一行不再入账。",
    NOTHING_TO_VOID: "清单 {} 第 {} 行没有已入账的回执，作废的这一行不影响账簿。",
    CONTRADICTS: "清单 {} 第 {} 行已有不同的回执，这一行未入账；请与财政部门核实后以书面处理。",
}


@dataclass(frozen=True)
class Answers:
    """The lines that are answered now, and the rows of receipts that are not taken in, each with its rule.

    `answered` has `batch_id`, `line_number`, `is_paid`; `refused` the rows with `rule` and `message`.
    """

    answered: pl.DataFrame
    refused: pl.DataFrame


def answers(receipts: pl.DataFrame, ledger: pl.DataFrame) -> Answers:
    """The receipts of one night against the ledger.

    `receipts` are all accepted rows of the night, in the order in which they were received, with `is_void`:
    also those that a later one replaces. Two different receipts of one night for a line settle nothing.
    """
    listed = ledger.filter(pl.col("kind") == LISTED).select(LINE).unique()
    known = (
        ledger.filter(pl.col("kind").is_in([CONFIRMED, FAILED]))
        .group_by(LINE)
        .agg(was_paid=(pl.col("kind") == CONFIRMED).first())
    )
    marked = (
        receipts.with_row_index("position")
        .with_columns(is_paid=pl.when(~pl.col("is_void")).then(pl.col("result") == SUCCESS))
        .join(listed.with_columns(is_listed=True), on=LINE, how="left", maintain_order="left")
        .join(known, on=LINE, how="left", maintain_order="left")
        .with_columns(
            is_at_odds=pl.col("is_paid").n_unique().over(LINE) > 1,
            is_first=pl.int_range(pl.len()).over(LINE) == 0,
        )
    )
    is_known = pl.col("was_paid").is_not_null()
    rule = (
        pl.when(pl.col("is_listed").is_null())
        .then(pl.lit(UNKNOWN_LINE))
        .when(is_known & (pl.col("is_paid") == pl.col("was_paid")))
        .then(pl.lit(TWICE))
        .when(is_known | pl.col("is_at_odds"))
        .then(pl.lit(CONTRADICTS))
        .when(pl.col("is_void"))
        .then(pl.lit(NOTHING_TO_VOID))
        .when(~pl.col("is_first"))
        .then(pl.lit(TWICE))
    )
    ruled = marked.with_columns(rule=rule)
    taken = ruled.filter(pl.col("rule").is_null()).select(list(_ANSWERS)).cast(_ANSWERS)
    refused = [
        ruled.filter(pl.col("rule") == name).with_columns(message=pl.format(text, *LINE))
        for name, text in _MESSAGES.items()
    ]
    return Answers(taken, stacked(refused).sort("position").select(*receipts.columns, "rule", "message"))
