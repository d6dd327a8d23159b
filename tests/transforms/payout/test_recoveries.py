"""What approved lists show as receivable, when it is none any longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import polars as pl

from schemas.payout import ReceivableItems
from tests.support.payout_nights import HOUSING, Books, dues_frame, paid_to
from transforms.payout.recoveries import no_longer_receivable

HOUSE = ("H-1", "house")
ONE = paid_to("H-1", (1, "100"))
KEY = f"{HOUSING}/H-1//house/"


def owing_twice() -> Books:
    """40.00 and then 50.00 receivable of one household, each on an approved list; another owes 5.00."""
    books = Books()
    for house, other in (("100.00", "5.00"), ("60.00", "-5.00"), ("50.00", "-5.00")):
        dues = dues_frame({HOUSE: house, ("H-2", "house"): other})
        books.approve(books.night(dues, ONE, paid_to("H-2", (2, "100"))))
    return books


def gone(books: Books, **changed: pl.DataFrame) -> pl.DataFrame:
    """What is receivable no longer when nothing is."""
    past = replace(books.past, **changed)
    return no_longer_receivable(books.night(dues_frame({})).obligations.clear(), past)


def test_a_key_on_several_lists_has_one_row_with_all_that_was_recorded() -> None:
    assert gone(owing_twice()).select("obligation_key", "line_number", "amount", "change").rows() == [
        (KEY, 0, Decimal("0.00"), Decimal("-50.00")),
        (f"{HOUSING}/H-2//house/", 0, Decimal("0.00"), Decimal("-10.00")),
    ]


def test_the_columns_are_those_of_the_list_with_the_programme_for_the_batch() -> None:
    named = {name if name != "batch_id" else "programme" for name in ReceivableItems.columns}
    assert set(gone(owing_twice()).columns) == named


def test_the_words_are_those_of_the_last_list() -> None:
    books = owing_twice()
    items = books.past.receivable_items.filter(pl.col("obligation_key") == KEY)
    early, late = (datetime.fromisoformat(f"2021-07-0{day}T09:00:00") for day in (1, 2))
    batches = books.past.batches.head(1).drop("batch_id", "approved_at")

    def last_name(*rows: tuple[str, datetime, int]) -> str:
        """The name of the row that is taken; a row is a batch, when it was approved, and a line."""
        approved = batches.join(
            pl.DataFrame({"batch_id": [row[0] for row in rows], "approved_at": [row[1] for row in rows]}),
            how="cross",
        ).unique("batch_id", keep="first", maintain_order=True)
        listed = (
            items.head(1)
            .drop("batch_id", "line_number", "item_name")
            .join(
                pl.DataFrame(
                    {
                        "batch_id": [row[0] for row in rows],
                        "line_number": [row[2] for row in rows],
                        "item_name": [str(place) for place in range(len(rows))],
                    }
                ),
                how="cross",
            )
        )
        found = gone(books, batches=approved, receivable_items=listed)
        return str(found.filter(pl.col("obligation_key") == KEY)["item_name"].item())

    assert last_name(("HC-0001", late, 1), ("HC-0002", early, 2)) == "0"
    assert last_name(("HC-0002", early, 1), ("HC-0001", early, 2)) == "0"
    assert last_name(("HC-0001", early, 2), ("HC-0001", early, 1)) == "0"


def test_what_is_receivable_no_longer_stands_by_programme_and_key() -> None:
    books = owing_twice()
    rows = [("甲乙"[number % 2], f"key-{number * 37 % 41:02}") for number in range(41)]
    recorded = books.past.ledger.filter(pl.col("kind") == "recovery").head(1)
    item, batch = books.past.receivable_items.head(1), books.past.batches.head(1)
    found = gone(
        books,
        ledger=pl.concat(recorded.with_columns(obligation_key=pl.lit(key)) for _, key in rows),
        receivable_items=pl.concat(
            item.with_columns(obligation_key=pl.lit(key), batch_id=pl.lit(programme))
            for programme, key in rows
        ),
        batches=pl.concat(
            batch.with_columns(programme=pl.lit(name), batch_id=pl.lit(name)) for name in ("甲", "乙")
        ),
    )
    assert found.select("programme", "obligation_key").rows() == sorted(rows)
