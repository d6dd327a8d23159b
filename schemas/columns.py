"""The columns of sheets and tables: one declaration per column, from which all else is derived."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

import polars as pl

MONEY_PRECISION, MONEY_SCALE = 18, 2
LARGEST_AMOUNT = Decimal("999999999999.99")
"""What can be written out in words, and so be put on a list."""
SQUARE_METRES = "㎡"
YUAN = "元"
TEN_THOUSAND_YUAN = "万元"
PERCENT = "%"


class Kind(StrEnum):
    """What a column holds: it decides how a cell is read, checked, shown and stored."""

    IDENTIFIER = "编号"
    TEXT = "文字"
    NAME = "名称"
    ENUM = "选项"
    YES_NO = "是/否"
    HAS_NOT = "有/无"
    DECIMAL = "小数"
    INTEGER = "整数"
    DATE = "日期"
    ID_NUMBER = "证件号码"
    CREDIT_CODE = "统一社会信用代码"
    ACCOUNT = "银行账号"
    TIMESTAMP = "时间"


TEXT_CELL_KINDS = frozenset({Kind.ID_NUMBER, Kind.CREDIT_CODE, Kind.ACCOUNT})
"""Kinds whose cell must be text: Excel keeps 15 digits of a number and loses the rest."""

_POLARS: dict[Kind, pl.DataType] = {
    Kind.YES_NO: pl.Boolean(),
    Kind.HAS_NOT: pl.Boolean(),
    Kind.DECIMAL: pl.Decimal(MONEY_PRECISION, MONEY_SCALE),
    Kind.INTEGER: pl.Int64(),
    Kind.DATE: pl.Date(),
    Kind.TIMESTAMP: pl.Datetime("us"),
}
_DUCKDB: dict[Kind, str] = {
    Kind.YES_NO: "BOOLEAN",
    Kind.HAS_NOT: "BOOLEAN",
    Kind.INTEGER: "BIGINT",
    Kind.DATE: "DATE",
    Kind.TIMESTAMP: "TIMESTAMP",
}


@dataclass(frozen=True)
class Column:
    """One column. Sheets use all of it; tables only the type, the title and the description.

    `header` is the Chinese title; `minimum` and `maximum` are included unless `above_minimum`.
    `may_be_future` is for planned dates; every other date is of a thing done.
    `fills_merged` says that a vertically merged cell stands for each row that it covers.
    """

    header: str
    kind: Kind
    description: str
    required: bool = False
    unit: str | None = None
    choices: tuple[str, ...] = ()
    synonyms: tuple[tuple[str, str], ...] = ()
    pattern: str | None = None
    pattern_hint: str | None = None
    minimum: Decimal | None = None
    above_minimum: bool = False
    maximum: Decimal | None = None
    scale: int = MONEY_SCALE
    precision: int = MONEY_PRECISION
    may_be_future: bool = False
    fills_merged: bool = False
    only_yes_or_blank: bool = False
    example: str = ""
    name: str = field(default="", compare=False)

    @property
    def dtype(self) -> pl.DataType:
        """The polars type in which the column's values are held."""
        if self.kind is Kind.DECIMAL:
            return pl.Decimal(self.precision, self.scale)
        return _POLARS.get(self.kind, pl.String())

    @property
    def sql_type(self) -> str:
        """The DuckDB type of the column."""
        if self.kind is Kind.DECIMAL:
            return f"DECIMAL({self.precision},{self.scale})"
        return _DUCKDB.get(self.kind, "VARCHAR")

    @property
    def bounds(self) -> tuple[Decimal | None, Decimal | None]:
        """The least and the greatest value; every decimal has a greatest one."""
        if self.kind is not Kind.DECIMAL:
            return self.minimum, self.maximum
        least = -LARGEST_AMOUNT if self.minimum is None else self.minimum
        return least, LARGEST_AMOUNT if self.maximum is None else self.maximum

    @property
    def must_be_text(self) -> bool:
        """Whether a numeric cell is refused whatever its value."""
        return self.kind in TEXT_CELL_KINDS

    @property
    def comment(self) -> str:
        """The column's comment in the warehouse and in the dictionary."""
        unit = f"（{self.unit}）" if self.unit else ""
        return f"{self.header}{unit}：{self.description}"
