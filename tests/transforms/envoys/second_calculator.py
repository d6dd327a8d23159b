"""The second calculator: the whole evaluation envoy by envoy and day by day, independent of the program.

Takes the records as lists of rows and the policy file as it was read, and knows no frame. Every quantity is
a fraction until it is written down. The comparison with the program stands in `test_second_calculator.py`.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from schemas.policy import PolicyFile

Row = Mapping[str, Any]
Records = Mapping[str, Sequence[Row]]
Answers = dict[tuple[str | int, ...], tuple[Any, ...]]
ONE_DAY = dt.timedelta(days=1)
DUE_DAYS = {
    "季报": "quarterly_report_due_days",
    "月报": "monthly_report_due_days",
    "周报": "weekly_report_due_days",
}
MARKS = ("days_away", "journal", "reporting", "company_visits", "negotiations")


@dataclass(frozen=True)
class Law:
    """The policy file as it stands on one day."""

    content: PolicyFile
    on: dt.date

    def number(self, name: str) -> Fraction:
        value = self._last(self.content.parameters[name].values).value
        if not isinstance(value, Decimal):
            raise TypeError(name)
        return Fraction(value)

    def members(self, name: str) -> tuple[str, ...]:
        value = self._last(self.content.parameters[name].values).value
        if not isinstance(value, tuple):
            raise TypeError(name)
        return value

    def reading(self, name: str) -> str:
        choice = self._last(self.content.readings[name].versions).choice
        if choice is None:
            raise TypeError(name)
        return str(choice)

    def version(self) -> dt.date:
        return max(day for day in _changes(self.content) if day <= self.on)

    def _last(self, dated: Sequence[Any]) -> Any:  # noqa: ANN401 - values and readings alike
        return [entry for entry in dated if entry.effective_from <= self.on][-1]


def _changes(content: PolicyFile) -> Iterator[dt.date]:
    for parameter in content.parameters.values():
        yield from (value.effective_from for value in parameter.values)
    for reading in content.readings.values():
        yield from (version.effective_from for version in reading.versions)


def effect_of(content: PolicyFile) -> dt.date:
    """The first day of the policy."""
    return min(value.effective_from for named in content.parameters.values() for value in named.values)


@dataclass
class Envoy:
    """What is known of one envoy, already without refunded tickets, homely companies and foreign projects."""

    row: Row
    days_away: set[dt.date] = field(default_factory=set)
    days_written: set[dt.date] = field(default_factory=set)
    reports: dict[tuple[str, str], dt.date] = field(default_factory=dict)
    visits: list[tuple[dt.date, str]] = field(default_factory=list)
    talks: list[tuple[dt.date, str]] = field(default_factory=list)
    landings: list[tuple[dt.date, Decimal]] = field(default_factory=list)

    def days_in_post(self, first: dt.date, last: dt.date) -> list[dt.date]:
        ends_on = self.row["posting_ends_on"] or last
        return list(_days(max(first, self.row["posted_on"]), min(last, ends_on)))


@dataclass(frozen=True)
class Mark:
    """One item; target, shortfall, deduction and full mark are None for the bonus."""

    measured: Decimal
    target: Decimal | None
    shortfall: Decimal | None
    deduction: Decimal | None
    score: Decimal
    full_mark: Decimal | None


@dataclass(frozen=True)
class Score:
    """One envoy's marks in one period."""

    months: int
    marks: Mapping[str, Mark]
    duties: Mapping[str, bool | None]
    landed: int

    @property
    def base(self) -> Decimal:
        return sum((self.marks[item].score for item in MARKS), Decimal(0))

    @property
    def bonus(self) -> Decimal:
        return self.marks["bonus"].score

    @property
    def order(self) -> tuple[Decimal, Decimal, Decimal]:
        return self.base + self.bonus, self.base, self.bonus


def calculate(records: Records, policy: PolicyFile, as_of: dt.date) -> Answers:
    """All scores, items, rankings and duties, by what identifies them."""
    envoys = _envoys(records)
    answers: Answers = {}
    effect = effect_of(policy)
    for year in range(effect.year, as_of.year + 1):
        first, last = dt.date(year, 1, 1), min(dt.date(year, 12, 31), as_of)
        if last >= effect:
            _answer_year(answers, _scores(envoys, Law(policy, last), first), Law(policy, last), as_of)
        for quarter in (1, 2, 3, 4):
            end = _last_of_month(year, 3 * quarter)
            if effect <= end <= as_of:
                scores = _scores(envoys, Law(policy, end), first)
                for envoy_id, score in scores.items():
                    total = score.base + score.bonus
                    place = _place(score, scores.values())
                    answers["ranking", envoy_id, year, quarter] = (score.base, score.bonus, total, place)
    return answers


