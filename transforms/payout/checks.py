"""What always holds of a draft: nothing lost, nothing twice, every sum equal to the 分."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import polars as pl

from schemas.compensation import Status
from schemas.payout import LISTED, LineObligations, Programme
from transforms.frames import stacked
from transforms.payout.batches import Behind, Draft
from transforms.payout.obligations import HELD, LINE, RECEIVABLE
from transforms.payout.past import LISTING, Past
from transforms.payout.payee_numbers import party_of
from transforms.payout.placing import Placed
from transforms.payout.stretches import NAMED_AFTER_PARTIES
from transforms.shown_number import shown_number

_ZERO = Decimal("0.00")
_SHOWN_AT_MOST = 10
_SUM = pl.Decimal(38, 2)


def check_placed(placed: Placed, past: Past) -> list[str]:
    """The checks on a stretch that failed, each with the number it concerns; empty when all hold.

    `past` is what was listed for the parties of the stretch.
    """
    return [
        *_obligation_failures(placed, past),
        *_listing_failures(placed.items, past),
        *_sum_failures(placed),
    ]


def check_items(table: Behind, placed: pl.DataFrame, items: pl.DataFrame) -> list[str]:
    """Whether what is behind lines or receivables is what was placed there (`Draft.on_lists`)."""
    check = "清单明细 = 列入的款项" if table is LineObligations else "应收明细 = 应收的款项"
    return _differences(check, _amounts(placed, "obligation_key"), _amounts(items, "obligation_key"))


def check_draft(
    draft: Draft,
    past: Past,
    *,
    parts: Sequence[Placed],
    line_items: pl.DataFrame,
    lines: pl.DataFrame,
    digests: Mapping[str, str],
) -> list[str]:
    """The checks on the whole that failed, each with the number it concerns and by how much.

    `parts` are all stretches, which may be summed up, `line_items` the table that their housing part came
    from. Of the line items as they were stored `lines` has `batch_id`, `line_number`, `amount`, one row each
    or summed up, and `digests` are those of the batches with them.
    """
    parties = stacked(part.parties for part in parts)
    return [
        *_batch_failures(draft),
        *_digest_failures(draft, digests),
        *_line_failures(draft, lines),
        *_place_failures(draft, parts),
        *_party_failures(draft, past, parties),
        *_housing_failures(parties, line_items),
    ]


def check_totals(
    draft: Draft, parts: Sequence[Placed], *, line_items: pl.DataFrame, standing: Decimal
) -> list[str]:
    """Of all households together: owed, with what is frozen, − listed before = lines + held − receivables.

    `line_items` are those of all, also of households that are in no stretch, and `standing` is what approved
    lists have of them.
    """
    is_housing = pl.col("programme") == Programme.HOUSING_COMPENSATION.value
    frozen = stacked(part.parties for part in parts).filter(is_housing).select(pl.col("due") - pl.col("owed"))
    owed = line_items.filter(pl.col("status") == Status.OWED.value)
    batches = draft.batches.filter(is_housing).select(amount="total_amount")
    expected = _total(owed["amount"]) + _total(frozen["due"]) - standing
    held, receivables = (table.filter(is_housing) for table in (draft.held, draft.receivables))
    found = _total(batches["amount"]) + _total(held["amount"]) - _total(receivables["amount"])
    if expected == found:
        return []
    return [f"全部净额 − 已列 = 清单 + 暂缓 − 应收：应为 {expected}，实为 {found}，差 {found - expected}"]


def _total(amounts: pl.Series) -> Decimal:
    total = amounts.cast(_SUM).sum()
    return Decimal(total)


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
    return failures + [
        f"批次笔数 = 行数：{batch_id} 应为 {expected}，实为 {found}"
        for batch_id, expected, found in counts.filter(pl.col("line_count") != pl.col("found_count"))
        .select("batch_id", "line_count", "found_count")
        .iter_rows()
    ]


def _digest_failures(draft: Draft, digests: Mapping[str, str]) -> list[str]:
    return [
        f"批次摘要 = 各行内容的摘要：{batch_id} 不符"
        for batch_id, digest in draft.batches.select("batch_id", "digest").iter_rows()
        if digest != digests.get(batch_id)
    ]


def _line_failures(draft: Draft, line_items: pl.DataFrame) -> list[str]:
    name = pl.format("{} 第 {} 行", "batch_id", "line_number").alias("line")
    failures = _differences(
        "清单行 = 其明细之和",
        _amounts(draft.lines.with_columns(name), "line"),
        _amounts(line_items.with_columns(name), "line"),
    )
    not_positive = draft.lines.filter(pl.col("amount") <= 0).select(name).to_series()
    return failures + [f"清单行大于 0：{line} 不大于 0" for line in not_positive]


def _obligation_failures(placed: Placed, past: Past) -> list[str]:
    listed = past.standing().select(name="due_key", sum=-pl.col("amount").cast(_SUM))
    return _differences(
        "应付减已列的每一项恰好处理一次",
        stacked([_amounts(placed.dues, "obligation_key"), listed]),
        _amounts(placed.obligations, "due_key"),
    )


def _listing_failures(items: pl.DataFrame, past: Past) -> list[str]:
    """Nothing is listed that is listed already, and again only what failed, as it was."""
    check = "每项付款义务的每个次序只列入一次"
    twice = items.filter(pl.struct(LISTING[:2]).is_duplicated()) if _has_twice(items) else items.clear()
    listed = items.join(past.ledger.filter(pl.col("kind") == LISTED), on=LISTING, how="semi")
    failed = past.unreplaced_failures().select("entry_id", *LISTING[:2], "amount")
    again = items.filter(pl.col("attempt") > 1).join(
        failed,
        left_on=["refers_to", *LISTING[:2], "amount"],
        right_on=["entry_id", *LISTING[:2], "amount"],
        how="anti",
    )
    # a new sequence may not be opened while an earlier one of the same number stands
    known = past.last_sequences()
    reopened = (
        items.filter(pl.col("attempt") == 1)
        .join(known, on="obligation_key", how="inner")
        .filter(pl.col("sequence") <= pl.col("last_sequence"))
    )
    found = stacked(frame.select("obligation_key") for frame in (twice, listed, again, reopened))
    names = found["obligation_key"].unique().sort().head(_SHOWN_AT_MOST)
    return [f"{check}：{_shown(name)} 已经列入过，或重列的与失败的不同" for name in names]


def _has_twice(items: pl.DataFrame) -> bool:
    """Whether an obligation is listed in several rows, as what failed and more of it is."""
    return items["obligation_key"].n_unique() < items.height


def _sum_failures(placed: Placed) -> list[str]:
    """The obligations of each place add up to what is handed on of that place."""
    failures: list[str] = []
    for check, place, name, table, sign in (
        ("清单 = 列入的款项", LINE, "payee_id", placed.lines, 1),
        ("清单明细 = 列入的款项", LINE, "obligation_key", placed.items, 1),
        ("暂缓 = 暂缓的款项", HELD, "payee_id", placed.held, 1),
        ("应收 = 应收的款项", RECEIVABLE, "payee_id", placed.receivables, -1),
        ("应收明细 = 应收的款项", RECEIVABLE, "obligation_key", placed.owing, -1),
    ):
        parts = placed.obligations.filter(pl.col("place") == place)
        expected = _amounts(parts.select(name, pl.col("amount") * sign), name)
        failures += _differences(check, expected, _amounts(table, name))
    return failures


def _place_failures(draft: Draft, parts: Sequence[Placed]) -> list[str]:
    """What is held and receivable is what the stretches say; a limit holds lines too."""
    lines, held, owing = (
        stacked(_amounts(getattr(part, name), "payee_id") for part in parts)
        for name in ("lines", "held", "receivables")
    )
    listed = _amounts(draft.lines, "payee_id").with_columns(-pl.col("sum"))
    return [
        *_differences("暂缓 = 暂缓的款项", stacked([held, lines, listed]), _amounts(draft.held, "payee_id")),
        *_differences("应收 = 应收的款项", owing, _amounts(draft.receivables, "payee_id")),
    ]


def _party_failures(draft: Draft, past: Past, parties: pl.DataFrame) -> list[str]:
    """From the delivered tables alone: net − listed before = lines + held − receivables.

    Per party where obligations are named after their party; elsewhere one may pass to another.
    """
    dues = parties.select("programme", "party_id", amount="due")
    lines = draft.lines.join(draft.batches.select("batch_id", "programme"), on="batch_id")
    standing = past.standing().join(past.batches.select("batch_id", "programme"), on="batch_id")
    sides = [
        stacked(
            frame.select(
                party=pl.when(pl.col("programme") == NAMED_AFTER_PARTIES)
                .then(pl.format("{} {}", "programme", party))
                .otherwise("programme"),
                amount=pl.col("amount").cast(_SUM) * sign,
            )
            for frame, party, sign in side
        )
        for side in (
            ((dues, party_of(pl.col("party_id")), 1), (standing, party_of(pl.col("payee_id")), -1)),
            tuple(
                (frame, party_of(pl.col("payee_id")), sign)
                for frame, sign in ((lines, 1), (draft.held, 1), (draft.receivables, -1))
            ),
        )
    ]
    return _differences("净额 − 已列 = 清单 + 暂缓 − 应收", *(_amounts(side, "party") for side in sides))


def _housing_failures(parties: pl.DataFrame, line_items: pl.DataFrame) -> list[str]:
    owed = line_items.filter(pl.col("status") == Status.OWED.value)
    housing = parties.filter(pl.col("programme") == Programme.HOUSING_COMPENSATION.value)
    return _differences(
        "每户应付项目之和 = 列入处理的款项",
        _amounts(owed, "household_id"),
        _amounts(housing, "party_id", "owed"),
    )


def _shown(name: str) -> str:
    """A key, a party or a payee with what clerks wrote in it left out where it may be personal."""
    for programme in Programme:
        if name.startswith(programme.value):
            return programme.value + shown_number(name.removeprefix(programme.value))
    return shown_number(name)


def _amounts(frame: pl.DataFrame, name: str, amount: str = "amount") -> pl.DataFrame:
    return frame.select(pl.col(name).alias("name"), pl.col(amount).cast(_SUM).alias("sum"))


def _differences(check: str, expected: pl.DataFrame, found: pl.DataFrame) -> list[str]:
    """A sentence for each name whose sums differ, where a name that is missing counts as 0."""
    if _look_the_same(expected, found):
        return []
    differing = _summed(stacked([expected, found.with_columns(-pl.col("sum"))])).filter(pl.col("sum") != 0)
    if differing.is_empty():
        return []
    zero = pl.lit(_ZERO).cast(_SUM)
    both = (
        differing.select("name")
        .join(_summed(expected), on="name", how="left")
        .join(_summed(found).rename({"sum": "found"}), on="name", how="left")
        .with_columns(pl.col("sum").fill_null(zero), pl.col("found").fill_null(zero))
        .sort("name")
    )
    sentences = [
        f"{check}：{_shown(name)} 应为 {wanted}，实为 {got}，差 {got - wanted}"
        for name, wanted, got in both.head(_SHOWN_AT_MOST).select("name", "sum", "found").iter_rows()
    ]
    rest = both.height - len(sentences)
    return [*sentences, f"{check}：另有 {rest} 处不符"] if rest else sentences


def _look_the_same(expected: pl.DataFrame, found: pl.DataFrame) -> bool:
    """Whether all sums are the same, as far as 64 bits of a name can tell."""
    first, second = (rows.select(pl.col("name").hash(), "sum") for rows in (expected, found))
    if first.height == second.height and first.sort("name", "sum").equals(second.sort("name", "sum")):
        return True
    return (
        _summed(stacked([first, second.with_columns(-pl.col("sum"))])).filter(pl.col("sum") != 0).is_empty()
    )


def _summed(amounts: pl.DataFrame) -> pl.DataFrame:
    return amounts.group_by("name").agg(pl.col("sum").sum())
