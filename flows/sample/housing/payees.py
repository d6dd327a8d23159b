"""Who is paid, and into which account: shares, roles, and accounts that fail their check."""

from __future__ import annotations

from decimal import Decimal

from flows.sample.cells import PercentCell
from flows.sample.housing.builder import BUSINESS, RESIDENCE, Case, HouseholdBuilder
from flows.sample.people import with_last_digit_wrong
from schemas.housing import HouseholdSurvey


def two_halves(b: HouseholdBuilder) -> None:
    """Husband and wife, half each: payees."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.pay(b.owner, PercentCell(0.5), "本人")
    b.pay(b.village.people.person(), PercentCell(0.5))


def thirds_short_of_a_hundred(b: HouseholdBuilder) -> None:
    """Three heirs whose shares add up to 99.99: payees."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    for _ in range(3):
        b.pay(b.village.people.person(), Decimal("33.33"))


def thirds_in_full(b: HouseholdBuilder) -> None:
    """Three heirs whose shares add up: payees."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    for share in ("33.33", "33.33", "33.34"):
        b.pay(b.village.people.person(), Decimal(share))


def frozen_share(b: HouseholdBuilder) -> None:
    """Two owners, the smaller share seized: payees."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.pay(b.owner, Decimal(60), "本人")
    b.pay(b.village.people.person(), Decimal(40), is_frozen=True)


def tenant_and_owner(b: HouseholdBuilder) -> None:
    """A tenant has a part of what a shop is paid: payees."""
    b.sign(b.building(BUSINESS, b.village.area(50, 90)))
    b.pay(b.owner, Decimal(85), "本人")
    b.pay(b.village.people.person(), Decimal(15), "承租人")


def guardian(b: HouseholdBuilder) -> None:
    """The guardian receives for the owner: payees."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.pay(b.village.people.person(), Decimal(100), "监护人")


def agent(b: HouseholdBuilder) -> None:
    """An agent receives for the owner: payees."""
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))
    b.pay(b.village.people.person(), Decimal(100), "代理人")


def account_missing(b: HouseholdBuilder) -> None:
    """No account was given: payouts."""
    b.account = None
    b.sign(b.building(RESIDENCE, b.village.area(50, 90)))


def card_check_fails(b: HouseholdBuilder) -> None:
    """A card number with one digit wrong, mended by a later workbook: payouts."""
    wrong = with_last_digit_wrong(b.owner.bank_account)
    number = b.building(RESIDENCE, b.village.area(50, 90), bank_account=wrong)
    b.sign(number)
    b.correct(HouseholdSurvey, number, bank_account=b.owner.bank_account)


def card_check_still_fails(b: HouseholdBuilder) -> None:
    """A card number with one digit wrong: payouts."""
    wrong = with_last_digit_wrong(b.owner.bank_account)
    b.sign(b.building(RESIDENCE, b.village.area(50, 90), bank_account=wrong))


CASES: tuple[Case, ...] = (
    two_halves,
    thirds_short_of_a_hundred,
    thirds_in_full,
    frozen_share,
    tenant_and_owner,
    guardian,
    agent,
    account_missing,
    card_check_fails,
    card_check_still_fails,
)
