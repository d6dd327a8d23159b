"""Clause 九: nobody who qualifies for housing assistance gets less than a flat of 50 ㎡."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import HOUSING_FLOOR
from schemas.compensation_policy import CompensationParameter as Named
from transforms import wording
from transforms.compensation.cases import MONEY_METHOD, RESIDENCE
from transforms.compensation.clause_05_1_house import house_readings
from transforms.compensation.items import Statement, given, resting
from transforms.compensation.neighbours import alone_and_several
from transforms.compensation.questions import Question, ask
from transforms.money import product
from transforms.policy import RATE, Policy

_ON = pl.col("effective_on")


def is_protected(policy: Policy) -> pl.Expr:
    """Whether a building is an assisted household's residence below the protected area."""
    return (
        pl.col("housing_assistance")
        & (pl.col("use") == RESIDENCE)
        & ~pl.col("is_refused")
        & (pl.col("area_m2") < policy.number(Named.ASSISTED_AREA_M2, _ON))
    )


def housing_floor(cases: pl.LazyFrame, policy: Policy) -> Statement:
    """`housing_floor`: what money compensation lacks of the price of a flat of the protected area."""
    rows = cases.filter(is_protected(policy) & (pl.col("method") == MONEY_METHOD)).with_columns(
        protected_m2=policy.number(Named.ASSISTED_AREA_M2, _ON),
        price=policy.number(Named.RESIDENCE_RESETTLEMENT_PRICE, _ON),
    )
    rows = rows.with_columns(
        least=product(pl.col("protected_m2"), pl.col("price"), pl.lit(1, dtype=RATE))
    ).filter(pl.col("least") > pl.col("house_amount"))

    def working() -> pl.Expr:
        return pl.concat_str(
            wording.times(wording.area(pl.col("protected_m2")), wording.rate_of(pl.col("price"), "元/㎡")),
            pl.lit(" - "),
            wording.money(pl.col("house_amount")),
        )

    return given(
        rows,
        HOUSING_FLOOR,
        pl.col("least") - pl.col("house_amount"),
        working=working,
        note="最低补偿减房屋补偿：",
        rests_on=resting(policy, *house_readings(policy)),
    )


def assistance_questions(cases: pl.LazyFrame) -> pl.DataFrame:
    """An assisted household with several compensated residences: the clause speaks of one."""
    residences = cases.filter((pl.col("use") == RESIDENCE) & ~pl.col("is_refused"))
    _, several = alone_and_several(residences.select("home", "place", "housing_assistance"), "home")
    return ask(
        several,
        Question(
            "several_assisted_residences",
            "九",
            "住房保障对象有几处住宅，请确定保底适用于哪一处。",
            pl.col("housing_assistance"),
        ),
    )
