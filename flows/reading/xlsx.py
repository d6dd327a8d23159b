"""`.xlsx` and `.xlsm`: large sheets by column where they are written as usual, all others with care."""

from __future__ import annotations

from python_calamine import CalamineError

from flows.reading.archive import Archive
from flows.reading.careful_xlsx import read_carefully
from flows.reading.divided import NotPlainError
from flows.reading.large_xlsx import read_large
from flows.reading.limits import ReadingLimits
from flows.reading.unreadable import UnreadableWorkbook
from flows.reading.xlsx_book import read_book
from schemas.raw_sheet import RawSheet

LARGE_BYTES = 256 * 1024
"""From this size on, unpacked, a sheet is worth the start of reading it by column."""


def read_xlsx(archive: Archive, limits: ReadingLimits) -> list[RawSheet]:
    """All worksheets, in the order of the workbook.

    Raises:
        UnreadableWorkbook: a part is damaged or unsafe, or a sheet reaches too far.
    """
    large = [
        stored
        for _, part in read_book(archive).sheets
        if (stored := archive.find(part)) and archive.parts[stored].file_size >= LARGE_BYTES
    ]
    if large:
        try:
            return read_large(archive, limits, large)
        except (NotPlainError, UnreadableWorkbook, CalamineError, ArithmeticError, ValueError):
            pass  # the careful reader reads what can be read, and says what is wrong with the others
    return read_carefully(archive, limits)
