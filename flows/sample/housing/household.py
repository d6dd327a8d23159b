"""What belongs to the household: clauses 六, 十一, 十三, and what changes between workbooks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from flows.sample.housing.builder import (
    ATTACHMENT,
    BUSINESS,
    MULTI_STOREY,
    RESIDENCE,
    SELF_BUILT,
    Case,
    HouseholdBuilder,
)
from schemas.housing import Agreements, HouseholdSurvey


def signed_on_deadline(b: HouseholdBuilder) -> None:
    """Signed and moved on the last day: 六."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)), signed_on=b.deadline_on, vacated_on=b.deadline_on)


def moved_too_late(b: HouseholdBuilder) -> None:
    """Signed in time, moved a day too late: 六."""
    late = b.deadline_on + timedelta(days=1)
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)), vacated_on=late)


def signed_too_late(b: HouseholdBuilder) -> None:
    """Signed after the deadline: 六."""
    late = b.deadline_on + timedelta(days=9)
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)), signed_on=late, vacated_on=late)


def one_building_unsigned(b: HouseholdBuilder) -> None:
    """A house signed, a second one not: no reward, moving paid: 六, 十一."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.not_signed(b.building(RESIDENCE, b.village.area(40, 60)))


def one_building_open(b: HouseholdBuilder) -> None:
    """A house in order, a second one not registered: what is the household's waits: rules 7."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.sign(b.building(RESIDENCE, b.village.area(40, 60), is_registered=False))


def one_exchanged_one_for_money(b: HouseholdBuilder) -> None:
    """Two houses, one of them exchanged: moving is paid twice: 十一."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.exchange(b.building(RESIDENCE, b.village.area(40, 60)), MULTI_STOREY, Decimal("66.50"))


def three_buildings(b: HouseholdBuilder) -> None:
    """A house, a shop and a workshop of one household: 六, 十一."""
    house = b.building(RESIDENCE, b.village.area(50, 90))
    shop = b.building(BUSINESS, b.village.area(30, 60))
    workshop = b.building("厂房", b.village.area(80, 200))
    b.appraise(workshop, b.village.money(50_000, 200_000))
    for number in (house, shop, workshop):
        b.sign(number)


def large_farm(b: HouseholdBuilder) -> None:
    """A large farm, whose move is decided case by case: 十一."""
    b.sign(b.building(RESIDENCE, b.village.area(80, 120)))
    shed = b.building("圈舍", b.village.area(400, 900), is_registered=False)
    b.appraise(shed, b.village.money(90_000, 400_000))
    b.sign(shed)
    b.decide("搬迁补偿", Decimal("18600.00"))


def unclear_title_decided(b: HouseholdBuilder) -> None:
    """Unclear title, with the government's decision on the building: 十三(一)."""
    number = b.building(RESIDENCE, b.village.area(50, 90))
    b.not_signed(number, "产权不明")
    b.decide("补偿决定", Decimal("196500.00"), number)


def unclear_title(b: HouseholdBuilder) -> None:
    """Unclear title, not yet decided: 十三(一)."""
    b.not_signed(b.building(RESIDENCE, b.village.area(50, 90)), "产权不明")


def owner_missing(b: HouseholdBuilder) -> None:
    """The owner can't be found: 十三(一)."""
    b.account = None
    b.not_signed(b.building(RESIDENCE, b.village.area(50, 90)), "下落不明")


def owner_missing_decided(b: HouseholdBuilder) -> None:
    """The owner can't be found, the decision names no building, the money is deposited: 十三(一)."""
    b.not_signed(b.building(RESIDENCE, b.village.area(50, 90)), "下落不明")
    b.decide("补偿决定", Decimal("175000.00"))
    b.pay(b.village.people.company("公证处"), Decimal(100), "提存机构")


