"""The least there is to do: every sheet of a folder's workbooks read as text, and nothing done with it.

`python -m … FOLDER PROCESSES`. The reader is fastexcel; the largest workbooks are read first.
"""

from __future__ import annotations

import sys
from multiprocessing import get_context
from pathlib import Path

import fastexcel


def read(path: Path) -> int:
    """The rows of all sheets."""
    book = fastexcel.read_excel(path)
    return sum(
        book.load_sheet(name, header_row=None, dtypes="string").to_polars().height
        for name in book.sheet_names
    )


def main(folder: Path, processes: int) -> None:
    """Read them all."""
    paths = sorted(folder.glob("*.xlsx"), key=lambda path: path.stat().st_size, reverse=True)
    if processes == 1:
        rows = sum(read(path) for path in paths)
    else:
        # polars does not survive a fork
        with get_context("spawn").Pool(processes) as pool:
            rows = sum(pool.imap_unordered(read, paths))
    print(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
