"""What a number format makes of a number, and the dates that serial numbers stand for."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from enum import Enum

from flows.reading.cells import CellValue, Percentage


class NumberFormat(Enum):
    """What a cell with a number in it shows."""

    PLAIN = "number"
    PERCENT = "percent"
    DATE = "date"
    DURATION = "duration"


BUILT_IN_PERCENT = frozenset({9, 10})
BUILT_IN_DATE = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
"""27 to 36 and 50 to 58 are the dates of the Chinese, Japanese and Korean editions."""
BUILT_IN_DURATION = frozenset({46})

_LITERAL = re.compile(r'"[^"]*"?|[\\_*].')
_DURATION = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DATE_TOKEN = re.compile(r"[dmyhs]", re.IGNORECASE)

_EPOCH_1900 = datetime.fromisoformat("1899-12-30")
_EPOCH_1904 = datetime.fromisoformat("1904-01-01")
_FIRST_SERIAL_AFTER_FALSE_LEAP_DAY = 60
_MILLISECONDS_A_DAY = 86_400_000


def number_format(format_id: int, code: str | None) -> NumberFormat:
    """The format with this number, and with this code where the workbook states one."""
    if code is None or format_id in BUILT_IN_PERCENT | BUILT_IN_DATE | BUILT_IN_DURATION:
        return _built_in(format_id)
    bare = _LITERAL.sub("", code)
    first_section = bare.partition(";")[0]
    if _DURATION.search(first_section):
        return NumberFormat.DURATION
    if _DATE_TOKEN.search(_BRACKETS.sub("", first_section)):
        return NumberFormat.DATE
    return NumberFormat.PERCENT if "%" in _BRACKETS.sub("", bare) else NumberFormat.PLAIN


def formatted_number(number: float, its_format: NumberFormat, *, is_1904: bool) -> CellValue:
    """What a stored number is in a cell of this format.

    A date below 1 is a time of day; a date that no calendar has stays a number.
    """
    match its_format:
        case NumberFormat.PERCENT:
            return Percentage(number)
        case NumberFormat.DATE:
            return _date(number, is_1904=is_1904)
        case NumberFormat.DURATION:
            return _duration(number)
        case NumberFormat.PLAIN:
            return number


def _built_in(format_id: int) -> NumberFormat:
    if format_id in BUILT_IN_PERCENT:
        return NumberFormat.PERCENT
    if format_id in BUILT_IN_DATE:
        return NumberFormat.DATE
    return NumberFormat.DURATION if format_id in BUILT_IN_DURATION else NumberFormat.PLAIN


def _date(serial: float, *, is_1904: bool) -> date | time | float:
    if not serial >= 0:
        return serial
    epoch = _EPOCH_1904 if is_1904 else _EPOCH_1900
    is_before_false_leap_day = not is_1904 and 1 <= serial < _FIRST_SERIAL_AFTER_FALSE_LEAP_DAY
    try:
        moment = epoch + timedelta(milliseconds=round(serial * _MILLISECONDS_A_DAY))
        moment += timedelta(days=int(is_before_false_leap_day))
    except OverflowError:
        return serial
    if serial < 1:
        return moment.time()
    return moment.date() if moment.time() == time() else moment


def _duration(days: float) -> timedelta | float:
    try:
        return timedelta(milliseconds=round(days * _MILLISECONDS_A_DAY))
    except (OverflowError, ValueError):
        return days
