"""What always holds of a draft: nothing lost, nothing twice, every sum equal to the 分."""

from __future__ import annotations

from decimal import Decimal

import polars as pl

from schemas.compensation import Status
from schemas.payout import Programme
from transforms.frames import stacked
from transforms.payout.batches import Draft, batch_digest
from transforms.payout.obligations import HELD, LINE, RECEIVABLE

_ZERO = Decimal("0.00")
_SHOWN_AT_MOST = 10


def check_draft(draft: Draft, *, dues: pl.DataFrame, line_items: pl.DataFrame) -> list[str]:
    """The checks that failed, each with the number it concerns and by how much; empty when all hold.

    `dues` is what the draft was made of, `line_items` the table that its housing part came from.
    """
    return [
        *_batch_failures(draft),
        *_line_failures(draft),
        *_obligation_failures(draft, dues),
        *_place_failures(draft),
        *_party_failures(draft, dues),
        *_housing_failures(dues, line_items),
    ]


def _batch_failures(draft: Draft) -> list[str]:
    lines = draft.lines.group_by("batch_id").agg(pl.col("amount").sum(), found_count=pl.len().cast(pl.Int64))
    failures = _differences(
        "批次合计 = 各行之和",
        _amounts(draft.batches, "batch_id", "total_amount"),
        _amounts(lines, "batch_id"),
    )
    counts = draft.batches.join(lines, on="batch_id", how="left").with_columns(
        pl.col("found_count").fill_null(0)
    )
    failures += [
        f"批次笔数 = 行数：{batch_id} 应为 {expected}，实为 {found}"
        for batch_id, expected, found in counts.filter(pl.col("line_count") != pl.col("found_count"))
        .select("batch_id", "line_count", "found_count")
        .iter_rows()
    ]
    return failures + [
        f"批次摘要 = 各行内容的摘要：{batch_id} 不符"
        for batch_id, digest in draft.batches.select("batch_id", "digest").iter_rows()
        if digest != batch_digest(batch_id, draft.lines, draft.line_items)
    ]


def _line_failures(draft: Draft) -> list[str]:
    name = pl.format("{} 第 {} 行", "batch_id", "line_number").alias("line")
    failures = _differences(
        "清单行 = 其明细之和",
        _amounts(draft.lines.with_columns(name), "line"),
        _amounts(draft.line_items.with_columns(name), "line"),
    )
    not_positive = draft.lines.filter(pl.col("amount") <= 0).select(name).to_series()
    return failures + [f"清单行大于 0：{line} 不大于 0" for line in not_positive]


def _obligation_failures(draft: Draft, dues: pl.DataFrame) -> list[str]:
    failures = _differences(
        "每项应付款项恰好处理一次",
        _amounts(dues, "obligation_key"),
        _amounts(draft.obligations, "obligation_key"),
    )
    key = ["obligation_key", "payee_id"]
    doubled = draft.obligations.filter(pl.struct(key).is_duplicated())["obligation_key"].unique().sort()
    return failures + [f"每项应付款项恰好处理一次：{name} 重复" for name in doubled.head(_SHOWN_AT_MOST)]


def _place_failures(draft: Draft) -> list[str]:
    """The obligations of each place add up to the table of that place."""
    failures: list[str] = []
    for check, place, table, sign in (
        ("清单明细 = 列入的款项", LINE, draft.line_items, 1),
        ("暂缓 = 暂缓的款项", HELD, draft.held, 1),
        ("应收 = 应收的款项", RECEIVABLE, draft.receivables, -1),
    ):
        name = "obligation_key" if place == LINE else "payee_id"
        parts = draft.obligations.filter(pl.col("place") == place).with_columns(pl.col("amount") * sign)
        failures += _differences(check, _amounts(parts, name), _amounts(table, name))
    return failures


def _party_failures(draft: Draft, dues: pl.DataFrame) -> list[str]:
    """Per party, from the delivered tables alone: net = lines + held − receivables."""
    party = pl.col("payee_id").str.split("#").list.first()
    lines = draft.lines.join(draft.batches.select("batch_id", "programme"), on="batch_id", how="left")
    delivered = stacked(
        frame.select(
            party=pl.format("{} {}", "programme", party),
            amount=pl.col("amount").cast(pl.Decimal(38, 2)) * sign,
        )
        for frame, sign in ((lines, 1), (draft.held, 1), (draft.receivables, -1))
    )
    owed = dues.with_columns(party=pl.format("{} {}", "programme", "party_id"))
    return _differences("净额 = 清单 + 暂缓 − 应收", _amounts(owed, "party"), _amounts(delivered, "party"))


def _housing_failures(dues: pl.DataFrame, line_items: pl.DataFrame) -> list[str]:
    owed = line_items.filter(pl.col("status") == Status.OWED.value)
    housing = dues.filter(pl.col("programme") == Programme.HOUSING_COMPENSATION.value)
    return _differences(
        "每户应付项目之和 = 列入处理的款项", _amounts(owed, "household_id"), _amounts(housing, "party_id")
    )


def _amounts(frame: pl.DataFrame, name: str, amount: str = "amount") -> pl.DataFrame:
    return frame.group_by(pl.col(name).alias("name")).agg(
        pl.col(amount).sum().cast(pl.Decimal(38, 2)).alias("sum")
    )


def _differences(check: str, expected: pl.DataFrame, found: pl.DataFrame) -> list[str]:
    """A sentence for each name whose sums differ, where a name that is missing counts as 0."""
    zero = pl.lit(_ZERO).cast(pl.Decimal(38, 2))
    differing = (
        expected.join(found.rename({"sum": "found"}), on="name", how="full", coalesce=True)
        .with_columns(pl.col("sum").fill_null(zero), pl.col("found").fill_null(zero))
        .filter(pl.col("sum") != pl.col("found"))
        .sort("name")
    )
    sentences = [
        f"{check}：{name} 应为 {wanted}，实为 {got}，差 {got - wanted}"
        for name, wanted, got in differing.head(_SHOWN_AT_MOST).select("name", "sum", "found").iter_rows()
    ]
    rest = differing.height - len(sentences)
    return [*sentences, f"{check}：另有 {rest} 处不符"] if rest else sentences
