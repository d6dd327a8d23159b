"""The drafts of a whole town, some parties at a time: the obligations of all are more than memory holds.

Twice through: numbers on the lists hang on everybody, so obligations are placed, kept small, and written with
their numbers. Then `stored_batches` goes through what the warehouse has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from flows.frames_in_memory import packed, unpacked
from flows.side_by_side import side_by_side
from flows.verify import require
from flows.warehouse.connection import transaction, writing
from flows.warehouse.ledger import batch_rows
from flows.warehouse.results import clear_drafts, store_draft
from flows.warehouse.tables import insert
from schemas.payout import LineObligations, Lines, ReceivableItems
from transforms.frames import stacked
from transforms.payout.batch_digest import BatchDigest, written_rows
from transforms.payout.batches import Draft
from transforms.payout.checks import check_line_items, check_placed
from transforms.payout.placing import Placed, place
from transforms.payout.stretches import PAYEES_AT_ONCE, Stretch

_SUMMED = pl.Schema({"batch_id": pl.String(), "line_number": pl.Int64(), "amount": pl.Decimal(38, 2)})


@dataclass(frozen=True)
class Kept:
    """A stretch between the two times: what it sums up to, and its items, packed."""

    placed: Placed
    items: bytes


@dataclass(frozen=True)
class _Numbered:
    """The line items of a stretch, and the text of those of each batch."""

    items: pl.DataFrame
    written: dict[str, list[bytes]]


def placed_and_kept(stretches: Iterator[Stretch], *, separate: bool) -> Iterator[Kept]:
    """Each stretch with its obligations in their places. Raises CheckFailedError when one gets lost."""

    def kept(stretch: Stretch) -> Kept:
        placed = place(stretch, separate=separate)
        require(check_placed(placed, stretch.past))
        return Kept(placed.summed_up(), packed(placed.items))

    return side_by_side(kept, stretches)


def store_in_stretches(database: Path, draft: Draft, kept: Sequence[Kept]) -> Draft:
    """Store the drafts in the place of the earlier ones; gives them with their digests.

    Raises CheckFailedError when a line item is not what was placed.
    """
    with writing(database) as connection, transaction(connection):
        earlier = clear_drafts(connection)
    digests = {batch_id: _begun(batch_id, draft.lines) for batch_id in draft.batches["batch_id"]}
    for part in side_by_side(lambda stretch: _numbered(draft, unpacked(stretch.items)), kept):
        for batch_id, written in part.written.items():
            digests[batch_id].add(written)
        # opened anew each time: it keeps in memory what it has written until it is closed
        with writing(database) as connection, transaction(connection):
            insert(connection, LineObligations.qualified_name(), part.items)
    final = draft.with_digests(
        {batch_id: _ended(batch_id, digest, draft.receivable_items) for batch_id, digest in digests.items()}
    )
    with writing(database) as connection, transaction(connection):
        store_draft(connection, final, earlier)
    return final


@dataclass(frozen=True)
class StoredBatches:
    """The drafts as the warehouse has them: the sum of each line's items, and each batch's digest."""

    lines: pl.DataFrame
    digests: dict[str, str]


def stored_batches(connection: duckdb.DuckDBPyConnection, batch_ids: Iterable[str]) -> StoredBatches:
    """What the tables say of these batches, lines by stretches."""
    sums = [pl.DataFrame(schema=_SUMMED)]
    digests = {}
    for batch_id in batch_ids:
        lines, owing = (batch_rows(connection, table, batch_id) for table in (Lines, ReceivableItems))
        digest = _begun(batch_id, lines)
        for found, written in side_by_side(_summed_and_written, _items_of(connection, batch_id)):
            sums.append(found)
            digest.add(written)
        digests[batch_id] = _ended(batch_id, digest, owing)
    return StoredBatches(stacked(sums), digests)


def _items_of(connection: duckdb.DuckDBPyConnection, batch_id: str) -> Iterator[pl.DataFrame]:
    """The line items of a batch, so many lines at a time, the first lines first."""
    table = LineObligations.qualified_name()
    ((first, last),) = connection.execute(
        f"SELECT min(line_number), max(line_number) FROM {table} WHERE batch_id = ?", [batch_id]
    ).fetchall()
    if first is None:
        return
    for line in range(first, last + 1, PAYEES_AT_ONCE):
        yield batch_rows(connection, LineObligations, batch_id, lines=(line, line + PAYEES_AT_ONCE - 1))


def _summed_and_written(items: pl.DataFrame) -> tuple[pl.DataFrame, list[bytes]]:
    sums = items.group_by("batch_id", "line_number").agg(pl.col("amount").sum())
    return sums.cast(_SUMMED), list(written_rows(LineObligations, items))


def _begun(batch_id: str, lines: pl.DataFrame) -> BatchDigest:
    """The digest of a batch up to where its line items belong."""
    digest = BatchDigest(batch_id)
    digest.begin(Lines)
    digest.add(written_rows(Lines, lines.filter(pl.col("batch_id") == batch_id)))
    digest.begin(LineObligations)
    return digest


def _ended(batch_id: str, digest: BatchDigest, owing: pl.DataFrame) -> str:
    digest.begin(ReceivableItems)
    digest.add(written_rows(ReceivableItems, owing.filter(pl.col("batch_id") == batch_id)))
    return digest.hexdigest()


def _numbered(draft: Draft, items: pl.DataFrame) -> _Numbered:
    rows = draft.numbered(items)
    require(check_line_items(draft.within_limits(items), rows))
    parts = rows.partition_by("batch_id", maintain_order=True)
    written = {part["batch_id"][0]: list(written_rows(LineObligations, part)) for part in parts}
    return _Numbered(rows, written)
