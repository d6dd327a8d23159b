"""Who is compensated: clause 八 and 决定 六, with the register, the recognition team and the freeze."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from flows.sample.housing.builder import (
    ATTACHMENT,
    BUSINESS,
    FREEZE_DAY,
    MULTI_STOREY,
    RESIDENCE,
    WORKERS_HOUSING,
    Case,
    HouseholdBuilder,
)


def recognised_though_not_registered(b: HouseholdBuilder) -> None:
    """Not in the register, recognised as a house of one's own building: 八(1)."""
    area = b.village.area(40, 90)
    number = b.building(RESIDENCE, area, is_registered=False)
    b.recognise(number, recognised_use=RESIDENCE, recognised_area_m2=area - 5, recognised_origin="自建")
    b.sign(number)


def recognised_as_workers_housing(b: HouseholdBuilder) -> None:
    """Surveyed as self-built, recognised as workers' housing with its whole area: 八(1)."""
    area = b.village.area(60, 90)
    number = b.building(RESIDENCE, area, register={"registered_area_m2": area - 20})
    b.recognise(number, recognised_use=RESIDENCE, recognised_area_m2=area, recognised_origin=WORKERS_HOUSING)
    b.sign(number)


def recognised_business_by_grade(b: HouseholdBuilder) -> None:
    """Registered for another use, recognised as an untitled shop with its grade: 八(1), 五(一)2."""
    area = b.village.area(30, 70)
    number = b.building(
        BUSINESS, area, register={"registered_use": "其他"}, structure="其他", has_title=False
    )
    b.recognise(number, recognised_use=BUSINESS, recognised_area_m2=area, recognised_grade="一级")
    b.sign(number)


def recognised_second_grade(b: HouseholdBuilder) -> None:
    """The team changes the surveyed grade: 八(1), 五(一)2."""
    area = b.village.area(30, 70)
    number = b.building(BUSINESS, area, structure="其他", has_title=False, material_grade="一级")
    b.recognise(number, recognised_use=BUSINESS, recognised_area_m2=area, recognised_grade="二级")
    b.sign(number)


def recognised_business_interrupted(b: HouseholdBuilder) -> None:
    """Recognised as a shop, yet interrupted without proof: 五(一)2 is asked all the same."""
    area = b.village.area(30, 70)
    number = b.building(BUSINESS, area, months_in_business=10)
    b.recognise(number, recognised_use=BUSINESS, recognised_area_m2=area)
    b.sign(number)


def recognised_without_origin(b: HouseholdBuilder) -> None:
    """Surveyed as something else, recognised as a residence of unknown origin: 五(一)1."""
    number = b.building("其他", Decimal("48.50"))
    b.recognise(number, recognised_use=RESIDENCE, recognised_area_m2=Decimal("48.50"))
    b.sign(number)


def recognised_shop_of_unknown_structure(b: HouseholdBuilder) -> None:
    """Surveyed as a residence, recognised as a shop: nobody knows its structure or title: 五(一)2."""
    area = b.village.area(40, 70)
    number = b.building(RESIDENCE, area, has_title=None, title_number=None)
    b.recognise(number, recognised_use=BUSINESS, recognised_area_m2=area)
    b.sign(number)


def _recognised_by_appraisal(b: HouseholdBuilder, use: str) -> None:
    area = b.village.area(40, 200)
    number = b.building("其他", area, is_registered=False)
    b.recognise(number, recognised_use=use, recognised_area_m2=area)
    b.appraise(number, b.village.money(9_000, 200_000))
    b.sign(number)


def recognised_workshop(b: HouseholdBuilder) -> None:
    """Recognised as a workshop: 八(1), 五(一)3."""
    _recognised_by_appraisal(b, "厂房")


def recognised_warehouse(b: HouseholdBuilder) -> None:
    """Recognised as a warehouse: 八(1), 五(一)3."""
    _recognised_by_appraisal(b, "仓库")


def recognised_pen(b: HouseholdBuilder) -> None:
    """Recognised as a pen: 八(1), 五(一)3."""
    _recognised_by_appraisal(b, "圈舍")


def recognised_other(b: HouseholdBuilder) -> None:
    """Recognised as something else: 八(1), 五(一)3."""
    _recognised_by_appraisal(b, "其他")


