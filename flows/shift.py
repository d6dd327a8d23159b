"""One night's work: what passes between its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from flows import staging
from flows.console import Reporter
from flows.intake import ReadUpload
from flows.policies import Policies
from flows.settings import Settings
from flows.warehouse.glance import Seal
from flows.warehouse.night_copy import night_file
from transforms.compensation.settlement import Settlement
from transforms.envoys.evaluation import Evaluation
from transforms.granting import Granting
from transforms.officers.review import OfficerReview


@dataclass(frozen=True)
class Shift:
    """What a night is called and where it stands until it is published; the seal is of the books it found."""

    settings: Settings
    run_id: str
    started_at: datetime
    policies: Policies
    report: Reporter
    seal: Seal

    @property
    def database(self) -> Path:
        """The copy of the warehouse that the night works on."""
        return night_file(self.settings.warehouse)

    @property
    def folder(self) -> Path:
        """Where the night writes its lists."""
        return staging.staging_folder(self.settings.out, self.run_id, self.settings.warehouse)


@dataclass(frozen=True)
class TakenIn:
    """What was read in the new uploads, and what is to be said of those that were left for another night."""

    reads: tuple[ReadUpload, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Computed:
    """What follows from the current records, and those by table name that more than settling takes from.

    The settlement's line items are summed up (`flows.settling.SUMMED`).
    """

    records: Mapping[str, pl.DataFrame]
    settlement: Settlement
    evaluation: Evaluation
    granting: Granting
    officers: OfficerReview
