"""Invented envoys and their years: consistent records in mean circumstances, on both sides of each threshold.

`Office` writes the records of envoys by a seeded random generator; `offices` is the strategy.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
from hypothesis import strategies as st

from schemas.investment import (
    RANKS,
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Envoys,
    Introducers,
    Negotiations,
    Projects,
    TravelTickets,
)

Record = dict[str, Any]
ENVOY_SHEETS = (
    Envoys, TravelTickets, EnvoyJournal, EnvoyReports, CompanyVisits, Negotiations, Projects, Introducers,
)  # fmt: skip
ONE_DAY = dt.timedelta(days=1)
AS_OF_DAYS = (
    dt.date(2021, 4, 20), dt.date(2021, 12, 31), dt.date(2022, 1, 1), dt.date(2024, 2, 15),
    dt.date(2024, 2, 29), dt.date(2024, 3, 31), dt.date(2024, 12, 30), dt.date(2024, 12, 31),
    dt.date(2027, 1, 3), dt.date(2027, 1, 6),
)  # fmt: skip
POSTING_DAYS = (
    dt.date(2020, 2, 29), dt.date(2020, 12, 27), dt.date(2020, 12, 28), dt.date(2021, 1, 1),
    dt.date(2021, 1, 4), dt.date(2021, 2, 14), dt.date(2021, 2, 15), dt.date(2021, 2, 16),
    dt.date(2021, 4, 15), dt.date(2021, 4, 16), dt.date(2021, 4, 17), dt.date(2021, 12, 16),
    dt.date(2021, 12, 17), dt.date(2022, 7, 16), dt.date(2022, 7, 17), dt.date(2023, 6, 30),
    dt.date(2023, 12, 31), dt.date(2024, 2, 15), dt.date(2024, 2, 16), dt.date(2024, 2, 29),
    dt.date(2026, 10, 1), dt.date(2026, 12, 21),
)  # fmt: skip
TERMS_DAYS = (-1, 0, 13, 14, 15, 28, 45, 90, 180, 365, 366, 400, 730, 1094, 1095, 1096, None)
DILIGENT, STEADY, UNEVEN, IDLE = 97, 88, 60, 15
INVESTMENTS = tuple(Decimal(text) for text in ("4999.99", "5000.00", "5000.01", "12000.00"))
TOWNS = ("天津市", "内蒙古自治区兴安盟阿尔山市", "阿尔山", "吉林省白山市", "兴安盟乌兰浩特市")


class Office:
    """Writes envoys into `records`, one list of rows per sheet; `share` is the percentage that is done."""

    def __init__(self, random: Random, as_of: dt.date) -> None:
        self.random = random
        self.as_of = as_of
        self.records: dict[str, list[Record]] = {sheet.table: [] for sheet in ENVOY_SHEETS}
        self._seen: set[tuple[Any, ...]] = set()

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) < percent

    def add(self, sheet: Any, row: Record) -> None:  # noqa: ANN401 - any of the sheets
        """Adds a row, unless its key is there already."""
        key = (sheet.table, *(row[field] for field in sheet.key))
        if key not in self._seen:
            self._seen.add(key)
            self.records[sheet.table].append(row)

    def envoy(self, envoy_id: str, *, is_listed: bool = True) -> None:
        """One envoy with years of fieldwork; without a row of its own when not listed."""
        posted_on = self._posting_day()
        term = self.random.choice(TERMS_DAYS)
        ends_on = None if term is None else posted_on + term * ONE_DAY
        if is_listed:
            self.add(Envoys, self._envoy_row(envoy_id, posted_on, ends_on))
        share = self.random.choice((DILIGENT, DILIGENT, STEADY, STEADY, UNEVEN, IDLE))
        # something is done outside the posting, too
        first = posted_on - self.random.choice((0, 0, 20, 40)) * ONE_DAY
        last = min(ends_on or self.as_of, self.as_of) + self.random.choice((0, 0, 20)) * ONE_DAY
        longest = self.random.choice((100, 400, 400, 1200))
        first = max(first, last - longest * ONE_DAY)
        for month in _months(first, last):
            self._month(envoy_id, max(first, month), min(last, _month_end(month)), share)
        self._reports(envoy_id, first, last, share)
        if self.chance(40):
            self._projects(envoy_id, posted_on, last)

    def _posting_day(self) -> dt.date:
        days = [day for day in POSTING_DAYS if day <= self.as_of] or [self.as_of]
        return self.random.choice(days) + self.random.choice((0, 0, 1, 45)) * ONE_DAY

    def _envoy_row(self, envoy_id: str, posted_on: dt.date, ends_on: dt.date | None) -> Record:
        if ends_on is not None and self.chance(30):
            years = posted_on.year + 3, posted_on.month
            ends_on = dt.date(*years, min(posted_on.day, monthrange(*years)[1]))
            ends_on += self.random.choice((-2, -1, 0)) * ONE_DAY
        age = self.random.choice((40, 55, 56))
        month = posted_on.year - age, posted_on.month
        born_on = dt.date(*month, min(posted_on.day, monthrange(*month)[1]))
        return {
            "envoy_id": envoy_id,
            "envoy_name": "示例甲",
            "born_on": born_on + self.random.choice((-1, 0, 1)) * ONE_DAY,
            "rank_title": self.random.choice(RANKS),
            "region": "京津冀片区",
            "posted_on": posted_on,
            "posting_ends_on": ends_on,
        }

    def _month(self, envoy_id: str, first: dt.date, last: dt.date, share: int) -> None:
        """Fieldwork within some days of one month; stays may reach into the next."""
        days = (last - first).days + 1
        away: set[dt.date] = set()
        wanted = (10 if self.chance(60) else 12) * days * max(share, 50) // 3000
        for _ in range(wanted):
            if len(away) >= wanted:
                break
            away |= self._stay(envoy_id, first + self.random.randrange(days) * ONE_DAY)
        gaps = 0 if share == DILIGENT else (100 - share) // 10
        for day in sorted(away):
            if not self.chance(gaps):
                self._journal(envoy_id, day)
        if self.chance(5):
            self._journal(envoy_id, first + self.random.randrange(days) * ONE_DAY)
        for count, add in ((6, self._visit), (4, self._talk)):
            for _ in range(count * days * share // 3000 + self.random.choice((0, 0, 1))):
                add(envoy_id, first + self.random.randrange(days) * ONE_DAY)

    def _stay(self, envoy_id: str, start: dt.date) -> set[dt.date]:
        """A stay, perhaps on several tickets; the days that are proved."""
        length = self.random.choice((1, 2, 3, 5, 9))
        end = start + (length - 1) * ONE_DAY
        self._ticket(envoy_id, start, end, is_refunded=self.random.choice((None, None, False)))
        if self.chance(10):
            overlap = start + self.random.randrange(length) * ONE_DAY
            self._ticket(envoy_id, overlap, end + self.random.choice((0, 0, 1)) * ONE_DAY)
        if self.chance(8):
            self._ticket(envoy_id, start - ONE_DAY, end + 3 * ONE_DAY, is_refunded=True)
        return {start + place * ONE_DAY for place in range(length)}

    def _ticket(
        self, envoy_id: str, start: dt.date, end: dt.date, *, is_refunded: bool | None = None
    ) -> None:
        row = {
            "ticket_number": f"P{len(self.records[TravelTickets.table])}",
            "envoy_id": envoy_id,
            "ticket_kind": self.random.choice(("机票", "车票")),
            "arrived_on": start,
            "returned_on": end,
            "is_refunded": is_refunded,
        }
        self.add(TravelTickets, row)

    def _journal(self, envoy_id: str, day: dt.date) -> None:
        self.add(EnvoyJournal, {"envoy_id": envoy_id, "day": day, "work_done": "走访企业"})

    def _visit(self, envoy_id: str, day: dt.date) -> None:
        company = self.random.randrange(400)
        town = TOWNS[company % len(TOWNS)] if self.chance(12) else TOWNS[0]
        row = {
            "envoy_id": envoy_id,
            "visited_on": day,
            "company_name": f"示例{company}号有限公司",
            "company_code": f"C{company:03d}",
            "company_location": town,
        }
        self.add(CompanyVisits, row)

    def _talk(self, envoy_id: str, day: dt.date) -> None:
        project = self.random.randrange(300)
        row = {
            "envoy_id": envoy_id,
            "negotiated_on": day,
            "project_id": f"X{project:03d}",
            "project_name": f"示例项目{project}",
            "is_in_depth": self.chance(94),
        }
        self.add(Negotiations, row)

    def _reports(self, envoy_id: str, first: dt.date, last: dt.date, share: int) -> None:
        """Reports on the periods that end in these days: some left out, some early, due, or late."""
        for kind, period, ended_on, due_days in _periods(first - 15 * ONE_DAY, last):
            if self.chance((100 - share) // 5):
                continue
            late = self.chance((100 - share) // 4)
            days = due_days + self.random.choice((1, 2, 30)) if late else self.random.choice((0, 1, due_days))
            row = {
                "envoy_id": envoy_id,
                "report_kind": kind,
                "period": period,
                "submitted_on": ended_on + days * ONE_DAY,
            }
            self.add(EnvoyReports, row)

    def _projects(self, envoy_id: str, posted_on: dt.date, last: dt.date) -> None:
        """Landed projects around the posting, the year's ends and the threshold."""
        introducer_id = f"Y-{envoy_id}"
        kind = "招商大使" if self.chance(92) else "自然人"
        self.add(
            Introducers,
            {
                "introducer_id": introducer_id,
                "introducer_name": "示例甲",
                "introducer_kind": kind,
                "envoy_id": envoy_id,
                "is_public_official": False,
            },
        )
        new_year = dt.date(last.year, 1, 1)
        landing_days = (
            posted_on - ONE_DAY,
            posted_on,
            last,
            last + ONE_DAY,
            new_year,
            new_year - ONE_DAY,
            None,
        )
        for _ in range(self.random.choice((1, 1, 2, 4))):
            fixed = self.random.choice(INVESTMENTS)
            number = len(self.records[Projects.table])
            row = {
                "project_id": f"L{number:05d}",
                "project_name": f"示例项目{number}",
                "investor_name": "示例有限公司",
                "investor_code": "C000",
                "introducer_id": introducer_id
                if self.chance(94)
                else self.random.choice((None, "Y-unknown")),
                "fixed_investment_10k_yuan": fixed,
                "total_investment_10k_yuan": fixed,
                "industry": "文化旅游",
                "is_key_supported": False,
                "landed_on": self.random.choice(landing_days),
                "verification": "已核实" if self.chance(88) else "未核实",
                "has_violation": self.chance(8),
            }
            self.add(Projects, row)


