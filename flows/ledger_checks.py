"""Whether ledger, batches and approved lists still agree: before a night, before an approval, on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl

from flows.approved_lists import Control, control_failures, controls, folder_of
from flows.lists.batch_content import content_in_warehouse
from flows.lists.read_back import read_back
from flows.warehouse.glance import (
    HEAD_FIELDS,
    LISTED_FIELDS,
    OWING_FIELDS,
    Seal,
    books_look_in_order,
    seal_of_books,
)
from flows.warehouse.ledger import (
    approved_rows,
    entries_at,
    ledger_of,
    lines_unlike_receipts,
    list_files,
)
from schemas.payout import Batches, LineObligations, ReceivableItems
from transforms.payout.ledger import NO_ENTRY, batch_failures, chain_failures, listing_failures


def ledger_failures(connection: duckdb.DuckDBPyConnection, seal: Seal | None = None) -> list[str]:
    """What in the ledger is not as it was written, or differs from the batches that it lists.

    Books with the `seal`, which were in order when it was taken, are not gone through again.
    """
    is_sealed = seal is not None and seal_of_books(connection) == seal
    return [*([] if is_sealed else books_failures(connection)), *answer_failures(connection)]


def books_failures(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What in the books themselves is not in order."""
    batches = approved_rows(connection, Batches, *HEAD_FIELDS)
    found = [] if books_look_in_order(connection) else _failures_by_entry(connection)
    return [*found, *_head_failures(connection, batches)]


def _failures_by_entry(connection: duckdb.DuckDBPyConnection) -> list[str]:
    ledger = ledger_of(connection)
    items = approved_rows(connection, LineObligations, *LISTED_FIELDS)
    owing = approved_rows(connection, ReceivableItems, *OWING_FIELDS)
    return [
        *chain_failures(ledger),
        *listing_failures(ledger),
        *batch_failures(ledger, items, owing),
    ]


def answer_failures(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Lines whose answers in the ledger are not those of the receipts."""
    return [
        f"批次 {batch_id} 第 {line} 行：支付回执与账簿不符"
        for batch_id, line in lines_unlike_receipts(connection)
    ]


def shelf_failures(connection: duckdb.DuckDBPyConnection, out: Path) -> list[str]:
    """Approved lists on the shelf that the warehouse does not know: it is older than they are."""
    found = list(controls(out))
    ((entries,),) = connection.execute("SELECT count(*) FROM payout.ledger").fetchall()
    heads = {0: NO_ENTRY} | entries_at(connection, {control.ledger_entries for control in found})
    known = _digests_of_batches(connection)
    return [failed for control in found for failed in _behind(control, int(entries), heads, known)]


def list_failures(connection: duckdb.DuckDBPyConnection, out: Path) -> list[str]:
    """Approved lists that are not there, or not as they were written."""
    failures: list[str] = []
    files = list_files(connection)
    for batch_id in _digests_of_batches(connection):
        content = content_in_warehouse(connection, batch_id)
        if content is None:
            continue
        if content.digest() != content.batch["digest"]:
            failures.append(f"批次 {batch_id}：仓库中的清单内容被改动过")
        folder = folder_of(out, batch_id)
        if not folder.is_dir():
            failures.append(f"批次 {batch_id}：没有已批准的清单文件夹 {folder}")
            continue
        written = dict(files.filter(pl.col("batch_id") == batch_id).select("file_name", "digest").iter_rows())
        failures += control_failures(folder, content, written)
        failures += _file_failures(folder, written)
        failures += read_back(folder, [content])
    return failures


def _file_failures(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    for name, digest in files.items():
        path = folder / name
        if not path.is_file():
            yield f"{folder.name}：文件「{name}」不在了"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{folder.name}：文件「{name}」在批准后被改动过"


def _head_failures(connection: duckdb.DuckDBPyConnection, batches: pl.DataFrame) -> list[str]:
    """Approved batches whose printed count and digest are not those of the ledger."""
    digests = {0: NO_ENTRY} | entries_at(connection, batches["ledger_entries"].drop_nulls().to_list())
    return [
        f"批次 {batch_id}：清单上印的账簿（{entries} 笔）与现在的账簿不符"
        for batch_id, entries, digest in batches.select(HEAD_FIELDS).iter_rows()
        if digests.get(entries, "") != digest
    ]


def _behind(
    control: Control, entries: int, heads: Mapping[int, str], known: Mapping[str, str]
) -> Iterator[str]:
    """What an approved list says against a ledger of so many entries, with the digests of some of them."""
    batch_id = control.batch_id
    if batch_id not in known or entries < control.ledger_entries:
        yield (
            f"批次 {batch_id} 已批准并印出（账簿 {control.ledger_entries} 笔），仓库的账簿只有 "
            f"{entries} 笔：仓库是较早的副本，请换回最新的仓库文件"
        )
    elif known[batch_id] != control.digest or (
        heads.get(control.ledger_entries, "") != control.ledger_digest
    ):
        yield f"批次 {batch_id}：仓库的账簿与批准时印出的不是同一份，请核对仓库文件的来历"


def _digests_of_batches(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = connection.execute(
        "SELECT batch_id, digest FROM payout.batches WHERE status <> 'draft' ORDER BY approved_at, batch_id"
    ).fetchall()
    return {str(batch_id): str(digest) for batch_id, digest in rows}
