"""The records that the parts of an .xlsb consist of."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from flows.reading.unreadable import damaged

ROW, BLANK_CELL, RK_CELL, ERROR_CELL, BOOLEAN_CELL, REAL_CELL, TEXT_CELL, SHARED_TEXT_CELL = range(8)
TEXT_FORMULA, NUMBER_FORMULA, BOOLEAN_FORMULA, ERROR_FORMULA = range(8, 12)
SHARED_TEXT, NUMBER_FORMAT, CELL_STYLE, RICH_TEXT_CELL = 19, 44, 47, 62
SHEET_DATA_START, SHEET_DATA_END = 145, 146
WORKBOOK_PROPERTIES, SHEET, MERGED_RANGE = 153, 156, 176
CELL_STYLES_START, CELL_STYLES_END = 617, 618

_LONGEST_LENGTH = 4
_LENGTH = struct.Struct("<I")
_REAL = struct.Struct("<d")


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each record's type and content.

    Raises:
        UnreadableWorkbook: the last record is cut off.
    """
    position = 0
    while position < len(data):
        record_type = data[position]
        position += 1
        if record_type & 0x80 and position < len(data):
            record_type = record_type & 0x7F | (data[position] & 0x7F) << 7
            position += 1
        length = 0
        for index in range(_LONGEST_LENGTH):
            if position >= len(data):
                raise damaged("record cut off")
            byte = data[position]
            position += 1
            length |= (byte & 0x7F) << 7 * index
            if not byte & 0x80:
                break
        if position + length > len(data):
            raise damaged("record cut off")
        yield record_type, data[position : position + length]
        position += length


def text_at(content: bytes, position: int) -> tuple[str, int]:
    """The text at this position of a record, and the position behind it.

    Raises:
        UnreadableWorkbook: it reaches beyond the record.
    """
    (length,) = _LENGTH.unpack_from(content, position)
    end = position + _LENGTH.size + 2 * length
    if length == 0xFFFFFFFF:  # noqa: PLR2004 - stands for no text at all
        return "", position + _LENGTH.size
    if end > len(content):
        raise damaged("text cut off")
    return content[position + _LENGTH.size : end].decode("utf-16-le"), end


def packed_number(content: bytes, position: int) -> float:
    """The number in 4 bytes (RK): 30 bits of an integer or of a double, and whether divided by 100."""
    (packed,) = _LENGTH.unpack_from(content, position)
    if packed & 2:
        number = float((packed - (1 << 32) if packed & 0x80000000 else packed) >> 2)
    else:
        (number,) = _REAL.unpack(b"\0\0\0\0" + _LENGTH.pack(packed & 0xFFFFFFFC))
    return number / 100 if packed & 1 else number
