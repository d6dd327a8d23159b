"""The shelf of approved lists: a folder per batch, with a control file that fixes files and ledger.

It stands in the output folder, apart from the warehouse: an older copy of the warehouse is known by it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flows.errors import OperatorError
from flows.lists.batch_content import BatchContent
from flows.lists.private_file import flush, write_private
from flows.staging import ListsNotInPlaceError, warehouse_mark
from flows.warehouse.runs import approved_batches

SHELF, CONTROL_FILE = "approved", "control.json"
_PREFIX = ".approval-"
_OWNER_ONLY = 0o700


class ControlFileError(OperatorError):
    """A control file can't be read; the text names it."""


@dataclass(frozen=True)
class Control:
    """What a control file says of an approved batch, to know an older copy of the warehouse by."""

    batch_id: str
    digest: str
    ledger_entries: int
    ledger_digest: str


def folder_of(out: Path, batch_id: str) -> Path:
    """Where the final lists of a batch stand."""
    return out / SHELF / batch_id


def staged(out: Path, warehouse: Path, batch_id: str) -> Path:
    """A new folder to write them to until the approval is published."""
    folder = out / f"{_PREFIX}{batch_id}{warehouse_mark(warehouse)}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=_OWNER_ONLY)
    return folder


def put_in_place(out: Path, warehouse: Path, batch_id: str) -> Path:
    """Move the lists of a published approval to the shelf. Raises ListsNotInPlaceError."""
    target = folder_of(out, batch_id)
    try:
        target.parent.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        (out / f"{_PREFIX}{batch_id}{warehouse_mark(warehouse)}").rename(target)
    except OSError as error:
        reason = (
            f"{batch_id} is approved, but its lists could not be put in {target} ({error.strerror}): where "
            "they are not there now, `arxan payouts verify` puts them there once that is mended"
        )
    else:
        with suppress(OSError):  # they are in their place, whatever becomes of this
            flush(target.parent)
        return target
    raise ListsNotInPlaceError(reason)


def unfinished(out: Path, warehouse: Path) -> list[Path]:
    """The folders of approvals that are under way, or were killed."""
    return sorted(out.glob(f"{_PREFIX}*{warehouse_mark(warehouse)}"))


def recover(out: Path, warehouse: Path) -> None:
    """Mend what a killed approval left: lists of an approved batch go to the shelf, others are removed.

    The caller holds the warehouse's lock.
    """
    left = unfinished(out, warehouse)
    approved = approved_batches(warehouse) if left else frozenset()
    for folder in left:
        batch_id = folder.name.removeprefix(_PREFIX).removesuffix(warehouse_mark(warehouse))
        # what stands on the shelf under its number is not these lists, and putting them there will say so
        if batch_id in approved:
            put_in_place(out, warehouse, batch_id)
        else:
            shutil.rmtree(folder)


def control_text(content: BatchContent, files: Mapping[str, str]) -> str:
    """What the control file of an approved batch says; `files` are the digests of its lists by name."""
    batch = content.batch
    control = {
        "batch_id": content.batch_id,
        "programme": batch["programme"],
        "as_of": batch["as_of"].isoformat(),
        "line_count": batch["line_count"],
        "total_amount": str(batch["total_amount"]),
        "drafted_by": batch["drafted_by"],
        "approved_by": batch["approved_by"],
        "approved_at": batch["approved_at"].isoformat(),
        "digest": batch["digest"],
        "account_digest": content.account_digest(),
        "ledger_entries": batch["ledger_entries"],
        "ledger_digest": batch["ledger_digest"],
        "files": dict(sorted(files.items())),
    }
    return json.dumps(control, ensure_ascii=False, indent=2) + "\n"


def write_control(folder: Path, content: BatchContent, files: Mapping[str, str]) -> None:
    """Write the control file of an approved batch."""
    write_private(folder / CONTROL_FILE, control_text(content, files).encode())


def control_failures(folder: Path, content: BatchContent, files: Mapping[str, str]) -> Iterator[str]:
    """Whether the control file is there and says what was written when the batch was approved."""
    path = folder / CONTROL_FILE
    if not path.is_file():
        yield f"{content.batch_id}：控制文件「{CONTROL_FILE}」不在了"
    elif path.read_bytes() != control_text(content, files).encode():
        yield f"{content.batch_id}：控制文件「{CONTROL_FILE}」与仓库中的批次不符"


def controls(out: Path) -> Iterator[Control]:
    """The control file of every batch on the shelf. Raises ControlFileError."""
    for path in sorted((out / SHELF).glob(f"*/{CONTROL_FILE}")):
        try:
            read = json.loads(path.read_text("utf-8"))
            yield Control(
                batch_id=str(read["batch_id"]),
                digest=str(read["digest"]),
                ledger_entries=int(read["ledger_entries"]),
                ledger_digest=str(read["ledger_digest"]),
            )
        except (ValueError, KeyError, TypeError):
            reason = (
                f"{path} is damaged: restore it from a backup, nothing may be paid on its list until then"
            )
            raise ControlFileError(reason) from None
