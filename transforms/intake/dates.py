"""Reading what people write for a date."""

from __future__ import annotations

from datetime import date

import polars as pl

from schemas.raw_sheet import BOOLEAN, DATE, NUMBER, PERCENTAGE
from transforms.intake.text import compact, tidy

FIRST_DAY = date(1900, 1, 1)
_TIME = r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$"
_DAY = (
    r"^(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})日?|([01]\d)([0-3]\d))$"
)
_OFTEN = 4
"""Cells that stand so often, at the least, are worth reading once."""
_YEAR_AND_MONTH = r"^(?:(?:19|20)\d{2}(?:0[1-9]|1[0-2])|\d{4}(?:[-/.]\d{1,2}|年\d{1,2}月?))$"


def read_dates(cells: pl.DataFrame, *, may_be_future: bool, as_of: date) -> pl.DataFrame:
    """`value`, null where there is a `problem` (a rule's name) or no content. Takes `text` and `kind`."""
    given = cells.select("text", "kind").unique()
    if given.height > cells.height // _OFTEN:
        return _read(cells, may_be_future=may_be_future, as_of=as_of)
    # a town has far fewer days than rows
    read = given.hstack(_read(given, may_be_future=may_be_future, as_of=as_of))
    rows = cells.join(read, on=["text", "kind"], how="left", nulls_equal=True, maintain_order="left")
    return rows.select("value", "problem")


def _read(cells: pl.DataFrame, *, may_be_future: bool, as_of: date) -> pl.DataFrame:
    texts = cells.with_columns(_without_time(cells["text"]))
    text, kind = pl.col("text"), pl.col("kind")
    parts = text.str.extract_groups(_DAY).struct
    month = pl.coalesce(parts.field(str(group)) for group in range(2, 12, 2))
    day = pl.coalesce(parts.field(str(group)) for group in range(3, 12, 2))
    iso = pl.concat_str(parts.field("1"), month.str.zfill(2), day.str.zfill(2), separator="-").str.to_date(
        "%Y-%m-%d", strict=False
    )
    read = texts.select(text, kind, iso.alias("value"))
    value = pl.col("value")
    is_written_day = kind.is_in([BOOLEAN, PERCENTAGE]).not_() & (value >= FIRST_DAY)
    problem = (
        pl.when(text.is_null())
        .then(pl.lit(None, pl.String))
        .when(is_written_day & (pl.lit(may_be_future) | (value <= as_of)))
        .then(pl.lit(None, pl.String))
        .when(is_written_day)
        .then(pl.lit("in_future"))
        .when((kind != DATE) & text.str.contains(_YEAR_AND_MONTH))
        .then(pl.lit("year_and_month"))
        .when(kind == NUMBER)
        .then(pl.lit("number_not_a_date"))
        .otherwise(pl.lit("not_a_date"))
    )
    return read.with_columns(problem.alias("problem")).select(
        pl.when(pl.col("problem").is_null()).then("value"), "problem"
    )


def _without_time(texts: pl.Series) -> pl.Series:
    """Without white space, and without the time of day behind a date."""
    if texts.str.contains(":|：").any():
        texts = tidy(texts).str.replace_all("：", ":").str.replace(_TIME, "")
    return compact(texts)
