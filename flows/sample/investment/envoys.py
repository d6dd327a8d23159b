"""Envoys and what they do month by month, from the exemplary to the idle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from flows.sample.cells import Record
from flows.sample.dates import LAST_DAY
from flows.sample.people import Party, People
from schemas.investment import (
    RANKS,
    CompanyVisits,
    EnvoyJournal,
    EnvoyReports,
    Negotiations,
    TravelTickets,
)
from schemas.sheet import Sheet

HOME = "阿尔山市"
_TOWNS = ("天津市", "大连市", "长春市", "济南市", "南京市", "苏州市", "成都市", "广州市")
_REGIONS = ("京津冀片区", "长三角片区", "珠三角片区", "东北片区", "成渝片区", "山东片区")
_SHORTEST_MONTH_DAYS = 14
_CARELESS_ENVOY, _MISTYPED_TICKET = 4, 20
_LANDED_PROJECTS = tuple(f"XM-2021-{number:03d}" for number in range(1, 20))

Batch = dict[type[Sheet], list[Record]]


@dataclass(frozen=True)
class Diligence:
    """What an envoy does in an average month, and how often something is left out."""

    days: int
    visits: int
    negotiations: int
    gap_rate: float
    late_rate: float


EXEMPLARY = Diligence(days=12, visits=6, negotiations=4, gap_rate=0.0, late_rate=0.0)
STEADY = Diligence(days=10, visits=5, negotiations=3, gap_rate=0.01, late_rate=0.02)
AVERAGE = Diligence(days=9, visits=4, negotiations=3, gap_rate=0.03, late_rate=0.05)
IDLE = Diligence(days=4, visits=1, negotiations=1, gap_rate=0.3, late_rate=0.3)
_DILIGENCE = (EXEMPLARY, STEADY, STEADY, AVERAGE, AVERAGE, IDLE)


@dataclass(frozen=True)
class Posting:
    """From when until when, and at which age and rank."""

    start: date = date(2021, 1, 1)
    end: date | None = date(2023, 12, 31)
    born_on: date = date(1976, 4, 12)


_POSTINGS = (
    Posting(),
    Posting(born_on=date(1981, 9, 3)),
    Posting(),
    Posting(start=date(2021, 4, 25), end=date(2024, 4, 24)),
    Posting(start=date(2022, 7, 16), end=date(2025, 7, 15)),
    Posting(),
    # too few days of 2021 to count as a month
    Posting(start=date(2021, 12, 20), end=date(2024, 12, 19)),
    # over 55 when posted
    Posting(born_on=date(1964, 12, 31)),
    # shorter than the term of three years
    Posting(end=date(2022, 6, 30)),
    # no end known
    Posting(end=None),
    # 55 on the day of posting
    Posting(born_on=date(1966, 1, 1)),
    Posting(born_on=date(1984, 7, 7)),
)


class EnvoyYears:
    """One envoy's whole posting."""

    def __init__(self, number: int, rng: Random, people: People, companies: Sequence[Party]) -> None:
        self._is_careless = number % len(_POSTINGS) == _CARELESS_ENVOY
        self._rng = rng
        self._companies = companies
        self._posting = _POSTINGS[(number - 1) % len(_POSTINGS)]
        self._diligence = _DILIGENCE[(number - 1) % len(_DILIGENCE)]
        self._envoy_id = f"DS-{number:02d}"
        self.is_exemplary = self._diligence == EXEMPLARY
        self._tickets = 0
        self._unvisited: list[Party] = []
        self._prospects: list[str] = []
        self.row: Record = {
            "envoy_id": self._envoy_id,
            "envoy_name": people.person().name,
            "born_on": self._posting.born_on,
            "rank_title": RANKS[(number - 1) % len(RANKS)],
            "region": _REGIONS[(number - 1) % len(_REGIONS)],
            "posted_on": self._posting.start,
            "posting_ends_on": self._posting.end,
        }

    def months(self) -> Iterator[tuple[date, Batch]]:
        """For each month of the posting its first day and the rows."""
        end = min(self._posting.end or LAST_DAY, LAST_DAY)
        month = self._posting.start.replace(day=1)
        while month <= end:
            if month.month == 1 or not self._unvisited:
                self._new_year(month.year)
            first = max(month, self._posting.start)
            last = min(_month_after(month) - timedelta(days=1), end)
            if (last - first).days >= _SHORTEST_MONTH_DAYS:
                yield month, self._month(first, last)
            else:
                # too short to travel, and the weeks and the month that end in it are reported on all the same
                yield month, {EnvoyReports: self._reports(first, last)}
            month = _month_after(month)

    def _new_year(self, year: int) -> None:
        self._unvisited = self._rng.sample(list(self._companies), len(self._companies))
        self._prospects = [f"QT-{year}-{number:03d}" for number in range(1, 61)]
        self._rng.shuffle(self._prospects)
        self._prospects += _LANDED_PROJECTS

    def _month(self, first: date, last: date) -> Batch:
        stays = self._stays(first, last)
        if last == self._posting.end and last < LAST_DAY:
            # one more stay that goes on after the posting
            stays.append((last, last + timedelta(days=5)))
        away = {start + timedelta(days=i) for start, end in stays for i in range((end - start).days + 1)}
        days = sorted(day for day in away if day <= last or self._is_careless)
        return {
            TravelTickets: self._ticket_rows(stays),
            EnvoyJournal: self._journal(days),
            EnvoyReports: self._reports(first, last),
            CompanyVisits: self._visits(days),
            Negotiations: self._negotiations(days),
        }

    def _stays(self, first: date, last: date) -> list[tuple[date, date]]:
        """One or two stays within the month, of about the usual days together."""
        rng = self._rng
        days = max(2, self._diligence.days + rng.randint(-1, 1))
        span = (last - first).days + 1
        if rng.random() < 0.5:
            start = first + timedelta(days=rng.randint(0, span - days - 1))
            return [(start, start + timedelta(days=days - 1))]
        half = days // 2
        early = first + timedelta(days=rng.randint(0, max(0, span // 2 - half - 1)))
        late = first + timedelta(days=span // 2 + rng.randint(0, max(0, span // 2 - (days - half) - 1)))
        return [
            (early, early + timedelta(days=half - 1)),
            (late, late + timedelta(days=days - half - 1)),
        ]

    def _ticket_rows(self, stays: list[tuple[date, date]]) -> list[Record]:
        rows: list[Record] = []
        for start, end in stays:
            rows.append(self._ticket(start, end))
            chance = self._rng.random()
            if chance < 0.04:
                rows.append(self._ticket(start, end, is_refunded=True))
            elif chance < 0.08 and start < end:
                # another ticket for days that the first one proves already
                rows.append(self._ticket(start + timedelta(days=1), end))
        return rows

    def _ticket(self, start: date, end: date, *, is_refunded: bool = False) -> Record:
        self._tickets += 1
        is_mistyped = self._is_careless and self._tickets == _MISTYPED_TICKET
        return {
            "ticket_number": f"P-{self._envoy_id}-{self._tickets:04d}",
            # nobody has that number, so the ticket waits
            "envoy_id": self._envoy_id.replace("0", "O") if is_mistyped else self._envoy_id,
            "ticket_kind": self._rng.choice(("机票", "车票")),
            "arrived_on": start,
            "returned_on": end,
            "is_refunded": True if is_refunded else None,
        }

    def _journal(self, days: list[date]) -> list[Record]:
        work = ("走访企业", "对接商会", "洽谈项目", "整理项目资料", "参加推介会")
        return [
            {"envoy_id": self._envoy_id, "day": day, "work_done": self._rng.choice(work)}
            for day in days
            if self._rng.random() >= self._diligence.gap_rate
        ]

    def _reports(self, first: date, last: date) -> list[Record]:
        """The reports on the weeks, the month and the quarter that end in these days."""
        periods: list[tuple[str, str, date, int]] = []
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            if day.isoweekday() == 7:
                year, week, _ = day.isocalendar()
                periods.append(("周报", f"{year}-W{week:02d}", day, 3))
        if (last + timedelta(days=1)).day == 1:
            periods.append(("月报", f"{last:%Y-%m}", last, 10))
            if last.month % 3 == 0:
                periods.append(("季报", f"{last.year}Q{last.month // 3}", last, 10))
        rows: list[Record] = []
        for kind, period, ended_on, days_allowed in periods:
            if self._rng.random() < self._diligence.late_rate / 2:
                continue
            late = days_allowed if self._rng.random() < self._diligence.late_rate else 0
            submitted = ended_on + timedelta(days=late + self._rng.randint(1, days_allowed))
            if submitted <= LAST_DAY:
                rows.append(
                    {
                        "envoy_id": self._envoy_id,
                        "report_kind": kind,
                        "period": period,
                        "submitted_on": submitted,
                    }
                )
        return rows

    def _visits(self, days: list[date]) -> list[Record]:
        rng = self._rng
        rows: list[Record] = []
        for turn in range(max(1, self._diligence.visits + rng.randint(-1, 1))):
            # now and then a company is visited again
            company = self._unvisited.pop() if rng.random() < 0.93 else rng.choice(self._companies)
            is_at_home = int(company.id_number[10:17]) % 12 == 0
            rows.append(
                {
                    "envoy_id": self._envoy_id,
                    "visited_on": days[turn % len(days)],
                    "company_name": company.name,
                    "company_code": company.id_number,
                    "company_location": HOME if is_at_home else _TOWNS[len(company.name) % len(_TOWNS)],
                }
            )
        return _without_equal_keys(rows, ("visited_on", "company_code"))

    def _negotiations(self, days: list[date]) -> list[Record]:
        rng = self._rng
        rows: list[Record] = []
        for turn in range(max(0, self._diligence.negotiations + rng.randint(-1, 1))):
            project = self._prospects.pop(rng.randrange(len(self._prospects)))
            rows.append(
                {
                    "envoy_id": self._envoy_id,
                    "negotiated_on": days[-1 - turn % len(days)],
                    "project_id": project,
                    "project_name": f"示例合作项目{project[-3:]}",
                    "is_in_depth": rng.random() < 0.94,
                }
            )
        return rows


def _without_equal_keys(rows: list[Record], key: tuple[str, ...]) -> list[Record]:
    return list({tuple(row[field] for field in key): row for row in rows}.values())


def _month_after(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
