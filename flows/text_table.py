"""Values and rows as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from rich.cells import cell_len


def written(cell: object) -> str:
    """A value as text, exact: decimals with all their places, dates as 2021-03-05, nothing for null."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return str(cell)


def grouped(amount: Decimal | int) -> str:
    """A number with thousands separators."""
    return f"{amount:,}"


def text_table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows under their titles, numbers to the right, a Chinese character counted as two; nothing is cut."""
    kept = list(rows)
    columns = [_column(title, [row[place] for row in kept]) for place, title in enumerate(titles)]
    lines = ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
    return "\n".join(lines) + "\n"


def _column(title: str, values: list[object]) -> list[str]:
    cells = [title, *(written(value).replace("\n", " ") for value in values)]
    width = max(map(cell_len, cells))
    is_number = any(isinstance(value, int | Decimal) for value in values)
    padded = [
        " " * (width - cell_len(cell)) + cell if is_number else cell + " " * (width - cell_len(cell))
        for cell in cells
    ]
    return [padded[0], "─" * width, *padded[1:]]