def _answer_year(answers: Answers, scores: Mapping[str, Score], law: Law, as_of: dt.date) -> None:
    year = law.on.year
    is_provisional = as_of < dt.date(year, 12, 31)
    for envoy_id, score in scores.items():
        total = score.base + score.bonus
        grade = _grade(total, law)
        is_excellent = grade == "优秀"
        has_consequence = not is_provisional and (grade == "不合格" or (is_excellent and score.landed > 0))
        answers["score", envoy_id, year] = (
            dt.date(year, 1, 1),
            law.on,
            score.months,
            score.base,
            score.bonus,
            total,
            grade,
            _place(score, scores.values()),
            is_provisional,
            is_excellent and _grade(score.base, law) != "优秀",
            has_consequence,
            law.version(),
        )
        for item, mark in score.marks.items():
            answers["item", envoy_id, year, item] = (
                mark.measured, mark.target, mark.shortfall, mark.deduction, mark.score, mark.full_mark,
            )  # fmt: skip
        for duty, met in score.duties.items():
            is_to_come = duty == "landed_project" and not met and is_provisional
            answers["duty", envoy_id, year, duty] = (None if is_to_come else met,)


def _grade(total: Decimal, law: Law) -> str:
    if total >= law.number("excellent_from"):
        return "优秀"
    return "合格" if total >= law.number("qualified_from") else "不合格"


def _place(score: Score, everybody: Iterable[Score]) -> int:
    return 1 + sum(other.order > score.order for other in everybody)


def _envoys(records: Records) -> dict[str, Envoy]:
    """Everybody who is listed, with what was done; what others did belongs to nobody."""
    envoys = {row["envoy_id"]: Envoy(row) for row in records["envoys"]}
    nobody = Envoy({"posted_on": dt.date.max, "posting_ends_on": None})
    for row in records["travel_tickets"]:
        if row["is_refunded"] is not True:
            stay = _days(row["arrived_on"], row["returned_on"])
            envoys.get(row["envoy_id"], nobody).days_away.update(stay)
    for row in records["envoy_journal"]:
        envoys.get(row["envoy_id"], nobody).days_written.add(row["day"])
    for row in records["envoy_reports"]:
        report = row["report_kind"], row["period"]
        envoys.get(row["envoy_id"], nobody).reports[report] = row["submitted_on"]
    for row in records["company_visits"]:
        if "阿尔山" not in row["company_location"]:
            visit = row["visited_on"], row["company_code"]
            envoys.get(row["envoy_id"], nobody).visits.append(visit)
    for row in records["negotiations"]:
        if row["is_in_depth"] is True:
            talk = row["negotiated_on"], row["project_id"]
            envoys.get(row["envoy_id"], nobody).talks.append(talk)
    for envoy_id, landing in _landings(records):
        envoys.get(envoy_id, nobody).landings.append(landing)
    return envoys


def _landings(records: Records) -> Iterator[tuple[str, tuple[dt.date, Decimal]]]:
    """Day and investment of each landed, verified project without violation that an envoy introduced."""
    introducers = {row["introducer_id"]: row for row in records["introducers"]}
    for row in records["projects"]:
        introducer = introducers.get(row["introducer_id"])
        is_sound = row["verification"] == "已核实" and row["has_violation"] is False
        if introducer and introducer["introducer_kind"] == "招商大使" and is_sound and row["landed_on"]:
            yield introducer["envoy_id"], (row["landed_on"], row["fixed_investment_10k_yuan"])


def _scores(envoys: Mapping[str, Envoy], law: Law, first: dt.date) -> dict[str, Score]:
    """Every envoy's score from the first day to the law's; none for who has no month in post."""
    scores = {}
    for envoy_id, envoy in envoys.items():
        days = envoy.days_in_post(first, law.on)
        months = _months(days)
        if months:
            scores[envoy_id] = _score(envoy, law, set(days), months)
    return scores


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for place in range((last - first).days + 1):
        yield first + place * ONE_DAY


def _last_of_month(year: int, month: int) -> dt.date:
    return dt.date(year, month, monthrange(year, month)[1])


def _months(days: Iterable[dt.date]) -> set[tuple[int, int]]:
    """The months of which at least half the days are there."""
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for day in days:
        counted[day.year, day.month] += 1
    return {month for month, number in counted.items() if 2 * number >= monthrange(*month)[1]}


def _score(envoy: Envoy, law: Law, days: set[dt.date], months: set[tuple[int, int]]) -> Score:
    visits = [(day, code) for day, code in envoy.visits if day in days]
    talks = [(day, project) for day, project in envoy.talks if day in days]
    threshold = law.number("landed_project_investment")
    landed = sum(day in days and investment >= threshold for day, investment in envoy.landings)
    marks = {
        "days_away": _days_away(law, envoy.days_away & days, len(months)),
        "journal": _journal(law, (envoy.days_away & days) - envoy.days_written),
        "reporting": _reporting(law, _late_or_missing(envoy, law, days)),
        "company_visits": _counted(law, "company_visits", visits, len(months)),
        "negotiations": _counted(law, "negotiations", talks, len(months)),
        "bonus": Mark(
            _written(Fraction(landed), 4), None, None, None,
            _written(landed * law.number("bonus_per_project"), 2), None,
        ),
    }  # fmt: skip
    duties = {
        "landed_project": landed >= law.number("landed_projects_per_year"),
        "monthly_visits": _each_month(visits, months, law.number("company_visits_per_month")),
        "monthly_negotiations": _each_month(talks, months, law.number("negotiations_per_month")),
        **_at_posting(envoy.row, law),
    }
    return Score(len(months), marks, duties, landed)


