"""Drafts from settlements: the reading of set-off, and the sentences for those who sign."""

from __future__ import annotations

from datetime import date

import pytest

from flows.payouts import provisional_sentences
from schemas.policy import PolicyFile
from transforms.policy import Policy

PROVISIONAL = {"effective_from": date(2021, 1, 1), "state": "provisional", "choice": "a"}
SETTLED = {"effective_from": date(2023, 1, 1), "state": "settled", "choice": "b", "decided_by": "纪要1号"}
UNDECIDED = {"effective_from": date(2021, 1, 1), "state": "undecided"}


def policy(name: str, *versions: dict[str, object]) -> Policy:
    reading = {
        "question": "怎样",
        "clause": "五",
        "choices": {"a": "这样", "b": "那样"},
        "versions": versions,
    }
    content = {"policy": "p", "title": "t", "document": "d", "parameters": {}, "readings": {name: reading}}
    return Policy(PolicyFile.model_validate(content))


@pytest.mark.parametrize(
    ("case", "name", "versions", "as_of", "sentences"),
    [
        ("provisional", "r", [PROVISIONAL], 2022, ["五：怎样——现按：这样。"]),
        ("settled since, earlier items", "r", [PROVISIONAL, SETTLED], 2024, ["五：怎样——现按：这样。"]),
        ("set-off on the as-of date alone", "set_off", [PROVISIONAL, SETTLED], 2024, []),
        ("set-off while provisional", "set_off", [PROVISIONAL, SETTLED], 2022, ["五：怎样——现按：这样。"]),
        ("undecided items are on no list", "r", [UNDECIDED], 2022, []),
    ],
)  # fmt: skip
def test_each_reading_that_an_item_may_rest_on_has_a_sentence(
    case: str, name: str, versions: list[dict[str, object]], as_of: int, sentences: list[str]
) -> None:
    found = provisional_sentences(policy(name, *versions), date(as_of, 6, 1))
    assert list(found.values()) == sentences, case
