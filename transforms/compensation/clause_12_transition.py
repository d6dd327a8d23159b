"""Clause 十二: the monthly payment while a household waits for its new building."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.compensation_items import (
    TRANSITION_BUSINESS,
    TRANSITION_BUSINESS_OVERDUE,
    TRANSITION_RESIDENCE,
    TRANSITION_RESIDENCE_OVERDUE,
    Item,
)
from schemas.compensation_policy import CompensationParameter as Named
from schemas.compensation_policy import CompensationReading as Read
from transforms import wording
from transforms.compensation.calendar import first_day, month_number
from transforms.compensation.cases import BUSINESS, EXCHANGE_METHOD, RESIDENCE
from transforms.compensation.clause_05_2_stoppage import has_overdue_stoppage
from transforms.compensation.clause_08_recognition import yard_is_waived
from transforms.compensation.collecting import collected
from transforms.compensation.items import ONE, Statement, given, resting, state
from transforms.frames import stacked
from transforms.money import (
    PRODUCT_DECIMALS,
    from_cents,
    product,
    round_half_up,
    scaled,
    to_cents,
    unscaled,
)
from transforms.policy import RATE, TRIAL, Policy

_ON = pl.col("effective_on")
_MONTH = ["group", "month"]
_MONTHS = 2**20
"""More than there are: the room that a month takes in the number that it makes with its group."""
_ZERO, _TWO = (pl.lit(number, dtype=pl.Int128) for number in (0, 2))
_ITEMS = (
    (False, TRANSITION_RESIDENCE, TRANSITION_RESIDENCE_OVERDUE),
    (True, TRANSITION_BUSINESS, TRANSITION_BUSINESS_OVERDUE),
)


def transition_payments(cases: pl.LazyFrame, policy: Policy, as_of: date) -> list[Statement]:
    """A line per building and month, ordinary or overdue, with the household's floor shared by area.

    Where it is so read, the overdue months of a building that is paid for overdue stoppage (五(二)2) give
    way to that.
    """
    gives_way = (
        pl.col("is_overdue")
        & pl.col("has_overdue_stoppage")
        & policy.chooses(Read.OVERDUE_BUSINESS, "stoppage_only", _ON)
    )
    waiting = _waiting(cases, policy, as_of).pipe(collected)
    months = _stretches(waiting, policy).filter(~gives_way)
    shared = _with_lift(_rated(months, policy).pipe(collected)).lazy()
    return [
        statement
        for is_business, ordinary, overdue in _ITEMS
        for is_overdue, item in ((False, ordinary), (True, overdue))
        for statement in _stated(
            shared.filter(pl.col("is_business") == is_business, pl.col("is_overdue") == is_overdue),
            policy,
            item,
        )
    ]


def _waiting(cases: pl.LazyFrame, policy: Policy, as_of: date) -> pl.LazyFrame:
    """The buildings in transition, with their `first` and `last` month and the first that is `overdue`.

    Those of a household that are used alike have the number of their `group` in common.
    The month of moving counts whole, that of the handover by its day; while the handover is to come, the
    months through the last whole one before the as-of date count.
    """
    is_business = pl.col("use") == BUSINESS
    first = month_number(pl.col("vacated_on"))
    last_whole = month_number(pl.lit(as_of)) - 1
    handover_month = month_number(pl.col("handed_over_on"))
    is_short = pl.col("handed_over_on").dt.day() <= policy.number(Named.HALF_MONTH_DAYS, _ON)
    return (
        cases.filter(
            ((pl.col("use") == RESIDENCE) | (pl.col("use") == BUSINESS))
            & (pl.col("method") == EXCHANGE_METHOD)
            & ~pl.col("is_refused")
            & pl.col("under_construction")
            & pl.col("self_arranged")
            & pl.col("vacated_on").is_not_null()
        )
        .select(
            "home",
            "place",
            TRIAL,
            "area_m2",
            "is_after_freeze",
            "effective_on",
            "sources",
            is_business=is_business,
            group=pl.col("home").cast(pl.Int64) * 2 + is_business,
            first=first,
            last=pl.coalesce(handover_month, last_whole),
            overdue=first + policy.number(Named.TRANSITION_MONTHS, _ON).ceil().cast(pl.Int64),
            short_month=pl.when(is_short).then(handover_month),
            is_waived=yard_is_waived(policy),
            has_overdue_stoppage=has_overdue_stoppage(policy),
        )
        .filter(pl.col("first") <= pl.col("last"))
    )


def _stretches(waiting: pl.DataFrame, policy: Policy) -> pl.LazyFrame:
    """A row per building and stretch of months in which nothing changes for its group.

    `month` is the stretch's first, `months` how many they are; `is_overdue`, `is_short` and `month_halves`
    (1 or 2) hold for each of them.
    """
    month, short_month = pl.col("month"), pl.col("short_month")
    is_short = (month == short_month).fill_null(value=False)
    is_overdue = month >= pl.col("overdue")
    halves = is_overdue | policy.chooses(Read.HALF_MONTH, "always", _ON)
    group, last = pl.col("group"), pl.col("last")
    changes = (pl.col("first"), pl.col("overdue"), short_month, last + 1)
    point = pl.col("point")
    points = (
        stacked([waiting.select("group", point=group * _MONTHS + change) for change in changes])
        .drop_nulls("point")
        .sort("point")
        .filter((point != point.shift()).fill_null(value=True))
        .select(
            "group",
            month=point - group * _MONTHS,
            next_month=point.shift(-1) - group * _MONTHS,
        )
    )
    return (
        waiting.lazy()
        .with_columns(is_alone=group.is_unique())
        .join(points.lazy(), on="group", how="inner", maintain_order="left_right")
        .filter((month >= pl.col("first")) & (month <= last))
        .with_columns(
            months=pl.col("next_month") - month,
            months_from=first_day(month),
            first_month=pl.lit(0, dtype=pl.Int32),
            is_overdue=is_overdue,
            is_short=is_short,
            month_halves=pl.when((is_short & halves).fill_null(value=False))
            .then(pl.lit(1, dtype=pl.Int128))
            .otherwise(_TWO),
        )
    )


def _rated(months: pl.LazyFrame, policy: Policy) -> pl.LazyFrame:
    """The rows with their rates, and in 分 what a whole month gives and what it gives at least."""

    def of_kind(residence: Named, business: Named) -> pl.Expr:
        by_use = policy.number(residence, _ON), policy.number(business, _ON)
        return pl.when("is_business").then(by_use[1]).otherwise(by_use[0])

    doubled = policy.number(Named.TRANSITION_OVERDUE_FACTOR, _ON)
    floor = of_kind(Named.TRANSITION_RESIDENCE_FLOOR, Named.TRANSITION_BUSINESS_FLOOR)
    area, rate, doubling = (
        scaled(pl.col(name), PRODUCT_DECIMALS) for name in ("area_m2", "rate", "doubling")
    )
    half_month = 10**PRODUCT_DECIMALS // 2
    return months.with_columns(
        rate=of_kind(Named.TRANSITION_RESIDENCE_RATE, Named.TRANSITION_BUSINESS_RATE),
        doubling=pl.when("is_overdue").then(doubled).otherwise(ONE),
        month_part=unscaled(pl.col("month_halves") * half_month, RATE),
        floor_cents=to_cents(floor),
        is_doubled=policy.chooses(Read.OVERDUE_RATE, "amount_twice", _ON) & pl.col("is_overdue"),
    ).with_columns(
        own_cents=round_half_up(area * rate * doubling, 10 ** (3 * PRODUCT_DECIMALS - 2)),
        area_share=scaled(pl.col("area_m2"), 2),
    )


def _with_lift(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `lift_cents`: what the household's month lacks of its floor, shared by area."""
    alone = rows.filter("is_alone").with_columns(
        lift_cents=round_half_up(_lack() * pl.col("month_halves"), _TWO)
    )
    several = _share_lift(rows.filter(~pl.col("is_alone")))
    return stacked([alone, several.select(alone.columns)])


