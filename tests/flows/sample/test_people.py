from __future__ import annotations

from random import Random

import polars as pl
import pytest

from flows.sample.people import (
    RESIDENT,
    People,
    with_card_check,
    with_credit_check,
    with_last_digit_wrong,
    with_resident_check,
)
from schemas.check_digits import bank_card_is_valid, credit_code_is_valid, is_bank_card, resident_id_is_valid

MANY = 2_000


@pytest.fixture
def people() -> People:
    return People(Random(7))  # noqa: S311 - repeatable, not secret


def test_the_numbers_of_persons_pass_their_checks_and_belong_to_one_person_each(people: People) -> None:
    persons = pl.DataFrame([people.person() for _ in range(MANY)])

    assert persons["id_kind"].unique().to_list() == [RESIDENT]
    assert persons.select(resident_id_is_valid(pl.col("id_number")).all()).item()
    assert persons.select(is_bank_card(pl.col("bank_account")).all()).item()
    assert persons.select(bank_card_is_valid(pl.col("bank_account")).all()).item()
    assert persons["id_number"].n_unique() == persons["bank_account"].n_unique() == MANY


def test_no_number_of_a_person_names_a_region_that_exists(people: People) -> None:
    assert all(people.person().id_number.startswith("99") for _ in range(50))


def test_the_codes_of_companies_pass_their_check(people: People) -> None:
    companies = pl.DataFrame([people.company() for _ in range(MANY)])

    assert companies.select(credit_code_is_valid(pl.col("id_number")).all()).item()
    assert not companies.select(is_bank_card(pl.col("bank_account")).any()).item()
    assert companies["id_number"].n_unique() == companies["name"].n_unique() == MANY


def test_names_are_visibly_invented(people: People) -> None:
    assert "某" in people.person().name
    assert people.company().name.startswith("示例")


def test_check_characters_are_those_of_the_standards() -> None:
    assert with_resident_check("11010119000101000") == "110101190001010006"
    assert with_credit_check("91000000000000000") == "91000000000000000K"
    assert with_card_check("620000000000000001") == "6200000000000000018"


def test_a_wrong_last_digit_fails_each_check(people: People) -> None:
    person, company = people.person(), people.company()
    wrong = pl.DataFrame(
        {
            "resident": with_last_digit_wrong(person.id_number),
            "company": with_last_digit_wrong(company.id_number),
            "card": with_last_digit_wrong(person.bank_account),
        }
    )

    assert wrong.select(
        resident_id_is_valid(pl.col("resident")),
        credit_code_is_valid(pl.col("company")),
        bank_card_is_valid(pl.col("card")),
    ).row(0) == (False, False, False)
