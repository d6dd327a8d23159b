from __future__ import annotations

from collections import Counter
from random import Random

from flows.sample.generate import PORTFOLIO_CASES, SPECIAL_CASES, assign_cases
from flows.sample.housing.ordinary import WEIGHTED_CASES


def assigned(households: int) -> list[tuple[str, bool]]:
    rng = Random(1)  # noqa: S311 - repeatable, not secret
    return [(case.__name__, is_ordinary) for case, is_ordinary in assign_cases(households, rng)]


def test_each_case_says_which_clause_it_is_about() -> None:
    assert all(case.__doc__ for case in (*SPECIAL_CASES, *WEIGHTED_CASES, *PORTFOLIO_CASES))


def test_every_case_is_in_a_sample_of_the_usual_size() -> None:
    names = {name for name, _ in assigned(200)}

    assert {case.__name__ for case in (*SPECIAL_CASES, *WEIGHTED_CASES)} <= names


def test_each_special_case_comes_once_in_a_sample_of_the_usual_size() -> None:
    counts = Counter(name for name, is_ordinary in assigned(300) if not is_ordinary)

    assert set(counts.values()) == {1}


def test_a_large_village_is_mostly_ordinary() -> None:
    village = assigned(20_000)

    share = sum(is_ordinary for _, is_ordinary in village) / len(village)
    assert 0.86 < share < 0.90


def test_a_tiny_village_keeps_ordinary_households() -> None:
    assert sum(is_ordinary for _, is_ordinary in assigned(9)) >= 3
    assert assigned(0) == []
