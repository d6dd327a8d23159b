"""Writes the whole sample: the same seed gives the same files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random

from flows.sample import letters
from flows.sample.defects import ENVOY_DEFECTS, HOUSING_DEFECTS, WRONG_ROWS, Spoiler
from flows.sample.housing import exchange, household, money, payees, registered
from flows.sample.housing.builder import Case, HouseholdBuilder, Village
from flows.sample.housing.ordinary import WEIGHTED_CASES
from flows.sample.investment import claims, officers, rewards
from flows.sample.investment.envoys import EnvoyYears
from flows.sample.investment.portfolio import Portfolio
from flows.sample.people import People
from flows.sample.workbook import Letter, Outbox
from schemas.housing import (
    DISTRICTS,
    HOUSING_SHEETS,
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
    Payees,
    PaymentReceipts,
    Recognitions,
    SpecialDecisions,
)
from schemas.investment import (
    Envoys,
    IncentiveClaims,
    Introducers,
    OfficerActivities,
    OfficerExpenses,
    Projects,
    PromotionOfficers,
)
from schemas.sheet import Sheet

SPECIAL_CASES: tuple[Case, ...] = (
    *registered.CASES,
    *money.CASES,
    *exchange.CASES,
    *household.CASES,
    *payees.CASES,
)
PORTFOLIO_CASES = (*rewards.CASES, *claims.CASES, *officers.CASES)
_SPECIAL_SHARE = 0.12
_OCCASIONS_TO_SPARE = 9
_LEAST_OFTEN = 18
_CONSTANT_MEMORY_FROM = 20_000
_COMPANIES = 110
_LETTER_OF_SHEET: dict[type[Sheet], Letter] = {
    ImageryRegister: letters.REGISTER,
    Appraisals: letters.APPRAISAL_RESULTS,
    Recognitions: letters.TEAM_AND_GOVERNMENT,
    SpecialDecisions: letters.TEAM_AND_GOVERNMENT,
    Payees: letters.PAYEE_LIST,
    PaymentReceipts: letters.PAYEE_LIST,
    Envoys: letters.ENVOY_LIST,
    Projects: letters.PROJECT_LIST,
    Introducers: letters.PROJECT_LIST,
    PromotionOfficers: letters.OFFICER_LIST,
    OfficerActivities: letters.OFFICER_LIST,
    OfficerExpenses: letters.OFFICER_LIST,
    IncentiveClaims: letters.CLAIM_LIST,
}


def write_sample(out: Path, *, households: int = 300, envoys: int = 12, seed: int = 2021) -> list[Path]:
    """Writes the workbooks of two offices into `out`; their paths in the order in which they were sent.

    Every branch of the rules is there from some 170 households and 12 envoys on; the more households, the
    more of them are ordinary.

    Raises:
        ValueError: a number is negative.
        FileExistsError: `out` is a file.
    """
    if households < 0 or envoys < 0:
        reason = f"households and envoys must not be negative: {households}, {envoys}"
        raise ValueError(reason)
    out.mkdir(parents=True, exist_ok=True)
    rng = Random(seed)
    people = People(rng)
    outbox = Outbox(out, is_large=households >= _CONSTANT_MEMORY_FROM)
    _write_households(outbox, Village(rng, people), households)
    _write_envoys(outbox, rng, people, envoys)
    _write_portfolio(outbox, people)
    outbox.add(letters.PAYEE_LIST, PaymentReceipts, [])
    _write_wrong_rows(outbox)
    return outbox.close()


def assign_cases(households: int, rng: Random) -> Iterator[tuple[Case, bool]]:
    """A case for each household, and whether it is an ordinary one: each case once before any chance."""
    chosen = _special_cases_for(households)
    special_at = {place * households // len(chosen): case for place, case in enumerate(chosen)}
    further_share = max(0.0, _SPECIAL_SHARE - len(chosen) / max(1, households))
    ordinary, bounds = tuple(WEIGHTED_CASES), tuple(accumulate(WEIGHTED_CASES.values()))
    each_once = iter(ordinary)
    for place in range(households):
        special = special_at.get(place)
        if special is None and further_share > rng.random():
            special = rng.choice(SPECIAL_CASES)
        if special is not None:
            yield special, False
        else:
            yield next(each_once, None) or rng.choices(ordinary, cum_weights=bounds)[0], True


def _special_cases_for(households: int) -> tuple[Case, ...]:
    """All special cases, or in a small sample only so many of them that a third stays ordinary."""
    step = -(-3 * len(SPECIAL_CASES) // (2 * max(1, households)))
    return SPECIAL_CASES[:: max(1, step)]


def _write_households(outbox: Outbox, village: Village, households: int) -> None:
    ordinary = households - len(_special_cases_for(households))
    every = ordinary // (len(HOUSING_DEFECTS) + _OCCASIONS_TO_SPARE)
    spoiler = Spoiler(HOUSING_DEFECTS, every=min(max(every, 2), _LEAST_OFTEN))
    mended = 0
    for place, (case, is_ordinary) in enumerate(assign_cases(households, village.rng)):
        home = HouseholdBuilder(village)
        case(home)
        spoilt = spoiler.spoil(home.rows) if is_ordinary else None
        if spoilt:
            # every other mistake is mended by a later workbook
            mended += 1
            if mended % 2:
                outbox.add(letters.CORRECTIONS, spoilt[0], spoilt[1])
        for sheet in HOUSING_SHEETS:
            if home.rows[sheet]:
                outbox.add(_letter_of(sheet, home, place), sheet, home.rows[sheet])
        for sheet, row in home.corrections:
            outbox.add(letters.CORRECTIONS, sheet, [row])


def _letter_of(sheet: type[Sheet], home: HouseholdBuilder, place: int) -> Letter:
    """The workbook that the household's rows of this sheet stand in."""
    is_in_valley, is_west = home.district == DISTRICTS[0], place % 2 == 1
    if sheet is HouseholdSurvey:
        if is_in_valley:
            return letters.SURVEY_OF_VALLEY
        return letters.SURVEY_OF_TOWN_WEST if is_west else letters.SURVEY_OF_TOWN_EAST
    if sheet is Agreements:
        return letters.agreements_of(home.rows[sheet][0].get("signed_on"))
    if sheet is Appraisals and is_west and not is_in_valley and place % 3 == 0:
        return letters.SURVEY_OF_TOWN_WEST
    return _LETTER_OF_SHEET[sheet]


def _write_envoys(outbox: Outbox, rng: Random, people: People, envoys: int) -> None:
    companies = [people.company() for _ in range(_COMPANIES)]
    spoiler = Spoiler(ENVOY_DEFECTS, every=6)
    for number in range(1, envoys + 1):
        envoy = EnvoyYears(number, rng, people, companies)
        outbox.add(letters.ENVOY_LIST, Envoys, [envoy.row])
        for month, batch in envoy.months():
            if not envoy.is_exemplary:
                spoiler.spoil(batch)
            for sheet, rows in batch.items():
                outbox.add(letters.fieldwork_of(month), sheet, rows)


def _write_portfolio(outbox: Outbox, people: People) -> None:
    portfolio = Portfolio(people)
    for case in PORTFOLIO_CASES:
        case(portfolio)
    for sheet, rows in portfolio.rows.items():
        outbox.add(_LETTER_OF_SHEET[sheet], sheet, rows)


def _write_wrong_rows(outbox: Outbox) -> None:
    for wrong in WRONG_ROWS:
        letter = _LETTER_OF_SHEET[wrong.sheet]
        outbox.add(letter, wrong.sheet, [outbox.first_row(letter, wrong.sheet) | wrong.changes])
