"""The digest of a batch: whoever has it knows whether anything in the batch was changed."""

from __future__ import annotations

import hashlib

import polars as pl

from schemas.payout import LineObligations, Lines, ReceivableItems

_ROWS_AT_ONCE = 100_000
_FIELD_SEPARATOR, _ROW_SEPARATOR, _NOTHING = "\x1f", "\n", "\x00"


def batch_digest(
    batch_id: str, lines: pl.DataFrame, line_items: pl.DataFrame, receivable_items: pl.DataFrame
) -> str:
    """SHA-256 over a batch's lines, their obligations and its receivables, as `schemas.payout` has them.

    Fields are joined by U+001F and rows by a line feed, and what is null is U+0000; none of them is in a
    listed name, since a payee with control characters is held.
    """
    digest = hashlib.sha256(batch_id.encode())
    for table, frame, order in (
        (Lines, lines, ["line_number"]),
        (LineObligations, line_items, ["line_number", "obligation_key", "sequence"]),
        (ReceivableItems, receivable_items, ["line_number", "obligation_key"]),
    ):
        fields = [pl.col(name).cast(pl.String).fill_null(_NOTHING) for name in table.columns]
        text = pl.concat_str(fields, separator=_FIELD_SEPARATOR)
        rows = frame.filter(pl.col("batch_id") == batch_id)
        places = rows.select(pl.arg_sort_by(order)).to_series()
        digest.update(f"{_ROW_SEPARATOR}{table.table}".encode())
        for first in range(0, rows.height, _ROWS_AT_ONCE):
            part = rows[places.slice(first, _ROWS_AT_ONCE)].select(text.str.join(_ROW_SEPARATOR))
            digest.update(_ROW_SEPARATOR.encode())
            digest.update(part.to_series().cast(pl.Binary).item())
    return digest.hexdigest()
