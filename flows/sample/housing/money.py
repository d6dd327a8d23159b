"""Money for the house: clause 五(一) and the floor of clause 九."""

from __future__ import annotations

from decimal import Decimal

from flows.sample.housing.builder import (
    ATTACHMENT,
    BUSINESS,
    RESIDENCE,
    SELF_BUILT,
    WORKERS_HOUSING,
    Case,
    HouseholdBuilder,
)


def untitled_timber_shop(b: HouseholdBuilder) -> None:
    """A shop of brick and timber without title: 五(一)2."""
    b.sign(b.building(BUSINESS, b.village.area(30, 80), structure="砖木", has_title=False))


def _untitled(b: HouseholdBuilder, structure: str, grade: str | None) -> None:
    number = b.building(
        BUSINESS, b.village.area(30, 80), structure=structure, has_title=False, material_grade=grade
    )
    b.sign(number)


def untitled_first_grade(b: HouseholdBuilder) -> None:
    """An untitled shop of first-grade material: 五(一)2."""
    _untitled(b, "其他", "一级")


def untitled_second_grade(b: HouseholdBuilder) -> None:
    """An untitled shop of second-grade material: 五(一)2."""
    _untitled(b, "其他", "二级")


def untitled_without_grade(b: HouseholdBuilder) -> None:
    """An untitled shop whose material nobody has graded: 五(一)2."""
    _untitled(b, "其他", None)


def untitled_concrete(b: HouseholdBuilder) -> None:
    """A shop of brick and concrete without title, for which the text has no rate: 五(一)2."""
    _untitled(b, "砖混", "一级")


def untitled_concrete_without_grade(b: HouseholdBuilder) -> None:
    """The same, and its material is not graded: 五(一)2."""
    _untitled(b, "砖混", None)


def titled_other_structure(b: HouseholdBuilder) -> None:
    """A titled shop of another structure: 五(一)2."""
    b.sign(b.building(BUSINESS, b.village.area(30, 80), structure="其他"))


def interrupted_with_proof(b: HouseholdBuilder) -> None:
    """Business interrupted, with proof: the standard, and nothing for stopping: 五(二)2."""
    b.sign(b.building(BUSINESS, b.village.area(30, 80), months_in_business=8, has_interruption_proof=True))


def interrupted_without_proof(b: HouseholdBuilder) -> None:
    """Business interrupted, without proof: 五(二)2."""
    number = b.building(BUSINESS, b.village.area(30, 80), months_in_business=8, has_interruption_proof=False)
    b.sign(number)


def twenty_three_months(b: HouseholdBuilder) -> None:
    """One month short of two years in business: 五(二)2."""
    b.sign(b.building(BUSINESS, b.village.area(30, 80), months_in_business=23))


def twenty_four_months(b: HouseholdBuilder) -> None:
    """Exactly two years in business: 五(二)2."""
    b.sign(b.building(BUSINESS, b.village.area(30, 80), months_in_business=24))


def months_unknown(b: HouseholdBuilder) -> None:
    """Nobody wrote down how long the shop has been in business: 五(二)2."""
    b.sign(b.building(BUSINESS, b.village.area(30, 80), months_in_business=None))


def without_licence(b: HouseholdBuilder) -> None:
    """In business for long without a licence: nothing for stopping: 五(二)2."""
    b.sign(b.building(BUSINESS, b.village.area(30, 80), has_licence=False))


def workshop_with_buyback(b: HouseholdBuilder) -> None:
    """A workshop by appraisal, whose owner buys a flat back: 五(一)3."""
    b.organisation()
    number = b.building("厂房", b.village.area(200, 900))
    b.appraise(number, b.village.money(300_000, 2_000_000))
    b.sign(number, buyback_area_m2=Decimal("62.80"))


def workshop_not_appraised(b: HouseholdBuilder) -> None:
    """A workshop without an appraisal: 五(一)3."""
    b.sign(b.building("厂房", b.village.area(90, 300), is_registered=False))


def warehouse_not_appraised(b: HouseholdBuilder) -> None:
    """A warehouse whose attachments alone were appraised: 五(一)3."""
    number = b.building("仓库", b.village.area(90, 300))
    b.appraise(number, b.village.money(900, 9_000), subject=ATTACHMENT)
    b.sign(number)


def pen_not_appraised(b: HouseholdBuilder) -> None:
    """A pen without an appraisal: 五(一)3."""
    b.sign(b.building("圈舍", b.village.area(20, 90), is_registered=False))


