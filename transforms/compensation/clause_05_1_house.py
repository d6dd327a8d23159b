"""Clause 五(一): what a house is worth in money, by standard or by appraisal."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import (
    ATTACHMENTS,
    BUYBACK,
    HOUSE_APPRAISED,
    HOUSE_BUSINESS,
    HOUSE_RESIDENCE,
    Item,
)
from schemas.compensation_policy import CompensationParameter as Named
from schemas.compensation_policy import CompensationReading as Read
from transforms import wording
from transforms.compensation.cases import BUSINESS, MONEY_METHOD, RESIDENCE
from transforms.compensation.clause_08_recognition import yard_is_waived
from transforms.compensation.items import Statement, Words, given, resting, state
from transforms.compensation.questions import Question, only_where
from transforms.money import product
from transforms.policy import RATE, Policy

_ON = pl.col("effective_on")
_IS_RESIDENCE = pl.col("use") == RESIDENCE
_IS_BUSINESS = pl.col("use") == BUSINESS
_IS_APPRAISED = pl.col("is_appraised_use")
_FOR_MONEY = pl.col("method") == MONEY_METHOD
_UNTITLED = ~pl.col("has_title")
_UNTITLED_TIMBER = _IS_BUSINESS & _UNTITLED & (pl.col("structure") == "砖木")
_UNTITLED_CONCRETE = _IS_BUSINESS & _UNTITLED & (pl.col("structure") == "砖混")


def value_houses(cases: pl.LazyFrame, policy: Policy) -> pl.LazyFrame:
    """The cases with `standard_rate`, `standard_amount`, `is_by_appraisal` and `house_amount`.

    Null where a fact is missing, which is then a question.
    """
    disputed = pl.col("disputes_price") & (_IS_RESIDENCE | _IS_BUSINESS)
    below = pl.col("house_appraisal") < pl.col("standard_amount")
    by_standard = below & policy.chooses(Read.APPRAISAL_BELOW_STANDARD, "standard", _ON)
    return (
        cases.with_columns(standard_rate=_standard_rate(policy))
        .with_columns(
            standard_amount=product(pl.col("area_m2"), pl.col("standard_rate"), pl.lit(1, dtype=RATE))
        )
        .with_columns(
            is_by_appraisal=(_IS_APPRAISED | (disputed & ~by_standard.fill_null(value=False))).fill_null(
                value=False
            )
        )
        .with_columns(
            house_amount=pl.when(_IS_APPRAISED)
            .then(pl.col("house_appraisal"))
            .when(pl.col("standard_amount").is_null())
            .then(None)
            .when("is_by_appraisal")
            .then(pl.col("house_appraisal"))
            .otherwise(pl.col("standard_amount"))
        )
    )


def house_questions(policy: Policy) -> list[Question]:
    """What is missing for the value of a house."""
    return only_where(~pl.col("is_refused"), *_questions(policy))


def house_items(cases: pl.LazyFrame, policy: Policy) -> list[Statement]:
    """`house_residence`, `house_business`, `house_appraised` of the buildings compensated in money."""
    paid = cases.filter(~pl.col("is_refused") & _FOR_MONEY)
    by_standard = paid.filter(~pl.col("is_by_appraisal"))
    rests = resting(policy, *house_readings(policy))
    return [
        _by_standard(by_standard.filter(_IS_RESIDENCE), HOUSE_RESIDENCE, rests),
        _by_standard(by_standard.filter(_IS_BUSINESS), HOUSE_BUSINESS, rests),
        _by_appraisal(paid.filter(_IS_RESIDENCE), HOUSE_RESIDENCE, "五(一)4", rests),
        _by_appraisal(paid.filter(_IS_BUSINESS), HOUSE_BUSINESS, "五(一)4", rests),
        _by_appraisal(paid.filter(_IS_APPRAISED), HOUSE_APPRAISED, "五(一)3", rests),
    ]


def house_readings(policy: Policy) -> list[tuple[str, pl.Expr]]:
    """The readings that a house's value in money rests on, each with the condition."""
    return [
        (Read.YARD_OF_WORKERS_HOUSING, yard_is_waived(policy)),
        (Read.UNTITLED_BRICK_TIMBER, _UNTITLED_TIMBER),
        (Read.UNTITLED_BRICK_CONCRETE, _UNTITLED_CONCRETE),
        (
            Read.APPRAISAL_BELOW_STANDARD,
            pl.col("disputes_price") & (pl.col("house_appraisal") < pl.col("standard_amount")),
        ),
    ]


def attachments(cases: pl.LazyFrame) -> Statement:
    """`attachments` (五(一)5, 五(二)2): the appraised 附属物 of a building, with either method."""
    rows = cases.filter(~pl.col("is_refused") & pl.col("attachments_amount").is_not_null()).with_columns(
        sources=pl.concat_str("sources", "attachments_sources", separator=" ")
    )
    return given(
        rows,
        ATTACHMENTS,
        pl.col("attachments_amount"),
        working=lambda: pl.col("attachments_working"),
        note="附属物评估：",
    )


def buyback(cases: pl.LazyFrame, policy: Policy) -> Statement:
    """`buyback` (五(一)3, 七1): a flat bought back at the resettlement price, owed by the household."""
    rows = cases.filter(~pl.col("is_refused") & _IS_APPRAISED & (pl.col("buyback_area_m2") > 0))
    return state(
        rows,
        BUYBACK,
        quantity=pl.col("buyback_area_m2"),
        unit="㎡",
        rate=policy.number(Named.RESIDENCE_RESETTLEMENT_PRICE, _ON),
        rate_unit="元/㎡",
        factor=pl.lit(-1, dtype=RATE),
        note="由被征收人支付：",
    )


