"""Clauses 五(二) and 七: exchange for a new flat or shop, and the difference that is settled in money."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import EXCHANGE_DIFFERENCE
from schemas.compensation_policy import CompensationParameter as Named
from schemas.compensation_policy import CompensationReading as Read
from transforms import wording
from transforms.compensation.cases import BUSINESS, EXCHANGE_METHOD, RESIDENCE
from transforms.compensation.clause_05_1_house import house_readings
from transforms.compensation.clause_08_recognition import yard_is_waived
from transforms.compensation.clause_09_assistance import is_protected
from transforms.compensation.items import Statement, given, resting, state
from transforms.compensation.questions import Question, only_where
from transforms.money import MONEY, from_cents, round_half_up, scaled, unscaled
from transforms.policy import RATE, Policy

_ON = pl.col("effective_on")
_EXCHANGED = (pl.col("method") == EXCHANGE_METHOD) & ~pl.col("is_refused")
_FLAT = pl.col("resettlement_area_m2")
_AREA = pl.col("area_m2")
_SHOP = "商服"


def exchange_questions(policy: Policy) -> list[Question]:
    """Exchanges that the plan doesn't know: of the wrong kind, to the wrong estate, or too small."""
    residence, business = pl.col("use") == RESIDENCE, pl.col("use") == BUSINESS
    estate, kind = pl.col("resettlement_estate"), pl.col("resettlement_kind")
    fitting = (
        pl.when(residence)
        .then((kind != _SHOP) & policy.lists(Named.RESIDENCE_ESTATES, estate, _ON))
        .when(business)
        .then((kind == _SHOP) & _is_shop_estate(policy))
    )
    return only_where(
        _EXCHANGED,
        Question(
            "wrong_resettlement",
            "七",
            "安置房类型或安置小区与被征收房屋的用途不符，请核对协议和调查。",
            ~fitting,
        ),
        Question(
            "exchange_not_offered",
            "五(一)3",
            "厂房、仓库、圈舍和其他房屋不予产权调换，请核对用途和补偿方式。",
            pl.col("is_appraised_use"),
        ),
        Question(
            "flat_below_protected_area",
            "九",
            "住房保障对象的安置面积低于保底面积，条款不允许，请核对。",
            is_protected(policy)
            & (pl.col("resettlement_area_m2") < policy.number(Named.ASSISTED_AREA_M2, _ON)),
        ),
    )


def exchange_difference(cases: pl.LazyFrame, policy: Policy) -> list[Statement]:
    """`exchange_difference`: negative = the household pays, positive = it is paid."""
    exchanged = cases.filter(_EXCHANGED)
    residences = exchanged.filter((pl.col("use") == RESIDENCE) & (pl.col("resettlement_kind") != _SHOP))
    shops = exchanged.filter((pl.col("use") == BUSINESS) & _is_shop_estate(policy))
    return [*_residences(residences, policy), *_shops(shops, policy)]


def _is_shop_estate(policy: Policy) -> pl.Expr:
    estate = pl.col("resettlement_estate")
    return policy.lists(Named.BUSINESS_ESTATES_BY_AREA, estate, _ON) | policy.lists(
        Named.BUSINESS_ESTATES_SINGLE_PRICE, estate, _ON
    )


def _residences(rows: pl.LazyFrame, policy: Policy) -> list[Statement]:
    by_value = policy.chooses(Read.RESIDENCE_EXCHANGE, "value_difference", _ON)
    ratio = (
        pl.when(pl.col("resettlement_kind") == "多层")
        .then(policy.number(Named.MULTI_STOREY_RATIO, _ON))
        .otherwise(policy.number(Named.HIGH_RISE_RATIO, _ON))
    )
    rows = rows.with_columns(
        ratio=ratio,
        price=policy.number(Named.RESIDENCE_RESETTLEMENT_PRICE, _ON),
        protected_m2=policy.number(Named.ASSISTED_AREA_M2, _ON),
    ).with_columns(swapped_m2=_times_ratio(_AREA, pl.col("ratio")))
    lifted = is_protected(policy) & (pl.col("swapped_m2") < pl.col("protected_m2"))
    rows = rows.with_columns(
        is_lifted=lifted,
        entitled_m2=pl.when(lifted).then(pl.col("protected_m2")).otherwise(pl.col("swapped_m2")),
        is_by_value=by_value,
    )
    refunds = policy.chooses(Read.SMALLER_FLAT, "refund_at_3000", _ON)
    return [
        _by_entitled_area(rows.filter(~pl.col("is_by_value")), policy, refunds),
        _by_value(rows.filter("is_by_value"), policy, refunds),
    ]


def _times_ratio(area_m2: pl.Expr, ratio: pl.Expr) -> pl.Expr:
    """Area × ratio, exact at four decimals: areas have two, ratios at most two."""
    return unscaled(scaled(area_m2, 2) * scaled(ratio, 2), RATE)


def _by_entitled_area(rows: pl.LazyFrame, policy: Policy, refunds: pl.Expr) -> Statement:
    price = pl.col("price")
    difference = pl.col("entitled_m2") - _FLAT.cast(RATE)
    is_forfeited = (difference > 0) & ~refunds

    def working() -> pl.Expr:
        at_price = wording.rate_of(price, "元/㎡")
        entitled = (
            pl.when("is_lifted")
            .then(wording.area(pl.col("protected_m2")))
            .otherwise(wording.times(wording.area(_AREA), wording.plain(pl.col("ratio"))))
        )
        owed = pl.concat_str(
            wording.times(entitled, at_price), pl.lit(" - "), wording.times(wording.area(_FLAT), at_price)
        )
        refused = pl.concat_str(
            wording.times(wording.area(difference), at_price, pl.lit("0")),
            pl.lit("〔所选安置房较小，不退差价〕"),
        )
        return pl.when(is_forfeited).then(refused).otherwise(owed)

    return state(
        rows,
        EXCHANGE_DIFFERENCE,
        quantity=difference,
        unit="㎡",
        rate=price,
        rate_unit="元/㎡",
        factor=pl.when(is_forfeited).then(pl.lit(0, dtype=RATE)).otherwise(pl.lit(1, dtype=RATE)),
        clause="五(二)1、七1",
        working=working,
        note="应安置面积减安置面积：",
        rests_on=resting(
            policy,
            (Read.YARD_OF_WORKERS_HOUSING, yard_is_waived(policy)),
            (Read.RESIDENCE_EXCHANGE, pl.lit(value=True)),
            (Read.SMALLER_FLAT, difference > 0),
        ),
    )


