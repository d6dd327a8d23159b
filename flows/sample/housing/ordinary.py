"""Ordinary households, as most are: each has its weight in the village."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.sample.cells import TextCell
from flows.sample.housing.builder import (
    ATTACHMENT,
    BUSINESS,
    COMMERCIAL,
    HIGH_RISE,
    MULTI_STOREY,
    RESIDENCE,
    SELF_BUILT,
    WORKERS_HOUSING,
    Case,
    HouseholdBuilder,
)


def workers_housing(b: HouseholdBuilder) -> None:
    """A workers' house in a row, without a yard, for money: 五(一)1, 八(2)."""
    area = b.village.area(35, 80)
    number = b.building(RESIDENCE, area, register={"has_own_yard": False}, residence_origin=WORKERS_HOUSING)
    b.sign(number)


def self_built(b: HouseholdBuilder) -> None:
    """A house of one's own building, for money: 五(一)1."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 160)))


def with_attachments(b: HouseholdBuilder) -> None:
    """Sheds, wells and trees beside the house, the agreement with its amount: 五(一)5."""
    area = b.village.area(45, 150)
    number = b.building(RESIDENCE, area, has_title=TextCell("房屋所有权证"))
    attachments = b.appraise(number, b.village.money(800, 60_000), subject=ATTACHMENT)
    b.sign(number, agreed_amount=b.house_on_paper(area, SELF_BUILT) + attachments)


def agreed_amount_given(b: HouseholdBuilder) -> None:
    """A workers' house whose agreement names the right amount: rules 7."""
    area = b.village.area(50, 90)
    number = b.building(RESIDENCE, area, residence_origin=WORKERS_HOUSING)
    b.sign(number, agreed_amount=b.house_on_paper(area, WORKERS_HOUSING))


def larger_flat(b: HouseholdBuilder) -> None:
    """A larger flat in a multi-storey building, handed over within 24 months: 五(二)1, 十二."""
    area = b.village.area(40, 110)
    b.notify(date(2021, 3, 1) + b.village.some_days(0, 300))
    handed_over = b.vacated_on + b.village.some_days(200, 600)
    b.exchange(
        b.building(RESIDENCE, area),
        MULTI_STOREY,
        (area * Decimal("1.3")).quantize(Decimal("0.1")),
        handed_over_on=handed_over,
    )


def smaller_flat(b: HouseholdBuilder) -> None:
    """A smaller flat in a high-rise building, handed over late: 五(二)1, 十二."""
    area = b.village.area(60, 150)
    b.notify(date(2021, 3, 1) + b.village.some_days(0, 200))
    handed_over = b.vacated_on + b.village.some_days(760, 1000)
    b.exchange(
        b.building(RESIDENCE, area, residence_origin=WORKERS_HOUSING),
        HIGH_RISE,
        (area * Decimal("1.1")).quantize(Decimal("0.1")),
        handed_over_on=handed_over,
        disputes_price=False,
    )


def finished_flat(b: HouseholdBuilder) -> None:
    """A finished flat, so no time between: 十二."""
    area = b.village.area(40, 100)
    b.exchange(
        b.building(RESIDENCE, area),
        MULTI_STOREY,
        area,
        under_construction=False,
        self_arranged=False,
        handed_over_on=b.signed_on,
    )


def lodged_meanwhile(b: HouseholdBuilder) -> None:
    """Lodged by the department until the flat is ready, so no transition payment: 十二."""
    area = b.village.area(40, 100)
    b.exchange(b.building(RESIDENCE, area), HIGH_RISE, area, self_arranged=False)


def waiting_for_flat(b: HouseholdBuilder) -> None:
    """Moved out in 2024, the flat is still being built: 十二."""
    area = b.village.area(30, 100)
    b.notify(date(2024, 1, 5) + b.village.some_days(0, 240))
    b.exchange(b.building(RESIDENCE, area), MULTI_STOREY, area + 10)


