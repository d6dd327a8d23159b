"""The base of every sheet that people upload: a class per sheet is the only source of its contract.

From a sheet class come the template workbook, the reading and checking of what is uploaded, the pandera
schema that guards every later stage, the warehouse table with its comments, and the data dictionary.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import ClassVar

import pandera.polars as pa
import polars as pl
from pandera.polars import PolarsData

from schemas.check_digits import bank_card_is_valid, credit_code_is_valid, resident_id_is_valid
from schemas.columns import Column, Kind

ERROR, WARNING = "error", "warning"
VOID_HEADER, VOID_FIELD = "作废", "is_void"
PROVENANCE: dict[str, pl.DataType] = {
    "upload_id": pl.String(),
    "sheet": pl.String(),
    "row_number": pl.Int64(),
}


@dataclass(frozen=True)
class Rule:
    """One rule on a row: `holds()` is true or null where the row is in order.

    `field` is the column that is marked; `message` says in Chinese what is wrong and how to mend it, and
    may name the value as `{value}`.
    """

    name: str
    field: str
    message: str
    holds: Callable[[], pl.Expr]
    severity: str = ERROR


def required_when(field: str, header: str, when: Callable[[], pl.Expr], condition: str) -> Rule:
    """A field that must be filled in where another field says so."""
    return Rule(
        name="required_when",
        field=field,
        message=f"{condition}时必须填写「{header}」，请补填。",
        holds=lambda: ~when().fill_null(value=False) | pl.col(field).is_not_null(),
    )


class Sheet:
    """A sheet of the input contract. Subclasses declare their columns as class attributes, in order.

    Class keywords: `title`, the sheet's name in the workbook; `table`, its name in the warehouse; `key`,
    the fields that identify a record. `rules` are rules over several fields, beside those that follow
    from the columns.
    """

    title: ClassVar[str]
    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    columns: ClassVar[dict[str, Column]]
    rules: ClassVar[tuple[Rule, ...]] = ()

    def __init_subclass__(cls, *, title: str, table: str, key: tuple[str, ...]) -> None:
        cls.title, cls.table, cls.key = title, table, key
        cls.columns = {
            name: replace(value, name=name, fills_merged=value.fills_merged or name in key)
            for name, value in vars(cls).items()
            if isinstance(value, Column)
        }
        unknown = set(key) - set(cls.columns)
        if unknown:
            reason = f"{cls.__name__}: key fields without a column: {sorted(unknown)}"
            raise TypeError(reason)

    @classmethod
    def description(cls) -> str:
        """What a row is, from the class docstring."""
        return (cls.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")

    @classmethod
    def headers(cls) -> dict[str, str]:
        """Field name by header, 作废 included."""
        return {column.header: name for name, column in cls.columns.items()} | {VOID_HEADER: VOID_FIELD}

    @classmethod
    def frame_schema(cls) -> dict[str, pl.DataType]:
        """The polars schema of the sheet's records with their provenance."""
        return {name: column.dtype for name, column in cls.columns.items()} | PROVENANCE

    @classmethod
    @cache
    def all_rules(cls) -> tuple[Rule, ...]:
        """The rules of the columns, in their order, then those over several fields."""
        return tuple(r for column in cls.columns.values() for r in _column_rules(column)) + cls.rules

    @classmethod
    @cache
    def schema(cls) -> pa.DataFrameSchema:
        """The pandera schema of accepted records (current ones, so no 作废): strict, key unique."""
        checks = [
            pa.Check(_pandera_check(rule), name=rule.name, error=f"{rule.name}({rule.field})")
            for rule in cls.all_rules()
            if rule.severity == ERROR
        ]
        fields = {
            name: pa.Column(
                column.dtype,
                nullable=not column.required,
                title=column.header,
                description=column.description,
            )
            for name, column in cls.columns.items()
        }
        provenance = {
            name: pa.Column(dtype, nullable=False, title=name) for name, dtype in PROVENANCE.items()
        }
        return pa.DataFrameSchema(
            fields | provenance, checks=checks, strict=True, unique=list(cls.key), name=cls.table
        )


def _pandera_check(rule: Rule) -> Callable[[PolarsData], pl.LazyFrame]:
    return lambda data: data.lazyframe.select(rule.holds().fill_null(value=True))


def _column_rules(column: Column) -> list[Rule]:
    """The rules that follow from one column's declaration, beside its type and whether it is required."""
    value = pl.col(column.name)
    rules: list[Rule] = []

    def add(name: str, message: str, holds: pl.Expr, severity: str = ERROR) -> None:
        rules.append(Rule(name, column.name, message, lambda: holds, severity))

    if column.kind is Kind.ENUM:
        choices = "、".join(column.choices)
        add(
            "in_list",
            f"「{{value}}」不在可选项中，请从下拉列表中选：{choices}。",
            value.is_in(column.choices),
        )
    if column.pattern is not None:
        hint = column.pattern_hint or column.description
        add("pattern", f"「{{value}}」的写法不对：{hint}。", value.str.contains(column.pattern))
    least, greatest = column.bounds
    if least is not None:
        bound = _bound(least, column.unit)
        if column.above_minimum:
            add("above", f"必须大于 {bound}，请核对「{{value}}」。", value > least)
        else:
            add("at_least", f"不能小于 {bound}，请核对「{{value}}」。", value >= least)
    if greatest is not None:
        bound = _bound(greatest, column.unit)
        add("at_most", f"不能大于 {bound}，请核对「{{value}}」。", value <= greatest)
    if column.kind is Kind.CREDIT_CODE:
        add(
            "credit_code_check",
            "统一社会信用代码「{value}」不是 18 位或校验码不对，请对照营业执照重新录入。",
            credit_code_is_valid(value),
        )
    if column.kind is Kind.ACCOUNT:
        add(
            "account_digits",
            "银行账号「{value}」应为 8 至 30 位数字，请对照存折或银行卡重新录入。",
            value.str.contains(r"^[0-9]{8,30}$"),
        )
        add(
            "card_check",
            "银行卡号「{value}」的校验位不对，多半是录错了一位，请对照银行卡核对；未改正前不能付款。",
            bank_card_is_valid(value),
            WARNING,
        )
    return rules


def _bound(number: Decimal, unit: str | None) -> str:
    """As people write it; a year, and a number without a unit, have no thousands separators."""
    return f"{number:,}{unit}" if unit not in (None, "年") else f"{number}{unit or ''}"


def id_number_rule(kind_field: str, number_field: str) -> Rule:
    """A number is checked by the standard of its kind: GB 11643 for residents, GB 32100 for organisations."""

    def holds() -> pl.Expr:
        number = pl.col(number_field)
        is_resident, is_company = (pl.col(kind_field) == kind for kind in ("居民身份证", "统一社会信用代码"))
        # each check is given the numbers of its kind alone: over nulls it takes no time
        return (
            pl.when(is_resident)
            .then(resident_id_is_valid(pl.when(is_resident).then(number)))
            .when(is_company)
            .then(credit_code_is_valid(pl.when(is_company).then(number)))
        )

    return Rule(
        "id_number_check",
        number_field,
        "证件号码「{value}」不是 18 位或校验位不对，请对照证件重新录入。",
        holds,
    )