def _lack() -> pl.Expr:
    """What a whole month of a household lacks of its floor; nothing after the freeze (决定 六)."""
    floor = pl.when("is_doubled").then(pl.col("floor_cents") * _TWO).otherwise("floor_cents")
    lack = pl.max_horizontal(floor - pl.col("own_cents"), _ZERO)
    return pl.when("is_after_freeze").then(_ZERO).otherwise(lack)


def _share_lift(rows: pl.DataFrame) -> pl.DataFrame:
    """The lift of households with several buildings in transition.

    The last building by number takes the rest, so that the shares add up to the lift.
    """
    # grouped and joined, not windowed: windows over so many small groups are slower by far
    months = (
        rows.lazy()
        .group_by(_MONTH)
        .agg(
            pl.col("own_cents", "area_share").sum(),
            pl.col("floor_cents").min(),
            pl.col("is_doubled").all(),
            pl.col("is_after_freeze").any(),
            last_building=pl.col("place").max(),
        )
        .select(*_MONTH, "last_building", month_area="area_share", month_lift=_lack())
    )
    weight = pl.col("month_lift") * pl.col("month_halves") * pl.col("area_share")
    divisor = pl.col("month_area") * _TWO
    shared = (
        rows.lazy()
        .join(months, on=_MONTH, how="left", maintain_order="left")
        .with_columns(weight=weight)
        .with_columns(share=round_half_up(pl.col("weight"), divisor))
    )
    sums = shared.group_by(_MONTH).agg(weights=pl.col("weight").sum(), shares=pl.col("share").sum())
    is_last = pl.col("place") == pl.col("last_building")
    rest = round_half_up(pl.col("weights"), divisor) - (pl.col("shares") - pl.col("share"))
    return (
        shared.join(sums, on=_MONTH, how="left", maintain_order="left")
        .with_columns(lift_cents=pl.when(is_last).then(rest).otherwise("share"))
        .pipe(collected)
    )


