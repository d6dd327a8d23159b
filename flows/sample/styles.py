"""How different clerks write the same sheet: everything here is read without a complaint."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flows.sample.cells import NumericCell, TextCell, Value
from schemas.columns import Column, Kind

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")
_NON_BREAKING_SPACE, _IDEOGRAPHIC_SPACE = "\N{NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}"

_BREAKABLE_LENGTH = 4

HeaderWriter = Callable[[Column], str]
DateWriter = Callable[[date, int], date | TextCell]
NumberWriter = Callable[[Column, Decimal, int], Decimal | TextCell]
TextWriter = Callable[[Column, str, int], str]


def plain_header(column: Column) -> str:
    """The header as the contract has it."""
    return column.header


def header_with_unit(column: Column) -> str:
    """The unit in full-width brackets behind the header."""
    return f"{column.header}（{column.unit}）" if column.unit else column.header


def header_with_narrow_unit(column: Column) -> str:
    """The unit in ASCII brackets behind the header."""
    return f"{column.header}({column.unit})" if column.unit else column.header


def broken_header(column: Column) -> str:
    """Headers of four characters spaced, longer ones broken into two lines, as narrow columns are."""
    header = column.header
    if len(header) < _BREAKABLE_LENGTH:
        return header
    half = len(header) // 2
    between = " " if len(header) == _BREAKABLE_LENGTH else "\n"
    return f"{header[:half]}{between}{header[half:]}"


def excel_date(day: date, _row: int) -> date:
    """A real date."""
    return day


def mixed_dates(day: date, row: int) -> date | TextCell:
    """Mostly real dates, and every spelling that people type in between."""
    spellings = (
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    )
    turn = row % 12
    return TextCell(spellings[turn]) if turn < len(spellings) else day


def chinese_dates(day: date, _row: int) -> TextCell:
    """Every date written out as text."""
    return TextCell(f"{day.year}年{day.month}月{day.day}日")


def plain_number(_column: Column, number: Decimal, _row: int) -> Decimal:
    """A real number."""
    return number


def typed_numbers(column: Column, number: Decimal, row: int) -> Decimal | TextCell:
    """Mostly real numbers, some typed as text: with their unit, separators or full-width digits."""
    unit = column.unit or ""
    spellings = (
        f"{number}{unit}",
        f"{number:,}{unit}" if unit == "元" else f"{number}",
        f"￥{number}" if unit == "元" else f"{number}".translate(_FULL_WIDTH),
        f"{number}".translate(_FULL_WIDTH),
    )
    turn = row % 23
    return TextCell(spellings[turn]) if turn < len(spellings) else number


def plain_text(_column: Column, text: str, _row: int) -> str:
    """The text as it is."""
    return text


def spaced_text(column: Column, text: str, row: int) -> str:
    """Stray spaces around identifiers, and the X of an ID number in lower case."""
    if column.kind is Kind.ID_NUMBER and text.endswith("X"):
        return f"{text[:-1]}x"
    if column.kind is Kind.IDENTIFIER and row % 17 == 0:
        return f"{_NON_BREAKING_SPACE}{text}{_IDEOGRAPHIC_SPACE}"
    return text


@dataclass(frozen=True)
class Style:
    """One clerk's way of filling in: what stands around the table, and how the values are written.

    `marks` are the words for yes and no, `has_marks` for 有 and 无; `total_is_off_by` is what the
    total of the last column misses.
    """

    banner: str | None = None
    office: str | None = None
    blank_rows_above: int = 0
    header: HeaderWriter = plain_header
    write_date: DateWriter = excel_date
    write_number: NumberWriter = plain_number
    write_text: TextWriter = plain_text
    marks: tuple[Value, Value] = ("是", "否")
    has_marks: tuple[Value, Value] = ("有", "无")
    date_format: str = "yyyy-mm-dd"
    has_serial: bool = False
    has_remark: bool = False
    has_total: bool = False
    total_is_off_by: Decimal = Decimal(0)
    sign_off: str | None = None
    repeats_header_every: int | None = None
    merges_household: bool = False


PLAIN = Style()
TOWN_FIRST_CLERK = Style(
    banner="天池镇房屋征收情况登记表",
    office="填报单位：天池镇人民政府",
    header=header_with_unit,
    marks=("√", "×"),
    has_marks=("√", "×"),
    date_format="yyyy/m/d",
    has_serial=True,
    has_total=True,
    sign_off="制表：示例甲　　审核：示例乙",
    merges_household=True,
)
TOWN_SECOND_CLERK = Style(
    banner="房屋征收调查统计表（天池片区）",
    blank_rows_above=1,
    header=broken_header,
    write_date=mixed_dates,
    write_number=typed_numbers,
    write_text=spaced_text,
    marks=("Y", "N"),
    has_marks=("Y", "N"),
    has_remark=True,
    has_total=True,
)
TOWN_THIRD_CLERK = Style(
    header=header_with_narrow_unit,
    write_date=chinese_dates,
    marks=(NumericCell(1), NumericCell(0)),
    has_marks=("有", "无"),
    has_serial=True,
    repeats_header_every=40,
    sign_off="审核人：示例丙",
)
MONEY_CLERK = Style(
    banner="房屋征收评估及补偿明细",
    office="填报单位：天池镇人民政府　　单位：元",
    header=header_with_narrow_unit,
    write_number=typed_numbers,
    has_total=True,
    sign_off="制表人：示例甲",
)
OFFICE_CLERK = Style(
    banner="招商引资工作台账",
    office="填报单位：发展和改革委员会",
    header=header_with_narrow_unit,
    date_format='yyyy"年"m"月"d"日"',
    marks=("是", "否"),
    has_serial=True,
)
OFFICE_SECOND_CLERK = Style(
    header=broken_header,
    write_date=mixed_dates,
    write_text=spaced_text,
    marks=("√", "×"),
    has_remark=True,
    repeats_header_every=200,
)
