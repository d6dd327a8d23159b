"""Cells merged over several rows: which value holds for each of the rows, and which can't be divided."""

from __future__ import annotations

import polars as pl

from schemas.columns import Column, Kind
from schemas.raw_sheet import BLANK, CELL_KIND, RawSheet
from transforms.intake.text import has_content

MERGED_NUMBER = "merged_number"
_TOP, _BOTTOM = "first_row", "last_row"


def vertical_merges(raw: RawSheet, header_row: int) -> dict[int, pl.DataFrame]:
    """The ranges below the header that span rows, by the column of their value: `first_row`, `last_row`."""
    ranges = [
        (merge.first_column, merge.first_row, merge.last_row)
        for merge in raw.merges
        if merge.first_row > header_row and merge.last_row > merge.first_row
    ]
    frame = pl.DataFrame(
        ranges, schema={"column": pl.Int64(), _TOP: pl.Int64(), _BOTTOM: pl.Int64()}, orient="row"
    )
    return {
        int(parts["column"][0]): parts.select(_TOP, _BOTTOM).sort(_TOP)
        for parts in frame.partition_by("column")
    }


def filled_down(
    records: pl.DataFrame, raw: RawSheet, position: int, column: Column, merges: pl.DataFrame
) -> pl.DataFrame:
    """`text`, `kind` and `problem` of a column's cells, one row per record, in order.

    A merged value holds for each record that it covers. A number merged over several records is a
    problem of each of them, since nobody knows how it divides; it stays in the first alone.
    """
    text, kind = f"text_{position}", f"kind_{position}"
    values = raw.cells.select(
        pl.col("row_number").alias(_TOP), pl.col(text).alias("top_text"), pl.col(kind).alias("top_kind")
    )
    cells = (
        records.select("row_number", pl.col(text).alias("text"), pl.col(kind).alias("kind"))
        .join_asof(merges, left_on="row_number", right_on=_TOP, coalesce=False, check_sortedness=False)
        .with_columns(pl.when(pl.col("row_number") <= pl.col(_BOTTOM)).then(_TOP).alias(_TOP))
        .join(values, on=_TOP, how="left", maintain_order="left")
        .with_columns(pl.col("top_kind").fill_null(BLANK))
    )
    is_covered = pl.col(_TOP).is_not_null()
    is_divided = pl.lit(value=False)
    if column.kind in (Kind.DECIMAL, Kind.INTEGER) and not column.fills_merged:
        is_divided = is_covered & (pl.len().over(_TOP) > 1) & has_content(pl.col("top_text"))
    return cells.select(
        pl.when(is_covered & ~is_divided).then("top_text").otherwise("text").alias("text"),
        pl.when(is_covered & ~is_divided).then("top_kind").otherwise("kind").cast(CELL_KIND).alias("kind"),
        pl.when(is_divided).then(pl.lit(MERGED_NUMBER)).alias("problem"),
    )