def _days_away(law: Law, days: set[dt.date], months: int) -> Mark:
    average = Fraction(len(days), months)
    target = law.number("days_away_per_month")
    short = max(target - average, Fraction(0))
    days_short = {
        "average_pro_rata": short,
        "average_whole": Fraction(short.__floor__()),
        "total": short * months,
    }[law.reading("days_short")]
    raw = days_short * law.number("days_away_deduction")
    return _mark(law, "days_away", (average, target, short), raw)


def _journal(law: Law, unwritten: set[dt.date]) -> Mark:
    gaps = {
        "once": min(len(unwritten), 1),
        "each_month": len({(day.year, day.month) for day in unwritten}),
    }[law.reading("journal_gap")]
    missing = Fraction(len(unwritten))
    return _mark(law, "journal", (missing, Fraction(0), missing), gaps * law.number("journal_deduction"))


def _reporting(law: Law, late_or_missing: int) -> Mark:
    number = Fraction(late_or_missing)
    return _mark(law, "reporting", (number, Fraction(0), number), number * law.number("reporting_deduction"))


def _late_or_missing(envoy: Envoy, law: Law, days: set[dt.date]) -> int:
    """Of the reports due on any of the days, on periods that ended in post, those not there by then."""
    found = 0
    for kind, due_days in DUE_DAYS.items():
        allowed = int(law.number(due_days)) * ONE_DAY
        for due_on in days:
            ended_on = due_on - allowed
            period = _period_ending(kind, ended_on)
            if period is not None and ended_on >= envoy.row["posted_on"]:
                submitted_on = envoy.reports.get((kind, period))
                found += submitted_on is None or submitted_on > due_on
    return found


def _period_ending(kind: str, day: dt.date) -> str | None:
    """The name of the week, month or quarter of which this is the last day."""
    if kind == "周报":
        year, week, weekday = day.isocalendar()
        return f"{year}-W{week:02d}" if weekday == 7 else None
    if day != _last_of_month(day.year, day.month):
        return None
    if kind == "月报":
        return f"{day.year}-{day.month:02d}"
    return f"{day.year}Q{day.month // 3}" if day.month % 3 == 0 else None


def _counted(law: Law, item: str, events: list[tuple[dt.date, str]], months: int) -> Mark:
    number = Fraction(len({what for _, what in events}))
    target = months * law.number(f"{item}_per_month")
    short = max(target - number, Fraction(0))
    return _mark(law, item, (number, target, short), short * law.number(f"{item}_deduction"))


def _mark(law: Law, item: str, measured: tuple[Fraction, Fraction, Fraction], raw: Fraction) -> Mark:
    full = law.number(f"{item}_full")
    deduction = min(raw, full)
    number, target, short = (_written(value, 4) for value in measured)
    return Mark(
        number, target, short, _written(deduction, 4), _written(full - deduction, 2), _written(full, 2)
    )


def _each_month(events: list[tuple[dt.date, str]], months: set[tuple[int, int]], needed: Fraction) -> bool:
    """Whether there were enough different ones in every month that counts."""
    return all(
        len({what for day, what in events if (day.year, day.month) == month}) >= needed for month in months
    )


def _at_posting(envoy: Row, law: Law) -> dict[str, bool | None]:
    born, posted = envoy["born_on"], envoy["posted_on"]
    had_birthday = (posted.month, posted.day) >= (born.month, born.day)
    age = posted.year - born.year - (not had_birthday)
    year = posted.year + int(law.number("posting_term_years"))
    # 29 February has no day of its name in most years: the month's last day stands for it
    term_over_on = dt.date(year, posted.month, min(posted.day, monthrange(year, posted.month)[1]))
    ends_on = envoy["posting_ends_on"]
    return {
        "age_at_posting": age <= law.number("age_at_posting_most"),
        "rank_at_posting": envoy["rank_title"] in law.members("ranks_at_posting"),
        "posting_term": None if ends_on is None else ends_on + ONE_DAY >= term_over_on,
    }


def _written(value: Fraction, places: int) -> Decimal:
    """A quantity of zero or more as it is written: so many decimals, half up."""
    tenths = 10**places
    units = (value * tenths + Fraction(1, 2)).__floor__()
    return Decimal(units).scaleb(-places)
