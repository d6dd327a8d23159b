"""Records find the surveyed building of their name, in whatever order both come."""

from __future__ import annotations

import polars as pl
import pytest

from transforms.compensation.places import row_numbers, rows_at, taken

SURVEYED = pl.DataFrame({"building_id": ["B1", "B2", "B3"]})


def asked(*names: str) -> pl.DataFrame:
    return pl.DataFrame({"building_id": names}, schema={"building_id": pl.String})


def test_a_record_has_the_row_of_its_building_or_none() -> None:
    tables = [asked("B3", "B9", "B1"), asked("B1", "B2", "B3"), asked(), asked("B2", "B2")]
    found = [rows.to_list() for rows in row_numbers(tables, SURVEYED)]
    assert found == [[2, None, 0], [0, 1, 2], [], [1, 1]]


def test_names_that_share_a_number_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        pl.Series, "hash", lambda names: pl.repeat(7, names.len(), dtype=pl.UInt64, eager=True)
    )
    for surveyed, expected in ((SURVEYED, [2, None]), (SURVEYED.tail(1), [0, None])):
        assert row_numbers([asked("B3", "B9")], surveyed)[0].to_list() == expected


def test_rows_turned_round_stand_at_their_numbers() -> None:
    numbers = pl.Series([2, None, 0], dtype=pl.UInt32)
    assert rows_at(numbers, 4).to_list() == [2, None, 0, None]
    assert rows_at(numbers.clear(), 2).to_list() == [None, None]


@pytest.mark.parametrize("numbers", [[1, 2], [2, 1], [0, 2], [0, None], [None, None], [], [0, 1, 2]])
def test_rows_are_taken_by_number(numbers: list[int | None]) -> None:
    expected = [None if number is None else SURVEYED["building_id"][number] for number in numbers]
    found = taken(SURVEYED, pl.Series(numbers, dtype=pl.UInt32))
    assert found["building_id"].to_list() == expected
