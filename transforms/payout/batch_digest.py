"""The digest of a batch: whoever has it knows whether anything in the batch was changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

import polars as pl

from schemas.payout import LineObligations, Lines, ReceivableItems
from schemas.table import Table

_ROWS_AT_ONCE = 100_000
_FIELD_SEPARATOR, _ROW_SEPARATOR, _NOTHING = "\x1f", "\n", "\x00"
_ORDER: dict[type[Table], list[str]] = {
    Lines: ["line_number"],
    LineObligations: ["line_number", "obligation_key", "sequence"],
    ReceivableItems: ["line_number", "obligation_key"],
}


class BatchDigest:
    """SHA-256 over a batch's lines, their obligations and its receivables, as `schemas.payout` has them.

    Each table in turn, its rows by the numbers of their lines. Fields are joined by U+001F and rows by a line
    feed, and what is null is U+0000; none of them is in a listed name, since a payee with control characters
    is held.
    """

    def __init__(self, batch_id: str) -> None:
        self._digest = hashlib.sha256(batch_id.encode())

    def begin(self, table: type[Table]) -> None:
        """What is added next are rows of this table."""
        self._digest.update(f"{_ROW_SEPARATOR}{table.table}".encode())

    def add(self, written: Iterable[bytes]) -> None:
        """Add rows, as `written_rows` gives them."""
        for part in written:
            self._digest.update(_ROW_SEPARATOR.encode())
            self._digest.update(part)

    def hexdigest(self) -> str:
        """The digest of all that has been added."""
        return self._digest.hexdigest()


def written_rows(table: type[Table], rows: pl.DataFrame) -> Iterator[bytes]:
    """A batch's rows of a table as text, in the order in which they count."""
    fields = [pl.col(name).cast(pl.String).fill_null(_NOTHING) for name in table.columns]
    text = pl.concat_str(fields, separator=_FIELD_SEPARATOR)
    # put together where they lie and then brought into order: that moves one text for each row
    texts = rows.lazy().select(text.gather(pl.arg_sort_by(_ORDER[table]))).collect().to_series()
    for first in range(0, rows.height, _ROWS_AT_ONCE):
        part = texts.slice(first, _ROWS_AT_ONCE).str.join(_ROW_SEPARATOR)
        written: bytes = part.cast(pl.Binary).item()
        yield written


def batch_digest(
    batch_id: str, lines: pl.DataFrame, line_items: pl.DataFrame, receivable_items: pl.DataFrame
) -> str:
    """The digest of the batch among these rows."""
    digest = BatchDigest(batch_id)
    is_its = pl.col("batch_id") == batch_id
    for table, rows in ((Lines, lines), (LineObligations, line_items), (ReceivableItems, receivable_items)):
        digest.begin(table)
        digest.add(written_rows(table, rows.filter(is_its)))
    return digest.hexdigest()
