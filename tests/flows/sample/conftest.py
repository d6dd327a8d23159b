"""The default sample, written once and read as a night would read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.reading.workbook import read_workbook
from flows.sample.generate import write_sample
from schemas.sheet import VOID_FIELD, Sheet
from schemas.sheets import ALL_SHEETS
from transforms.intake.upload import UploadReading, read_upload

AS_OF = date(2026, 1, 31)


@dataclass(frozen=True)
class ReadSample:
    """What intake makes of the sample, upload by upload."""

    uploads: list[UploadReading]
    findings: pl.DataFrame

    def accepted(self, sheet: type[Sheet]) -> pl.DataFrame:
        """All accepted rows of a sheet, in the order of the uploads."""
        frames = [upload.records[sheet.table] for upload in self.uploads if sheet.table in upload.records]
        return pl.concat(frames) if frames else pl.DataFrame(schema=sheet.frame_schema())

    def current(self) -> Mapping[str, pl.DataFrame]:
        """The current records by table: a later row replaces an earlier one, withdrawn ones are gone."""
        current = {}
        for sheet in ALL_SHEETS:
            rows = self.accepted(sheet).unique(list(sheet.key), keep="last", maintain_order=True)
            if VOID_FIELD in rows.columns:
                rows = rows.filter(~pl.col(VOID_FIELD).fill_null(value=False))
            current[sheet.table] = rows.select(list(sheet.frame_schema()))
        return current


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def read_sample(sample: list[Path]) -> ReadSample:
    uploads = [
        read_upload(read_workbook(path), upload_id=path.stem, file_name=path.name, as_of=AS_OF)
        for path in sample
    ]
    return ReadSample(uploads, pl.concat(upload.findings for upload in uploads))
