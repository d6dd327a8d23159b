"""The second calculator: the whole compensation plan by household, independent of the program.

Takes the records as lists of rows, the rates as a plain dict and the readings as choices; the comparison
with the program stands in `test_second_calculator.py`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from itertools import product

from tests.transforms.compensation.second_calculator_building import (
    NOTHING,
    Building,
    Rates,
    Readings,
    Row,
    one_off_items,
    register_questions,
)
from tests.transforms.compensation.second_calculator_months import (
    Month,
    Present,
    has_overdue_stoppage,
    overdue_stoppage,
    to_fen,
    transition_amounts,
    transition_months,
)

HOUSEHOLD_FACTS = (
    "owner_name", "id_kind", "id_number", "household_since",
    "housing_assistance", "account_name", "bank_name", "bank_account",
)  # fmt: skip
OWED, ESTIMATE, HELD = "owed", "estimate", "held"
WORST_LAST = (OWED, ESTIMATE, HELD)
KINDS = {"住宅": "residence", "经营": "business"}


Key = tuple[str | None, str, str | None]


@dataclass(frozen=True)
class Line:
    """One line item: building and period are None where the item has none."""

    household: str
    building: str | None
    item: str
    period: str | None
    amount: Decimal
    status: str

    @property
    def key(self) -> Key:
        """What identifies the line within its household."""
        return self.building, self.item, self.period


@dataclass
class Answer:
    """What the second calculator says: lines, household totals, buildings, and who has an open question.

    `totals` by household: paid to, owed by, held, estimated. `buildings`: area, excess, eligible.
    """

    lines: list[Line] = field(default_factory=list)
    totals: dict[str, tuple[Decimal, Decimal, Decimal, Decimal]] = field(default_factory=dict)
    buildings: dict[str, tuple[Decimal, Decimal, bool | None]] = field(default_factory=dict)
    open_buildings: set[str] = field(default_factory=set)
    alternatives: dict[tuple[str | None, ...], Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Law:
    """Rates, the reading of each doubtful passage, and the passages still undecided with their choices."""

    rates: Rates
    readings: Readings
    undecided: Mapping[str, Sequence[str]]
    freeze_on: dt.date

    @property
    def shown(self) -> Readings:
        """Every reading taken, the undecided ones by their first choice."""
        return {**self.readings, **{name: choices[0] for name, choices in self.undecided.items()}}


@dataclass
class Judged:
    """A building with its one-off amounts and everything that keeps it waiting, with every reading taken."""

    building: Building
    items: dict[str, Decimal]
    questions: set[str]
    is_differing: bool
    is_under_decision: bool

    @property
    def is_open(self) -> bool:
        is_unclear = self.building.is_of_unclear_title and not self.is_under_decision
        return bool(self.questions) or self.is_differing or (is_unclear and not self.building.is_refused)

    @property
    def keeps_household_waiting(self) -> bool:
        is_unclear = self.building.is_of_unclear_title and not self.building.is_refused
        return self.is_open or is_unclear

    @property
    def status(self) -> str:
        if self.building.is_refused:
            return OWED
        if self.keeps_household_waiting or self.is_under_decision:
            return HELD
        return OWED if self.building.is_signed else ESTIMATE


@dataclass(frozen=True)
class Household:
    """A household's buildings and decisions, and what is true of all of it."""

    number: str
    buildings: Sequence[Building]
    decisions: Sequence[Row]
    decided: frozenset[str | None]
    is_frozen: bool
    is_contradictory: bool

    def judged(self, law: Law, readings: Readings) -> list[Judged]:
        """The buildings with every reading taken."""
        return [
            _judge(building, law, readings, is_under_decision=bool({None, building.number} & self.decided))
            for building in self.buildings
        ]


def calculate(records: Mapping[str, Sequence[Row]], law: Law, as_of: dt.date) -> Answer:
    """Every household of the records, and what records about unsurveyed buildings leave open."""
    answer = Answer()
    households: dict[str, list[Row]] = defaultdict(list)
    for row in records["household_survey"]:
        households[row["household_id"]].append(row)
    for number, rows in households.items():
        _settle(_household(number, rows, records, law), law, as_of, answer)
    surveyed = {row["building_id"] for row in records["household_survey"]}
    for sheet in ("agreements", "appraisals", "recognitions"):
        answer.open_buildings |= {row["building_id"] for row in records[sheet]} - surveyed
    return answer


def _building(row: Row, records: Mapping[str, Sequence[Row]], *, is_assisted: bool) -> Building:
    def of(sheet: str) -> list[Row]:
        return [record for record in records[sheet] if record["building_id"] == row["building_id"]]

    def only(sheet: str) -> Row | None:
        return next(iter(of(sheet)), None)

    reports = [r for r in of("appraisals") if r["subject"] == "房屋"]
    newest = {
        r["appraised_amount"] for r in reports if r["appraised_on"] == max(r["appraised_on"] for r in reports)
    }
    attachments = [r["appraised_amount"] for r in of("appraisals") if r["subject"] == "附属物"]
    return Building(
        survey=row,
        register=only("imagery_register"),
        recognition=only("recognitions"),
        agreement=only("agreements") or {},
        appraised=max(newest, default=None),
        is_appraised_twice=len(newest) > 1,
        attachments=sum(attachments, NOTHING) if attachments else None,
        is_assisted=is_assisted,
    )


