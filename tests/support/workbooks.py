"""Writes small real workbooks from what a case says and ordinary defaults for the rest."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from schemas.housing import Agreements, HouseholdSurvey, ImageryRegister
from schemas.sheet import VOID_FIELD, VOID_HEADER, Sheet
from tests.support.records import ORDINARY_AGREEMENT, ORDINARY_REGISTER, ORDINARY_SURVEY

Row = Mapping[str, object]
BEIJING = ZoneInfo("Asia/Shanghai")


def survey(building_id: str = "B-1", household_id: str = "H-1", **fields: object) -> dict[str, object]:
    """A row of 入户调查: a residence of 60 ㎡, self-built, with a bank account."""
    return ORDINARY_SURVEY | {"building_id": building_id, "household_id": household_id} | fields


def register(building_id: str = "B-1", **fields: object) -> dict[str, object]:
    """A row of 影像登记 that fits the ordinary survey."""
    ordinary = ORDINARY_REGISTER | {"registered_use": "住宅", "registered_area_m2": 60}
    return ordinary | {"building_id": building_id} | fields


def agreement(building_id: str = "B-1", **fields: object) -> dict[str, object]:
    """A row of 补偿协议: signed for money, vacated in time."""
    return ORDINARY_AGREEMENT | {"building_id": building_id} | fields


def void(**key: object) -> dict[str, object]:
    """A row that withdraws the record of its key."""
    return {VOID_FIELD: True, **key}


def ordinary_sheets(building_id: str = "B-1", household_id: str = "H-1") -> dict[type[Sheet], list[Row]]:
    """Survey, register and agreement of one household with one building: 150 000 and the extras are owed."""
    return {
        HouseholdSurvey: [survey(building_id, household_id)],
        ImageryRegister: [register(building_id)],
        Agreements: [agreement(building_id)],
    }


def write_workbook(
    path: Path, sheets: Mapping[type[Sheet], Sequence[Row]], *, received_at: datetime | None = None
) -> Path:
    """A workbook with the sheets' headers in the first row; `received_at` is Beijing time."""
    book = Workbook()
    for unused in book.worksheets:
        book.remove(unused)
    for sheet, rows in sheets.items():
        page = book.create_sheet(sheet.title)
        fields = [*sheet.columns, VOID_FIELD]
        page.append([*(column.header for column in sheet.columns.values()), VOID_HEADER])
        for row in rows:
            page.append([_cell(row.get(field)) for field in fields])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    if received_at is not None:
        moment = received_at.replace(tzinfo=BEIJING).timestamp()
        os.utime(path, (moment, moment))
    return path


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value
