"""Exchange, stopping business and temporary resettlement: clauses 五(二), 七, 九, 十二."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from flows.sample.housing.builder import (
    ATTACHMENT,
    BUSINESS,
    BUSINESS_ESTATES,
    COMMERCIAL,
    HIGH_RISE,
    MULTI_STOREY,
    RESIDENCE,
    RESIDENTIAL_ESTATES,
    Case,
    HouseholdBuilder,
)

_NOTICE = date(2021, 3, 1)
_SIGNED = date(2021, 3, 20)
_MOVED = date(2021, 4, 10)
_MARKET_ESTATE = BUSINESS_ESTATES[-1]
_STREET_ESTATE = BUSINESS_ESTATES[0]


def _signed_in_spring(b: HouseholdBuilder) -> None:
    b.notify(_NOTICE)
    b.signed_on, b.vacated_on = _SIGNED, _MOVED


def flat_much_larger(b: HouseholdBuilder) -> None:
    """A flat so large that the household owes more than it is paid: 五(二)1, rules 7."""
    number = b.building(RESIDENCE, Decimal("52.30"))
    b.exchange(number, MULTI_STOREY, Decimal("118.00"), under_construction=False, self_arranged=False)


def flat_as_entitled(b: HouseholdBuilder) -> None:
    """A flat of exactly the entitled area: 五(二)1."""
    b.exchange(b.building(RESIDENCE, Decimal(60)), HIGH_RISE, Decimal(78))


def exchange_with_attachments(b: HouseholdBuilder) -> None:
    """Attachments are paid in money beside the exchange: 五(二)2."""
    number = b.building(RESIDENCE, Decimal("71.20"))
    b.appraise(number, Decimal("8600.40"), subject=ATTACHMENT)
    b.exchange(number, MULTI_STOREY, Decimal("85.00"))


def assisted_flat_of_fifty(b: HouseholdBuilder) -> None:
    """A claim to housing and a flat of 50 ㎡: no difference to pay: 九."""
    b.is_assisted = True
    b.exchange(b.building(RESIDENCE, Decimal("36.00")), MULTI_STOREY, Decimal(50))


def assisted_flat_too_small(b: HouseholdBuilder) -> None:
    """A claim to housing and a flat below 50 ㎡: 九."""
    b.is_assisted = True
    b.exchange(b.building(RESIDENCE, Decimal("35.50")), HIGH_RISE, Decimal("46.15"))


def shop_for_house(b: HouseholdBuilder) -> None:
    """Business premises chosen for a residence: 七."""
    b.exchange(b.building(RESIDENCE, b.village.area(50, 90)), COMMERCIAL, Decimal(60))


def flat_for_shop(b: HouseholdBuilder) -> None:
    """A flat chosen for a shop: 七."""
    b.exchange(b.building(BUSINESS, b.village.area(50, 90)), HIGH_RISE, Decimal(60))


def estate_of_wrong_kind(b: HouseholdBuilder) -> None:
    """A flat in an estate that has only business premises: 七."""
    number = b.building(RESIDENCE, b.village.area(50, 90))
    b.exchange(number, MULTI_STOREY, Decimal(70), resettlement_estate=_STREET_ESTATE)


def shop_in_residential_estate(b: HouseholdBuilder) -> None:
    """Business premises in a residential estate: 七."""
    number = b.building(BUSINESS, b.village.area(50, 90))
    b.exchange(number, COMMERCIAL, Decimal(70), resettlement_estate=RESIDENTIAL_ESTATES[0])


def workshop_exchanged(b: HouseholdBuilder) -> None:
    """A workshop is not exchanged: 五(一)3."""
    number = b.building("厂房", b.village.area(90, 300))
    b.appraise(number, b.village.money(90_000, 300_000))
    b.exchange(number, COMMERCIAL, Decimal(90))


def house_with_buyback(b: HouseholdBuilder) -> None:
    """A flat bought back for a residence: 五(一)3 knows it for other buildings only."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)), buyback_area_m2=Decimal(50))


def larger_shop_in_street(b: HouseholdBuilder) -> None:
    """Larger premises, at the rate for what exceeds: 七2."""
    number = b.building(BUSINESS, Decimal("64.00"))
    b.exchange(number, COMMERCIAL, Decimal("80.50"), resettlement_estate=_STREET_ESTATE)


def smaller_shop_in_market(b: HouseholdBuilder) -> None:
    """Smaller premises in the quarter with one rate: 七2."""
    number = b.building(BUSINESS, Decimal("64.00"))
    b.exchange(number, COMMERCIAL, Decimal("48.00"), resettlement_estate=_MARKET_ESTATE)


def larger_shop_in_market(b: HouseholdBuilder) -> None:
    """Larger premises in the quarter with one rate: 七2."""
    number = b.building(BUSINESS, Decimal("64.00"))
    b.exchange(number, COMMERCIAL, Decimal("88.00"), resettlement_estate=_MARKET_ESTATE)