def _household(number: str, rows: Sequence[Row], records: Mapping[str, Sequence[Row]], law: Law) -> Household:
    since = [row["household_since"] for row in rows if row["household_since"] is not None]
    is_assisted = any(row["housing_assistance"] for row in rows)
    buildings = [_building(row, records, is_assisted=is_assisted) for row in rows]
    residences = [b for b in buildings if b.use == "住宅" and not b.is_refused]
    if is_assisted and len(residences) > 1:
        buildings = [replace(b, is_one_of_several_assisted=b in residences) for b in buildings]
    compensation_decisions = [row for row in records["special_decisions"] if row["subject"] == "补偿决定"]
    return Household(
        number,
        buildings,
        decisions=[row for row in records["special_decisions"] if row["household_id"] == number],
        decided=frozenset(
            row["building_id"] for row in compensation_decisions if row["household_id"] == number
        ),
        is_frozen=bool(since) and since[0] > law.freeze_on,
        is_contradictory=any(
            len({row[fact] for row in rows if row[fact] is not None}) > 1 for fact in HOUSEHOLD_FACTS
        ),
    )


def _judge(building: Building, law: Law, readings: Readings, *, is_under_decision: bool) -> Judged:
    items, questions = one_off_items(building, law.rates, readings)
    agreed = building.agreement.get("agreed_amount")
    is_unclear = building.is_of_unclear_title and not (building.is_refused or is_under_decision)
    is_comparable = agreed is not None and not questions and not is_unclear
    is_differing = is_comparable and agreed != sum(items.values(), NOTHING)
    return Judged(building, items, questions, is_differing, is_under_decision)


def _settle(household: Household, law: Law, as_of: dt.date, answer: Answer) -> None:
    """The household under every way to take what is undecided; what differs anywhere is held."""
    judged = household.judged(law, law.shown)
    shown = {line.key: line for line in _lines(household, judged, law, as_of)}
    others: dict[tuple[str, ...], dict[Key, Line]] = {}
    for choices in product(*law.undecided.values()):
        other = household.judged(law, {**law.readings, **dict(zip(law.undecided, choices, strict=True))})
        if [(one.items, one.questions) for one in other] != [(one.items, one.questions) for one in judged]:
            others[choices] = {line.key: line for line in _lines(household, other, law, as_of)}
    uncertain = {
        key for other in others.values() for key in {*shown, *other} if shown.get(key) != other.get(key)
    }
    _alternatives(household, shown, others, law, answer)
    for key in uncertain - set(shown):
        shown[key] = Line(household.number, *key, NOTHING, HELD)
    lines = [replace(line, status=HELD) if line.key in uncertain else line for line in shown.values()]
    lines += _special_lines(household)
    uncertain_buildings = {building for building, _, _ in uncertain if building is not None}
    _report(household, lines, judged, law, answer)
    answer.open_buildings |= {one.building.number for one in judged if one.is_open} | uncertain_buildings


def _alternatives(
    household: Household,
    shown: Mapping[Key, Line],
    others: Mapping[tuple[str, ...], Mapping[Key, Line]],
    law: Law,
    answer: Answer,
) -> None:
    """By item and undecided passage the amount under each choice, the others at their first choice.

    A passage is listed with an item when it matters to it under some choice of the others.
    """
    first = tuple(choices[0] for choices in law.undecided.values())
    for place, (reading, choices) in enumerate(law.undecided.items()):

        def under(choice: str, others_at: tuple[str, ...], place: int = place) -> Mapping[Key, Line]:
            return others.get((*others_at[:place], choice, *others_at[place + 1 :]), shown)

        for key in {key for lines in (shown, *others.values()) for key in lines}:
            if any(
                len({under(choice, others_at).get(key) for choice in choices}) > 1
                for others_at in product(*law.undecided.values())
            ):
                for choice in choices:
                    lines = under(choice, first)
                    amount = lines[key].amount if key in lines else NOTHING
                    answer.alternatives[household.number, *key, reading, choice] = amount


def _lines(household: Household, judged: Sequence[Judged], law: Law, as_of: dt.date) -> list[Line]:
    number = household.number
    lines = [
        *_one_off_lines(number, judged),
        *_overdue_stoppage_lines(number, judged, law, as_of),
        *_transition_lines(household, judged, law, as_of),
    ]
    if not household.is_frozen:
        is_decided = None in household.decided
        lines += _reward(number, judged, law, is_held=is_decided)
        if not any(row["subject"] == "搬迁补偿" for row in household.decisions):
            lines += _moving(number, judged, law, is_held=is_decided)
    return [replace(line, status=HELD) for line in lines] if household.is_contradictory else lines


def _one_off_lines(household: str, judged: Sequence[Judged]) -> Iterator[Line]:
    for one in judged:
        for item, amount in one.items.items():
            yield Line(household, one.building.number, item, None, to_fen(amount), one.status)