def other_decision(b: HouseholdBuilder) -> None:
    """Another decision taken case by case: 一事一议."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.decide("其他", Decimal("3200.50"))


def unsigned_exchange(b: HouseholdBuilder) -> None:
    """Not signed, but leaning towards a flat: an estimate by that method: rules 7."""
    b.not_signed(
        b.building(RESIDENCE, b.village.area(50, 90)),
        method="产权调换",
        resettlement_estate="圣泉小区",
        resettlement_kind="高层",
        resettlement_area_m2=Decimal(90),
        under_construction=True,
        self_arranged=True,
    )


def no_agreement_yet(b: HouseholdBuilder) -> None:
    """Surveyed, nothing sent about an agreement."""
    b.building(RESIDENCE, b.village.area(50, 90))


def survey_still_to_come(b: HouseholdBuilder) -> None:
    """Everything has been sent but the survey: the records wait for it."""
    area = b.village.area(50, 90)
    number = b.building(RESIDENCE, area)
    b.recognise(number, recognised_use=RESIDENCE, recognised_area_m2=area, recognised_origin=SELF_BUILT)
    b.appraise(number, b.village.money(900, 9_000), subject=ATTACHMENT)
    b.sign(number)
    b.decide("其他", Decimal("1500.00"), number)
    b.pay(b.owner, Decimal(100), "本人")
    b.rows[HouseholdSurvey].clear()


def signed_before_the_plan(b: HouseholdBuilder) -> None:
    """An agreement dated before the plan, which has no rates for that day."""
    b.sign(
        b.building(RESIDENCE, b.village.area(50, 90)),
        notified_on=date(2020, 12, 1),
        deadline_on=date(2021, 1, 31),
        signed_on=date(2020, 12, 15),
    )


def agreement_off_by_a_cent(b: HouseholdBuilder) -> None:
    """The agreement names 0.01 more than the rules give: rules 7."""
    area = Decimal("88.40")
    paper = b.house_on_paper(area, SELF_BUILT) + Decimal("0.01")
    b.sign(b.building(RESIDENCE, area), agreed_amount=paper)


def measured_again(b: HouseholdBuilder) -> None:
    """Measured again: the later row replaces the earlier one."""
    area = b.village.area(50, 90)
    number = b.building(RESIDENCE, area)
    b.sign(number)
    b.correct(HouseholdSurvey, number, floor_area_m2=area - Decimal("0.86"))


def signed_since(b: HouseholdBuilder) -> None:
    """Not signed at first; a later workbook has the agreement."""
    number = b.building(RESIDENCE, b.village.area(50, 90))
    b.not_signed(number)
    b.correct(
        Agreements,
        number,
        agreement_number=f"XY-{b.signed_on.year}-BQ-{number}",
        signing_status="已签约",
        method="货币补偿",
        signed_on=b.signed_on,
        vacated_on=b.vacated_on,
    )


def surveyed_twice_by_mistake(b: HouseholdBuilder) -> None:
    """One house came under two numbers; the second one is withdrawn."""
    area = b.village.area(50, 90)
    b.sign(b.building(RESIDENCE, area))
    b.void(HouseholdSurvey, b.building(RESIDENCE, area, is_registered=False))


def agreement_withdrawn(b: HouseholdBuilder) -> None:
    """An agreement is withdrawn by a later workbook."""
    number = b.building(RESIDENCE, b.village.area(50, 90))
    b.sign(number)
    b.void(Agreements, number)


def facts_came_to_differ(b: HouseholdBuilder) -> None:
    """A later workbook names another date of settling for one of two houses: the household is held."""
    first = b.building(RESIDENCE, b.village.area(50, 90))
    second = b.building(RESIDENCE, b.village.area(40, 60))
    b.sign(first)
    b.sign(second)
    b.correct(HouseholdSurvey, second, household_since=date(2019, 10, 8))


CASES: tuple[Case, ...] = (
    signed_on_deadline,
    moved_too_late,
    signed_too_late,
    one_building_unsigned,
    one_building_open,
    one_exchanged_one_for_money,
    three_buildings,
    large_farm,
    unclear_title_decided,
    unclear_title,
    owner_missing,
    owner_missing_decided,
    other_decision,
    unsigned_exchange,
    no_agreement_yet,
    survey_still_to_come,
    signed_before_the_plan,
    agreement_off_by_a_cent,
    measured_again,
    signed_since,
    surveyed_twice_by_mistake,
    agreement_withdrawn,
    facts_came_to_differ,
)
