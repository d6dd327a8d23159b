"""The households for which a night may have something to list: the others get what they are owed already."""

from __future__ import annotations

import duckdb
import polars as pl

from flows.warehouse.ledger import LEDGER, family
from schemas.compensation import LineItems, Status
from schemas.payout import FAILED, LISTED, RECOVERY, Batches, Programme

_PROGRAMME = Programme.HOUSING_COMPENSATION.value
_ENCODED = "replace(replace(coalesce({}, ''), '%', '%25'), '/', '%2F')"
_KEY = " || '/' || ".join(
    (f"'{_PROGRAMME}'", *map(_ENCODED.format, ("household_id", "building_id", "item", "period")))
)
"""`transforms.payout.obligations.obligation_key` in SQL; were it another, all were restless."""
_ENTRIES = f"{LEDGER} JOIN {Batches.qualified_name()} USING (batch_id)"
_CENTS = "CAST(CAST(amount AS DECIMAL(38, 2)) * 100 AS HUGEINT)"


_RESTLESS = f"""
    WITH counted AS (
        SELECT {family("household_id")} AS family, hash({_KEY}) AS key, {_CENTS} AS cents
        FROM {LineItems.qualified_name()} WHERE status = '{Status.OWED.value}' AND amount <> 0
        UNION ALL
        SELECT {family("payee_id")}, hash(due_key), -{_CENTS}
        FROM {_ENTRIES} WHERE programme = '{_PROGRAMME}' AND kind = '{LISTED}')
    SELECT family FROM counted GROUP BY family
    HAVING sum((key & 4294967295) * cents) <> 0 OR sum((key >> 32) * cents) <> 0
    UNION
    SELECT {family("payee_id")} FROM {_ENTRIES}
    WHERE programme = '{_PROGRAMME}' AND kind IN ('{FAILED}', '{RECOVERY}')
    ORDER BY ALL
"""
"""Sums of amounts, each weighed by the two halves of its key's 64 bits: equal where each key's sums are."""


def restless_households(connection: duckdb.DuckDBPyConnection) -> pl.Series:
    """Households with an obligation that is not listed as it is owed, or one that failed or was receivable.

    Numbers are those of families (`transforms.payout.stretches`), sorted. Whoever is not among them is owed
    under each key just what stands on approved lists, so that nothing becomes of it.
    """
    found: pl.DataFrame = connection.sql(_RESTLESS).pl()
    return found["family"].cast(pl.String)