def _overdue_stoppage_lines(
    household: str, judged: Sequence[Judged], law: Law, as_of: dt.date
) -> Iterator[Line]:
    if law.readings["overdue_business"] == "transition_only":
        return
    for one in judged:
        for first_day, part in overdue_stoppage(one.building, as_of):
            amount = Fraction(one.building.area) * Fraction(law.rates["stoppage_overdue"]) * part
            yield Line(
                household,
                one.building.number,
                "business_stoppage_overdue",
                first_day.isoformat(),
                to_fen(amount),
                one.status,
            )


def _transition_lines(
    household: Household, judged: Sequence[Judged], law: Law, as_of: dt.date
) -> Iterator[Line]:
    in_number_order = sorted(judged, key=lambda one: one.building.number)
    for use, kind in KINDS.items():
        by_month: dict[Month, list[tuple[Judged, Present]]] = defaultdict(list)
        for one in in_number_order:
            if one.building.use == use:
                for month, present in _transition_of(one.building, law, as_of).items():
                    by_month[month].append((one, present))
        floor = NOTHING if household.is_frozen else law.rates[f"transition_{kind}_floor"]
        for (year, month_number), pairs in by_month.items():
            amounts = transition_amounts(
                [present for _, present in pairs], law.rates[f"transition_{kind}"], floor, law.readings
            )
            for (one, present), amount in zip(pairs, amounts, strict=True):
                item = f"transition_{kind}{'_overdue' if present.is_overdue else ''}"
                number, period = one.building.number, f"{year:04d}-{month_number:02d}"
                yield Line(household.number, number, item, period, amount, one.status)


def _transition_of(building: Building, law: Law, as_of: dt.date) -> dict[Month, Present]:
    months = transition_months(building, as_of, law.readings)
    gives_way = law.readings["overdue_business"] == "stoppage_only" and has_overdue_stoppage(building)
    return {
        month: Present(Fraction(building.area), is_overdue, part)
        for month, (is_overdue, part) in months.items()
        if not (is_overdue and gives_way)
    }


def _special_lines(household: Household) -> Iterator[Line]:
    own = {None, *(building.number for building in household.buildings)}
    is_any_signed = any(building.is_signed for building in household.buildings)
    sums: dict[tuple[str | None, str], Decimal] = defaultdict(Decimal)
    for row in household.decisions:
        status = OWED if is_any_signed or row["subject"] != "搬迁补偿" else ESTIMATE
        if household.is_contradictory or row["building_id"] not in own:
            status = HELD
        sums[row["building_id"], status] += row["decided_amount"]
    for (building, status), amount in sums.items():
        yield Line(household.number, building, "special_decision", None, amount, status)


def _is_in_time(building: Building) -> bool:
    agreement = building.agreement
    return (
        building.is_signed
        and agreement["vacated_on"] is not None
        and max(agreement["signed_on"], agreement["vacated_on"]) <= agreement["deadline_on"]
    )


def _reward(household: str, judged: Sequence[Judged], law: Law, *, is_held: bool) -> list[Line]:
    buildings = [one.building for one in judged if not one.building.is_refused]
    in_time = [_is_in_time(building) for building in buildings]
    is_due = (
        any(building.use == "住宅" for building in buildings)
        and any(in_time)
        and all(t or b.is_of_unclear_title for t, b in zip(in_time, buildings, strict=True))
    )
    if not is_due:
        return []
    status = HELD if is_held or any(one.keeps_household_waiting for one in judged) else OWED
    return [Line(household, None, "signing_reward", None, law.rates["signing_reward"], status)]


def _moving(household: str, judged: Sequence[Judged], law: Law, *, is_held: bool) -> Iterator[Line]:
    waits = is_held or any(one.keeps_household_waiting for one in judged)
    for use, kind in KINDS.items():
        of_kind = [one.building for one in judged if one.building.use == use and not one.building.is_refused]
        if not of_kind:
            continue
        signed = [building for building in of_kind if building.is_signed]
        times = 2 if any(building.is_exchanged for building in signed or of_kind) else 1
        status = HELD if waits else OWED if signed else ESTIMATE
        yield Line(household, None, f"moving_{kind}", None, law.rates[f"moving_{kind}"] * times, status)


def _report(
    household: Household, lines: Sequence[Line], judged: Sequence[Judged], law: Law, answer: Answer
) -> None:
    answer.lines += lines
    owed = [line.amount for line in lines if line.status == OWED]
    answer.totals[household.number] = (
        sum((amount for amount in owed if amount > 0), NOTHING),
        -sum((amount for amount in owed if amount < 0), NOTHING),
        sum((line.amount for line in lines if line.status == HELD), NOTHING),
        sum((line.amount for line in lines if line.status == ESTIMATE), NOTHING),
    )
    for one in judged:
        building = one.building
        is_waiting_for_team = bool(register_questions(building, law.shown))
        eligible = False if building.is_refused else None if is_waiting_for_team else True
        answer.buildings[building.number] = (building.area, building.excess, eligible)
