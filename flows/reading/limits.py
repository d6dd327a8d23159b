"""How large a workbook may be."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384


@dataclass(frozen=True)
class ReadingLimits:
    """Sizes in bytes. A part is a file inside the archive that a workbook is."""

    file_bytes: int = 200 * MIB
    unpacked_bytes: int = 4096 * MIB
    compression_ratio: int = 200
    """How many times larger a part may become, when it becomes larger than `ratio_free_bytes`."""
    ratio_free_bytes: int = 10 * MIB
    parts: int = 10_000
    cells: int = 200_000_000
    """How many cells there may be between A1 and a sheet's last row and column with content."""
