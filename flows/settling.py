"""What every household is owed, computed, checked and stored some of them at a time.

The lines of a large town with all that is said of them are more than memory holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from flows.side_by_side import side_by_side
from flows.verify import require
from flows.warehouse.connection import transaction, writing
from flows.warehouse.results import add_settlement, clear_settlement
from flows.warehouse.tables import current_records
from schemas.compensation import STATUSES
from schemas.compensation_items import ALL_ITEMS
from schemas.housing import Agreements, Appraisals, ImageryRegister, Recognitions, SpecialDecisions
from transforms.compensation.checks import check_arithmetic
from transforms.compensation.settlement import Settlement, settled_in_blocks, together
from transforms.policy import Policy

LISTED = (
    "household_id",
    "building_id",
    "item",
    "item_name",
    "period",
    "amount",
    "clause",
    "basis",
    "reading",
    "status",
)
"""What lists and figures take from a line item. How its amount comes about stays in the warehouse."""
_FEW = (
    pl.col("item").cast(pl.Enum([item.code for item in ALL_ITEMS])),
    pl.col("item_name").cast(pl.Enum(list(dict.fromkeys(item.title for item in ALL_ITEMS)))),
    pl.col("status").cast(pl.Enum([status.value for status in STATUSES])),
    pl.col("period", "clause", "reading").cast(pl.Categorical()),
)
"""The columns with few different texts, as categories: so they take a tenth of the memory."""
SETTLED_ALONE = (ImageryRegister, Recognitions, Agreements, Appraisals, SpecialDecisions)
"""The sheets of which nothing but settling takes anything."""


def settle_all(
    database: Path, records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date
) -> Settlement:
    """Settle all households, and put what is found in the place of the earlier settlements.

    `records` are the current ones by table name; those of `SETTLED_ALONE` need not be among them. Of the line
    items only the columns `LISTED` are given back, those with few different texts as categories.
    Raises CheckFailedError when a line item's arithmetic does not hold.
    """
    with writing(database) as connection:
        with transaction(connection):
            clear_settlement(connection)
        facts = current_records(connection, SETTLED_ALONE)
    town = settled_in_blocks({**records, **facts}, policy, as_of, workers=side_by_side)
    del facts
    parts, lines = [], []
    for part in town:
        require(check_arithmetic(part.line_items))
        # opened anew each time: it keeps in memory what it has written until it is closed
        with writing(database) as connection, transaction(connection):
            add_settlement(connection, part)
        lines.append(part.line_items.select(LISTED).with_columns(_FEW).to_dict())
        parts.append(replace(part, line_items=part.line_items.clear()))
    # column by column: all of them twice would be more than there is room for
    columns = [pl.concat([part.pop(name) for part in lines], rechunk=True) for name in LISTED]
    return replace(together(parts), line_items=pl.DataFrame(columns))
