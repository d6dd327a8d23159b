"""Clean workbooks of any size, written once into a cache: BENCH_CACHE, or a folder beside temporary files.

They are written with little memory and so with each text in its cell; Excel itself keeps texts in a table of
the workbook, which takes readers some more time.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import xlsxwriter

from schemas.columns import Kind
from schemas.housing import (
    HOUSING_SHEETS,
    Agreements,
    Appraisals,
    HouseholdSurvey,
    ImageryRegister,
)
from schemas.sheet import Sheet
from tests.benchmarks.town import town

CACHE = Path(os.environ.get("BENCH_CACHE", Path(tempfile.gettempdir()) / "arxan-benchmarks"))
FILLED: tuple[type[Sheet], ...] = (HouseholdSurvey, Agreements, ImageryRegister, Appraisals)
SPOILT_EVERY = 1000
_FORM = 2
"""To be raised when what is written changes, so that what is cached is written anew."""
_AT_ONCE = 100_000
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_YES_NO = {Kind.YES_NO: ("是", "否"), Kind.HAS_NOT: ("有", "无")}


def sheet_books(households: int, *, is_spoilt: bool = False) -> Path:
    """A folder with a workbook for each sheet, of so many households.

    Where it `is_spoilt`, one survey row in a thousand has an area of nothing, and is rejected.
    """
    name = f"sheets-{households}{'-spoilt' if is_spoilt else ''}-{_FORM}"
    return _cached(name, [((sheet,), 0, households, f"{sheet.title}.xlsx", is_spoilt) for sheet in FILLED])


def village_books(households: int, files: int) -> Path:
    """A folder with so many workbooks, each with all the sheets of its share of the households."""
    bounds = [households * place // files for place in range(files + 1)]
    return _cached(
        f"villages-{households}-{files}-{_FORM}",
        [
            (FILLED, start, end - start, f"村组{place:05d}.xlsx", False)
            for place, (start, end) in enumerate(pairwise(bounds))
        ],
    )


def write_book(path: Path, sheets: tuple[type[Sheet], ...], records: Mapping[str, pl.DataFrame]) -> Path:
    """A workbook with these sheets of the records, headers in the first row."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        dated = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.title)
            page.write_row(0, 0, [column.header for column in sheet.columns.values()])
            _write_rows(page, sheet, records[sheet.table], dated)
    return path


Book = tuple[tuple[type[Sheet], ...], int, int, str, bool]
"""Sheets, first household, how many households, file name, whether it is spoilt."""


def _cached(name: str, books: list[Book]) -> Path:
    folder = CACHE / name
    if folder.is_dir():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    print(f"writing {len(books)} workbooks to {folder}", flush=True)
    unfinished = CACHE / f"{name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    # polars does not survive a fork
    with ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn")) as pool:
        for _ in pool.map(_write, [unfinished] * len(books), books, chunksize=max(1, len(books) // 8)):
            pass
    unfinished.rename(folder)
    return folder


def _write(folder: Path, book: Book) -> None:
    sheets, start, households, name, is_spoilt = book
    records = town(households, start)
    if is_spoilt:
        survey = records[HouseholdSurvey.table]
        is_wrong = pl.int_range(pl.len()) % SPOILT_EVERY == 0
        wrong = pl.when(is_wrong).then(pl.lit(0)).otherwise(pl.col("floor_area_m2"))
        records[HouseholdSurvey.table] = survey.with_columns(floor_area_m2=wrong.cast(pl.Decimal(18, 2)))
    others = {sheet.table: records[sheet.table].clear() for sheet in HOUSING_SHEETS if sheet not in sheets}
    write_book(folder / name, sheets, records | others)


def _write_rows(
    page: xlsxwriter.worksheet.Worksheet,
    sheet: type[Sheet],
    rows: pl.DataFrame,
    dated: xlsxwriter.format.Format,
) -> None:
    kinds = [column.kind for column in sheet.columns.values()]
    number = 0
    for part in rows.select(_cell(name, column.kind) for name, column in sheet.columns.items()).iter_slices(
        _AT_ONCE
    ):
        for values in part.iter_rows():
            number += 1
            for place, (kind, value) in enumerate(zip(kinds, values, strict=True)):
                if value is None:
                    continue
                if kind is Kind.DATE:
                    page.write_number(number, place, value, dated)
                elif kind in {Kind.DECIMAL, Kind.INTEGER}:
                    page.write_number(number, place, value)
                else:
                    page.write_string(number, place, value)


def _cell(name: str, kind: Kind) -> pl.Expr:
    value = pl.col(name)
    if kind is Kind.DATE:
        return (value - pl.lit(_EXCEL_DAY_ZERO)).dt.total_days()
    if kind is Kind.DECIMAL:
        return value.cast(pl.Float64)
    if kind in _YES_NO:
        yes, no = _YES_NO[kind]
        return pl.when(value).then(pl.lit(yes)).when(~value).then(pl.lit(no)).alias(name)
    return value
