"""The totals that people write below their columns, compared with the rows above them."""

from __future__ import annotations

import polars as pl

from schemas.columns import SQUARE_METRES, TEN_THOUSAND_YUAN, YUAN, Column, Kind
from schemas.sheet import WARNING, Sheet
from transforms.frames import stacked
from transforms.intake.cells import ROW_NUMBER, SHEET_INDEX
from transforms.intake.findings import FOUND_SCHEMA
from transforms.intake.layout import Layout
from transforms.intake.numbers import read_numbers

_SUMMED_UNITS = (SQUARE_METRES, YUAN, TEN_THOUSAND_YUAN)
_WIDE = pl.Decimal(38, 2)


def differing_totals(
    records: pl.DataFrame, totals: pl.DataFrame, sheet_index: int, layout: Layout, contract: type[Sheet]
) -> pl.DataFrame:
    """A warning for each total that is neither the sum since the total above it nor the sum of all above.

    `records` are one sheet's values by field, `totals` its rows of totals as raw cells. Every number that
    can be read counts, as in Excel's own sum, also in a row that is rejected for another cell.
    """
    found = [pl.DataFrame(schema=FOUND_SCHEMA)]
    if not totals.is_empty():
        found += [
            _differing(records, totals, layout.positions[field], column)
            .with_columns(pl.lit(sheet_index, pl.Int64).alias(SHEET_INDEX))
            .select(list(FOUND_SCHEMA))
            for field, column in contract.columns.items()
            if field in layout.positions and _has_totals(column) and field not in layout.foreign_units
        ]
    return stacked(found)


def _has_totals(column: Column) -> bool:
    return column.kind is Kind.DECIMAL and column.unit in _SUMMED_UNITS


def _differing(records: pl.DataFrame, totals: pl.DataFrame, position: int, column: Column) -> pl.DataFrame:
    cells = totals.select(pl.col(f"text_{position}").alias("text"), pl.col(f"kind_{position}").alias("kind"))
    stated = read_numbers(cells, column)["value"].cast(_WIDE)
    written = totals.select(ROW_NUMBER, cells["text"].alias("value"), stated.alias("stated"))
    rows = stacked(
        [
            records.select(ROW_NUMBER, pl.col(column.name).cast(_WIDE).alias("amount")),
            written.with_columns(pl.lit(None, _WIDE).alias("amount")),
        ],
        how="diagonal",
    ).sort(ROW_NUMBER)
    above = rows.with_columns(pl.col("amount").fill_null(0).cum_sum().alias("of_all")).join(
        written.select(ROW_NUMBER), on=ROW_NUMBER, how="semi", maintain_order="left"
    )
    # a shifted column comes in two chunks, and format panics where a filter empties the first
    sums = above.with_columns(
        (pl.col("of_all") - pl.col("of_all").shift(1).fill_null(0)).alias("since_total")
    ).rechunk()
    differs = (pl.col("stated") != pl.col("of_all")) & (pl.col("stated") != pl.col("since_total"))
    return sums.filter(differs).select(
        ROW_NUMBER,
        pl.lit(column.name).alias("field"),
        pl.lit(position, pl.Int64).alias("position"),
        "value",
        pl.lit("total_differs").alias("rule"),
        pl.lit(WARNING).alias("severity"),
        pl.format(
            f"「{column.header}」的合计 {{}} 与上面各行之和不符：上一个合计以来共 {{}}{column.unit}，"
            f"全部共 {{}}{column.unit}。请核对合计和各行。",
            "value",
            "since_total",
            "of_all",
        ).alias("message"),
    )