def titled_business(b: HouseholdBuilder) -> None:
    """A shop of brick and concrete with title, licence and two years in business: 五(一)2, 五(二)2."""
    b.sign(b.building(BUSINESS, b.village.area(40, 200)))


def business_of_timber(b: HouseholdBuilder) -> None:
    """A titled shop of another structure: 五(一)2."""
    b.sign(b.building(BUSINESS, b.village.area(40, 120), structure="砖木"))


def business_exchanged(b: HouseholdBuilder) -> None:
    """A shop exchanged for a larger one, handed over within 24 months: 五(二)2, 七2."""
    area = b.village.area(30, 120)
    b.notify(date(2021, 4, 1) + b.village.some_days(0, 300))
    b.exchange(
        b.building(BUSINESS, area),
        COMMERCIAL,
        area + b.village.area(1, 20),
        handed_over_on=b.vacated_on + b.village.some_days(300, 650),
    )


def pen(b: HouseholdBuilder) -> None:
    """A pen, paid by appraisal, not in the register: 五(一)3."""
    number = b.building("圈舍", b.village.area(20, 300), is_registered=False)
    b.appraise(number, b.village.money(3_000, 90_000))
    b.sign(number)


def warehouse(b: HouseholdBuilder) -> None:
    """A warehouse of an organisation, paid by appraisal: 五(一)3."""
    b.organisation()
    number = b.building("仓库", b.village.area(80, 600))
    b.appraise(number, b.village.money(60_000, 900_000))
    b.sign(number)


def house_and_pen(b: HouseholdBuilder) -> None:
    """A house and a pen of one household, both signed: 六."""
    house = b.building(RESIDENCE, b.village.area(50, 130))
    shed = b.building("圈舍", b.village.area(15, 80), is_registered=False)
    b.appraise(shed, b.village.money(2_000, 40_000))
    b.sign(house)
    b.sign(shed)


def house_and_shop(b: HouseholdBuilder) -> None:
    """A house for money and a shop for another one: 十一."""
    house = b.building(RESIDENCE, b.village.area(50, 130))
    area = b.village.area(30, 90)
    shop = b.building(BUSINESS, area)
    b.sign(house)
    b.exchange(shop, COMMERCIAL, area, under_construction=False, self_arranged=False)


def not_yet_signed(b: HouseholdBuilder) -> None:
    """The notice has been delivered, nothing is signed: rules 7."""
    b.not_signed(b.building(RESIDENCE, b.village.area(40, 130)))


def not_yet_moved(b: HouseholdBuilder) -> None:
    """Signed, and still living there: 六."""
    b.notify(date(2024, 3, 1) + b.village.some_days(0, 200))
    b.sign(b.building(RESIDENCE, b.village.area(40, 130)), vacated_on=None)


def assisted_for_money(b: HouseholdBuilder) -> None:
    """A small house of a household with a claim to housing, for money: 九."""
    b.is_assisted = True
    b.sign(b.building(RESIDENCE, b.village.area(35, 49)))


def assisted_exchange(b: HouseholdBuilder) -> None:
    """A small house of a household with a claim to housing, for a flat of over 50 ㎡: 九."""
    b.is_assisted = True
    b.exchange(b.building(RESIDENCE, b.village.area(35, 40)), MULTI_STOREY, b.village.area(50, 65))


WEIGHTED_CASES: dict[Case, int] = {
    self_built: 24,
    workers_housing: 20,
    with_attachments: 12,
    agreed_amount_given: 6,
    larger_flat: 8,
    smaller_flat: 4,
    finished_flat: 3,
    lodged_meanwhile: 2,
    waiting_for_flat: 4,
    titled_business: 3,
    business_of_timber: 2,
    business_exchanged: 2,
    pen: 2,
    warehouse: 1,
    house_and_pen: 4,
    house_and_shop: 1,
    not_yet_signed: 4,
    not_yet_moved: 2,
    assisted_for_money: 2,
    assisted_exchange: 1,
}
