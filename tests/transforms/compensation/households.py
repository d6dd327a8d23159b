"""Invented households: consistent records in wild circumstances, on both sides of each threshold.

`Village` writes the records of households by a random generator, either a seeded one or one that hypothesis
steers and shrinks; `villages` is the strategy.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from schemas.housing import HOUSING_SHEETS

Record = dict[str, Any]
FREEZE_ON = dt.date(2021, 1, 7)
AS_OF_DAYS = (
    dt.date(2021, 6, 30), dt.date(2023, 2, 28), dt.date(2023, 3, 1), dt.date(2024, 2, 29),
    dt.date(2024, 3, 15), dt.date(2025, 1, 31), dt.date(2026, 7, 1),
)  # fmt: skip
SIGNING_DAYS = (
    dt.date(2021, 1, 31), dt.date(2021, 2, 28), dt.date(2021, 3, 1), dt.date(2021, 3, 15),
    dt.date(2021, 3, 16), dt.date(2021, 4, 30), dt.date(2021, 5, 31), dt.date(2021, 12, 31),
    dt.date(2022, 2, 28), dt.date(2024, 2, 29),
)  # fmt: skip
MONTHS_TO_HANDOVER = (0, 1, 5, 22, 23, 24, 25, 26, 27, 37)
AREAS = tuple(
    Decimal(text)
    for text in (
        "0.01", "10.11", "20.33", "33.33", "40.00", "41.66", "41.67", "49.99", "50.00", "50.01", "59.99",
        "60.00", "60.01", "66.67", "86.50", "100.00", "123.45", "100000.00",
    )
)  # fmt: skip
RESIDENCE_ESTATES = ("圣泉小区", "闻泉小区", "天池花园小区", "伊林小区", "育才小区", "天池住宅小区")
SHOP_ESTATES = ("天池花园商服房", "十二路商服房", "步行街商服房", "天池商业区商服房")
APPRAISED_USES = ("厂房", "仓库", "圈舍", "其他")
CENT = Decimal("0.01")


class Village:
    """Writes households into `records`, one list of rows per sheet, as of one day."""

    def __init__(self, random: Random, as_of: dt.date) -> None:
        self.random = random
        self.as_of = as_of
        self.records: dict[str, list[Record]] = {sheet.table: [] for sheet in HOUSING_SHEETS}
        self.is_wild = False

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def oddly(self, percent: int) -> bool:
        """What happens in wild households only."""
        return self.is_wild and self.chance(percent)

    def pick(self, *options: Any) -> Any:  # noqa: ANN401 whatever the options are
        return options[self.random.randrange(len(options))]

    def add(self, sheet: str, row: Record) -> None:
        self.records[sheet].append(row)

    def household(self, number: int) -> None:
        """One household with its buildings, agreements, appraisals and decisions."""
        self.is_wild = self.chance(55)
        name = f"H{number}"
        facts: Record = {
            "household_id": name,
            "owner_name": "某甲",
            "id_kind": "居民身份证",
            "id_number": "110101190001010006",
            "household_since": self.pick(
                None, dt.date(2001, 5, 12), dt.date(2001, 5, 12), FREEZE_ON, FREEZE_ON + dt.timedelta(days=1)
            ),
            "housing_assistance": self.chance(35),
        }
        count = self.pick(1, 1, 1, 2, 2, 3, 4)
        uses = [self.pick("住宅", "住宅", "经营", "经营", *APPRAISED_USES) for _ in range(count)]
        status = self.pick("已签约", "已签约", "已签约", "未签约", None)
        signed_on = self.pick(*[day for day in SIGNING_DAYS if day <= self.as_of])
        buildings = [f"{name}-{place}" for place in self.random.sample(range(1, 13), count)]
        for building, use in zip(buildings, uses, strict=True):
            self._survey(building, use, facts)
            self._recognition(building, use)
            self._appraisals(building, use)
            self._agreement(building, use, status, signed_on)
        if self.oddly(25):
            self._decisions(name, buildings)
        if count > 1 and self.chance(30):
            self.records["household_survey"][-self.pick(1, 2)]["household_since"] = None
        if self.oddly(8) and count > 1:
            self.records["household_survey"][-1][self.pick("owner_name", "account_name")] = "某乙"
            self.records["household_survey"][-2]["account_name"] = "某丙"

    def stray_records(self, number: int) -> None:
        """Records about buildings that have not been surveyed, or that belong to another household."""
        if number and self.chance(50):
            building = self.records["household_survey"][0]["building_id"]
            self._decisions(f"H{number}", [building, f"V{number}"])
        building = f"U{number}"
        if self.chance(50):
            self._agreement(building, "住宅", "已签约", FREEZE_ON)
        if self.chance(50):
            self._appraisal(building, "S1", "附属物", CENT, FREEZE_ON)

    def _survey(self, building: str, use: str, facts: Record) -> None:
        area = self.pick(*AREAS)
        is_business = use == "经营"
        row = facts | {
            "building_id": building,
            "surveyed_use": use,
            "residence_origin": self.pick("林业局工区房", "自建") if use == "住宅" else None,
            "structure": self.pick("砖混", "砖木", "其他") if is_business else None,
            "floor_area_m2": area,
            "has_title": self.chance(50) if is_business else None,
            "material_grade": self.pick("一级", "二级", None if self.is_wild else "一级")
            if is_business
            else None,
            "months_in_business": self._months_in_business() if is_business else None,
            "has_licence": self.pick(True, True, False, None) if is_business else None,
            "has_interruption_proof": None,
            "surveyed_on": dt.date(2021, 2, 1),
        }
        months = row["months_in_business"]
        if is_business:
            is_interrupted = months is None or months < 24
            row["has_interruption_proof"] = (
                self.pick(None, False, True) if self.is_wild else (True if is_interrupted else None)
            )
        self.add("household_survey", row)
        if self.oddly(12) or (use in APPRAISED_USES and self.chance(50)):
            return
        registered = "其他" if use in APPRAISED_USES else use
        self.add(
            "imagery_register",
            {
                "building_id": building,
                "district": "天池",
                "registered_use": self.pick("住宅", "经营", "其他") if self.oddly(12) else registered,
                "registered_area_m2": self.pick(area, area, area + CENT, max(area - CENT, CENT), *AREAS),
                "has_own_yard": not (
                    self.oddly(15) or (row["residence_origin"] == "林业局工区房" and self.chance(50))
                ),
                "is_habitable": not self.oddly(10),
                "imagery_ref": None if self.oddly(10) else "YX-1",
            },
        )

    def _months_in_business(self) -> int | None:
        months: int | None = self.pick(24, 25, 36, 24, 23, 0, None)
        return months

    def _recognition(self, building: str, use: str) -> None:
        if not self.oddly(20):
            return
        is_accepted = self.chance(70)
        recognised = self.pick(use, use, "住宅", "经营", "厂房") if is_accepted else None
        self.add(
            "recognitions",
            {
                "building_id": building,
                "outcome": "予以补偿" if is_accepted else "不予补偿",
                "recognised_use": recognised,
                "recognised_area_m2": self.pick(*AREAS) if is_accepted else None,
                "recognised_origin": self.pick(None, "林业局工区房", "自建") if is_accepted else None,
                "recognised_grade": self.pick(None, "一级", "二级") if is_accepted else None,
                "minute_number": "纪要1",
                "recognised_on": dt.date(2021, 3, 10),
            },
        )

    def _appraisals(self, building: str, use: str) -> None:
        day = dt.date(2021, 3, 1)
        is_needed = use in APPRAISED_USES and not self.oddly(20)
        for place in range(1 + self.chance(20) if is_needed or self.chance(40) else 0):
            amount = self.pick(
                *(
                    Decimal(text)
                    for text in ("0.01", "83325.00", "124975.00", "150000.00", "350000.01", "600000000.00")
                )
            )
            self._appraisal(
                building,
                f"F{place}",
                "房屋",
                amount,
                day + dt.timedelta(days=self.pick(-1, 0, 1) * (place + 1)),
            )
        for place in range(self.pick(0, 0, 1, 2)):
            amount = self.pick(Decimal("100.10"), Decimal("0.01"), Decimal("99999.99"), Decimal("0.00"))
            self._appraisal(building, f"S{place}", "附属物", amount, day)

    def _appraisal(self, building: str, report: str, subject: str, amount: Decimal, day: dt.date) -> None:
        self.add(
            "appraisals",
            {
                "report_number": report,
                "building_id": building,
                "subject": subject,
                "appraised_amount": amount,
                "appraiser": "某评估机构",
                "appraised_on": day,
            },
        )

    def _agreement(self, building: str, use: str, usual: str | None, usually_signed_on: dt.date) -> None:
        status = self.pick("已签约", "未签约", "产权不明", "下落不明", None) if self.oddly(30) else usual
        if status is None:
            return
        is_signed = status == "已签约"
        is_exchange = self.chance(60) if use in {"住宅", "经营"} else self.oddly(8)
        method: str | None = "产权调换" if is_exchange else "货币补偿"
        if not is_signed and not is_exchange and self.chance(50):
            method = None
        is_dated = is_signed or self.oddly(10)
        signed_on = usually_signed_on + dt.timedelta(days=self.pick(-1, 0, 0, 1)) if is_dated else None
        if signed_on is not None:
            signed_on = min(max(signed_on, FREEZE_ON), self.as_of)
        reference = signed_on or usually_signed_on
        deadline = reference + dt.timedelta(days=self.pick(0, 1, 30) if not self.oddly(10) else -1)
        self.add(
            "agreements",
            {
                "agreement_number": "X1",
                "building_id": building,
                "signing_status": status,
                "method": method,
                "disputes_price": self.pick(None, False, False, True),
                "deadline_on": deadline,
                "signed_on": signed_on,
                "vacated_on": self._moving_day(reference, deadline),
                "buyback_area_m2": self._buyback_area(use),
                **(self._exchange(use, reference) if is_exchange else {}),
                "agreed_amount": None,
            },
        )

    def _buyback_area(self, use: str) -> Decimal | None:
        is_allowed = use in APPRAISED_USES and self.chance(30)
        area: Decimal | None = (
            self.pick(*AREAS[:-1], Decimal("0.00")) if is_allowed or self.oddly(5) else None
        )
        return area

    def _moving_day(self, reference: dt.date, deadline: dt.date) -> dt.date | None:
        day: dt.date = self.pick(
            deadline, deadline, reference, deadline + dt.timedelta(days=1), self._day_in_month(reference, 0),
            self._day_in_month(reference, -1), self._day_in_month(reference, 2),
        )  # fmt: skip
        return None if self.chance(8) or day > self.as_of else day

    def _day_in_month(self, reference: dt.date, months: int) -> dt.date:
        """A telling day of the month so many months later: 1, 14, 15, 16, last, or around the same day."""
        year, month = divmod(reference.year * 12 + reference.month - 1 + months, 12)
        last = monthrange(year, month + 1)[1]
        day = self.pick(1, 14, 15, 16, 28, last, reference.day, reference.day - 1, reference.day + 1)
        return dt.date(year, month + 1, min(max(day, 1), last))

    def _exchange(self, use: str, reference: dt.date) -> Record:
        is_shop = (use == "经营") != self.oddly(6)
        handed_over_on = self._day_in_month(reference, self.pick(*MONTHS_TO_HANDOVER))
        is_known = reference <= handed_over_on <= self.as_of and self.chance(75)
        return {
            "resettlement_estate": self.pick(
                *(SHOP_ESTATES if is_shop != self.oddly(5) else RESIDENCE_ESTATES)
            ),
            "resettlement_kind": "商服" if is_shop else self.pick("多层", "高层"),
            "resettlement_area_m2": self.pick(*AREAS[:-1]),
            "under_construction": self.chance(85),
            "self_arranged": self.chance(85),
            "handed_over_on": handed_over_on if is_known else None,
        }

    def _decisions(self, household: str, buildings: list[str]) -> None:
        for _ in range(self.pick(1, 1, 2, 3)):
            self.add(
                "special_decisions",
                {
                    "decision_number": f"{household}-{len(self.records['special_decisions'])}",
                    "household_id": household,
                    "building_id": self.pick(None, *buildings),
                    "subject": self.pick("搬迁补偿", "补偿决定", "其他"),
                    "decided_amount": self.pick(Decimal("8000.00"), Decimal("0.01"), Decimal("123456.78")),
                    "approved_on": dt.date(2021, 5, 10),
                },
            )


def agree(place: Village, one_off_sums: Mapping[str, Decimal]) -> None:
    """Writes into half of the agreements what the building's one-off items add up to, some by 0.01 wrong."""
    for row in place.records["agreements"]:
        right = one_off_sums.get(row["building_id"], Decimal(0))
        if place.chance(50):
            row["agreed_amount"] = right + (place.pick(CENT, -CENT) if place.chance(12) else 0)