def _stated(rows: pl.LazyFrame, policy: Policy, item: Item) -> list[Statement]:
    factor = _product(pl.col("doubling"), pl.col("month_part"))
    rests = resting(
        policy,
        (Read.YARD_OF_WORKERS_HOUSING, pl.col("is_waived")),
        (Read.HALF_MONTH, pl.col("is_short") & ~pl.col("is_overdue")),
        (Read.OVERDUE_RATE, pl.col("is_overdue")),
        (Read.OVERDUE_BUSINESS, pl.col("is_overdue") & pl.col("has_overdue_stoppage")),
    )

    def own() -> pl.Expr:
        return pl.concat_str(
            wording.area(pl.col("area_m2")),
            pl.lit(" × "),
            wording.rate_of(pl.col("rate"), "元/㎡·月"),
            pl.when("is_overdue")
            .then(pl.concat_str(pl.lit(" × "), wording.plain(pl.col("doubling")), pl.lit(" 倍")))
            .otherwise(pl.lit("")),
            pl.when(pl.col("month_part") == 1)
            .then(pl.lit(""))
            .otherwise(pl.concat_str(pl.lit(" × "), wording.plain(pl.col("month_part")), pl.lit(" 个月"))),
        )

    plain = state(
        rows.filter(pl.col("lift_cents") == 0),
        item,
        quantity=pl.col("area_m2"),
        unit="㎡",
        rate=pl.col("rate"),
        rate_unit="元/㎡·月",
        factor=factor,
        working=own,
        rests_on=rests,
        is_monthly=True,
    )
    lifted = given(
        rows.filter(pl.col("lift_cents") != 0),
        item,
        product(pl.col("area_m2"), pl.col("rate"), factor) + from_cents(pl.col("lift_cents")),
        working=lambda: pl.concat_str(
            own(), pl.lit(" + 每户每月最低额补足 "), wording.money(from_cents(pl.col("lift_cents")))
        ),
        rests_on=rests,
        is_monthly=True,
    )
    return [plain, lifted]


def _product(doubling: pl.Expr, part: pl.Expr) -> pl.Expr:
    return unscaled(scaled(doubling, 2) * scaled(part, 2), RATE)
