"""Projects, introducers, claims and officers in the making."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count, cycle

from flows.sample.cells import NumericCell, Record, Value
from flows.sample.people import ORGANISATION, Party, People
from schemas.investment import (
    INDUSTRIES,
    IncentiveClaims,
    Introducers,
    OfficerActivities,
    OfficerExpenses,
    Projects,
    PromotionOfficers,
)
from schemas.sheet import Sheet

UNIT, NATURAL_PERSON, LEGAL_PERSON, AGENCY, ENVOY, OFFICER = (
    "单位",
    "自然人",
    "企业法人",
    "第三方机构",
    "招商大使",
    "产业推介官",
)
TOURISM = "文化旅游"
INFRASTRUCTURE = "交通电力水利邮政广电"


class Portfolio:
    """The rows of the office's registers, by sheet."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.rows: defaultdict[type[Sheet], list[Record]] = defaultdict(list)
        self.parties: dict[str, Party] = {}
        self._numbers: defaultdict[str, count[int]] = defaultdict(lambda: count(1))
        self._industries = cycle(INDUSTRIES)
        self._provinces = cycle(f"示例{place}省" for place in "东南西北上下左右前后")

    def introducer(self, kind: str, *, has_account: bool = True, **facts: Value | None) -> str:
        """Adds somebody who brings projects; the number."""
        is_person = kind in {NATURAL_PERSON, ENVOY}
        company_kind = "机关" if kind == UNIT else "有限公司"
        party = self.people.person() if is_person else self.people.company(company_kind)
        number = self._number("YZ")
        row: Record = {
            "introducer_id": number,
            "introducer_name": party.name,
            "introducer_kind": kind,
            "is_public_official": False if kind == NATURAL_PERSON else None,
            "id_number": party.id_number,
            **(_account(party) if has_account else {}),
        }
        self.parties[number] = party
        self.rows[Introducers].append(row | facts)
        return number

    def project(
        self,
        introducer_id: str | None,
        fixed: str,
        *,
        total: str | None = None,
        landed: date | None = date(2021, 6, 10),
        produced: date | None = date(2022, 9, 30),
        investor: Party | None = None,
        **facts: Value | None,
    ) -> str:
        """Adds a project with its investment in 万元; the number."""
        investor = investor or self.people.company()
        number = self._number("XM")
        self.parties[number] = investor
        row: Record = {
            "project_id": number,
            "project_name": f"{investor.name[:6]}项目{number[-3:]}",
            "investor_name": investor.name,
            "investor_code": investor.id_number,
            "introducer_id": introducer_id,
            "fixed_investment_10k_yuan": Decimal(fixed),
            "total_investment_10k_yuan": Decimal(total or fixed),
            "industry": next(self._industries),
            "is_key_supported": True,
            "landed_on": landed,
            "in_production_on": produced,
            "verification": "已核实",
            "has_violation": False,
        }
        self.rows[Projects].append(row | facts)
        return number

    def claim(
        self,
        project_id: str,
        article: str,
        year: int,
        *,
        claimant: Party | None = None,
        has_account: bool = True,
        **facts: Value | None,
    ) -> None:
        """Adds a claim, made by the investor unless somebody else is named."""
        claimant = claimant or self.parties.get(project_id) or self.people.company()
        row: Record = {
            "claim_id": self._number("SB"),
            "project_id": project_id,
            "article": article,
            "year": year,
            "claimant_name": claimant.name,
            "id_number": claimant.id_number,
            **(_account(claimant) if has_account else {}),
        }
        self.rows[IncentiveClaims].append(row | facts)

    def officer(
        self,
        introducer_id: str | None,
        *,
        engaged_on: date = date(2021, 6, 1),
        years: int = 1,
        province: str | None = None,
        **facts: Value | None,
    ) -> str:
        """Adds a promotion officer engaged for whole years; the number."""
        party = self.parties.get(introducer_id or "") or self.people.person()
        number = self._number("TJ")
        row: Record = {
            "officer_id": number,
            "introducer_id": introducer_id,
            "officer_name": party.name,
            "born_on": None if party.id_kind == ORGANISATION else date(1972, 5, 8),
            "province": province or next(self._provinces),
            "engaged_on": engaged_on,
            "engaged_until": engaged_on.replace(year=engaged_on.year + years) - timedelta(days=1),
            "funding_limit": Decimal(30_000),
        }
        self.rows[PromotionOfficers].append(row | facts)
        return number

    def activity(
        self, officer_id: str, kind: str, day: date, companies: int | None = None, signed: int | None = None
    ) -> None:
        """Adds an activity of an officer."""
        row: Record = {
            "activity_id": self._number("HD"),
            "officer_id": officer_id,
            "activity_kind": kind,
            "held_on": day,
            "companies": companies,
            "signed_projects": signed,
        }
        self.rows[OfficerActivities].append(row)

    def monthly_contacts(self, officer_id: str, first: date, months: int) -> None:
        """One contact in the first week of each month."""
        for month in range(months):
            year, index = divmod(first.month - 1 + month, 12)
            self.activity(officer_id, "月度联络", date(first.year + year, index + 1, 4))

    def expense(self, officer_id: str, day: date, amount: str, purpose: str = "招商活动差旅费") -> None:
        """Adds an invoice in 元."""
        number = 20_210_000 + next(self._numbers["FP"])
        row: Record = {
            # some clerks type a short number as a number, which is read with a warning
            "invoice_number": NumericCell(number) if number % 3 == 0 else str(number),
            "officer_id": officer_id,
            "expense_amount": Decimal(amount),
            "spent_on": day,
            "purpose": purpose,
        }
        self.rows[OfficerExpenses].append(row)

    def _number(self, prefix: str) -> str:
        return f"{prefix}-2021-{next(self._numbers[prefix]):03d}"


def _account(party: Party) -> Record:
    return {
        "account_name": party.name,
        "bank_name": party.bank_name,
        "bank_account": party.bank_account,
    }


PortfolioCase = Callable[[Portfolio], None]
"""Adds the rows of one branch."""
