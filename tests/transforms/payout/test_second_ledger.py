"""Towns of random histories, night after night, through the ledger and through a second, naive one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random

import polars as pl
import pytest

from tests.support.payout_frames import card_number
from tests.support.payout_nights import HOUSING, Books, dues_frame
from tests.support.whole_draft import WholeDraft as Draft
from tests.transforms.payout.second_ledger import Item, Night, Person, SecondLedger
from transforms.payout.frames import PAYEES

ITEMS = ("attachments", "buyback", "house", "reward")
HOUSEHOLDS, NIGHTS = 40, 8
SHARES = ((10_000,), (5_000, 5_000), (3_333, 3_333, 3_334), (2_500, 2_500, 2_500, 2_500), (1, 9_999))


@dataclass
class Town:
    """What is owed to each household, who shares it, and the random events that change both."""

    random: Random
    dues: dict[Item, int] = field(default_factory=dict)
    people: dict[str, list[Person]] = field(default_factory=dict)
    people_so_far: int = 0

    def settle(self) -> None:
        """The first night's state."""
        for number in range(1, HOUSEHOLDS + 1):
            household = f"H-{number}"
            self.people[household] = [self._somebody(share) for share in self.random.choice(SHARES)]
            for name in self.random.sample(ITEMS, self.random.randint(1, 3)):
                self._owe(household, name)

    def a_day(self) -> None:
        """Something happens to most households."""
        for household in list(self.people):
            event = self.random.choice(
                (self._owe_other, self._owe_other, self._vanish, self._share_anew, self._mend, self._mend)
            )
            if self.random.random() < 0.7:
                event(household)

    def payees(self) -> pl.DataFrame:
        """The people as payees, numbered by their places."""
        return pl.DataFrame(
            [
                {
                    "programme": HOUSING,
                    "party_id": household,
                    "party_name": household,
                    "payee_id": household if place == 1 else f"{household}#{place}",
                    "payee_name": f"收款{person.serial}",
                    "id_number": f"证件{person.serial}",
                    "account_name": "户名",
                    "bank_name": "示例银行",
                    "bank_account": card_number(person.account),
                    "share": Decimal(person.share).scaleb(-2),
                    "is_frozen": person.is_frozen,
                }
                for household, people in self.people.items()
                for place, person in enumerate(people, start=1)
            ],
            schema=PAYEES,
        )

    def _somebody(self, share: int) -> Person:
        self.people_so_far += 1
        serial = self.people_so_far
        return Person(serial, share, serial, is_frozen=self.random.random() < 0.1)

    def _amount(self) -> int:
        most = self.random.choice((4, 4, 100, 1_000_000_00))
        return self.random.randint(1, most) * self.random.choice((1, 1, 1, -1))

    def _owe(self, household: str, name: str) -> None:
        amount = self.dues.get((household, name), 0) + self._amount()
        self.dues.pop((household, name), None)
        if amount:
            self.dues[household, name] = amount

    def _owe_other(self, household: str) -> None:
        self._owe(household, self.random.choice(ITEMS))

    def _vanish(self, household: str) -> None:
        names = ITEMS if self.random.random() < 0.2 else self.random.sample(ITEMS, 1)
        for name in names:
            self.dues.pop((household, name), None)
        if names is ITEMS and self.random.random() < 0.5:
            self.people[household] = []

    def _share_anew(self, household: str) -> None:
        shares = self.random.choice(SHARES)
        known = self.people[household]
        self.random.shuffle(known)
        self.people[household] = [
            replace(known[place], share=share)
            if place < len(known) and self.random.random() < 0.8
            else self._somebody(share)
            for place, share in enumerate(shares)
        ]

    def _mend(self, household: str) -> None:
        for place, person in enumerate(self.people[household]):
            self.people_so_far += 1
            thawed = replace(person, account=self.people_so_far, is_frozen=False)
            self.people[household][place] = thawed


def cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def numbered(payee_id: str) -> tuple[str, int]:
    household, _, place = payee_id.partition("#")
    return household, int(place or 1)


def by_payee(frame: pl.DataFrame) -> dict[tuple[str, int], int]:
    return {
        numbered(payee): cents(amount) for payee, amount in frame.select("payee_id", "amount").iter_rows()
    }


