"""The parameters and readings that the compensation plan's policy file must have, no more and no fewer."""

from __future__ import annotations

from enum import StrEnum

from schemas.policy_names import PolicyNames

COMPENSATION = "compensation"


class CompensationParameter(StrEnum):
    """A name in the policy file; its meaning, clause and unit stand there."""

    FREEZE_ON = "freeze_on"
    RESIDENCE_WORKERS_RATE = "residence_workers_rate"
    RESIDENCE_SELF_BUILT_RATE = "residence_self_built_rate"
    BUSINESS_TITLED_BRICK_CONCRETE_RATE = "business_titled_brick_concrete_rate"
    BUSINESS_TITLED_OTHER_RATE = "business_titled_other_rate"
    BUSINESS_UNTITLED_BRICK_TIMBER_RATE = "business_untitled_brick_timber_rate"
    BUSINESS_UNTITLED_FIRST_GRADE_RATE = "business_untitled_first_grade_rate"
    BUSINESS_UNTITLED_SECOND_GRADE_RATE = "business_untitled_second_grade_rate"
    CONTINUOUS_BUSINESS_MONTHS = "continuous_business_months"
    RESIDENCE_RESETTLEMENT_PRICE = "residence_resettlement_price"
    MULTI_STOREY_RATIO = "multi_storey_ratio"
    HIGH_RISE_RATIO = "high_rise_ratio"
    RESIDENCE_ESTATES = "residence_estates"
    BUSINESS_ESTATES_BY_AREA = "business_estates_by_area"
    BUSINESS_ESTATES_SINGLE_PRICE = "business_estates_single_price"
    BUSINESS_PRICE_WITHIN_AREA = "business_price_within_area"
    BUSINESS_PRICE_BEYOND_AREA = "business_price_beyond_area"
    BUSINESS_SINGLE_PRICE = "business_single_price"
    ASSISTED_AREA_M2 = "assisted_area_m2"
    STOPPAGE_RATE = "stoppage_rate"
    STOPPAGE_OVERDUE_RATE = "stoppage_overdue_rate"
    AGREED_TRANSITION_MONTHS = "agreed_transition_months"
    HALF_MONTH_DAYS = "half_month_days"
    SIGNING_REWARD = "signing_reward"
    MOVING_RESIDENCE = "moving_residence"
    MOVING_BUSINESS = "moving_business"
    MOVES_FOR_MONEY = "moves_for_money"
    MOVES_FOR_EXCHANGE = "moves_for_exchange"
    TRANSITION_RESIDENCE_RATE = "transition_residence_rate"
    TRANSITION_RESIDENCE_FLOOR = "transition_residence_floor"
    TRANSITION_BUSINESS_RATE = "transition_business_rate"
    TRANSITION_BUSINESS_FLOOR = "transition_business_floor"
    TRANSITION_MONTHS = "transition_months"
    TRANSITION_OVERDUE_FACTOR = "transition_overdue_factor"


DAYS = frozenset({CompensationParameter.FREEZE_ON})
LISTS = frozenset(
    {
        CompensationParameter.RESIDENCE_ESTATES,
        CompensationParameter.BUSINESS_ESTATES_BY_AREA,
        CompensationParameter.BUSINESS_ESTATES_SINGLE_PRICE,
    }
)
"""All other parameters are numbers, none of them below zero."""


class CompensationReading(StrEnum):
    """A doubtful passage; the question, its choices and the one in force stand in the policy file."""

    YARD_OF_WORKERS_HOUSING = "yard_of_workers_housing"
    UNTITLED_BRICK_TIMBER = "untitled_brick_timber"
    UNTITLED_BRICK_CONCRETE = "untitled_brick_concrete"
    APPRAISAL_BELOW_STANDARD = "appraisal_below_standard"
    RESIDENCE_EXCHANGE = "residence_exchange"
    SMALLER_FLAT = "smaller_flat"
    BUSINESS_EXCHANGE = "business_exchange"
    STOPPAGE_WITH_MONEY = "stoppage_with_money"
    OVERDUE_BUSINESS = "overdue_business"
    HALF_MONTH = "half_month"
    OVERDUE_RATE = "overdue_rate"
    SET_OFF = "set_off"


COMPENSATION_CHOICES: dict[str, frozenset[str]] = {
    CompensationReading.YARD_OF_WORKERS_HOUSING: frozenset({"waived", "required"}),
    CompensationReading.UNTITLED_BRICK_TIMBER: frozenset({"literal", "as_titled"}),
    CompensationReading.UNTITLED_BRICK_CONCRETE: frozenset({"by_grade", "5000"}),
    CompensationReading.APPRAISAL_BELOW_STANDARD: frozenset({"appraisal", "standard"}),
    CompensationReading.RESIDENCE_EXCHANGE: frozenset({"entitled_area", "value_difference"}),
    CompensationReading.SMALLER_FLAT: frozenset({"refund_at_3000", "no_refund"}),
    CompensationReading.BUSINESS_EXCHANGE: frozenset({"value_difference", "area_swap"}),
    CompensationReading.STOPPAGE_WITH_MONEY: frozenset({"both", "exchange_only"}),
    CompensationReading.OVERDUE_BUSINESS: frozenset({"both", "stoppage_only", "transition_only"}),
    CompensationReading.HALF_MONTH: frozenset({"always", "overdue_only"}),
    CompensationReading.OVERDUE_RATE: frozenset({"area_twice", "amount_twice"}),
    CompensationReading.SET_OFF: frozenset({"net", "separate"}),
}

COMPENSATION_NAMES = PolicyNames(
    COMPENSATION,
    CompensationParameter,
    COMPENSATION_CHOICES,
    days=DAYS,
    lists=LISTS,
)
