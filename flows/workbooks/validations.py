"""The data validation that a template puts on a column's cells: drop-down, limits, input message."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flows.workbooks.instructions import EARLIEST_DAY, choices_of, limit_phrases
from schemas.columns import Column, Kind

LONGEST_TITLE, LONGEST_MESSAGE, LONGEST_LIST = 32, 255, 255
_LATEST_PLANNED_DAY = date(2100, 12, 31)
_LARGEST_NUMBER = 10**14
"""Far above anything real, and within the 15 digits that Excel keeps."""


def validation_of(column: Column) -> dict[str, Any]:
    """The options of xlsxwriter's `data_validation` for a column.

    Raises ValueError when the choices are longer than a drop-down can hold.
    """
    phrases = list(limit_phrases(column))
    condition = _condition(column)
    options: dict[str, Any] = {
        "ignore_blank": True,
        "input_title": _clipped(f"{column.header}{'（必填）' if column.required else ''}", LONGEST_TITLE),
        "input_message": _clipped(
            "\n".join([f"{column.description}。", *_unit_sentence(column), *phrases]), LONGEST_MESSAGE
        ),
    }
    if condition["validate"] == "any":
        return options | condition
    return (
        options
        | condition
        | {
            "error_title": _clipped(f"「{column.header}」填写有误", LONGEST_TITLE),
            "error_message": _clipped(f"请按要求填写：{'；'.join(phrases)}。", LONGEST_MESSAGE),
            "error_type": "stop",
        }
    )


def _unit_sentence(column: Column) -> list[str]:
    return [f"单位：{column.unit}"] if column.unit else []


def _clipped(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _condition(column: Column) -> dict[str, Any]:
    if choices := choices_of(column):
        if len(",".join(choices)) > LONGEST_LIST:
            reason = f"the choices of {column.header} are longer than the {LONGEST_LIST} that a list can hold"
            raise ValueError(reason)
        return {"validate": "list", "source": list(choices)}
    if column.kind in (Kind.DECIMAL, Kind.INTEGER):
        return _number_condition(column)
    if column.kind is Kind.DATE:
        latest: date | str = _LATEST_PLANNED_DAY if column.may_be_future else "=TODAY()"
        return {"validate": "date", "criteria": "between", "minimum": EARLIEST_DAY, "maximum": latest}
    return {"validate": "any"}


def _number_condition(column: Column) -> dict[str, Any]:
    """Excel's limits include the number, so "above" begins at the next smaller unit."""
    lowest = Decimal(-_LARGEST_NUMBER) if column.minimum is None else column.minimum
    if column.above_minimum:
        lowest += Decimal(1).scaleb(-column.scale if column.kind is Kind.DECIMAL else 0)
    highest = Decimal(_LARGEST_NUMBER) if column.maximum is None else column.maximum
    return {
        "validate": "decimal" if column.kind is Kind.DECIMAL else "integer",
        "criteria": "between",
        "minimum": _excel_number(lowest),
        "maximum": _excel_number(highest),
    }


def _excel_number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