def office(random: Random, as_of: dt.date, envoys: int) -> Office:
    """An office with so many envoys, and fieldwork of one now and then who isn't listed."""
    result = Office(random, as_of)
    for number in range(envoys):
        result.envoy(f"DS-{number:03d}")
        if result.chance(3):
            result.envoy(f"DS-{number:03d}-unlisted", is_listed=False)
    return result


def offices(most: int, days: tuple[dt.date, ...] = AS_OF_DAYS) -> st.SearchStrategy[Office]:
    """Offices of one to `most` envoys on any of the days.

    Hypothesis chooses the seed and shrinks the number of envoys: to steer each of the thousands of choices
    would take it longer than both calculations.
    """
    seeds = st.integers(0, 2**32).map(Random)
    return st.builds(office, seeds, st.sampled_from(days), st.integers(1, most))


def frames(records: Mapping[str, list[Record]]) -> dict[str, pl.DataFrame]:
    """The records as the program takes them: a frame per sheet, with provenance."""
    result = {}
    for sheet in ENVOY_SHEETS:
        columns = sheet.frame_schema()
        rows = records.get(sheet.table, [])
        values: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in columns}
        values |= {
            "upload_id": ["u"] * len(rows),
            "sheet": [sheet.title] * len(rows),
            "row_number": list(range(2, len(rows) + 2)),
        }
        result[sheet.table] = pl.DataFrame(values, schema=columns)
    return result


def full_rows(records: Mapping[str, list[Record]]) -> dict[str, list[Record]]:
    """The records with every field of their sheet, None where it is empty."""
    return {
        sheet.table: [dict.fromkeys(sheet.columns) | row for row in records.get(sheet.table, [])]
        for sheet in ENVOY_SHEETS
    }


def _months(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first.replace(day=1)
    while first <= last and month <= last:
        yield month
        month = _month_end(month) + ONE_DAY


def _month_end(day: dt.date) -> dt.date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _periods(first: dt.date, last: dt.date) -> Iterator[tuple[str, str, dt.date, int]]:
    """Kind, name, last day and days allowed of what ends in these days; the days as in the policy now."""
    for place in range((last - first).days + 1):
        day = first + place * ONE_DAY
        if day.isoweekday() == 7:
            yield "周报", day.strftime("%G-W%V"), day, 3
        if day == _month_end(day):
            yield "月报", day.strftime("%Y-%m"), day, 10
            if day.month % 3 == 0:
                yield "季报", f"{day.year}Q{day.month // 3}", day, 10