def village(random: Random, as_of: dt.date, households: int) -> Village:
    """So many households as of one day."""
    result = Village(random, as_of)
    for number in range(households):
        result.household(number)
        if result.chance(2):
            result.stray_records(number)
    return result


def villages(most: int) -> st.SearchStrategy[Village]:
    """Villages of one to `most` households on any of the telling days."""
    return st.builds(
        village,
        st.randoms(use_true_random=False),
        st.sampled_from(AS_OF_DAYS),
        st.integers(1, most),
    )


def frames(records: dict[str, list[Record]]) -> dict[str, pl.DataFrame]:
    """The records as the program takes them: a frame per sheet, with provenance."""
    result = {}
    for sheet in HOUSING_SHEETS:
        columns = sheet.frame_schema()
        rows = [
            dict.fromkeys(columns) | row | {"upload_id": "u", "sheet": sheet.title, "row_number": place}
            for place, row in enumerate(records.get(sheet.table, []), start=2)
        ]
        result[sheet.table] = pl.DataFrame(rows, schema=columns)
    return result


def full_rows(records: dict[str, list[Record]]) -> dict[str, list[Record]]:
    """The records with every field of their sheet, None where it is empty."""
    return {
        sheet.table: [dict.fromkeys(sheet.columns) | row for row in records.get(sheet.table, [])]
        for sheet in HOUSING_SHEETS
    }
