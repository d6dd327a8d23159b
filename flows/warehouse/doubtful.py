"""Households whose payees are in doubt: what was said of them last was rejected."""

from __future__ import annotations

import duckdb
import polars as pl

from schemas.audit import RejectedRows, Uploads
from schemas.housing import Payees


def households_with_rejected_payees(connection: duckdb.DuckDBPyConnection) -> pl.Series:
    """The households of rejected 收款人 rows that no later upload mended, with shares that make 100.

    Without the rejected row the money would go to whoever was named before, or to the surveyed owner; a later
    row of another payee, or a withdrawal, says nothing of the one rejected.
    """
    found: pl.DataFrame = connection.sql(
        f"""
        SELECT DISTINCT rejected.leading_key AS household_id
        FROM {RejectedRows.qualified_name()} AS rejected
        JOIN {Uploads.qualified_name()} AS refused_in USING (upload_id)
        WHERE rejected.sheet_table = $table AND rejected.leading_key IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM survey.{Payees.table}_history AS mended
            JOIN {Uploads.qualified_name()} AS accepted_in ON accepted_in.upload_id = mended.upload_id
            WHERE mended.household_id = rejected.leading_key AND accepted_in.sequence > refused_in.sequence
                AND NOT mended.is_void
            GROUP BY mended.upload_id
            HAVING sum(mended.share) = 100
        )
        ORDER BY household_id
        """,
        params={"table": Payees.table},
    ).pl()
    return found["household_id"].cast(pl.String)