def _standard_rate(policy: Policy) -> pl.Expr:
    def rate(name: Named) -> pl.Expr:
        return policy.number(name, _ON)

    by_grade = (
        pl.when(pl.col("grade") == "一级")
        .then(rate(Named.BUSINESS_UNTITLED_FIRST_GRADE_RATE))
        .when(pl.col("grade") == "二级")
        .then(rate(Named.BUSINESS_UNTITLED_SECOND_GRADE_RATE))
    )
    titled_other = rate(Named.BUSINESS_TITLED_OTHER_RATE)
    timber = rate(Named.BUSINESS_UNTITLED_BRICK_TIMBER_RATE)
    residence = (
        pl.when(pl.col("origin") == "林业局工区房")
        .then(rate(Named.RESIDENCE_WORKERS_RATE))
        .when(pl.col("origin") == "自建")
        .then(rate(Named.RESIDENCE_SELF_BUILT_RATE))
    )
    business = (
        pl.when(pl.col("has_title") & (pl.col("structure") == "砖混"))
        .then(rate(Named.BUSINESS_TITLED_BRICK_CONCRETE_RATE))
        .when(pl.col("has_title") & pl.col("structure").is_not_null())
        .then(titled_other)
        .when(_UNTITLED_TIMBER)
        .then(
            pl.when(policy.chooses(Read.UNTITLED_BRICK_TIMBER, "literal", _ON))
            .then(timber)
            .otherwise(titled_other)
        )
        .when(_UNTITLED_CONCRETE & policy.chooses(Read.UNTITLED_BRICK_CONCRETE, "5000", _ON))
        .then(timber)
        .when(_UNTITLED & pl.col("structure").is_not_null())
        .then(by_grade)
    )
    return pl.when(_IS_RESIDENCE).then(residence).when(_IS_BUSINESS).then(business)


def _by_standard(rows: pl.LazyFrame, item: Item, rests: Words) -> Statement:
    return state(
        rows,
        item,
        quantity=pl.col("area_m2"),
        unit="㎡",
        rate=pl.col("standard_rate"),
        rate_unit="元/㎡",
        rests_on=rests,
    )


def _by_appraisal(rows: pl.LazyFrame, item: Item, clause: str, rests: Words) -> Statement:
    return given(
        rows.filter("is_by_appraisal").with_columns(
            sources=pl.concat_str("sources", "house_sources", separator=" ", ignore_nulls=True)
        ),
        item,
        pl.col("house_amount"),
        working=lambda: wording.times(pl.lit("1"), wording.money(pl.col("house_amount"))),
        clause=clause,
        note="房屋评估：",
        rests_on=rests,
    )


def _questions(policy: Policy) -> list[Question]:
    # a residence exchanged by entitled area needs no money value
    needs_value = (
        ~_IS_RESIDENCE | _FOR_MONEY | policy.chooses(Read.RESIDENCE_EXCHANGE, "value_difference", _ON)
    )
    needs_appraisal = _IS_BUSINESS | _FOR_MONEY
    has_facts = pl.col("structure").is_not_null() & pl.col("has_title").is_not_null()
    interrupted = (
        pl.col("months_in_business").fill_null(0) < policy.number(Named.CONTINUOUS_BUSINESS_MONTHS, _ON)
    ) & ~pl.col("has_interruption_proof").fill_null(value=False)
    return [
        Question(
            "no_origin",
            "五(一)1",
            "不知道住宅来源是林业局工区房还是自建，请补填「住宅来源」或由认定工作组认定。",
            _IS_RESIDENCE & needs_value & pl.col("origin").is_null(),
        ),
        Question(
            "no_structure_or_title",
            "五(一)2",
            "按经营房屋补偿，但不知道结构或有无不动产登记证，请在入户调查中补填。",
            _IS_BUSINESS & ~has_facts,
        ),
        Question(
            "no_material_grade",
            "五(一)2",
            "无证的经营房屋按构筑物材质补偿，请补填「构筑物材质等级」或由认定工作组认定。",
            _IS_BUSINESS
            & has_facts
            & pl.col("standard_rate").is_null()
            & (pl.col("effective_on") >= policy.first_day()),
        ),
        Question(
            "interruption_unproved",
            "五(二)2",
            "连续经营不足规定月数或未填，又没有中断经营证明，请补充证明或核实连续经营月数。",
            _IS_BUSINESS & interrupted,
        ),
        Question(
            "not_appraised",
            "五(一)3",
            "按评估结果补偿，还没有房屋的评估报告。",
            _IS_APPRAISED & pl.col("house_appraisal").is_null(),
        ),
        Question(
            "dispute_not_appraised",
            "五(一)4",
            "被征收人对价格有异议，还没有房屋的评估报告。",
            (_IS_RESIDENCE | _IS_BUSINESS)
            & needs_appraisal
            & pl.col("disputes_price")
            & pl.col("house_appraisal").is_null(),
        ),
        Question(
            "appraisals_differ",
            "五(一)4",
            "同一天有两份金额不同的房屋评估报告，请确认以哪一份为准。",
            (_IS_APPRAISED | (needs_appraisal & pl.col("disputes_price")))
            & pl.col("house_appraisals_differ"),
        ),
        Question(
            "buyback_of_residence_or_business",
            "五(一)3",
            "住宅和经营房屋不能回购安置房，请核对用途和回购面积。",
            (_IS_RESIDENCE | _IS_BUSINESS) & (pl.col("buyback_area_m2") > 0),
        ),
        Question(
            "before_policy",
            "二",
            "签订日期早于补偿方案生效之日，没有可用的标准，请核对签订日期。",
            pl.col("effective_on") < policy.first_day(),
        ),
    ]
