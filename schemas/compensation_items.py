"""The items of the compensation plan: code, Chinese name, clause and what they are counted in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One item code. `is_one_off` items of a building are what its agreement's amount adds up to."""

    code: str
    title: str
    clause: str
    is_one_off: bool = False


NOT_COMPENSATED = Item("not_compensated", "认定不予补偿", "八(1)", is_one_off=True)
HOUSE_RESIDENCE = Item("house_residence", "住宅补偿", "五(一)1", is_one_off=True)
HOUSE_BUSINESS = Item("house_business", "经营房屋补偿", "五(一)2", is_one_off=True)
HOUSE_APPRAISED = Item("house_appraised", "其他类房屋评估补偿", "五(一)3", is_one_off=True)
ATTACHMENTS = Item("attachments", "附属物补偿", "五(一)5", is_one_off=True)
HOUSING_FLOOR = Item("housing_floor", "住房保障最低补偿补足", "九", is_one_off=True)
BUYBACK = Item("buyback", "回购安置房价款", "五(一)3", is_one_off=True)
EXCHANGE_DIFFERENCE = Item("exchange_difference", "产权调换差价", "五(二)", is_one_off=True)
BUSINESS_STOPPAGE = Item("business_stoppage", "停产停业损失补偿", "五(二)2", is_one_off=True)
BUSINESS_STOPPAGE_OVERDUE = Item("business_stoppage_overdue", "逾期停产停业损失补偿", "五(二)2")
SIGNING_REWARD = Item("signing_reward", "按期签约搬迁奖励", "六")
MOVING_RESIDENCE = Item("moving_residence", "住宅搬迁补偿费", "十一")
MOVING_BUSINESS = Item("moving_business", "经营房屋搬迁补偿费", "十一")
SPECIAL_DECISION = Item("special_decision", "一事一议", "十一")
TRANSITION_RESIDENCE = Item("transition_residence", "住宅临时安置补偿费", "十二")
TRANSITION_RESIDENCE_OVERDUE = Item("transition_residence_overdue", "住宅逾期临时安置补偿费", "十二")
TRANSITION_BUSINESS = Item("transition_business", "商服临时安置补偿费", "十二")
TRANSITION_BUSINESS_OVERDUE = Item("transition_business_overdue", "商服逾期临时安置补偿费", "十二")

ALL_ITEMS: tuple[Item, ...] = (
    NOT_COMPENSATED,
    HOUSE_RESIDENCE,
    HOUSE_BUSINESS,
    HOUSE_APPRAISED,
    ATTACHMENTS,
    HOUSING_FLOOR,
    BUYBACK,
    EXCHANGE_DIFFERENCE,
    BUSINESS_STOPPAGE,
    BUSINESS_STOPPAGE_OVERDUE,
    SIGNING_REWARD,
    MOVING_RESIDENCE,
    MOVING_BUSINESS,
    SPECIAL_DECISION,
    TRANSITION_RESIDENCE,
    TRANSITION_RESIDENCE_OVERDUE,
    TRANSITION_BUSINESS,
    TRANSITION_BUSINESS_OVERDUE,
)
