"""Clause 五(二)2: losses from stopping business, once and for each month that the new shop is overdue."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.compensation_items import BUSINESS_STOPPAGE, BUSINESS_STOPPAGE_OVERDUE
from schemas.compensation_policy import CompensationParameter as Named
from schemas.compensation_policy import CompensationReading as Read
from transforms.compensation.calendar import month_number, months_after
from transforms.compensation.cases import BUSINESS, EXCHANGE_METHOD, UNSIGNED
from transforms.compensation.collecting import collected
from transforms.compensation.items import NONE_OF_IT, ONE, Statement, resting, state
from transforms.frames import stacked
from transforms.policy import RATE, TRIAL, Policy

_ON = pl.col("effective_on")
_EXCHANGED = pl.col("method") == EXCHANGE_METHOD
_ASKED = (
    "home", "place", TRIAL, "use", "area_m2", "is_refused", "months_in_business", "has_licence",
    "has_interruption_proof", "method", "signing_status", "signed_on", "handed_over_on", "effective_on",
    "sources",
)  # fmt: skip
"""What months of overdue stoppage are reckoned from."""


def is_running_business(policy: Policy) -> pl.Expr:
    """A business long enough without a break, with its papers, that was never interrupted."""
    return (
        (pl.col("use") == BUSINESS)
        & ~pl.col("is_refused")
        & (pl.col("months_in_business") >= policy.number(Named.CONTINUOUS_BUSINESS_MONTHS, _ON))
        & pl.col("has_licence")
        & ~pl.col("has_interruption_proof").fill_null(value=False)
    ).fill_null(value=False)


def has_overdue_stoppage(policy: Policy) -> pl.Expr:
    """Whether a business was not handed over within the agreed term, or has still to be handed over."""
    term = policy.number(Named.AGREED_TRANSITION_MONTHS, _ON).cast(pl.Int64)
    is_late = pl.col("handed_over_on") > months_after(pl.col("signed_on"), term)
    return (
        is_running_business(policy)
        & _EXCHANGED
        & (pl.col("signing_status") != UNSIGNED)
        & pl.col("signed_on").is_not_null()
        & (pl.col("handed_over_on").is_null() | is_late)
    ).fill_null(value=False)


def business_stoppage(cases: pl.LazyFrame, policy: Policy) -> Statement:
    """`business_stoppage`: once, by area; refused, with the reason, to a business that does not qualify."""
    with_money = _EXCHANGED | policy.chooses(Read.STOPPAGE_WITH_MONEY, "both", _ON)
    is_running = is_running_business(policy)
    reason = (
        pl.when(is_running)
        .then(pl.when(with_money).then(pl.lit("")).otherwise(pl.lit("选择货币补偿的不给停产停业损失补偿：")))
        .when(pl.col("has_interruption_proof").fill_null(value=False))
        .then(pl.lit("经营中断，不享受停产停业损失补偿："))
        .when(pl.col("has_licence").fill_null(value=False))
        .then(pl.lit("连续经营不足规定月数，不给停产停业损失补偿："))
        .otherwise(pl.lit("没有合法经营手续，不给停产停业损失补偿："))
    )
    return state(
        cases.filter((pl.col("use") == BUSINESS) & ~pl.col("is_refused")),
        BUSINESS_STOPPAGE,
        quantity=pl.col("area_m2"),
        unit="㎡",
        rate=policy.number(Named.STOPPAGE_RATE, _ON),
        rate_unit="元/㎡",
        factor=pl.when(is_running & with_money).then(ONE).otherwise(NONE_OF_IT),
        note=reason,
        rests_on=resting(policy, (Read.STOPPAGE_WITH_MONEY, is_running & ~_EXCHANGED)),
    )


def overdue_stoppage(cases: pl.LazyFrame, policy: Policy, as_of: date) -> Statement:
    """`business_stoppage_overdue`: the months from the agreed term's end to the handover.

    The period is the month's first day. What remains beyond whole months counts as half a month or a
    whole one; before the handover only whole months that have passed count.
    """
    # the calendar is asked of the few that it can concern
    asked = cases.select(_ASKED).filter(_EXCHANGED & is_running_business(policy)).pipe(collected).lazy()
    rows = asked.filter(
        has_overdue_stoppage(policy) & ~policy.chooses(Read.OVERDUE_BUSINESS, "transition_only", _ON)
    )
    return state(
        _overdue_months(rows, policy, as_of),
        BUSINESS_STOPPAGE_OVERDUE,
        quantity=pl.col("area_m2"),
        unit="㎡",
        rate=policy.number(Named.STOPPAGE_OVERDUE_RATE, _ON),
        rate_unit="元/㎡·月",
        factor=pl.col("month_part"),
        rests_on=resting(policy, (Read.OVERDUE_BUSINESS, pl.lit(value=True))),
        is_monthly=True,
    )


def _overdue_months(rows: pl.LazyFrame, policy: Policy, as_of: date) -> pl.LazyFrame:
    """A row for a building's whole overdue months, and one for what remains; `month_part` is 1 or a half."""
    term = policy.number(Named.AGREED_TRANSITION_MONTHS, _ON).cast(pl.Int64)
    short = policy.number(Named.HALF_MONTH_DAYS, _ON)
    end, start, whole = pl.col("until"), pl.col("months_from"), pl.col("whole_months")
    elapsed, begins = pl.col("elapsed"), pl.col("begins")
    part = pl.when((end - begins).dt.total_days() > short).then(pl.lit("1.0")).otherwise(pl.lit("0.5"))
    overdue = (
        rows.with_columns(
            months_from=months_after(pl.col("signed_on"), term),
            until=pl.coalesce("handed_over_on", pl.lit(as_of)),
        )
        .with_columns(elapsed=month_number(end) - month_number(start))
        .with_columns(has_passed=months_after(start, elapsed) <= end)
        .with_columns(
            whole_months=pl.max_horizontal(elapsed - pl.when("has_passed").then(0).otherwise(1), pl.lit(0))
        )
        .with_columns(begins=months_after(start, whole))
        .pipe(collected)
    )
    months_passed = overdue.filter(whole > 0).with_columns(
        first_month=pl.lit(0, dtype=pl.Int32), months=whole, month_part=ONE
    )
    remainder = overdue.filter((begins < end) & pl.col("handed_over_on").is_not_null()).with_columns(
        first_month=whole.cast(pl.Int32), months=pl.lit(1, dtype=pl.Int64), month_part=part.cast(RATE)
    )
    return stacked([months_passed, remainder]).lazy()
