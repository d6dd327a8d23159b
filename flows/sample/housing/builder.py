"""A household in the making: each call adds the rows of several sheets that belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, cycle
from random import Random

from flows.sample.cells import Record, Value
from flows.sample.people import Party, People
from schemas.housing import (
    DISTRICTS,
    ESTATES,
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Payees,
    Recognitions,
    SpecialDecisions,
)
from schemas.sheet import VOID_FIELD, Sheet

RESIDENCE, BUSINESS = "住宅", "经营"
WORKERS_HOUSING, SELF_BUILT = "林业局工区房", "自建"
MONEY, EXCHANGE = "货币补偿", "产权调换"
MULTI_STOREY, HIGH_RISE, COMMERCIAL = "多层", "高层", "商服"
HOUSE, ATTACHMENT = "房屋", "附属物"
FREEZE_DAY = date(2021, 1, 7)
RESIDENTIAL_ESTATES = tuple(estate for estate in ESTATES if estate.endswith("小区"))
BUSINESS_ESTATES = tuple(estate for estate in ESTATES if estate.endswith("商服房"))
_PREFIXES = dict(zip(DISTRICTS, ("JJG", "TC"), strict=True))
# what the clerk wrote into the agreement: a paper may differ from the policy files, so it does not read them
_RATES_ON_PAPER = {WORKERS_HOUSING: Decimal(3000), SELF_BUILT: Decimal(2500)}


class Village:
    """What all households of a sample share: the chance, the people and the running numbers."""

    def __init__(self, rng: Random, people: People) -> None:
        self.rng = rng
        self.people = people
        self.numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))
        self.residential_estates = cycle(RESIDENTIAL_ESTATES)
        self.business_estates = cycle(BUSINESS_ESTATES)

    def area(self, low: int, high: int) -> Decimal:
        """An area in ㎡ with one or two decimals."""
        hundredths = self.rng.randint(low * 100, high * 100)
        return Decimal(hundredths if hundredths % 3 else hundredths // 10 * 10).scaleb(-2)

    def money(self, low: int, high: int) -> Decimal:
        """An amount in 元, mostly whole."""
        whole = Decimal(self.rng.randint(low, high))
        return whole if self.rng.random() < 0.7 else whole + Decimal(self.rng.randint(1, 99)).scaleb(-2)

    def next_number(self, series: str) -> int:
        """The next number of a series."""
        return next(self.numbers[series])

    def some_days(self, low: int, high: int) -> timedelta:
        """A random span of whole days."""
        return timedelta(days=self.rng.randint(low, high))


class HouseholdBuilder:
    """One household and its rows by sheet; `corrections` are rows that a later workbook sends.

    The dates of notice, deadline, signing and moving are drawn once and stand for all its buildings, unless
    a call gives others.
    """

    def __init__(self, village: Village) -> None:
        self.village = village
        self.owner: Party = village.people.person()
        self.household_id = f"H-{village.next_number('户'):06d}"
        self.district = DISTRICTS[0] if village.rng.random() < 0.4 else DISTRICTS[1]
        self.since: date | None = date(village.rng.randint(1996, 2018), 1, 1) + village.some_days(0, 364)
        self.is_assisted = False
        self.account: Party | None = self.owner
        self.rows: defaultdict[type[Sheet], list[Record]] = defaultdict(list)
        self.corrections: list[tuple[type[Sheet], Record]] = []
        self.notify(date(2021, 2, 20) + timedelta(days=int(1200 * village.rng.random() ** 2)))

    def notify(self, day: date, *, days_to_sign: int = 60) -> None:
        """The day of the notice, from which deadline, signing and moving follow."""
        some_days = self.village.some_days
        self.notified_on = day
        self.deadline_on = day + timedelta(days=days_to_sign)
        self.signed_on = day + some_days(3, 40)
        self.vacated_on = self.signed_on + some_days(3, 20)
        self.surveyed_on = max(day - some_days(3, 40), date(2021, 1, 18))

    def organisation(self) -> None:
        """The owner is an organisation."""
        self.owner = self.account = self.village.people.company()
        self.since = None

    def building(
        self,
        use: str,
        area: Decimal,
        *,
        register: Record | None = None,
        is_registered: bool = True,
        **survey: Value | None,
    ) -> str:
        """Adds a building to the survey and, unless it is not registered, to the register; its number."""
        village, rng = self.village, self.village.rng
        number = f"{_PREFIXES[self.district]}-{village.next_number('房屋'):06d}"
        if is_registered:
            self.rows[ImageryRegister].append(self._register_row(number, use, area) | (register or {}))
        account = self.account
        row: Record = {
            "household_id": self.household_id,
            "building_id": number,
            "owner_name": self.owner.name,
            "id_kind": self.owner.id_kind,
            "id_number": self.owner.id_number,
            "phone": f"000-{rng.randint(0, 9_999_999):07d}" if rng.random() < 0.5 else None,
            "household_since": self.since,
            "surveyed_use": use,
            "floor_area_m2": area,
            "housing_assistance": self.is_assisted,
            "account_name": account.name if account else None,
            "bank_name": account.bank_name if account else None,
            "bank_account": account.bank_account if account else None,
            "surveyed_on": self.surveyed_on,
        }
        if self.rows[HouseholdSurvey]:
            row["phone"] = self.rows[HouseholdSurvey][0]["phone"]
        self.rows[HouseholdSurvey].append(row | self._facts_of_use(use) | survey)
        return number

    def recognise(self, building_id: str, **recognition: Value | None) -> None:
        """The recognition team decides about a building."""
        on = self.surveyed_on + self.village.some_days(5, 30)
        row: Record = {
            "building_id": building_id,
            "outcome": "予以补偿",
            "minute_number": f"认定纪要〔{on.year}〕{self.village.next_number('纪要')}号",
            "recognised_on": on,
        }
        self.rows[Recognitions].append(row | recognition)

    def appraise(
        self, building_id: str, amount: Decimal, *, subject: str = HOUSE, days_later: int = 0
    ) -> Decimal:
        """An appraisal report on the house or its attachments; gives the amount back."""
        on = self.surveyed_on + timedelta(days=10 + days_later)
        row: Record = {
            "report_number": f"PG-{on.year}-{self.village.next_number('评估'):05d}",
            "building_id": building_id,
            "subject": subject,
            "appraised_amount": amount,
            "appraiser": "示例房地产评估机构",
            "appraised_on": on,
        }
        self.rows[Appraisals].append(row)
        return amount

    def sign(self, building_id: str, **agreement: Value | None) -> None:
        """The agreement on money compensation was signed."""
        row: Record = {
            "agreement_number": f"XY-{self.signed_on.year}-{self.village.next_number('协议'):06d}",
            "building_id": building_id,
            "signing_status": "已签约",
            "method": MONEY,
            "notified_on": self.notified_on,
            "deadline_on": self.deadline_on,
            "signed_on": self.signed_on,
            "vacated_on": self.vacated_on,
        }
        self.rows[Agreements].append(row | agreement)

    def exchange(self, building_id: str, kind: str, area: Decimal, **agreement: Value | None) -> None:
        """The agreement on another flat was signed; the household finds its own home for the time between."""
        estates = self.village.business_estates if kind == COMMERCIAL else self.village.residential_estates
        facts: Record = {
            "method": EXCHANGE,
            "resettlement_estate": next(estates),
            "resettlement_kind": kind,
            "resettlement_area_m2": area,
            "under_construction": True,
            "self_arranged": True,
        }
        self.sign(building_id, **(facts | agreement))

    def not_signed(self, building_id: str, status: str = "未签约", **agreement: Value | None) -> None:
        """There is no signed agreement."""
        row: Record = {
            "building_id": building_id,
            "signing_status": status,
            "notified_on": self.notified_on,
            "deadline_on": self.deadline_on,
        }
        self.rows[Agreements].append(row | agreement)

    def decide(self, subject: str, amount: Decimal, building_id: str | None = None) -> None:
        """A decision taken case by case."""
        on = self.signed_on + self.village.some_days(1, 60)
        row: Record = {
            "decision_number": f"阿政决〔{on.year}〕{self.village.next_number('决定')}号",
            "household_id": self.household_id,
            "building_id": building_id,
            "subject": subject,
            "decided_amount": amount,
            "approved_on": on,
        }
        self.rows[SpecialDecisions].append(row)

    def pay(self, payee: Party, share: Value, role: str = "共有人", *, is_frozen: bool = False) -> None:
        """One payee and the share that goes to it."""
        row: Record = {
            "household_id": self.household_id,
            "payee_name": payee.name,
            "payee_id_kind": payee.id_kind,
            "payee_id_number": payee.id_number,
            "payee_role": role,
            "share": share,
            "is_frozen": True if is_frozen else None,
            "account_name": payee.name,
            "bank_name": payee.bank_name,
            "bank_account": payee.bank_account,
        }
        self.rows[Payees].append(row)

    def correct(self, sheet: type[Sheet], building_id: str, **changes: Value | None) -> None:
        """A later workbook sends the building's row of this sheet again, with changes."""
        row = next(row for row in self.rows[sheet] if row["building_id"] == building_id)
        self.corrections.append((sheet, row | changes))

    def void(self, sheet: type[Sheet], building_id: str) -> None:
        """A later workbook withdraws the building's row of this sheet."""
        self.corrections.append((sheet, {"building_id": building_id, VOID_FIELD: True}))

    def house_on_paper(self, area: Decimal, origin: str) -> Decimal:
        """What the agreement says for a residence of this area."""
        return area * _RATES_ON_PAPER[origin]

    def _register_row(self, number: str, use: str, area: Decimal) -> Record:
        rng = self.village.rng
        surplus = Decimal(rng.randint(1, 400)).scaleb(-2) if rng.random() < 0.2 else Decimal(0)
        return {
            "building_id": number,
            "district": self.district,
            "address": f"{self.district}{rng.randint(1, 30)}排{rng.randint(1, 40)}号",
            "registered_use": use if use in {RESIDENCE, BUSINESS} else "其他",
            "registered_area_m2": area + surplus,
            "has_own_yard": True,
            "is_habitable": use == RESIDENCE or rng.random() < 0.5,
            "imagery_ref": f"YX-2016-{number}",
        }

    def _facts_of_use(self, use: str) -> Record:
        rng = self.village.rng
        if use == RESIDENCE:
            has_title = rng.random() < 0.7
            return {
                "residence_origin": SELF_BUILT,
                "has_title": has_title,
                "title_number": f"示例证字第{rng.randint(1, 99_999):05d}号" if has_title else None,
            }
        if use == BUSINESS:
            return {
                "structure": "砖混",
                "has_title": True,
                "months_in_business": rng.randint(24, 180),
                "has_licence": True,
            }
        return {}


Case = Callable[[HouseholdBuilder], None]
"""Fills one household with the rows of a branch."""