def disputed_shop_exchanged(b: HouseholdBuilder) -> None:
    """The value of the old premises is disputed: 五(一)4, 七2."""
    number = b.building(BUSINESS, Decimal("58.00"))
    b.appraise(number, Decimal("402000.00"))
    b.exchange(number, COMMERCIAL, Decimal("58.00"), disputes_price=True)


def untitled_concrete_exchanged(b: HouseholdBuilder) -> None:
    """A shop for which the text has no rate, exchanged: 五(一)2, 七2."""
    number = b.building(BUSINESS, Decimal("58.00"), has_title=False, material_grade="二级")
    b.exchange(number, COMMERCIAL, Decimal("58.00"))


def _handed_over(b: HouseholdBuilder, day: date, area: str = "72.40") -> None:
    _signed_in_spring(b)
    b.exchange(b.building(RESIDENCE, Decimal(area)), MULTI_STOREY, Decimal(90), handed_over_on=day)


def handed_over_on_15th(b: HouseholdBuilder) -> None:
    """Handed over on the 15th, which is still half a month: 十二."""
    _handed_over(b, date(2022, 9, 15))


def handed_over_on_16th(b: HouseholdBuilder) -> None:
    """Handed over on the 16th, which is a whole month: 十二."""
    _handed_over(b, date(2022, 9, 16))


def overdue_on_15th(b: HouseholdBuilder) -> None:
    """Handed over on the 15th of an overdue month: 十二."""
    _handed_over(b, date(2023, 8, 15))


def overdue_on_16th(b: HouseholdBuilder) -> None:
    """Handed over on the 16th of an overdue month: 十二."""
    _handed_over(b, date(2023, 8, 16))


def handed_over_in_month_of_moving(b: HouseholdBuilder) -> None:
    """Moved and handed over in one month: 十二."""
    _handed_over(b, date(2021, 4, 12))


def lifted_to_floor(b: HouseholdBuilder) -> None:
    """A house so small that the month's floor applies: 十二."""
    _handed_over(b, date(2022, 6, 20), area="38.20")


def overdue_and_waiting(b: HouseholdBuilder) -> None:
    """More than 24 months, and still waiting: 十二."""
    _signed_in_spring(b)
    b.exchange(b.building(RESIDENCE, Decimal("66.60")), HIGH_RISE, Decimal(86))


def two_houses_in_transition(b: HouseholdBuilder) -> None:
    """Two houses, one handed over long before the other: they share the month's floor: 十二."""
    _signed_in_spring(b)
    b.exchange(
        b.building(RESIDENCE, Decimal("22.10")), MULTI_STOREY, Decimal(50), handed_over_on=date(2022, 12, 5)
    )
    b.exchange(
        b.building(RESIDENCE, Decimal("18.30")),
        MULTI_STOREY,
        Decimal(50),
        vacated_on=date(2021, 8, 3),
        handed_over_on=date(2023, 11, 20),
    )


def exchanged_not_moved(b: HouseholdBuilder) -> None:
    """Exchanged and still living in the old house: no transition yet: 十二."""
    b.exchange(b.building(RESIDENCE, b.village.area(50, 90)), MULTI_STOREY, Decimal(80), vacated_on=None)


def _shop_handed_over(b: HouseholdBuilder, day: date | None, area: str = "45.50") -> None:
    _signed_in_spring(b)
    b.exchange(b.building(BUSINESS, Decimal(area)), COMMERCIAL, Decimal(50), handed_over_on=day)


def shop_overdue_by_ten_days(b: HouseholdBuilder) -> None:
    """A shop handed over two months and ten days late: 五(二)2."""
    _shop_handed_over(b, date(2023, 5, 30))


def shop_overdue_by_twenty_days(b: HouseholdBuilder) -> None:
    """A shop handed over two months and twenty days late: 五(二)2."""
    _shop_handed_over(b, date(2023, 6, 9))


def shop_overdue_and_waiting(b: HouseholdBuilder) -> None:
    """A shop more than 24 months late, and still waiting: 五(二)2, 十二."""
    _shop_handed_over(b, None)


def small_shop_in_transition(b: HouseholdBuilder) -> None:
    """A shop so small that the month's floor applies: 十二."""
    _shop_handed_over(b, date(2022, 4, 30), area="31.00")


CASES: tuple[Case, ...] = (
    flat_much_larger,
    flat_as_entitled,
    exchange_with_attachments,
    assisted_flat_of_fifty,
    assisted_flat_too_small,
    shop_for_house,
    flat_for_shop,
    estate_of_wrong_kind,
    shop_in_residential_estate,
    workshop_exchanged,
    house_with_buyback,
    larger_shop_in_street,
    smaller_shop_in_market,
    larger_shop_in_market,
    disputed_shop_exchanged,
    untitled_concrete_exchanged,
    handed_over_on_15th,
    handed_over_on_16th,
    overdue_on_15th,
    overdue_on_16th,
    handed_over_in_month_of_moving,
    lifted_to_floor,
    overdue_and_waiting,
    two_houses_in_transition,
    exchanged_not_moved,
    shop_overdue_by_ten_days,
    shop_overdue_by_twenty_days,
    shop_overdue_and_waiting,
    small_shop_in_transition,
)
