"""A second ledger in plain Python: what the rules on payouts give, entry by entry, in whole 分.

It shares no code with the first one. An item is a pair of household and name, a payee's obligation an item
and the payee's number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Item = tuple[str, str]
Obligation = tuple[str, str, int]


@dataclass(frozen=True)
class Person:
    """Somebody who shares in what a household is owed."""

    serial: int
    share: int  # hundredths of a percent
    account: int
    is_frozen: bool = False


@dataclass
class Listed:
    """One obligation on an approved list."""

    obligation: Obligation
    sequence: int
    attempt: int
    amount: int
    account: int
    person: int
    listed_at: int = 0
    failed_at: int | None = None

    @property
    def item(self) -> Item:
        """What it pays."""
        return self.obligation[:2]

    @property
    def payee(self) -> tuple[str, int]:
        """Whom it pays."""
        return self.obligation[0], self.obligation[2]


@dataclass
class Night:
    """What the lists of a night say; `changes` is what approving it records as receivable."""

    lines: dict[tuple[str, int], int] = field(default_factory=dict)
    held: dict[tuple[str, int], int] = field(default_factory=dict)
    receivable: dict[str, int] = field(default_factory=dict)
    listings: list[Listed] = field(default_factory=list)
    changes: dict[Item, int] = field(default_factory=dict)

    @property
    def is_batch(self) -> bool:
        """Whether there is anything to approve."""
        return bool(self.lines or self.changes)


@dataclass
class SecondLedger:
    """What was listed, in order, and what approved lists show as receivable."""

    separate: bool
    listed: list[Listed] = field(default_factory=list)
    recorded: dict[Item, int] = field(default_factory=lambda: defaultdict(int))
    events: int = 0

    def standing(self, item: Item) -> int:
        """What is paid or on its way."""
        return sum(entry.amount for entry in self.listed if entry.item == item and entry.failed_at is None)

    def night(self, dues: Mapping[Item, int], households: Mapping[str, Sequence[Person]]) -> Night:
        """What the lists say when so much is owed and these people share it."""
        night = Night()
        items = {entry.item for entry in self.listed} | set(dues)
        owing: dict[Item, int] = {}
        for household in sorted({item[0] for item in items}):
            outstanding = {
                item: dues.get(item, 0) - self.standing(item)
                for item in sorted(items)
                if item[0] == household
            }
            self._settle(household, outstanding, households.get(household, ()), night, owing)
        for item, amount in owing.items():
            night.receivable[item[0]] = night.receivable.get(item[0], 0) + amount
        for item in sorted(set(owing) | set(self.recorded)):
            change = owing.get(item, 0) - self.recorded.get(item, 0)
            if change:
                night.changes[item] = change
        return night

    def approve(self, night: Night) -> None:
        """Its listings stand, and what it shows as receivable is recorded."""
        self.events += 1
        for entry in night.listings:
            entry.listed_at = self.events
        self.listed += night.listings
        for item, change in night.changes.items():
            self.recorded[item] += change

    def fail(self, night: Night, payee: tuple[str, int]) -> None:
        """A line of an approved night has come back."""
        self.events += 1
        for entry in night.listings:
            if entry.payee == payee:
                entry.failed_at = self.events

    def _settle(
        self,
        household: str,
        outstanding: Mapping[Item, int],
        people: Sequence[Person],
        night: Night,
        owing: dict[Item, int],
    ) -> None:
        net = sum(outstanding.values())
        numbers = self.numbers(household, people)
        by_number = dict(zip(numbers, people, strict=True))
        parts: dict[int, dict[Item, int]] = {number: {} for number in numbers} or {1: {}}
        for item, amount in outstanding.items():
            decisive = amount if self.separate else net
            if decisive < 0:
                owing[item] = -amount
            elif decisive > 0 and amount:
                for number, part in self._shared(item, amount, people, numbers):
                    parts[number][item] = part
        for number, of_payee in parts.items():
            if sum(of_payee.values()) < 0:
                for item, part in of_payee.items():
                    owing[item] = owing.get(item, 0) - part
            else:
                self._pay((household, number), of_payee, by_number.get(number), night)

    def _pay(
        self, payee: tuple[str, int], parts: Mapping[Item, int], person: Person | None, night: Night
    ) -> None:
        total = sum(parts.values())
        if not total:
            return
        if person is None or self._is_held(payee[0], person):
            night.held[payee] = total
            return
        night.lines[payee] = total
        for item, part in parts.items():
            night.listings += self._listings((*item, payee[1]), part, person)

    def numbers(self, household: str, people: Sequence[Person]) -> list[int]:
        """The number that each keeps or gets."""
        entries = [entry for entry in self.listed if entry.obligation[0] == household]
        if not entries:
            return list(range(1, len(people) + 1))
        holder = {entry.obligation[2]: entry.person for entry in entries}
        if len(people) == 1 and set(holder) == {1}:
            return [1]
        of_person = {person: number for number, person in holder.items()}
        free = (number for number in range(1, 1000) if number not in holder)
        return [of_person.get(person.serial) or next(free) for person in people]

    def _is_held(self, household: str, person: Person) -> bool:
        failed = {entry.account for entry in self._open_failures() if entry.obligation[0] == household}
        return person.is_frozen or person.account in failed

    def _open_failures(self) -> list[Listed]:
        """Failed listings whose obligation has not been listed since."""
        newest: dict[Obligation, int] = {}
        for entry in self.listed:
            newest[entry.obligation] = max(entry.listed_at, newest.get(entry.obligation, 0))
        return [
            entry
            for entry in self.listed
            if entry.failed_at is not None and entry.failed_at > newest[entry.obligation]
        ]

    def _shared(
        self, item: Item, amount: int, people: Sequence[Person], numbers: Sequence[int]
    ) -> list[tuple[int, int]]:
        if not people:
            return [(1, amount)]
        already = [
            sum(
                entry.amount
                for entry in self.listed
                if entry.obligation == (*item, number) and entry.failed_at is None
            )
            for number in numbers
        ]
        sharing = list(range(len(people)))
        while True:
            whole = amount + sum(already[place] for place in sharing)
            shares = sum(people[place].share for place in sharing)
            targets = {place: half_up(Fraction(whole * people[place].share, shares)) for place in sharing}
            targets[sharing[-1]] = whole - sum(targets[place] for place in sharing[:-1])
            lacking = {place: targets[place] - already[place] for place in sharing}
            going_along = [place for place in sharing if lacking[place] * amount >= 0]
            if going_along == sharing:
                return [(numbers[place], part) for place, part in lacking.items()]
            sharing = going_along

    def _listings(self, obligation: Obligation, amount: int, person: Person) -> list[Listed]:
        earlier = [entry for entry in self.listed if entry.obligation == obligation]
        failed = [entry for entry in self._open_failures() if entry.obligation == obligation]
        sum_failed = sum(entry.amount for entry in failed)
        found = []
        if sum_failed * amount > 0 and abs(amount) >= abs(sum_failed):
            amount -= sum_failed
            found = [
                Listed(
                    obligation, entry.sequence, entry.attempt + 1, entry.amount, person.account, person.serial
                )
                for entry in failed
            ]
        if amount:
            sequence = max((entry.sequence for entry in earlier), default=0) + 1
            found.append(Listed(obligation, sequence, 1, amount, person.account, person.serial))
        return found


def half_up(exact: Fraction) -> int:
    """Rounded to the 分, halves away from zero."""
    size = int(abs(exact) + Fraction(1, 2))
    return size if exact >= 0 else -size