def _by_value(rows: pl.LazyFrame, policy: Policy, refunds: pl.Expr) -> Statement:
    price = pl.col("price")
    new = _cents(_FLAT, price)
    difference = from_cents(scaled(pl.col("standard_amount"), 2) - new)
    is_forfeited = (difference > 0) & ~refunds

    def working() -> pl.Expr:
        difference_of_values = pl.concat_str(
            wording.times(wording.area(_AREA), wording.rate_of(pl.col("standard_rate"), "元/㎡")),
            pl.lit(" - "),
            wording.times(wording.area(_FLAT), wording.rate_of(price, "元/㎡")),
        )
        forfeited = pl.concat_str(wording.money(difference), pl.lit(" × 0〔所选安置房较小，不退差价〕"))
        return pl.when(is_forfeited).then(forfeited).otherwise(difference_of_values)

    zero = pl.lit(0, dtype=MONEY)
    return given(
        rows,
        EXCHANGE_DIFFERENCE,
        pl.when(is_forfeited).then(zero).otherwise(difference),
        clause="五(二)1、七1",
        working=working,
        note="原房价值减安置房价款：",
        rests_on=resting(
            policy,
            (Read.YARD_OF_WORKERS_HOUSING, yard_is_waived(policy)),
            (Read.RESIDENCE_EXCHANGE, pl.lit(value=True)),
            (Read.SMALLER_FLAT, difference > 0),
        ),
    )


def _shops(rows: pl.LazyFrame, policy: Policy) -> list[Statement]:
    by_area = policy.lists(Named.BUSINESS_ESTATES_BY_AREA, pl.col("resettlement_estate"), _ON)
    zero = pl.lit(0, dtype=pl.Decimal(18, 2))
    single = policy.number(Named.BUSINESS_SINGLE_PRICE, _ON)
    rows = rows.with_columns(
        is_swapped=policy.chooses(Read.BUSINESS_EXCHANGE, "area_swap", _ON),
        within_m2=pl.min_horizontal(_FLAT, _AREA),
        beyond_m2=pl.max_horizontal(_FLAT - _AREA, zero),
        within_price=pl.when(by_area)
        .then(policy.number(Named.BUSINESS_PRICE_WITHIN_AREA, _ON))
        .otherwise(single),
        beyond_price=pl.when(by_area)
        .then(policy.number(Named.BUSINESS_PRICE_BEYOND_AREA, _ON))
        .otherwise(single),
    )
    return [
        _shops_by_value(rows.filter(~pl.col("is_swapped")), policy),
        _shops_by_swap(rows.filter("is_swapped"), policy),
    ]


def _shops_by_value(rows: pl.LazyFrame, policy: Policy) -> Statement:
    within, beyond = pl.col("within_m2"), pl.col("beyond_m2")
    new = _cents(within, pl.col("within_price")) + _cents(beyond, pl.col("beyond_price"))

    def working() -> pl.Expr:
        old = (
            pl.when("is_by_appraisal")
            .then(wording.money(pl.col("house_amount")))
            .otherwise(wording.times(wording.area(_AREA), wording.rate_of(pl.col("standard_rate"), "元/㎡")))
        )
        beyond_term = pl.when(beyond > 0).then(
            pl.concat_str(
                pl.lit(" - "),
                wording.times(wording.area(beyond), wording.rate_of(pl.col("beyond_price"), "元/㎡")),
            )
        )
        return pl.concat_str(
            old,
            pl.lit(" - "),
            wording.times(wording.area(within), wording.rate_of(pl.col("within_price"), "元/㎡")),
            beyond_term.fill_null(""),
        )

    appraisal = pl.when("is_by_appraisal").then("house_sources")
    return given(
        rows.with_columns(sources=pl.concat_str("sources", appraisal, separator=" ", ignore_nulls=True)),
        EXCHANGE_DIFFERENCE,
        from_cents(scaled(pl.col("house_amount"), 2) - new),
        clause="五(二)2、七2",
        working=working,
        note="原房价值减安置房价款：",
        rests_on=resting(policy, *house_readings(policy), (Read.BUSINESS_EXCHANGE, pl.lit(value=True))),
    )


def _shops_by_swap(rows: pl.LazyFrame, policy: Policy) -> Statement:
    return state(
        rows,
        EXCHANGE_DIFFERENCE,
        quantity=pl.col("beyond_m2"),
        unit="㎡",
        rate=pl.col("beyond_price"),
        rate_unit="元/㎡",
        factor=pl.lit(-1, dtype=RATE),
        clause="五(二)2、七2",
        note="超出被征收面积部分由被征收人支付：",
        rests_on=resting(policy, (Read.BUSINESS_EXCHANGE, pl.lit(value=True))),
    )


def _cents(area_m2: pl.Expr, price: pl.Expr) -> pl.Expr:
    """Area × price in whole 分, rounded half up."""
    return round_half_up(scaled(area_m2, 4) * scaled(price, 4), 10**6)
