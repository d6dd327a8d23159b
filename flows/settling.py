"""What every household is owed, computed, checked and stored some of them at a time.

The lines of a large town with all that is said of them are more than memory holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import duckdb
import polars as pl

from flows.side_by_side import side_by_side
from flows.verify import require
from flows.warehouse.connection import transaction
from flows.warehouse.results import add_settlement, clear_settlement
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
SETTLED_TABLES = frozenset(
    sheet.table for sheet in (ImageryRegister, Recognitions, Agreements, Appraisals, SpecialDecisions)
)
"""The sheets of which nothing but settling takes anything."""


def settle_all(
    connection: duckdb.DuckDBPyConnection,
    records: Mapping[str, pl.DataFrame],
    policy: Policy,
    as_of: date,
) -> Settlement:
    """Settle all households, and put what is found in the place of the earlier settlements.

    Of the line items only the columns `LISTED` are given back.
    Raises CheckFailedError, and leaves the earlier settlements, when a line item's arithmetic does not hold.
    """
    kept = []
    with transaction(connection):
        clear_settlement(connection)
        for part in settled_in_blocks(records, policy, as_of, workers=side_by_side):
            require(check_arithmetic(part.line_items))
            add_settlement(connection, part)
            kept.append(replace(part, line_items=part.line_items.select(LISTED)))
    return together(kept)
