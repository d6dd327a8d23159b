"""Where a sheet's header stands, and which column of the contract each of its columns is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.raw_sheet import RawSheet
from schemas.sheet import Sheet
from transforms.intake.text import compact
from transforms.intake.units import other_spellings

LAST_HEADER_ROW = 20
FEWEST_HEADERS = 2
_BRACKETS, _SQUARE_BRACKETS = list("【】〔〕〖〗"), list("[][][]")
_MARKS = "*※★!:"
_REMARK = r"((?:\([^()]*\)|\[[^\[\]]*\])+)$"


@dataclass(frozen=True)
class Layout:
    """The header's row as Excel shows it, and the columns from 0 = A.

    `positions` by field; `repeats`, further columns with the header of a field; `unknown`, the text of
    each header that is not in the contract (empty for a column without one); `foreign_units`, the unit
    that a field's header names when it is not the contract's; `titles`, the texts above the header.
    """

    header_row: int
    positions: Mapping[str, int]
    repeats: Mapping[str, tuple[int, ...]]
    unknown: Mapping[int, str]
    foreign_units: Mapping[str, str]
    titles: tuple[str, ...]


def header_fields(texts: pl.Series, contract: type[Sheet]) -> pl.DataFrame:
    """For each text the `field` whose header it is, or null, and the `remark` in brackets behind it."""
    plain = pl.col("text").str.replace_many(_BRACKETS, _SQUARE_BRACKETS).str.strip_chars(_MARKS)
    bare = plain.str.replace(_REMARK, "").str.strip_chars(_MARKS)
    return pl.DataFrame({"text": compact(texts)}).select(
        field=bare.replace_strict(contract.headers(), default=None, return_dtype=pl.String),
        remark=plain.str.extract(_REMARK, 1),
    )


def find_layout(raw: RawSheet, contract: type[Sheet]) -> Layout | None:
    """The layout by the row, among the first 20, that has the most headers; null when none has two."""
    texts = _texts_at_the_top(raw)
    texts = texts.hstack(header_fields(texts["text"], contract))
    rows = (
        texts.drop_nulls("field")
        .group_by("row_number")
        .agg(pl.col("field").n_unique().alias("known"))
        .filter(pl.col("known") >= min(FEWEST_HEADERS, len(contract.columns)))
        .sort(pl.col("known"), pl.col("row_number"), descending=[True, False])
    )
    if rows.is_empty():
        return None
    header_row = int(rows["row_number"][0])
    header = texts.filter(pl.col("row_number") == header_row)
    above = texts.filter(pl.col("row_number") < header_row)
    known = header.drop_nulls("field")
    columns = known.group_by("field", maintain_order=True).agg("position")
    places: dict[str, list[int]] = dict(zip(columns["field"], columns["position"].to_list(), strict=True))
    return Layout(
        header_row=header_row,
        positions={field: found[0] for field, found in places.items()},
        repeats={field: tuple(found[1:]) for field, found in places.items() if len(found) > 1},
        unknown=_unknown(raw.width, header, known),
        foreign_units=_foreign_units(known, contract),
        titles=tuple(compact(above["text"]).drop_nulls().unique().to_list()),
    )


def missing_headers(layout: Layout, contract: type[Sheet]) -> list[str]:
    """The headers of required columns that the sheet does not have."""
    return [
        column.header
        for name, column in contract.columns.items()
        if column.required and name not in layout.positions
    ]


def _texts_at_the_top(raw: RawSheet) -> pl.DataFrame:
    names = {f"text_{position}": position for position in range(raw.width)}
    top = raw.cells.filter(pl.col("row_number") <= LAST_HEADER_ROW)
    schema = {"row_number": pl.Int64(), "position": pl.Int64(), "text": pl.String()}
    if top.is_empty():
        return pl.DataFrame(schema=schema)
    cells = top.unpivot(list(names), index="row_number", variable_name="position", value_name="text")
    return (
        cells.with_columns(pl.col("position").replace_strict(names, return_dtype=pl.Int64))
        .drop_nulls("text")
        .sort("row_number", "position")
        .select(list(schema))
    )


def _unknown(width: int, header: pl.DataFrame, known: pl.DataFrame) -> dict[int, str]:
    written = dict(zip(header["position"], header["text"], strict=True))
    taken = set(known["position"])
    return {position: written.get(position, "") for position in range(width) if position not in taken}


def _foreign_units(known: pl.DataFrame, contract: type[Sheet]) -> dict[str, str]:
    found = {}
    for field, remark in known.unique("field", keep="first").select("field", "remark").iter_rows():
        column = contract.columns.get(field)
        if column is None or column.unit is None or remark is None:
            continue
        unit = _foreign_unit(remark, column.unit)
        if unit is not None:
            found[field] = unit
    return found


def _foreign_unit(remark: str, own: str | None) -> str | None:
    """The unit of another size that a remark names, as in （单位：万元） or (万元，含税)."""
    parts = re.split(r"[\[\]()，、,;/]", remark)
    bare = (re.sub(r"^(单位)?[:为是]?(人民币)?以?|(计|为单位)$", "", part) for part in parts)
    return next((part for part in bare if part in other_spellings(own)), None)
