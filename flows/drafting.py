"""The drafts of a whole town, some parties at a time: the obligations of all are more than memory holds.

Twice through: numbers on the lists hang on everybody, so obligations are placed, kept small, and written with
their numbers. Then `stored_batches` goes through what the warehouse has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import polars as pl

from flows.frames_in_memory import packed, unpacked, without_the_rest
from flows.side_by_side import side_by_side
from flows.verify import require
from flows.warehouse.bulk import BulkWriter
from flows.warehouse.connection import transaction
from flows.warehouse.ledger import batch_rows
from flows.warehouse.results import clear_drafts, store_draft
from schemas.payout import LineObligations, Lines, ReceivableItems
from schemas.table import Table
from transforms.frames import stacked
from transforms.payout.batch_digest import BatchDigest, written_rows
from transforms.payout.batches import Behind, Draft
from transforms.payout.checks import check_items, check_placed
from transforms.payout.placing import Placed, place
from transforms.payout.stretches import Stretch

_SUMMED = pl.Schema({"batch_id": pl.String(), "line_number": pl.Int64(), "amount": pl.Decimal(38, 2)})
_LINES_AT_ONCE = 10_000
_KEPT_UNPACKED = 4
"""Stretches for which there is room: a town of so many is drafted quicker."""


@dataclass(frozen=True)
class Kept:
    """A stretch between the two times: what it sums up to, and what is behind that, which may be packed."""

    summed: Placed
    items: bytes | pl.DataFrame
    owing: bytes | pl.DataFrame

    def behind(self, table: Behind) -> pl.DataFrame:
        """What is behind lines, or behind receivables."""
        found = self.items if table is LineObligations else self.owing
        return unpacked(found) if isinstance(found, bytes) else found


@dataclass(frozen=True)
class _Written:
    """Rows of a table, and the text of those of each batch."""

    rows: pl.DataFrame
    texts: Mapping[str, Sequence[bytes]]


def placed_and_kept(stretches: Iterator[Stretch], *, separate: bool) -> Iterator[Kept]:
    """Each stretch with its obligations in their places. Raises CheckFailedError when one gets lost."""

    def kept(numbered: tuple[int, Stretch]) -> Kept:
        number, stretch = numbered
        placed = place(stretch, separate=separate)
        require(check_placed(placed, stretch.past))
        if number < _KEPT_UNPACKED:
            return Kept(placed.summed_up(), placed.items, placed.owing)
        summed = placed.summed_up().each(without_the_rest)
        return Kept(summed, packed(placed.items), packed(placed.owing))

    return side_by_side(kept, enumerate(stretches))


def store_in_stretches(database: Path, draft: Draft, kept: Sequence[Kept]) -> Draft:
    """Store the drafts in the place of the earlier ones; gives them with their digests.

    Raises CheckFailedError when what is behind a line is not what was placed there.
    """
    digests = {batch_id: BatchDigest(batch_id) for batch_id in draft.batches["batch_id"]}
    _begin(digests, Lines, _written(Lines, draft.lines))
    with BulkWriter(database) as writer:
        with transaction(writer.connection):
            earlier = clear_drafts(writer.connection)
        for table, first in ((LineObligations, LineObligations.empty()), (ReceivableItems, draft.gone)):
            _begin(digests, table, _written(table, first))
            writer.insert(table, first)
            for part in side_by_side(partial(_numbered, draft, table), kept):
                for batch_id, texts in part.texts.items():
                    digests[batch_id].add(texts)
                writer.insert(table, part.rows)
        final = draft.with_digests({batch_id: digest.hexdigest() for batch_id, digest in digests.items()})
        with transaction(writer.connection):
            store_draft(writer.connection, final, earlier)
    return final


def _numbered(draft: Draft, table: Behind, kept: Kept) -> _Written:
    placed = kept.behind(table)
    rows = draft.numbered(table, placed)
    require(check_items(table, draft.on_lists(table, placed), rows))
    return _written(table, rows)


def _written(table: type[Table], rows: pl.DataFrame) -> _Written:
    parts = rows.partition_by("batch_id", maintain_order=True, as_dict=True)
    texts = {str(batch_id): list(written_rows(table, part)) for (batch_id,), part in parts.items()}
    return _Written(rows, texts)


def _begin(digests: Mapping[str, BatchDigest], table: type[Table], first: _Written) -> None:
    for batch_id, digest in digests.items():
        digest.begin(table)
        digest.add(first.texts.get(batch_id, ()))


@dataclass(frozen=True)
class StoredBatches:
    """The drafts as the warehouse has them: the sum of each line's items, and each batch's digest."""

    lines: pl.DataFrame
    digests: dict[str, str]


def stored_batches(connection: duckdb.DuckDBPyConnection, batch_ids: Iterable[str]) -> StoredBatches:
    """What the tables say of these batches, so many lines at a time."""
    sums = [pl.DataFrame(schema=_SUMMED)]
    digests = {}
    for batch_id in batch_ids:
        digest = BatchDigest(batch_id)
        for table in (Lines, LineObligations, ReceivableItems):
            digest.begin(table)
            parts = side_by_side(partial(_summed_and_written, table), _parts(connection, table, batch_id))
            for found, texts in parts:
                digest.add(texts)
                if table is LineObligations:
                    sums.append(found)
        digests[batch_id] = digest.hexdigest()
    return StoredBatches(stacked(sums), digests)


def _parts(
    connection: duckdb.DuckDBPyConnection, table: type[Table], batch_id: str
) -> Iterator[pl.DataFrame]:
    """The rows of a batch, so many lines at a time, the first lines first."""
    ((first, last),) = connection.execute(
        f"SELECT min(line_number), max(line_number) FROM {table.qualified_name()} WHERE batch_id = ?",
        [batch_id],
    ).fetchall()
    if first is None:
        return
    for line in range(first, last + 1, _LINES_AT_ONCE):
        yield batch_rows(connection, table, batch_id, lines=(line, line + _LINES_AT_ONCE - 1))


def _summed_and_written(table: type[Table], rows: pl.DataFrame) -> tuple[pl.DataFrame, list[bytes]]:
    sums = rows.group_by("batch_id", "line_number").agg(pl.col("amount").sum())
    return sums.cast(_SUMMED), list(written_rows(table, rows))
