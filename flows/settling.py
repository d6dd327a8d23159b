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
from flows.warehouse.bulk import BulkWriter
from flows.warehouse.connection import transaction
from flows.warehouse.results import add_settlement, clear_settlement
from flows.warehouse.tables import current_records
from schemas.compensation import STATUSES
from schemas.compensation_items import ALL_ITEMS
from schemas.housing import Agreements, Appraisals, ImageryRegister, Recognitions, SpecialDecisions
from transforms.compensation.checks import check_arithmetic
from transforms.compensation.settlement import Settlement, settled_in_blocks, together
from transforms.policy import Policy

SUMMED = ("household_id", "item", "reading", "status")
"""What the line items given back are summed up by. All else of them stays in the warehouse."""
_FEW = (
    pl.col("item").cast(pl.Enum([item.code for item in ALL_ITEMS])),
    pl.col("status").cast(pl.Enum([status.value for status in STATUSES])),
    pl.col("reading").cast(pl.Categorical()),
)
"""The columns with few different texts, as categories: so they take a tenth of the memory."""
_SUM = pl.Decimal(38, 2)
SETTLED_ALONE = (ImageryRegister, Recognitions, Agreements, Appraisals, SpecialDecisions)
"""The sheets of which nothing but settling takes anything."""


def settle_all(
    database: Path, records: Mapping[str, pl.DataFrame], policy: Policy, as_of: date
) -> Settlement:
    """Settle all households, and put what is found in the place of the earlier settlements.

    `records` are the current ones by table name; those of `SETTLED_ALONE` need not be among them. Of the line
    items sums are given back by the columns `SUMMED`, with `amount` and `item_count`.
    Raises CheckFailedError when a line item's arithmetic does not hold.
    """
    parts = []
    with BulkWriter(database) as writer:
        with transaction(writer.connection):
            clear_settlement(writer.connection)
        facts = current_records(writer.connection, SETTLED_ALONE)
        # checked where it is settled: beside the part before it, whose storing takes as long as both
        town = settled_in_blocks({**records, **facts}, policy, as_of, check=_check, workers=side_by_side)
        del facts
        for part in town:
            add_settlement(writer, part)
            parts.append(replace(part, line_items=_summed_up(part.line_items)))
    return together(parts)


def _check(settlement: Settlement) -> None:
    require(check_arithmetic(settlement.line_items))


def _summed_up(line_items: pl.DataFrame) -> pl.DataFrame:
    return (
        line_items.group_by(SUMMED, maintain_order=True)
        .agg(pl.col("amount").sum().cast(_SUM), item_count=pl.len().cast(pl.Int64))
        .with_columns(_FEW)
    )
