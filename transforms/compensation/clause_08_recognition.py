"""Clause 八 and decision 六: which buildings are compensated, as what and with which area."""

from __future__ import annotations

import polars as pl

from schemas.compensation_items import NOT_COMPENSATED
from schemas.compensation_policy import CompensationReading
from schemas.housing import APPRAISED_USES
from transforms.compensation.cases import BUSINESS, RESIDENCE
from transforms.compensation.items import ONE, Statement, state
from transforms.compensation.questions import Question
from transforms.policy import Policy

_AREA = pl.Decimal(18, 2)
_ZERO = pl.lit(0, dtype=_AREA)
_RECOGNISED = pl.col("outcome").is_not_null()
_REFUSED = (pl.col("outcome") == "不予补偿").fill_null(value=False)
_DECIDED = (
    "recognised_use", "recognised_area_m2", "recognised_origin", "recognised_grade", "floor_area_m2",
    "registered_area_m2", "residence_origin", "material_grade",
)  # fmt: skip
"""What nobody asks for any more once it is decided which of them counts."""
_BY_REGISTER = (pl.col("surveyed_use") == RESIDENCE) | (pl.col("surveyed_use") == BUSINESS)


def recognise(cases: pl.LazyFrame) -> pl.LazyFrame:
    """The cases with `use`, `is_appraised_use`, `area_m2`, `excess_m2`, `origin`, `grade` and `is_refused`.

    These take the place of what was surveyed, registered and recognised of use, area, origin and grade.

    A recognition decides where there is one; else the register does, and what it doesn't bear out is an
    open question, computed by the surveyed facts.
    """
    surveyed, registered = pl.col("floor_area_m2"), pl.col("registered_area_m2")
    smaller = pl.when(_BY_REGISTER).then(pl.min_horizontal(surveyed, registered)).otherwise(surveyed)
    beyond = pl.when(_BY_REGISTER & ~_RECOGNISED).then(
        pl.max_horizontal(surveyed - pl.coalesce(registered, surveyed), _ZERO)
    )
    use = pl.coalesce("recognised_use", "surveyed_use")
    return cases.with_columns(
        use=use,
        is_appraised_use=use.is_in(APPRAISED_USES),
        area_m2=pl.when(_REFUSED)
        .then(_ZERO)
        .otherwise(pl.coalesce(pl.col("recognised_area_m2"), smaller))
        .cast(_AREA),
        excess_m2=beyond.fill_null(_ZERO).cast(_AREA),
        origin=pl.coalesce("recognised_origin", "residence_origin"),
        grade=pl.coalesce("recognised_grade", "material_grade"),
        is_refused=_REFUSED,
    ).drop(_DECIDED)


def yard_is_waived(policy: Policy) -> pl.Expr:
    """Whether a building has no yard of its own and is let pass as a row of workers' housing."""
    reading = CompensationReading.YARD_OF_WORKERS_HOUSING
    waived = policy.chooses(reading, "waived", pl.col("effective_on"))
    return (
        ~_RECOGNISED
        & (pl.col("use") == RESIDENCE)
        & ~pl.col("has_own_yard")
        & (pl.col("origin") == "林业局工区房")
        & waived
    ).fill_null(value=False)


def not_compensated(cases: pl.LazyFrame) -> Statement:
    """One line at zero per building that the recognition team refused."""
    zero = pl.lit(0, dtype=pl.Decimal(18, 2))
    return state(
        cases.filter("is_refused"),
        NOT_COMPENSATED,
        quantity=ONE,
        unit="项",
        rate=zero,
        rate_unit="元",
        note="认定工作组认定不予补偿：",
    )


def register_questions(policy: Policy) -> list[Question]:
    """What the register does not bear out, and no recognition has decided."""
    residence = ~_RECOGNISED & (pl.col("surveyed_use") == RESIDENCE)
    business = ~_RECOGNISED & (pl.col("surveyed_use") == BUSINESS)
    registered = pl.col("is_registered")
    use_differs = (
        registered
        & ~_RECOGNISED
        & (pl.col("registered_use") != pl.col("surveyed_use"))
        & (_BY_REGISTER | (pl.col("registered_use") == RESIDENCE) | (pl.col("registered_use") == BUSINESS))
    )
    return [
        Question(
            "not_in_register",
            "八(2)、八(3)",
            "影像登记中没有该房屋，请认定工作组认定。",
            (residence | business) & ~registered,
        ),
        Question(
            "no_own_yard",
            "八(2)",
            "登记为没有独立院落，请认定工作组认定。",
            residence & registered & ~pl.col("has_own_yard") & ~yard_is_waived(policy),
        ),
        Question(
            "not_habitable",
            "八(2)",
            "登记为不能正常居住，请认定工作组认定。",
            residence & registered & ~pl.col("is_habitable"),
        ),
        Question(
            "no_imagery",
            "八(3)",
            "经营房屋有登记而没有影像资料，请认定工作组认定。",
            business & registered & pl.col("imagery_ref").is_null(),
        ),
        Question(
            "use_differs",
            "八(2)、八(3)",
            pl.format("登记用途为{}，调查用途为{}，请认定工作组认定。", "registered_use", "surveyed_use"),
            use_differs,
        ),
    ]
