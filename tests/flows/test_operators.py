"""Who is at work, and whether another one must approve."""

from __future__ import annotations

import getpass
import os

import pytest

from flows.errors import WrongUseError
from flows.operators import is_same_person, needs_two_people, operator


@pytest.mark.parametrize("variables", [{}, {"ARXAN_OPERATOR": " "}])
def test_the_account_is_the_operator_where_nobody_is_named(
    variables: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "night-account")
    assert operator(variables) == "night-account"


def test_whoever_is_named_is_the_operator() -> None:
    assert operator({"ARXAN_OPERATOR": " 示例张 "}) == "示例张"


def test_an_account_without_a_name_has_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert operator({}) == str(os.getuid())


@pytest.mark.parametrize(
    ("written", "is_asked"),
    [(None, False), ("", False), ("no", False), ("否", False), ("yes", True), (" YES ", True), ("是", True)],
)
def test_two_people_are_asked_for_in_words(written: str | None, *, is_asked: bool) -> None:
    assert needs_two_people({} if written is None else {"ARXAN_TWO_PEOPLE": written}) is is_asked


def test_another_word_is_wrong_use() -> None:
    with pytest.raises(WrongUseError, match="ARXAN_TWO_PEOPLE is 'maybe': write yes or no"):
        needs_two_people({"ARXAN_TWO_PEOPLE": "maybe"})


@pytest.mark.parametrize(
    ("other", "is_same"),
    [("示例张", True), ("示例　张", True), (" 示例 张", True), ("示例李", False), ("", False)],
)
def test_a_name_is_the_same_however_it_is_spaced(other: str, *, is_same: bool) -> None:
    assert is_same_person("示例张", other) is is_same


def test_a_name_is_the_same_in_full_width_and_capitals() -> None:
    assert is_same_person("ZHANG", "ｚｈａｎｇ")
