"""A sheet's XML, looked at for what the reader of its values does not tell.

Whether a cell holds an error, a formula that was never calculated or a percent stands only in the XML. A
sheet may have a gigabyte of it, so runs of whole rows in the form that all spreadsheet programs write are
recognised by one regular expression and left out; everything else goes through a parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import ge
from typing import Final

from flows.reading.cells import NEVER_CALCULATED, CellValue, ErrorText, Percentage
from flows.reading.limits import LAST_ROW
from flows.reading.positions import cell_position
from flows.reading.unreadable import damaged
from flows.reading.xml_parts import Attributes, local_name, new_parser, parse
from schemas.raw_sheet import Merge


class AsPercentage:
    """Stands for: the number that the cell has is a percentage."""

    __slots__ = ()


AS_PERCENTAGE: Final = AsPercentage()

KNOWN_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})

PLAIN_COLUMNS = 182
"""A plain row ends before column GA: cells further right are always parsed, to know how far they reach."""

_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
_FORMULA = r"(?:<f(?: [^<>/]*+)?(?:/>|>[^<]*+</f>))?+"
_PLAIN_CELL = (
    r'<c r="(?:[A-Z]|[A-F][A-Z])(?P=row)"(?: s="[0-9]++")?+'
    r"(?:"
    rf">{_FORMULA}<v>{_NUMBER}</v></c>"
    r'| t="s"><v>[0-9]++</v></c>'
    r"|/>|></c>"
    rf'| t="n"(?:/>|>{_FORMULA}<v>{_NUMBER}</v></c>)'
    rf'| t="str">{_FORMULA}<v>[^<]*+</v></c>'
    rf'| t="b">{_FORMULA}<v>[01]</v></c>'
    r'| t="inlineStr"><is><t(?: xml:space="preserve")?+>[^<]*+</t></is></c>'
    r")"
)
_PLAIN_ROWS = rf'(?:<row r="(?P<row>[0-9]{{1,7}})"(?: [^<>/]*+)?(?:>(?:{_PLAIN_CELL})*+</row>|/>))*+'
_TAG = re.compile(r"(?<!\?P)</?(?=[a-z])")
_ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?worksheet[\s>]")

_PLAIN_NUMBER = re.compile(_NUMBER)
_SHARED_TEXT = re.compile(r"[0-9]+")


@dataclass
class SheetLook:
    """What the XML of a sheet tells beside its values.

    `exceptions` are, by row number from 1 and column from 0, the values that the reader of values gets wrong.
    """

    exceptions: dict[int, dict[int, CellValue | AsPercentage]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    unknown_errors: list[tuple[int, int]] = field(default_factory=list)
    """Row and column of error values at which the reader of values gives up."""
    last_row: int = 0
    """From 1, of the rows with content; at most that of the row elements."""
    column_count: int = 0
    """How many columns there are from A to the last with content, or more."""


def look_at_sheet(chunks: Iterable[bytes], percent_styles: frozenset[int]) -> SheetLook:
    """Go through a sheet's XML once.

    Raises:
        UnreadableWorkbook: not well-formed, or a cell where no cell can be.
    """
    look = SheetLook()
    listener = _Listener(look, percent_styles)
    parser = new_parser()
    listener.position = lambda: parser.CurrentByteIndex
    parser.StartElementHandler = listener.on_start
    parser.EndElementHandler = listener.on_end
    parser.CharacterDataHandler = listener.on_text
    parser.CommentHandler = listener.on_oddity
    parser.StartCdataSectionHandler = listener.on_oddity
    parser.ProcessingInstructionHandler = listener.on_oddity
    is_style_always_written = 0 not in percent_styles
    skimmed = _without_plain_rows(chunks, listener, percent_styles) if is_style_always_written else chunks
    parse(parser, skimmed)
    return look


@dataclass(frozen=True)
class _Plain:
    """What plain rows look like in a part whose elements have this prefix."""

    rows: re.Pattern[bytes]
    row_number: re.Pattern[bytes]
    percent_cell: re.Pattern[bytes]
    row_start: bytes
    row_end: bytes

    @classmethod
    def of(cls, first_chunk: bytes, percent_styles: frozenset[int]) -> _Plain:
        root = _ROOT.search(first_chunk)
        prefix = (root[1] or b"").decode() if root else ""
        styles = "|".join(map(str, sorted(percent_styles)))
        return cls(
            rows=re.compile(_TAG.sub(lambda tag: tag[0] + re.escape(prefix), _PLAIN_ROWS).encode()),
            row_number=re.compile(rf'<{re.escape(prefix)}row r="([0-9]+)"'.encode()),
            percent_cell=re.compile(
                rf'<{re.escape(prefix)}c r="([A-Z]+)([0-9]+)" s="(?:{styles})"(?: t="n")?>(?!</)'.encode()
            ),
            row_start=f"<{prefix}row".encode(),
            row_end=f"</{prefix}row>".encode(),
        )


def _without_plain_rows(
    chunks: Iterable[bytes], listener: _Listener, percent_styles: frozenset[int]
) -> Iterator[bytes]:
    plain: _Plain | None = None
    waiting = b""
    for chunk in chunks:
        plain = plain or _Plain.of(chunk, percent_styles)
        waiting += chunk
        end = waiting.rfind(plain.row_end) + len(plain.row_end)
        if end < len(plain.row_end):
            yield waiting[: -len(plain.row_end)]
            waiting = waiting[-len(plain.row_end) :]
            continue
        start = max(waiting.find(plain.row_start, 0, end), 0)
        if start:
            yield waiting[:start]
        rows, waiting = waiting[start:end], waiting[end:]
        if not plain.rows.fullmatch(rows):
            yield rows
            continue
        listener.on_plain_rows([int(number) for number in plain.row_number.findall(rows)])
        if percent_styles:
            listener.on_percent_cells(plain.percent_cell.findall(rows))
    yield waiting


class _Listener:
    """Called by the parser for what it is given, and for the plain rows that it is spared."""

    def __init__(self, look: SheetLook, percent_styles: frozenset[int]) -> None:
        self.look = look
        self.percent_styles = percent_styles
        self.row, self.column = 1, -1
        self.cell = (0, 0)
        self.attributes: Attributes = {}
        self.is_in_cell = self.is_in_value = False
        self.has_formula = self.has_value = self.has_inline_text = False
        self.value: list[str] = []
        self.value_start = 0
        self.has_data = False
        self.position: Callable[[], int] = int

    def on_plain_rows(self, numbers: list[int]) -> None:
        last_row = max(numbers)
        if last_row > LAST_ROW:
            raise damaged("row out of the sheet")
        if numbers[0] < self.row or any(map(ge, numbers, islice(numbers, 1, None))):
            raise damaged("rows out of order")
        self.row = numbers[-1] + 1
        self._reach(last_row, PLAIN_COLUMNS)

    def on_percent_cells(self, found: list[tuple[bytes, bytes]]) -> None:
        columns = {
            letters: cell_position(f"{letters.decode()}1")[1] for letters in {cell[0] for cell in found}
        }
        for letters, row in found:
            self.look.exceptions.setdefault(int(row), {})[columns[letters]] = AS_PERCENTAGE

    def on_start(self, name: str, attributes: Attributes) -> None:
        if self.is_in_value:
            raise damaged("element inside a value")
        match local_name(name):
            case "c":
                self._start_cell(attributes)
            case "v" if self.is_in_cell:
                self._start_value(name, attributes)
            case "f" if self.is_in_cell:
                self.has_formula = True
            case "is" if self.is_in_cell:
                self.has_inline_text = True
            case "sheetData" if self.has_data:
                raise damaged("cells in two places")
            case "sheetData":
                self.has_data = True
            case "row":
                self._start_row(attributes)
            case "mergeCell":
                self.look.merges.append(_merge(attributes.get("ref", "")))

    def on_text(self, text: str) -> None:
        if self.is_in_value:
            self.value.append(text)

    def on_oddity(self, *_: object) -> None:
        if self.is_in_value:
            raise damaged("comment, raw text or instruction inside a value")

    def on_end(self, name: str) -> None:
        match local_name(name):
            case "v" if self.is_in_value:
                self._end_value()
            case "c" if self.is_in_cell:
                self._end_cell("".join(self.value))
            case "row":
                self.row, self.column = self.row + 1, -1

    def _start_row(self, attributes: Attributes) -> None:
        number = int(attributes.get("r", self.row))
        if number < self.row:
            raise damaged("rows out of order")
        self.row, self.column = number, -1

    def _start_value(self, name: str, attributes: Attributes) -> None:
        if self.has_value:
            raise damaged("two values in a cell")
        self.has_value = self.is_in_value = True
        self.value_start = 0 if attributes else self.position() + len(f"<{name}>".encode())

    def _end_value(self) -> None:
        """The reader of values loses a number whose digits are written as references (`&#49;`)."""
        self.is_in_value = False
        value = "".join(self.value).encode()
        is_text = self.attributes.get("t") == "str"
        if value and not is_text and self.position() - self.value_start != len(value):
            raise damaged("a value that is not written as it reads")

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        self.cell = cell_position(reference) if reference else (self.row, self.column + 1)
        self.column = self.cell[1]
        self.attributes = attributes
        self.is_in_cell = True
        self.has_formula = self.has_value = self.has_inline_text = False
        self.value.clear()

    def _end_cell(self, value: str) -> None:
        self.is_in_cell = False
        cell_type = self.attributes.get("t", "n")
        is_without_value = not self.has_value or (not value and cell_type != "str")
        if value or self.has_inline_text:
            self._reach(self.cell[0], self.cell[1] + 1)
        if self.has_formula and is_without_value and not self.has_inline_text:
            self._except(self.cell, NEVER_CALCULATED)
        elif cell_type == "e" and value:
            self._except(self.cell, ErrorText(value))
            if value not in KNOWN_ERRORS:
                self.look.unknown_errors.append(self.cell)
        elif cell_type == "n" and value:
            self._number(value)
        elif cell_type == "s" and value and not _SHARED_TEXT.fullmatch(value):
            raise damaged("number of a shared text")

    def _number(self, value: str) -> None:
        is_percent = int(self.attributes.get("s", "0")) in self.percent_styles
        if not _PLAIN_NUMBER.fullmatch(value):
            number = _as_number(value.strip())
            is_percentage = is_percent and isinstance(number, float)
            self._except(self.cell, Percentage(number) if is_percentage else number)
        elif is_percent:
            self._except(self.cell, AS_PERCENTAGE)

    def _except(self, cell: tuple[int, int], value: CellValue | AsPercentage) -> None:
        row, column = cell
        self._reach(row, column + 1)
        self.look.exceptions.setdefault(row, {})[column] = value

    def _reach(self, last_row: int, column_count: int) -> None:
        self.look.last_row = max(self.look.last_row, last_row)
        self.look.column_count = max(self.look.column_count, column_count)


def _as_number(value: str) -> float | ErrorText:
    try:
        return float(value) if value.isascii() and "_" not in value else ErrorText(value)
    except ValueError:
        return ErrorText(value)


def _merge(reference: str) -> Merge:
    first, _, last = reference.partition(":")
    first_row, first_column = cell_position(first)
    last_row, last_column = cell_position(last or first)
    return Merge(first_row, last_row, first_column, last_column)
