"""Invented portfolios: projects, introducers, claims and promotion officers on both sides of each threshold.

`portfolio` writes the records by a random generator, either a seeded one or one that hypothesis steers and
shrinks; `portfolios` is the strategy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from schemas.investment import INVESTMENT_SHEETS
from schemas.investment.columns import CLAIM_ARTICLES, INDUSTRIES

Record = dict[str, Any]
AS_OF_DAYS = (
    dt.date(2022, 2, 28), dt.date(2023, 12, 31), dt.date(2024, 2, 29), dt.date(2024, 7, 31),
    dt.date(2024, 8, 1), dt.date(2024, 12, 30), dt.date(2024, 12, 31), dt.date(2026, 1, 31),
)  # fmt: skip
LANDING_DAYS = (
    dt.date(2020, 2, 29), dt.date(2021, 4, 19), dt.date(2021, 6, 10), dt.date(2021, 12, 31),
    dt.date(2022, 7, 31), dt.date(2022, 8, 1), dt.date(2023, 2, 28), dt.date(2024, 2, 29),
)  # fmt: skip
YEARS_TO_PRODUCTION = (0, 1, 2, 2, 3, 3)
DAYS_OFF = (-1, 0, 0, 1)
PRODUCTION_DAYS = (
    dt.date(2021, 4, 19), dt.date(2021, 4, 20), dt.date(2022, 1, 1), dt.date(2024, 7, 31),
    dt.date(2024, 8, 1), dt.date(2024, 12, 31),
)  # fmt: skip
FIXED_10K_YUAN = tuple(
    Decimal(text)
    for text in (
        "0.00", "3200.00", "4999.99", "5000.00", "5000.00", "5000.01", "6666.66", "6666.67", "9999.99",
        "10000.00", "19999.99", "20000.00", "20000.00", "29999.99", "30000.00", "166666.67",
    )
)  # fmt: skip
TOTAL_10K_YUAN = tuple(
    Decimal(text)
    for text in (
        "9999.99", "10000.00", "10000.01", "29999.99", "30000.00", "99999.99", "100000.00", "166666.66",
        "166666.67", "200000.00",
    )
)  # fmt: skip
TARGETS_10K_YUAN = tuple(Decimal(text) for text in ("0.00", "5000.00", "9999.99", "10000.00", "25000.00"))
TAXES = tuple(
    Decimal(text)
    for text in ("0.00", "0.01", "0.03", "75000.00", "150000.00", "150000.01", "300000.00", "900000.33")
)
SHARES = tuple(Decimal(text) for text in ("0.00", "69.99", "70.00", "70.00", "100.00"))
FEES = tuple(
    Decimal(text)
    for text in (
        "0.05", "2000000.00", "1500000.00", "9999999.99", "10000000.00", "10000000.01", "99999999.99",
    )
)  # fmt: skip
ENGAGEMENT_DAYS = (
    dt.date(2020, 2, 29), dt.date(2021, 4, 20), dt.date(2021, 5, 31), dt.date(2022, 1, 1),
    dt.date(2023, 8, 15), dt.date(2024, 2, 29), dt.date(2024, 12, 31),
)  # fmt: skip
INDUSTRY = {"第十条": "交通电力水利邮政广电", "第十七条": "文化旅游"}
EXPENSES = tuple(
    Decimal(text) for text in ("0.01", "9999.99", "10000.00", "15000.00", "30000.00", "30000.01")
)
PROVINCES = ("江苏省", "浙江省", "山东省", "辽宁省", "吉林省", "四川省", "广东省", "湖北省")


class Portfolio:
    """Writes records into `records`, one list of rows per sheet, as of one day."""

    def __init__(self, random: Random, as_of: dt.date) -> None:
        self.random = random
        self.as_of = as_of
        self.records: dict[str, list[Record]] = {sheet.table: [] for sheet in INVESTMENT_SHEETS}

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def pick(self, *options: Any) -> Any:  # noqa: ANN401 whatever the options are
        return options[self.random.randrange(len(options))]

    def add(self, sheet: str, row: Record) -> None:
        self.records[sheet].append(row)

    def done(self, day: dt.date | None) -> dt.date | None:
        """A day of a thing done: none after the as-of day."""
        return day if day is not None and day <= self.as_of else None

    def missing(self, value: Any) -> Any:  # noqa: ANN401 a cell of any type
        """The value, or an empty cell now and then."""
        return None if self.chance(6) else value

    def introducer(self, number: int) -> None:
        kind = self.pick(
            "单位",
            "单位",
            "自然人",
            "自然人",
            "企业法人",
            "第三方机构",
            "第三方机构",
            "招商大使",
            "产业推介官",
        )
        is_official = self.chance(20) if kind == "自然人" else self.pick(None, None, None, False, True)
        row = {
            "introducer_id": f"YZ{number}",
            "introducer_name": f"某引资人{number}",
            "introducer_kind": kind,
            "envoy_id": "DS1" if kind == "招商大使" else None,
            "is_public_official": is_official,
            "investment_target_10k_yuan": self.pick(*TARGETS_10K_YUAN) if kind == "单位" else None,
            "id_number": self.identity(),
        }
        self.add("introducers", row)

    def identity(self) -> str | None:
        """Somebody's number, from so few that they meet; or none."""
        number: str | None = self.pick(None, *(f"证件{place}" for place in range(1, 6)))
        return number

    def project(self, number: int) -> None:
        introducers = [row["introducer_id"] for row in self.records["introducers"]]
        name = f"XM{number}"
        fixed = self.pick(*FIXED_10K_YUAN)
        landed = self.missing(self.done(self.pick(*LANDING_DAYS)))
        row = {
            "project_id": name,
            "project_name": f"某项目{number}",
            "investor_name": "某公司",
            "investor_code": f"公司{self.random.randrange(max(1, number))}",
            "introducer_id": self.pick(None, "YZ-unknown", *introducers * 4),
            "fixed_investment_10k_yuan": fixed,
            "total_investment_10k_yuan": max(fixed, self.pick(fixed, *TOTAL_10K_YUAN)),
            "industry": self.pick(*INDUSTRIES, *INDUSTRY.values()),
            "is_key_supported": self.chance(75),
            "landed_on": landed,
            "in_production_on": self.produced(landed),
            "verification": "未核实" if self.chance(7) else "已核实",
            "has_violation": self.chance(6),
            "listed_on": self.done(self.pick(None, None, dt.date(2021, 4, 19), dt.date(2023, 2, 1))),
        }
        self.add("projects", row)

    def produced(self, landed: dt.date | None) -> dt.date | None:
        """Around the end of the years since landing, or around a day that matters; never before landing."""
        day: dt.date = self.pick(*PRODUCTION_DAYS)
        if landed is not None and self.chance(75):
            anniversary = landed.replace(day=1, year=landed.year + self.pick(*YEARS_TO_PRODUCTION))
            day = anniversary + dt.timedelta(days=landed.day - 1 + self.pick(*DAYS_OFF))
        done = self.done(day if landed is None else max(day, landed))
        return None if self.chance(6) else done

    def claims(self, number: int, project: Record) -> None:
        """Some claims for the project, often by those who introduced it."""
        fitting = {"交通电力水利邮政广电": "第十条", "文化旅游": "第十七条"}.get(
            project["industry"], "第九条"
        )
        introducers = {row["introducer_id"]: row["id_number"] for row in self.records["introducers"]}
        claimant = self.pick(introducers.get(project["introducer_id"]), self.identity())
        for place in range(self.pick(0, 1, 2, 3, 5)):
            article = self.pick(fitting, fitting, *CLAIM_ARTICLES)
            claim = {
                "claim_id": f"SB{number}-{place}",
                "project_id": "XM-unknown" if self.chance(3) else project["project_id"],
                "article": article,
                "year": self.year(project),
                "claimant_name": "某申报人",
                "id_number": claimant if self.chance(75) else self.identity(),
            }
            self.add("incentive_claims", claim | self.claimed_facts(project))

    def year(self, project: Record) -> int:
        produced: dt.date | None = project["in_production_on"]
        first = produced.year if produced else 2022
        return first + int(self.pick(0, 0, 0, 1, 1, 2, 3, -1))

    def claimed_facts(self, project: Record) -> Record:
        agreed = self.pick(Decimal("9800.00"), Decimal("12000.00"))
        since: dt.date = project["in_production_on"] or dt.date(2021, 10, 1)
        since = self.pick(since, since, dt.date(2020, 12, 31), dt.date(2018, 1, 1), dt.date(2019, 12, 31))
        facts = {
            "operating_since": self.done(since),
            "committed_years": self.pick(9, 10, 10, 15),
            "core_revenue_share": self.pick(*SHARES),
            "local_income_tax": self.pick(*TAXES),
            "land_contract_on": self.done(dt.date(2021, 6, 20)),
            "agreed_investment_10k_yuan": agreed,
            "invested_within_three_years_10k_yuan": agreed + self.pick(Decimal("-0.01"), 0, 0, 1),
            "on_schedule": self.pick(True, True, True, False),
            "local_jobs": self.pick(0, 300, 301, 750, 1000),
            "design_fee": self.pick(*FEES),
        }
        return {name: self.missing(fact) for name, fact in facts.items()}

    def officer(self, number: int) -> None:
        introducers = [
            row["introducer_id"]
            for row in self.records["introducers"]
            if row["introducer_kind"] == "产业推介官"
        ]
        engaged: dt.date = self.pick(*(day for day in ENGAGEMENT_DAYS if day <= self.as_of))
        until = engaged + dt.timedelta(days=self.pick(0, 30, 200, 364, 365, 366, 600, 729, 730, 731, 1460))
        officer_id = f"TJ{number}"
        born = dt.date(engaged.year - self.pick(30, 55, 56), engaged.month, 28)
        row = {
            "officer_id": officer_id,
            "introducer_id": self.pick(None, "YZ-unknown", *introducers * 3),
            "officer_name": "某推介官",
            "born_on": self.missing(born + dt.timedelta(days=self.pick(-40, -1, 0, 1, 2, 3, 40))),
            "province": self.pick(*PROVINCES),
            "engaged_on": engaged,
            "engaged_until": until,
            "funding_limit": self.pick(Decimal("30000.00"), Decimal("30000.01"), Decimal("45000.00")),
        }
        self.add("promotion_officers", row)
        self.contacts(row)
        for place in range(self.pick(0, 3, 6)):
            self.activity(f"HD{number}-{place}", row)
        for place in range(self.pick(0, 3, 8)):
            expense = {
                "invoice_number": f"FP{place}-{number}",
                "officer_id": "TJ-unknown" if self.chance(4) else officer_id,
                "expense_amount": self.pick(*EXPENSES),
                "spent_on": min(self.during(row), self.as_of),
                "purpose": "差旅",
            }
            self.add("officer_expenses", expense)

    def during(self, officer: Record) -> dt.date:
        """A day of the engagement, often a first or a last one of its years, or a day beside it."""
        engaged, until = officer["engaged_on"], officer["engaged_until"]
        span = (until - engaged).days
        edge = 365 * self.random.randrange(span // 365 + 1) + self.pick(-1, 0, 1, 2)
        day: dt.date = self.pick(
            engaged + dt.timedelta(days=edge),
            engaged + dt.timedelta(days=self.random.randrange(span + 1)),
            until + dt.timedelta(days=self.pick(-1, 0, 1)),
        )
        return day

    def activity(self, number: str, officer: Record) -> None:
        kind = self.pick("组织考察", "组织考察", "组织考察", "月度联络", "自主招商活动")
        row = {
            "activity_id": number,
            "officer_id": officer["officer_id"],
            "activity_kind": kind,
            "held_on": min(self.during(officer), self.as_of),
            "companies": self.pick(None, 4, 5, 5, 6),
            "signed_projects": self.pick(None, 0, 1, 1, 2),
        }
        self.add("officer_activities", row)

    def contacts(self, officer: Record) -> None:
        """A contact in nearly each calendar month of the engagement, on any of its days."""
        month: dt.date = officer["engaged_on"].replace(day=1)
        gaps = self.pick(0, 0, 0, 4)
        while month <= min(officer["engaged_until"], self.as_of):
            day = month + dt.timedelta(days=self.pick(0, 14, 27, 27))
            if day < officer["engaged_on"] and self.chance(80):
                day = officer["engaged_on"]
            if not self.chance(gaps) and day <= self.as_of:
                row = {
                    "activity_id": f"LL-{officer['officer_id']}-{month:%Y%m}",
                    "officer_id": officer["officer_id"],
                    "activity_kind": "月度联络",
                    "held_on": day,
                }
                self.add("officer_activities", row)
            month = (month + dt.timedelta(days=31)).replace(day=1)


def portfolio(random: Random, as_of: dt.date, projects: int) -> Portfolio:
    """A portfolio of that many projects, with introducers, claims and officers in proportion."""
    result = Portfolio(random, as_of)
    for number in range(1, max(1, projects // 3) + 1):
        result.introducer(number)
    for number in range(1, projects + 1):
        result.project(number)
        result.claims(number, result.records["projects"][-1])
    for number in range(1, max(1, projects // 8) + 1):
        result.officer(number)
    return result


def portfolios(most: int) -> st.SearchStrategy[Portfolio]:
    """Portfolios of one to `most` projects on any of the telling days."""
    return st.builds(
        portfolio,
        st.randoms(use_true_random=False),
        st.sampled_from(AS_OF_DAYS),
        st.integers(1, most),
    )


def frames(records: Mapping[str, list[Record]]) -> dict[str, pl.DataFrame]:
    """The records as the program takes them: a frame per sheet, with provenance."""
    result = {}
    for sheet in INVESTMENT_SHEETS:
        columns = sheet.frame_schema()
        rows = [
            dict.fromkeys(columns) | row | {"upload_id": "u", "sheet": sheet.title, "row_number": place}
            for place, row in enumerate(records.get(sheet.table, []), start=2)
        ]
        result[sheet.table] = pl.DataFrame(rows, schema=columns)
    return result


def full_rows(records: Mapping[str, list[Record]]) -> dict[str, list[Record]]:
    """The records with every field of their sheet, None where it is empty."""
    return {
        sheet.table: [dict.fromkeys(sheet.columns) | row for row in records.get(sheet.table, [])]
        for sheet in INVESTMENT_SHEETS
    }
