"""Writes the lists of a night: payment lists, receivables, the public notice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from flows.lists.batch_content import BatchContent
from flows.lists.notice_workbook import NOTICE_SHEET, notice_workbook
from flows.lists.payment_list import payment_csv, payment_workbook
from flows.lists.private_file import write_private
from flows.lists.receivables_list import receivables_workbook
from transforms.payout.public_notice import Settlement, owed_items

_OWNER_ONLY = 0o700


def write_lists(
    contents: Iterable[BatchContent],
    settlement: Settlement,
    readings: Mapping[str, str],
    folder: Path,
    *,
    as_of: date,
) -> list[Path]:
    """Writes the lists of each batch and the public notice into the folder; gives the files, in order.

    `readings` has a sentence for each provisional reading in force. A batch without lines has no payment
    list, one without receivables no list of them; without an owed item there is no notice. The same input
    gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    written = [path for content in contents for path in write_batch_lists(content, readings, folder)]
    if owed_items(settlement).height:
        notice = notice_workbook(settlement, readings, as_of=as_of)
        written.append(write_private(folder / f"{NOTICE_SHEET}.xlsx", notice))
    return written


def write_batch_lists(content: BatchContent, readings: Mapping[str, str], folder: Path) -> list[Path]:
    """Writes the lists of one batch into the folder; gives the files, in order."""
    batch_id, programme = content.batch_id, content.batch["programme"]
    written: list[Path] = []
    if content.lines.height:
        workbook = payment_workbook(content, readings)
        table = payment_csv(content.payment_rows())
        written.append(write_private(payment_path(folder, programme, batch_id, "xlsx"), workbook))
        written.append(write_private(payment_path(folder, programme, batch_id, "csv"), table))
    if has_receivables(content):
        workbook = receivables_workbook(content, readings)
        written.append(write_private(receivables_path(folder, batch_id), workbook))
    return written


def has_receivables(content: BatchContent) -> bool:
    """Whether anyone owes under the batch's programme, or owes no longer what an approved list shows."""
    return not content.owing.is_empty()


def payment_path(folder: Path, programme: str, batch_id: str, ending: str) -> Path:
    """Where the payment list of a batch stands."""
    return folder / f"{programme}-{batch_id}.{ending}"


def receivables_path(folder: Path, batch_id: str) -> Path:
    """Where the list of receivables beside a batch stands."""
    return folder / f"应收清单-{batch_id}.xlsx"
