"""Approving a batch: its lines, its files and the ledger are fixed at once, or nothing is."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from flows import approved_lists
from flows.errors import OperatorError, cleared_up
from flows.last_run import last_run, policies_of
from flows.ledger_checks import ledger_failures, shelf_failures
from flows.lists.batch_content import BatchContent, content_in_warehouse
from flows.lists.read_back import read_back
from flows.lists.writing import write_batch_lists
from flows.operators import is_same_person, needs_two_people
from flows.payouts import provisional_readings
from flows.policies import Policies
from flows.settings import Settings, arxan_now
from flows.shown import forget_shown, shown_digest
from flows.verify import require
from flows.warehouse import night_copy
from flows.warehouse.connection import reading_results, transaction, writing
from flows.warehouse.ledger import append_entries, ledger_of
from flows.warehouse.lock import exclusive
from flows.warehouse.tables import append
from schemas.payout import DRAFT, ListFiles
from transforms.payout.ledger import appended, head_of, listed_entries

_LEAST_OF_DIGEST = 8
"""Fewer characters of a digest say too little of what was looked at."""


class NotApprovableError(OperatorError):
    """The batch can't be approved; the text says why, and nothing was changed."""


def approve(settings: Settings, batch_id: str, by: str, digest: str | None = None) -> Path:
    """Approve a draft; gives the folder of its final lists.

    `digest` is the beginning of the draft's digest as it was looked at, where the caller has it. Raises
    NotApprovableError, CheckFailedError when ledger or lists are not in order, WarehouseBusyError,
    OtherPoliciesError when the policy files are no longer those of the draft.
    """
    name = by.strip()
    if not name:
        raise NotApprovableError("--by needs the name of the person who approves")
    with exclusive(settings.warehouse):
        approved_lists.recover(settings.out, settings.warehouse)
        with reading_results(settings.warehouse) as connection:
            content = _draft(connection, batch_id)
            _require_approvable(settings, content, name, digest)
            policies = policies_of(last_run(connection), settings.policies)
            require([*ledger_failures(connection), *shelf_failures(connection, settings.out)])
            _require_place(settings, batch_id)
        with cleared_up(lambda: _clear_up(settings)):
            return _approve(settings, content, name, policies)


def _clear_up(settings: Settings) -> None:
    night_copy.discard_copy(settings.warehouse)
    approved_lists.recover(settings.out, settings.warehouse)


def _draft(connection: duckdb.DuckDBPyConnection, batch_id: str) -> BatchContent:
    content = content_in_warehouse(connection, batch_id)
    if content is None:
        reason = f"there is no batch {batch_id}: `arxan payouts list` shows those that there are"
        raise NotApprovableError(reason)
    batch = content.batch
    if batch["status"] != DRAFT:
        reason = (
            f"{batch_id} has been approved already, by {batch['approved_by']} at "
            f"{batch['approved_at']:%Y-%m-%d %H:%M}: a batch is approved once"
        )
        raise NotApprovableError(reason)
    return content


def _require_approvable(settings: Settings, content: BatchContent, name: str, digest: str | None) -> None:
    batch, batch_id = content.batch, content.batch_id
    if content.digest() != batch["digest"]:
        raise NotApprovableError(f"the rows of {batch_id} are not those that were drafted: run a night first")
    if digest and (len(digest) < _LEAST_OF_DIGEST or not str(batch["digest"]).startswith(digest)):
        reason = f"--digest is {digest}, that of {batch_id} is {batch['digest']}: look at the draft again"
        raise NotApprovableError(reason)
    looked_at = None if digest else shown_digest(settings.warehouse, batch_id)
    if looked_at and looked_at != batch["digest"]:
        reason = (
            f"{batch_id} has changed since it was shown (it was {looked_at[:16]}, it is "
            f"{batch['digest'][:16]}): look at it again with `arxan payouts show {batch_id}`, then approve"
        )
        raise NotApprovableError(reason)
    if needs_two_people() and is_same_person(name, str(batch["drafted_by"])):
        reason = f"{batch_id} was drafted by {name}: ARXAN_TWO_PEOPLE asks that another person approve it"
        raise NotApprovableError(reason)
    folder = settings.out / str(batch["run_id"])
    if folder.is_dir():
        require(read_back(folder, [content]))


def _require_place(settings: Settings, batch_id: str) -> None:
    """What has a control file is told of before: then the warehouse is the older one."""
    shelf = approved_lists.folder_of(settings.out, batch_id)
    if shelf.exists():
        reason = (
            f"{shelf} is there already, without a control file: find out whose lists they are and whether "
            "they were paid, and move the folder away; nothing was approved"
        )
        raise NotApprovableError(reason)


def _approve(settings: Settings, content: BatchContent, name: str, policies: Policies) -> Path:
    at = arxan_now()
    copy = night_copy.take_copy(settings.warehouse)
    staged = approved_lists.staged(settings.out, settings.warehouse, content.batch_id)
    with writing(copy) as connection, transaction(connection):
        ledger = ledger_of(connection)
        entries = appended(ledger, listed_entries(content.batch_id, content.items, content.owing, at))
        final = _approved(content, entries, ledger, name, at)
        append_entries(connection, entries)
        _store(connection, final)
        files = _write(final, staged, provisional_readings(policies, content.batch["as_of"]))
        append(connection, ListFiles, files)
        require([*ledger_failures(connection), *read_back(staged, [final])])
    night_copy.put_in_place(settings.warehouse)
    shelf = approved_lists.put_in_place(settings.out, settings.warehouse, content.batch_id)
    with suppress(OSError):  # the note does no harm
        forget_shown(settings.warehouse, content.batch_id)
    return shelf


def _approved(
    content: BatchContent, entries: pl.DataFrame, ledger: pl.DataFrame, name: str, at: datetime
) -> BatchContent:
    head = head_of(entries) if entries.height else head_of(ledger)
    batch = content.batch | {
        "status": "approved",
        "approved_by": name,
        "approved_at": at,
        "ledger_entries": ledger.height + entries.height,
        "ledger_digest": head,
    }
    return BatchContent(batch, content.lines, content.items, content.owing)


def _store(connection: duckdb.DuckDBPyConnection, final: BatchContent) -> None:
    batch = final.batch
    connection.execute(
        "UPDATE payout.batches SET status = ?, approved_by = ?, approved_at = ?, ledger_entries = ?, "
        "ledger_digest = ? WHERE batch_id = ?",
        [
            batch["status"],
            batch["approved_by"],
            batch["approved_at"],
            batch["ledger_entries"],
            batch["ledger_digest"],
            final.batch_id,
        ],
    )


def _write(final: BatchContent, folder: Path, readings: Mapping[str, str]) -> pl.DataFrame:
    """Write the final lists and the control file; gives the rows of `payout.files`."""
    written = write_batch_lists(final, readings, folder)
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in written}
    approved_lists.write_control(folder, final, digests)
    return pl.DataFrame(
        {
            "batch_id": [final.batch_id] * len(digests),
            "file_name": list(digests),
            "digest": list(digests.values()),
        },
        schema=ListFiles.frame_schema(),
    )
