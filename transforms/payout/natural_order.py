"""The order in which people expect numbers such as H-2, H-2#2, H-10."""

from __future__ import annotations

import polars as pl

_LONGEST_NUMBER = 32


def natural_key(name: pl.Expr) -> pl.Expr:
    """A text that sorts as the name does when each run of its digits counts as one number.

    It sorts so beside those of the same column, and says nothing beside others.
    """
    return name.map_batches(_keys, pl.String)


def _keys(names: pl.Series) -> pl.Series:
    # names that differ in the value of their digits alone, as most do, sort so by themselves
    if names.str.replace_all("[0-9]", "0").drop_nulls().n_unique() <= 1:
        return names
    padded = names.str.replace_all(r"([0-9]+)", "0" * _LONGEST_NUMBER + "${1}")
    return padded.str.replace_all(rf"[0-9]*([0-9]{{{_LONGEST_NUMBER}}})", "${1}")


def natural_place(frame: pl.DataFrame, name: str) -> pl.Series:
    """The place of each of a column's names among them by `natural_key`; equal keys share it, null has none.

    Where names stand in many rows this is much cheaper to sort by.
    """
    names = frame.select(name).unique().drop_nulls()
    places = names.with_columns(place=natural_key(pl.col(name)).rank("dense"))
    return frame.select(name).join(places, on=name, how="left", maintain_order="left")["place"]
