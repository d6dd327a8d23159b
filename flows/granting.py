"""Writes what those who decide on rewards, incentives and promotion officers are shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from flows.lists.granting_pages import GRANTING_TITLE
from flows.lists.granting_workbook import GrantingSource, granting_workbook
from flows.lists.private_file import write_private
from transforms.granting import Granting
from transforms.officers.review import OfficerReview

GRANTING_FILE = f"{GRANTING_TITLE}.xlsx"


def write_granting(
    granting: Granting,
    officers_review: OfficerReview,
    readings: Mapping[str, str],
    folder: Path,
    as_of: date,
    *,
    projects: pl.DataFrame,
) -> list[Path]:
    """Write the workbook into the folder; nothing where there is nothing to show.

    `readings` has a sentence for each provisional reading of the rewards and incentives; `projects` are the
    current records of 投资项目.
    """
    source = GrantingSource(
        rewards=granting.rewards,
        incentives=granting.incentives,
        expenses=officers_review.expenses,
        reviews=officers_review.reviews,
        questions=granting.questions,
        projects=projects,
    )
    if source.is_empty():
        return []
    content = granting_workbook(source, readings, as_of=as_of)
    return [write_private(folder / GRANTING_FILE, content)]
