"""The plan as a plain loop over households with `decimal`, as one would write it first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from schemas.housing import Agreements, Appraisals, HouseholdSurvey, ImageryRegister
from tests.benchmarks.engines.outcome import Outcome, Records, in_order
from tests.benchmarks.town import AS_OF

Row = dict[str, Any]
Line = tuple[str, str | None, str, str | None, Decimal]
CENT = Decimal("0.01")
FLAT_PRICE, PROTECTED_M2 = Decimal(3000), Decimal(50)
RATIOS = {"多层": Decimal("1.2"), "高层": Decimal("1.3")}
FREEZE_ON = date(2021, 1, 7)
APPRAISED = {"厂房", "仓库", "圈舍", "其他"}


class DecimalLoop:
    """A line per household, building, item and month."""

    def prepare(self, records: Records) -> dict[str, list[Row]]:
        sheets = (HouseholdSurvey, ImageryRegister, Agreements, Appraisals)
        return {sheet.table: records[sheet.table].to_dicts() for sheet in sheets}

    def compute(self, prepared: dict[str, list[Row]]) -> tuple[list[Line], dict[str, list[Decimal]]]:
        register = {row["building_id"]: row for row in prepared[ImageryRegister.table]}
        agreements = {row["building_id"]: row for row in prepared[Agreements.table]}
        houses, attachments = _appraised(prepared[Appraisals.table])
        households: dict[str, list[Row]] = defaultdict(list)
        for row in prepared[HouseholdSurvey.table]:
            number = row["building_id"]
            known = {"appraised": houses.get(number), "attachments": attachments.get(number)}
            households[row["household_id"]].append(
                register.get(number, {}) | agreements[number] | row | known
            )
        lines: list[Line] = []
        totals: dict[str, list[Decimal]] = {}
        for number, buildings in households.items():
            own: list[Line] = [
                (number, building, item, period, amount.quantize(CENT, ROUND_HALF_UP))
                for building, item, period, amount in _items(buildings)
            ]
            lines += own
            total = sum((line[-1] for line in own), Decimal(0))
            is_owed = any(row["signing_status"] == "已签约" for row in buildings)
            totals[number] = [total, Decimal(0)] if is_owed else [Decimal(0), total]
        return lines, totals

    def outcome(self, computed: tuple[list[Line], dict[str, list[Decimal]]]) -> Outcome:
        lines, totals = computed
        rows = [
            (number, int(owed * 100), int(estimated * 100)) for number, (owed, estimated) in totals.items()
        ]
        frame = pl.DataFrame(rows, schema=["household_id", "owed", "estimated"], orient="row")
        return Outcome(len(lines), in_order(frame))


def _appraised(rows: list[Row]) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    newest: dict[str, tuple[date, Decimal]] = {}
    attachments: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        building, amount = row["building_id"], row["appraised_amount"]
        if row["subject"] == "附属物":
            attachments[building] += amount
        elif building not in newest or newest[building][0] < row["appraised_on"]:
            newest[building] = (row["appraised_on"], amount)
    return {building: amount for building, (_, amount) in newest.items()}, attachments


def _items(buildings: list[Row]) -> Iterator[tuple[str | None, str, str | None, Decimal]]:
    is_frozen = any(row["household_since"] and row["household_since"] > FREEZE_ON for row in buildings)
    for row in buildings:
        is_register_use = row["surveyed_use"] in {"住宅", "经营"}
        row["area"] = (
            min(row["floor_area_m2"], row["registered_area_m2"]) if is_register_use else row["floor_area_m2"]
        )
        for item, amount in _one_off(row):
            yield row["building_id"], item, None, amount
        for item, period, amount in _monthly(row, is_frozen=is_frozen):
            yield row["building_id"], item, period, amount
    if not is_frozen:
        yield from _of_household(buildings)


def _rate(row: Row) -> Decimal:
    if row["surveyed_use"] == "住宅":
        return Decimal(3000) if row["residence_origin"] == "林业局工区房" else Decimal(2500)
    if row["has_title"]:
        return Decimal(6000) if row["structure"] == "砖混" else Decimal(4200)
    if row["structure"] == "砖木":
        return Decimal(5000)
    return Decimal(3500) if row["material_grade"] == "一级" else Decimal(2000)


def _one_off(row: Row) -> Iterator[tuple[str, Decimal]]:
    use, area = row["surveyed_use"], row["area"]
    is_by_appraisal = use in APPRAISED or bool(row["disputes_price"])
    house = row["appraised"] if is_by_appraisal else area * _rate(row)
    is_protected = row["housing_assistance"] and use == "住宅" and area < PROTECTED_M2
    if row["attachments"] is not None:
        yield "attachments", row["attachments"]
    if row["method"] != "产权调换":
        yield "house", house
        if is_protected and house < PROTECTED_M2 * FLAT_PRICE:
            yield "housing_floor", PROTECTED_M2 * FLAT_PRICE - house
    elif use == "住宅":
        entitled = area * RATIOS[row["resettlement_kind"]]
        entitled = max(entitled, PROTECTED_M2) if is_protected else entitled
        yield "exchange_difference", (entitled - row["resettlement_area_m2"]) * FLAT_PRICE
    else:
        yield "exchange_difference", house - _shop_price(row)
    if use in APPRAISED and row["buyback_area_m2"]:
        yield "buyback", -row["buyback_area_m2"] * FLAT_PRICE
    if _is_running(row):
        yield "business_stoppage", area * 300


def _shop_price(row: Row) -> Decimal:
    new, area = Decimal(row["resettlement_area_m2"]), Decimal(row["area"])
    if row["resettlement_estate"] == "天池商业区商服房":
        return new * 6000
    return min(new, area) * 5500 + max(new - area, Decimal(0)) * 6500


def _is_running(row: Row) -> bool:
    return bool(
        row["surveyed_use"] == "经营"
        and (row["months_in_business"] or 0) >= 24
        and row["has_licence"]
        and not row["has_interruption_proof"]
    )


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _monthly(row: Row, *, is_frozen: bool) -> Iterator[tuple[str, str, Decimal]]:
    if row["method"] != "产权调换":
        return
    if _is_running(row) and row["signed_on"]:
        yield from _overdue_stoppage(row)
    if not (row["under_construction"] and row["self_arranged"] and row["vacated_on"]):
        return
    kind, rate, floor = ("residence", 12, 600) if row["surveyed_use"] == "住宅" else ("business", 30, 1500)
    handed_over_on = row["handed_over_on"]
    first = _months(row["vacated_on"])
    last = _months(handed_over_on) if handed_over_on else _months(AS_OF) - 1
    for month in range(first, last + 1):
        is_overdue = month >= first + 24
        is_half = handed_over_on is not None and month == last and handed_over_on.day <= 15
        amount = row["area"] * rate * (2 if is_overdue else 1)
        amount = amount if is_frozen else max(amount, Decimal(floor))
        item = f"transition_{kind}{'_overdue' if is_overdue else ''}"
        yield item, f"{month // 12:04d}-{month % 12 + 1:02d}", amount / 2 if is_half else amount


def _overdue_stoppage(row: Row) -> Iterator[tuple[str, str, Decimal]]:
    start = row["signed_on"].replace(year=row["signed_on"].year + 2)
    end = row["handed_over_on"] or AS_OF
    number = 0
    while _later(start, number + 1) <= end:
        yield "business_stoppage_overdue", _later(start, number).isoformat(), row["area"] * 30
        number += 1
    days = (end - _later(start, number)).days
    if row["handed_over_on"] and days > 0:
        part = Decimal("0.5") if days <= 15 else Decimal(1)
        yield "business_stoppage_overdue", _later(start, number).isoformat(), row["area"] * 30 * part


def _later(day: date, months: int) -> date:
    number = _months(day) + months
    following = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    last = (following - date(number // 12, number % 12 + 1, 1)).days
    return date(number // 12, number % 12 + 1, min(day.day, last))


def _of_household(buildings: list[Row]) -> Iterator[tuple[None, str, None, Decimal]]:
    residences = [row for row in buildings if row["surveyed_use"] == "住宅"]
    businesses = [row for row in buildings if row["surveyed_use"] == "经营"]
    if residences and all(_is_in_time(row) for row in buildings):
        yield None, "signing_reward", None, Decimal(20000)
    for item, rows, rate in (
        ("moving_residence", residences, 1500),
        ("moving_business", businesses, 2500),
    ):
        if rows:
            moves = 2 if any(row["method"] == "产权调换" for row in rows) else 1
            yield None, item, None, Decimal(rate) * moves


def _is_in_time(row: Row) -> bool:
    return bool(
        row["signing_status"] == "已签约"
        and row["vacated_on"]
        and max(row["signed_on"], row["vacated_on"]) <= row["deadline_on"]
    )
