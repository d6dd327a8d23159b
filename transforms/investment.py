"""Whether a town has anything of investment promotion: most warehouses begin without it."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from schemas.investment import INVESTMENT_SHEETS


def has_investment(records: Mapping[str, pl.DataFrame]) -> bool:
    """Whether there is a record of any sheet of investment promotion, by table name.

    Without one nothing follows, which takes a fifth of a night of a small town to compute.
    """
    return any(records[sheet.table].height for sheet in INVESTMENT_SHEETS if sheet.table in records)
