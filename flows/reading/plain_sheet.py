"""A large sheet's part, gone through once: its plain rows by column, and the rest of its XML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from flows.reading.divided import ListOfElements, NotPlainError, rest_of
from flows.reading.forms import Forms
from flows.reading.plain_rows import ROW_END, ROW_START, RunOfRows, read_rows
from flows.reading.tags import Numbers, Places, Run

_ROWS: Final = ListOfElements(ROW_START, ROW_END, ("worksheet", "sheetData"))


@dataclass(frozen=True)
class WrittenColumn:
    """The values that stand in a column's cells, one for each plain row: form 0 where there is no cell.

    `ends` are the ends of the values in `text`.
    """

    forms: Numbers
    ends: Places
    text: bytes


@dataclass(frozen=True)
class SharedColumn:
    """The numbers of the shared texts of a column's cells, and the places of these in the plain rows."""

    rows: Places
    indexes: NDArray[np.int32]


@dataclass
class PlainSheet:
    """What a sheet's part holds: plain rows, and a part `rest` of everything else."""

    forms: Forms = field(default_factory=Forms)
    runs: list[RunOfRows] = field(default_factory=list)
    rest: bytes = b""
    last_row: int = 0

    @property
    def width(self) -> int:
        """How many columns there are from A to the last with a value in a plain row."""
        return max((run.width for run in self.runs), default=0)

    def row_numbers(self) -> Places:
        """The numbers of the plain rows."""
        return np.concatenate([np.zeros(0, np.int64), *(run.plain_numbers for run in self.runs)])

    def written(self, column: int) -> WrittenColumn:
        """The values that stand in a column's cells."""
        height = sum(len(run.plain_numbers) for run in self.runs)
        forms, lengths = np.zeros(height, dtype=np.int16), np.zeros(height, dtype=np.int64)
        texts = []
        for first_row, run in self._runs():
            cells = run.written
            if column + 1 < len(cells.bounds):
                first, last = cells.bounds[column : column + 2]
                rows = cells.rows[first:last] + first_row
                ends = np.append(cells.ends[first - 1] if first else 0, cells.ends[first:last])
                forms[rows] = cells.forms[first:last]
                lengths[rows] = np.diff(ends)
                texts.append(cells.text[ends[0] : ends[-1]])
        return WrittenColumn(forms, np.cumsum(lengths), b"".join(texts))

    def shared(self, column: int) -> SharedColumn:
        """The shared texts of a column's cells."""
        rows, indexes = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        for first_row, run in self._runs():
            cells = run.shared
            if column + 1 < len(cells.bounds):
                some = slice(*cells.bounds[column : column + 2])
                rows.append(cells.rows[some].astype(np.int64) + first_row)
                indexes.append(cells.indexes[some])
        return SharedColumn(np.concatenate(rows), np.concatenate(indexes))

    def take(self, run: Run) -> tuple[bytes, ...]:
        """Read whole rows, and give back the odd ones.

        Raises:
            NotPlainError: as `read_rows`, or the rows do not go on from those before.
        """
        found = read_rows(run, self.forms)
        if found.numbers[0] <= self.last_row:
            raise NotPlainError
        self.last_row = int(found.numbers[-1])
        self.runs.append(found)
        return found.odd

    def _runs(self) -> Iterator[tuple[int, RunOfRows]]:
        first_row = 0
        for run in self.runs:
            yield first_row, run
            first_row += len(run.plain_numbers)


def read_plain_sheet(chunks: Iterable[bytes]) -> PlainSheet:
    """Divide a sheet's part into plain rows and the rest.

    Raises:
        NotPlainError: the part has to be read with care as a whole.
        UnreadableWorkbook: as `rest_of`.
    """
    sheet = PlainSheet()
    sheet.rest = rest_of(chunks, _ROWS, sheet.take)
    return sheet
