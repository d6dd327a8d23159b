"""Writes the lists of a night: payment lists, receivables, the public notice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from flows.lists.notice_workbook import NOTICE_SHEET, notice_workbook
from flows.lists.payment_list import payment_csv, payment_rows, payment_workbook
from flows.lists.private_file import write_private
from flows.lists.receivables_list import receivables_workbook
from transforms.payout.batches import Draft
from transforms.payout.public_notice import Settlement, owed_items

_OWNER_ONLY = 0o700


def write_lists(
    draft: Draft, settlement: Settlement, readings: Mapping[str, str], folder: Path, *, as_of: date
) -> list[Path]:
    """Writes the lists of each batch and the public notice into the folder; gives the files, in order.

    `readings` has a sentence for each provisional reading in force. A batch without lines has no payment
    list, one without receivables no list of them; without an owed item there is no notice. The same input
    gives the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    written: list[Path] = []
    for batch in draft.batches.iter_rows(named=True):
        batch_id, programme = batch["batch_id"], batch["programme"]
        if batch["line_count"]:
            workbook = payment_workbook(draft, batch, readings)
            content = payment_csv(payment_rows(draft, batch_id))
            written.append(write_private(payment_path(folder, programme, batch_id, "xlsx"), workbook))
            written.append(write_private(payment_path(folder, programme, batch_id, "csv"), content))
        if has_receivables(draft, programme):
            workbook = receivables_workbook(draft, batch, readings)
            written.append(write_private(receivables_path(folder, batch_id), workbook))
    if owed_items(settlement).height:
        notice = notice_workbook(settlement, readings, as_of=as_of)
        written.append(write_private(folder / f"{NOTICE_SHEET}.xlsx", notice))
    return written


def has_receivables(draft: Draft, programme: str) -> bool:
    """Whether anyone owes under the programme."""
    return not draft.receivables.filter(pl.col("programme") == programme).is_empty()


def payment_path(folder: Path, programme: str, batch_id: str, ending: str) -> Path:
    """Where the payment list of a batch stands."""
    return folder / f"{programme}-{batch_id}.{ending}"


def receivables_path(folder: Path, batch_id: str) -> Path:
    """Where the list of receivables beside a batch stands."""
    return folder / f"应收清单-{batch_id}.xlsx"