def other_appraised(b: HouseholdBuilder) -> None:
    """Another building, appraised twice: the newer report counts: 五(一)3."""
    number = b.building("其他", b.village.area(20, 90), is_registered=False)
    b.appraise(number, b.village.money(8_000, 20_000))
    b.appraise(number, b.village.money(21_000, 40_000), days_later=30)
    b.sign(number)


def two_reports_of_one_day(b: HouseholdBuilder) -> None:
    """Two reports of one day with different amounts: 五(一)3."""
    number = b.building("厂房", b.village.area(90, 300))
    b.appraise(number, Decimal("152000.00"))
    b.appraise(number, Decimal("158000.00"))
    b.sign(number)


def other_not_appraised(b: HouseholdBuilder) -> None:
    """Another building without an appraisal: 五(一)3."""
    b.sign(b.building("其他", b.village.area(20, 90), is_registered=False))


def disputed_appraised_above(b: HouseholdBuilder) -> None:
    """The price is disputed and the appraisal is above the standard: 五(一)4."""
    area = b.village.area(60, 90)
    number = b.building(RESIDENCE, area)
    b.appraise(number, b.house_on_paper(area, SELF_BUILT) + 30_000)
    b.sign(number, disputes_price=True)


def disputed_appraised_below(b: HouseholdBuilder) -> None:
    """The price is disputed and the appraisal is below the standard: 五(一)4."""
    area = b.village.area(60, 90)
    number = b.building(RESIDENCE, area, residence_origin=WORKERS_HOUSING)
    b.appraise(number, b.house_on_paper(area, WORKERS_HOUSING) - Decimal("10000.50"))
    b.sign(number, disputes_price=True)


def disputed_not_appraised(b: HouseholdBuilder) -> None:
    """The price is disputed and not yet appraised: 五(一)4."""
    b.sign(b.building(RESIDENCE, b.village.area(60, 90)), disputes_price=True)


def disputed_shop(b: HouseholdBuilder) -> None:
    """The price of a shop is disputed and appraised lower: 五(一)4."""
    number = b.building(BUSINESS, b.village.area(60, 90))
    b.appraise(number, b.village.money(90_000, 150_000))
    b.sign(number, disputes_price=True)


def attachments_of_two_reports(b: HouseholdBuilder) -> None:
    """Attachments appraised by two reports add up: 五(一)5."""
    area = b.village.area(60, 90)
    number = b.building(RESIDENCE, area)
    first = b.appraise(number, b.village.money(900, 9_000), subject=ATTACHMENT)
    second = b.appraise(number, b.village.money(900, 9_000), subject=ATTACHMENT, days_later=20)
    b.sign(number, agreed_amount=b.house_on_paper(area, SELF_BUILT) + first + second)


def assisted_just_below_fifty(b: HouseholdBuilder) -> None:
    """A household with a claim to housing and 49.99 ㎡: 九."""
    b.is_assisted = True
    b.sign(b.building(RESIDENCE, Decimal("49.99")))


def assisted_fifty(b: HouseholdBuilder) -> None:
    """A household with a claim to housing and 50 ㎡, which is not below: 九."""
    b.is_assisted = True
    b.sign(b.building(RESIDENCE, Decimal(50)))


def assisted_appraised_high(b: HouseholdBuilder) -> None:
    """A claim to housing, and the appraised amount is above the floor: 九, 五(一)4."""
    b.is_assisted = True
    number = b.building(RESIDENCE, Decimal("45.20"))
    b.appraise(number, Decimal("168000.00"))
    b.sign(number, disputes_price=True)


def assisted_two_houses(b: HouseholdBuilder) -> None:
    """A claim to housing and two houses: 九."""
    b.is_assisted = True
    b.sign(b.building(RESIDENCE, Decimal("36.40")))
    b.sign(b.building(RESIDENCE, Decimal("41.75")))


CASES: tuple[Case, ...] = (
    untitled_timber_shop,
    untitled_first_grade,
    untitled_second_grade,
    untitled_without_grade,
    untitled_concrete,
    untitled_concrete_without_grade,
    titled_other_structure,
    interrupted_with_proof,
    interrupted_without_proof,
    twenty_three_months,
    twenty_four_months,
    months_unknown,
    without_licence,
    workshop_with_buyback,
    workshop_not_appraised,
    warehouse_not_appraised,
    pen_not_appraised,
    other_appraised,
    other_not_appraised,
    two_reports_of_one_day,
    disputed_appraised_above,
    disputed_appraised_below,
    disputed_not_appraised,
    disputed_shop,
    attachments_of_two_reports,
    assisted_just_below_fifty,
    assisted_fifty,
    assisted_appraised_high,
    assisted_two_houses,
)
