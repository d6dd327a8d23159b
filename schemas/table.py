"""The base of every table of the warehouse that we compute: a class per table, a column per field."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import ClassVar

import pandera.polars as pa
import polars as pl

from schemas.columns import MONEY_PRECISION, MONEY_SCALE, Column, Kind

WIDE_PRECISION = 22
"""Room for an amount of money at four decimals."""


class Table:
    """A table of the output contract. Subclasses declare their columns as class attributes, in order.

    Class keywords: `schema_name` and `table`, its name in the warehouse; `key`, the columns that identify
    a row (null counts as a value), empty when none do; `unique`, further columns that no two rows share, and
    `conditions`, what SQL says of every row: the database keeps both where it keeps the key.
    """

    schema_name: ClassVar[str]
    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    unique: ClassVar[tuple[tuple[str, ...], ...]]
    conditions: ClassVar[tuple[str, ...]]
    columns: ClassVar[dict[str, Column]]

    def __init_subclass__(
        cls,
        *,
        schema_name: str,
        table: str,
        key: tuple[str, ...],
        unique: tuple[tuple[str, ...], ...] = (),
        conditions: tuple[str, ...] = (),
    ) -> None:
        cls.schema_name, cls.table, cls.key = schema_name, table, key
        cls.unique, cls.conditions = unique, conditions
        cls.columns = {
            name: replace(value, name=name) for name, value in vars(cls).items() if isinstance(value, Column)
        }

    @classmethod
    def qualified_name(cls) -> str:
        """Schema and name, as in SQL."""
        return f"{cls.schema_name}.{cls.table}"

    @classmethod
    def description(cls) -> str:
        """What a row is, from the class docstring."""
        return (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")

    @classmethod
    def frame_schema(cls) -> dict[str, pl.DataType]:
        """The polars schema of the table's frame."""
        return {name: column.dtype for name, column in cls.columns.items()}

    @classmethod
    @cache
    def schema(cls) -> pa.DataFrameSchema:
        """The pandera schema of the table's frame: strict, in order, key unique."""
        fields = {
            name: pa.Column(
                column.dtype,
                checks=[pa.Check.isin(column.choices)] if column.choices else None,
                nullable=not column.required,
                title=column.header,
                description=column.description,
            )
            for name, column in cls.columns.items()
        }
        return pa.DataFrameSchema(
            fields, strict=True, ordered=True, unique=list(cls.key) or None, name=cls.qualified_name()
        )

    @classmethod
    def conform(cls, frame: pl.DataFrame, *, is_unique: bool = False) -> pl.DataFrame:
        """The frame's columns in the table's order, validated. Raises pandera's SchemaErrors on a bug.

        With `is_unique` the caller has seen that no key is there twice, which takes long for many rows.
        """
        chosen = frame.select(list(cls.columns))
        if cls._is_in_order(chosen) and (is_unique or cls._has_each_key_once(chosen)):
            return chosen
        validated: pl.DataFrame = cls.schema().validate(chosen, lazy=True)
        return validated

    @classmethod
    def _is_in_order(cls, frame: pl.DataFrame) -> bool:
        """Whether all holds that `schema` asks for beside the key.

        Pandera takes a while for each column, also without rows. What it would say of a frame in which
        something does not hold is left to it.
        """
        required = [name for name, column in cls.columns.items() if column.required]
        chosen = {name: column.choices for name, column in cls.columns.items() if column.choices}
        return (
            frame.schema == pl.Schema(cls.frame_schema())
            and not any(frame[name].null_count() for name in required)
            and all(frame[name].is_in(choices).all() for name, choices in chosen.items())
        )

    @classmethod
    def _has_each_key_once(cls, frame: pl.DataFrame) -> bool:
        return not cls.key or bool(frame.select(cls.key).is_unique().all())

    @classmethod
    def empty(cls) -> pl.DataFrame:
        """A frame of the table without rows."""
        return pl.DataFrame(schema=cls.frame_schema())


def text(header: str, description: str, *, required: bool = False, choices: tuple[str, ...] = ()) -> Column:
    """A text column of a table."""
    return Column(header, Kind.TEXT, description, required=required, choices=choices)


def money(header: str, description: str, *, required: bool = False) -> Column:
    """An amount in 元, exact to the 分."""
    return Column(header, Kind.DECIMAL, description, required=required, unit="元")


def decimal(
    header: str, description: str, *, required: bool = False, unit: str | None = None, scale: int = 2
) -> Column:
    """An exact decimal that is no amount of money."""
    precision = WIDE_PRECISION if scale > MONEY_SCALE else MONEY_PRECISION
    return Column(
        header, Kind.DECIMAL, description, required=required, unit=unit, scale=scale, precision=precision
    )


def count(header: str, description: str, *, required: bool = True) -> Column:
    """A whole number."""
    return Column(header, Kind.INTEGER, description, required=required)


def day(header: str, description: str, *, required: bool = False) -> Column:
    """A calendar day."""
    return Column(header, Kind.DATE, description, required=required)


def moment(header: str, description: str, *, required: bool = False) -> Column:
    """A point in time, Asia/Shanghai."""
    return Column(header, Kind.TIMESTAMP, description, required=required)


def flag(header: str, description: str, *, required: bool = False) -> Column:
    """A yes or no."""
    return Column(header, Kind.YES_NO, description, required=required)
