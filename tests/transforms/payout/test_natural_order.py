from __future__ import annotations

import polars as pl

from transforms.payout.natural_order import natural_key, natural_place


def test_numbers_within_names_sort_as_numbers() -> None:
    names = ["H-2", "H-2#2", "H-2#10", "H-10", "H-10-A", "K-1", "9" * 32]
    frame = pl.DataFrame({"name": names}).reverse().sort(natural_key(pl.col("name")))
    assert frame["name"].to_list() == ["9" * 32, *names[:-1]]


def test_names_that_differ_in_their_digits_alone_sort_as_numbers_too() -> None:
    names = ["H-02-1", "H-09-0", "H-10-2", "H-10-3"]
    frame = pl.DataFrame({"name": [None, *reversed(names)]}).sort(natural_key(pl.col("name")))
    assert frame["name"].to_list() == [None, *names]


def test_places_are_those_of_the_keys() -> None:
    frame = pl.DataFrame({"name": ["H-10", "H-2", None, "H-02", "H-2"]})
    assert natural_place(frame, "name").to_list() == [2, 1, None, 1, 1]
