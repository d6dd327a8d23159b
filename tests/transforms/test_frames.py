"""Frames one below the other come in one chunk: over an emptied chunk polars panics."""

from __future__ import annotations

import ast
from pathlib import Path

import polars as pl
import pytest

from transforms.frames import has_repeats, looked_up, only, stacked

ROOT = Path(__file__).parents[2]
STACKED_HERE = {Path("transforms/frames.py"), Path("flows/reading/cells.py")}
"""Raw cells are read in one piece only once the records are told from the rest."""
NUMBERED = pl.DataFrame({"name": ["甲", "乙"], "number": [1, 2]})


@pytest.mark.parametrize("frames", [[NUMBERED, NUMBERED], [pl.concat([NUMBERED, NUMBERED])]])
def test_frames_come_in_one_chunk(frames: list[pl.DataFrame]) -> None:
    assert stacked(frames).n_chunks() == 1
    assert stacked(iter(frames), how="diagonal").rows() == NUMBERED.rows() * 2


def test_frames_without_rows_are_not_missed() -> None:
    empty = NUMBERED.clear()
    assert stacked([empty, NUMBERED, empty]).equals(NUMBERED)
    assert stacked([empty, empty]).equals(empty)
    with pytest.raises(pl.exceptions.PolarsError):
        stacked([NUMBERED, empty.rename({"name": "title"})])


def test_what_is_looked_up_stands_beside_each_row() -> None:
    found = pl.DataFrame({"title": ["乙"], "amount": [7]})
    expected = NUMBERED.with_columns(amount=pl.Series([None, 7]))
    assert looked_up(NUMBERED, found, ["name"], ["title"]).equals(expected)
    assert looked_up(NUMBERED, found.rename({"title": "name"}), ["name"]).equals(expected)
    with pytest.raises(pl.exceptions.ShapeError):
        looked_up(NUMBERED, pl.concat([found, found], rechunk=True), ["name"], ["title"])


@pytest.mark.parametrize(
    ("names", "numbers", "expected"),
    [
        (["甲", "甲"], [1, 2], False),
        (["甲", "乙", "甲"], [1, 1, 2], False),
        (["甲", "乙", "甲"], [1, 1, 1], True),
        ([None, None], [None, None], True),
        ([None, "甲", "甲"], [1, 1, None], False),
        ([], [], False),
    ],
)
def test_rows_that_are_the_same_in_all_columns_are_repeats(
    names: list[str | None], numbers: list[int | None], *, expected: bool
) -> None:
    rows = pl.DataFrame({"name": names, "number": numbers}, NUMBERED.schema)
    assert has_repeats(rows) is expected
    assert has_repeats(rows.select("name")) is (len(set(names)) < len(names))


def test_only_the_rows_meant_are_left() -> None:
    assert only(NUMBERED, pl.Series([True, True])) is NUMBERED
    assert only(NUMBERED, pl.Series([False, True])).rows() == [("乙", 2)]
    assert only(NUMBERED.clear(), pl.Series([], dtype=pl.Boolean)).is_empty()


def test_what_a_filter_leaves_of_stacked_frames_can_be_put_into_words() -> None:
    second_only = pl.Series([False, False, True, True])
    assert stacked([NUMBERED, NUMBERED]).filter(second_only).select(
        pl.format("{}{}", "name", "number")
    ).to_series().to_list() == ["甲1", "乙2"]


def test_frames_are_nowhere_left_in_several_chunks() -> None:
    calls = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("transforms", "flows")
        for path in (ROOT / folder).rglob("*.py")
        if path.relative_to(ROOT) not in STACKED_HERE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pl.concat"
        if not {"rechunk=True", "how='horizontal'"} & set(map(ast.unparse, node.keywords))
    ]
    assert calls == []
