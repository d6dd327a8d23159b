"""The second calculator, by months: what is overdue, what is in transition, and the floor of a month."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from tests.transforms.compensation.second_calculator_building import Building, Readings

Month = tuple[int, int]


@dataclass(frozen=True)
class Present:
    """A building in transition in one month: its area, whether overdue, how much of the month counts."""

    area: Fraction
    is_overdue: bool
    part: Fraction


def to_fen(amount: Fraction | Decimal) -> Decimal:
    """Half up to 0.01, once."""
    exact = Fraction(amount)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def transition_amounts(
    present: Sequence[Present], rate: Decimal, floor: Decimal, readings: Readings
) -> list[Decimal]:
    """What each building of a household gets in one month, the floor's lift shared by area."""
    doubles_area = readings["overdue_rate"] == "area_twice"
    before_floor = [2 if one.is_overdue and doubles_area else 1 for one in present]
    after_floor = [2 if one.is_overdue and not doubles_area else 1 for one in present]
    whole_month = [one.area * Fraction(rate) * by for one, by in zip(present, before_floor, strict=True)]
    lift = max(Fraction(floor) - sum(whole_month), Fraction(0))
    total_area = sum(one.area for one in present)
    shares = [
        lift * one.area / total_area * one.part * by for one, by in zip(present, after_floor, strict=True)
    ]
    lifts = [to_fen(share) for share in shares[:-1]]
    lifts.append(to_fen(sum(shares, Fraction(0))) - sum(lifts, Decimal(0)))
    bases = [
        amount * one.part * by for amount, one, by in zip(whole_month, present, after_floor, strict=True)
    ]
    return [to_fen(base + Fraction(share)) for base, share in zip(bases, lifts, strict=True)]


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def has_overdue_stoppage(building: Building) -> bool:
    """Whether the stoppage beyond the agreed 24 months is paid, or will be when nothing is handed over."""
    signed_on: dt.date | None = building.agreement.get("signed_on")
    if signed_on is None or building.status == "未签约":
        return False
    if not (building.is_exchanged and building.was_in_business):
        return False
    ends: dt.date | None = building.agreement["handed_over_on"]
    return ends is None or ends > months_later(signed_on, 24)


def overdue_stoppage(building: Building, as_of: dt.date) -> list[tuple[dt.date, Fraction]]:
    """First day and part of each month for which the stoppage beyond the agreed 24 months is paid."""
    if not has_overdue_stoppage(building):
        return []
    start = months_later(building.agreement["signed_on"], 24)
    ends = building.agreement["handed_over_on"]
    periods = []
    count = 0
    while months_later(start, count + 1) <= (ends or as_of):
        periods.append((months_later(start, count), Fraction(1)))
        count += 1
    first = months_later(start, count)
    if ends is not None and ends > first:
        periods.append((first, Fraction(1, 2) if (ends - first).days <= 15 else Fraction(1)))
    return periods


def transition_months(
    building: Building, as_of: dt.date, readings: Readings
) -> dict[Month, tuple[bool, Fraction]]:
    """By month: whether it is past the first 24, and how much of it counts."""
    agreement = building.agreement
    moved_on: dt.date | None = agreement.get("vacated_on")
    is_exchanged_house = (
        building.is_exchanged and building.use in {"住宅", "经营"} and not building.is_refused
    )
    if moved_on is None or not is_exchanged_house:
        return {}
    if not (agreement["under_construction"] and agreement["self_arranged"]):
        return {}
    handed_over_on = agreement["handed_over_on"]
    first = moved_on.year * 12 + moved_on.month - 1
    last_day = handed_over_on or months_later(as_of.replace(day=1), -1)
    last = last_day.year * 12 + last_day.month - 1
    result: dict[Month, tuple[bool, Fraction]] = {}
    for place in range(last - first + 1):
        year, month = divmod(first + place, 12)
        is_overdue = place >= 24
        is_half = handed_over_on is not None and first + place == last and handed_over_on.day <= 15
        if is_half and not is_overdue and readings["half_month"] == "overdue_only":
            is_half = False
        result[year, month + 1] = is_overdue, Fraction(1, 2) if is_half else Fraction(1)
    return result
