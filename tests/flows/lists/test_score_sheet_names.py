from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.lists.score_sheet_names import safe_sheet_names

REFUSED = set("[]:*?/\\'!()")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["DS-01", "DS-02"], ["DS-01", "DS-02"]),
        (["A/1", "A:1"], ["A_1", "A_1~2"]),
        (["ds-1", "DS-1"], ["ds-1", "DS-1~2"]),
        (["排名"], ["排名~2"]),
        (["History"], ["History~2"]),
        (["'x'"], ["_x_"]),
        ([" "], ["_"]),
        (["x" * 40, "x" * 41], ["x" * 31, "x" * 29 + "~2"]),
    ],
)
def test_a_name_is_the_number_where_it_can_be(wanted: list[str], names: list[str]) -> None:
    assert safe_sheet_names(wanted, ["排名"]) == names


@settings(deadline=None)
@given(st.lists(st.text(), max_size=6))
def test_every_name_can_be_one_and_none_is_twice(wanted: list[str]) -> None:
    names = safe_sheet_names(wanted, ["排名"])
    assert len({name.casefold() for name in names}) == len(wanted)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not REFUSED & set(name)