def refused_by_the_team(b: HouseholdBuilder) -> None:
    """Not compensated, attachments included, and never signed: 八(1)."""
    number = b.building(RESIDENCE, b.village.area(40, 80), is_registered=False)
    b.appraise(number, b.village.money(900, 5_000), subject=ATTACHMENT)
    b.recognise(number, outcome="不予补偿")


def not_registered(b: HouseholdBuilder) -> None:
    """A house that the register does not have: 八(2), 条例 二十四."""
    b.sign(b.building(RESIDENCE, b.village.area(40, 90), is_registered=False))


def business_not_registered(b: HouseholdBuilder) -> None:
    """A shop that the register does not have: 八(3)."""
    b.sign(b.building(BUSINESS, b.village.area(40, 90), is_registered=False))


def without_yard(b: HouseholdBuilder) -> None:
    """A self-built house without its own yard: 八(2)."""
    b.sign(b.building(RESIDENCE, b.village.area(40, 90), register={"has_own_yard": False}))


def not_habitable(b: HouseholdBuilder) -> None:
    """A house in which nobody can live: 八(2)."""
    b.sign(b.building(RESIDENCE, b.village.area(40, 90), register={"is_habitable": False}))


def business_without_imagery(b: HouseholdBuilder) -> None:
    """A shop that is registered without imagery: 八(3)."""
    b.sign(b.building(BUSINESS, b.village.area(40, 90), register={"imagery_ref": None}))


def lived_in_registered_as_shop(b: HouseholdBuilder) -> None:
    """A house that the register has as a shop: 八(2)."""
    b.sign(b.building(RESIDENCE, b.village.area(40, 90), register={"registered_use": BUSINESS}))


def shop_registered_as_house(b: HouseholdBuilder) -> None:
    """A shop that the register has as a house: 八(3)."""
    b.sign(b.building(BUSINESS, b.village.area(40, 90), register={"registered_use": RESIDENCE}))


def workshop_registered_as_house(b: HouseholdBuilder) -> None:
    """A workshop that the register has as a house: 八(2), 五(一)3."""
    number = b.building("厂房", b.village.area(90, 300), register={"registered_use": RESIDENCE})
    b.appraise(number, b.village.money(90_000, 400_000))
    b.sign(number)


def larger_than_registered(b: HouseholdBuilder) -> None:
    """Built on since 2016: the excess is not paid: 八(2)."""
    area = b.village.area(90, 140)
    b.sign(b.building(RESIDENCE, area, register={"registered_area_m2": area - Decimal("12.35")}))


def settled_on_freeze_day(b: HouseholdBuilder) -> None:
    """Settled on the day of the freeze, which still counts: 决定 六."""
    b.since = FREEZE_DAY
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))


def settled_after_freeze(b: HouseholdBuilder) -> None:
    """Settled after the freeze: the house is paid, nothing for the household: 决定 六."""
    b.since = FREEZE_DAY + timedelta(days=1)
    b.notify(FREEZE_DAY + timedelta(days=90))
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))


def settled_after_freeze_exchanged(b: HouseholdBuilder) -> None:
    """Settled after the freeze, exchanged: no monthly floor: 决定 六, 十二."""
    b.since = FREEZE_DAY + timedelta(days=60)
    b.notify(FREEZE_DAY + timedelta(days=120))
    b.exchange(b.building(RESIDENCE, Decimal("38.60")), MULTI_STOREY, Decimal("46.32"))


CASES: tuple[Case, ...] = (
    recognised_though_not_registered,
    recognised_as_workers_housing,
    recognised_business_by_grade,
    recognised_second_grade,
    recognised_business_interrupted,
    recognised_without_origin,
    recognised_shop_of_unknown_structure,
    recognised_workshop,
    recognised_warehouse,
    recognised_pen,
    recognised_other,
    refused_by_the_team,
    not_registered,
    business_not_registered,
    without_yard,
    not_habitable,
    business_without_imagery,
    lived_in_registered_as_shop,
    shop_registered_as_house,
    workshop_registered_as_house,
    larger_than_registered,
    settled_on_freeze_day,
    settled_after_freeze,
    settled_after_freeze_exchanged,
)