def item_of(key: str) -> Item:
    _, household, _, name, _ = key.split("/")
    return household, name


def assert_same(draft: Draft, expected: Night) -> None:
    assert by_payee(draft.lines) == expected.lines
    assert by_payee(draft.held) == expected.held
    assert by_payee(draft.receivables) == {(name, 1): owed for name, owed in expected.receivable.items()}
    found = sorted(
        ((*item_of(due_key), numbered(payee)[1]), sequence, attempt, cents(amount))
        for due_key, payee, sequence, attempt, amount in draft.line_items.select(
            "due_key", "payee_id", "sequence", "attempt", "amount"
        ).iter_rows()
    )
    assert found == sorted(
        (entry.obligation, entry.sequence, entry.attempt, entry.amount) for entry in expected.listings
    )
    changes = draft.receivable_items.filter(pl.col("change") != 0).select("obligation_key", "change")
    assert {item_of(key): cents(change) for key, change in changes.iter_rows()} == expected.changes
    assert bool(draft.batches.height) is expected.is_batch


def assert_conserved(ledger: SecondLedger, dues: Mapping[Item, int], draft: Draft) -> None:
    """Per household: what is owed less what stands on lists = lines + held − receivables."""
    lines, held, owing = by_payee(draft.lines), by_payee(draft.held), by_payee(draft.receivables)
    for household in {item[0] for item in dues} | {entry.obligation[0] for entry in ledger.listed}:
        owed = sum(amount for item, amount in dues.items() if item[0] == household)
        stands = sum(
            ledger.standing(item) for item in {e.item for e in ledger.listed} if item[0] == household
        )
        parts = [
            sum(v for payee, v in side.items() if payee[0] == household) for side in (lines, held, owing)
        ]
        assert owed - stands == parts[0] + parts[1] - parts[2]
        # whoever owes on balance is not paid
        if owed - stands <= 0 and not ledger.separate:
            assert parts[:2] == [0, 0]


def frame_of(dues: Mapping[Item, int]) -> pl.DataFrame:
    return dues_frame({item: Decimal(amount).scaleb(-2) for item, amount in dues.items()})


def approve_and_answer(
    random: Random, books: Books, second: SecondLedger, draft: Draft, expected: Night
) -> None:
    books.approve(draft)
    second.approve(expected)
    results = [
        (batch, line, numbered(payee), random.random() < 0.7)
        for batch, line, payee in draft.lines.select("batch_id", "line_number", "payee_id").iter_rows()
    ]
    # the rest stays on its way
    results = random.sample(results, int(len(results) * 0.8))
    books.answer((batch, line, is_paid) for batch, line, _, is_paid in results)
    for _, _, payee, is_paid in results:
        if not is_paid:
            second.fail(expected, payee)


def run(seed: int, *, separate: bool) -> None:
    random = Random(seed)  # noqa: S311 a seeded example, not a secret
    town, books, second = Town(random), Books(separate=separate), SecondLedger(separate)
    town.settle()
    for _ in range(NIGHTS):
        dues, payees = frame_of(town.dues), town.payees()
        draft, expected = books.night(dues, payees), second.night(town.dues, town.people)
        assert_same(draft, expected)
        assert_conserved(second, town.dues, draft)
        if random.random() < 0.8:
            approve_and_answer(random, books, second, draft, expected)
        town.a_day()
    settle_the_rest(town, books)


def settle_the_rest(town: Town, books: Books) -> None:
    """With everything approved and paid and nothing changing, the next night has nothing to list."""
    dues, payees = frame_of(town.dues), town.payees()
    draft = books.night(dues, payees)
    assert books.night(dues, payees).batches.equals(draft.batches)
    books.approve(draft)
    books.answer_all(draft, is_paid=True)
    after = books.night(dues, payees)
    assert after.batches.is_empty()
    assert after.held.equals(draft.held)
    assert after.receivables.select("payee_id", "amount").equals(
        draft.receivables.select("payee_id", "amount")
    )


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("separate", [False, True])
def test_both_ledgers_list_the_same(seed: int, *, separate: bool) -> None:
    run(seed, separate=separate)
