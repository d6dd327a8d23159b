from __future__ import annotations

import polars as pl

from transforms.payout.natural_order import natural_key


def test_numbers_within_names_sort_as_numbers() -> None:
    names = ["H-2", "H-2#2", "H-2#10", "H-10", "H-10-A", "K-1", "9" * 32]
    frame = pl.DataFrame({"name": names}).reverse().sort(natural_key(pl.col("name")))
    assert frame["name"].to_list() == ["9" * 32, *names[:-1]]
