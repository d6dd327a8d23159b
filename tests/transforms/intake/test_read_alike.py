"""Cells of like columns are read in one go in small sheets: as if each column were read by itself."""

from __future__ import annotations

import random
from datetime import date

import polars as pl
import pytest

from schemas.raw_sheet import BLANK, CELL_KIND
from schemas.sheet import Sheet
from schemas.sheets import ALL_SHEETS
from transforms.intake import records
from transforms.intake.cells import ROW_NUMBER, SHEET_INDEX, all_columns, kind_of, problem_of, text_of
from transforms.intake.records import read_records

AS_OF = date(2023, 12, 31)
TEXTS = (
    "是", "否", "有", "无", "√", "0", "1", "12.5", "-3", "1,234.5元", "60㎡", "5万元", "0.25", "2021-03-05",
    "2021年3月", "2099/1/1", "44228", "JJG-0001", " 甲 乙 ", "甲\u200b", "１２", "150000000000012345", "住宅",
    "货币", "#REF!", "",
)  # fmt: skip


def cells_of(contract: type[Sheet], chance: random.Random) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {
        SHEET_INDEX: pl.Series([0] * 40),
        ROW_NUMBER: pl.Series(range(2, 42)),
    }
    for field, column in all_columns(contract).items():
        texts = [chance.choice([*TEXTS, *column.choices]) or None for _ in range(40)]
        kinds = [chance.choice(list(CELL_KIND.categories)) if text else BLANK for text in texts]
        problems = [chance.choice([None, None, "a problem of the form"]) for _ in texts]
        columns[text_of(field)] = pl.Series(texts, dtype=pl.String)
        columns[kind_of(field)] = pl.Series(kinds, dtype=CELL_KIND)
        columns[problem_of(field)] = pl.Series(problems, dtype=pl.String)
    return pl.DataFrame(columns)


@pytest.mark.parametrize("contract", ALL_SHEETS, ids=lambda contract: str(contract.table))
def test_cells_are_read_as_column_by_column(contract: type[Sheet], monkeypatch: pytest.MonkeyPatch) -> None:
    cells = cells_of(contract, random.Random(1))  # noqa: S311 no secret

    together = read_records(cells, contract, AS_OF)
    monkeypatch.setattr(records, "_MANY_ROWS", 0)
    one_by_one = read_records(cells, contract, AS_OF)

    assert together.equals(one_by_one)
    assert together.schema == one_by_one.schema
    assert together.height == cells.height
