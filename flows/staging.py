"""The folder that a night's lists are written to until the warehouse that they belong to is published."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection
from pathlib import Path

from flows.errors import OperatorError

_PREFIX = ".staging-"


class ListsNotInPlaceError(OperatorError):
    """What was published has its lists elsewhere still; the text says when they come to their place."""


def staging_folder(out: Path, run_id: str, warehouse: Path) -> Path:
    """Where a run writes. It names the warehouse, since several may share an output folder."""
    return out / f"{_PREFIX}{run_id}{warehouse_mark(warehouse)}"


def warehouse_mark(warehouse: Path) -> str:
    """What tells the folders of one warehouse from those of another in the same output folder."""
    return "@" + hashlib.sha256(str(warehouse.resolve()).encode()).hexdigest()[:8]


def recover(out: Path, warehouse: Path, published_runs: Collection[str]) -> list[str]:
    """Mend what a killed night left: lists of a published run are put in place, others are removed.

    Returns the runs whose lists were put in place.
    """
    mended = []
    suffix = warehouse_mark(warehouse)
    for folder in sorted(out.glob(f"{_PREFIX}*{suffix}")):
        run_id = folder.name.removeprefix(_PREFIX).removesuffix(suffix)
        if run_id in published_runs and not (out / run_id).exists():
            folder.rename(out / run_id)
            mended.append(run_id)
        else:
            shutil.rmtree(folder)
    return mended


def put_in_place(staging: Path, out: Path, run_id: str) -> Path:
    """The lists of a run that is published: `out/<run_id>`. Raises ListsNotInPlaceError."""
    try:
        return staging.rename(out / run_id)
    except OSError as error:
        reason = (
            f"run {run_id} is published, but its lists could not be put in {out / run_id} "
            f"({error.strerror}): where they are not there now, the next night puts them there"
        )
    raise ListsNotInPlaceError(reason)
