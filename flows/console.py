"""What is shown while a night runs: progress bars on a terminal, plain lines elsewhere.

Nothing shown here names a person, an identity number or an account.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Item = TypeVar("Item")
PLAIN_LINES_PER_TRACK = 10


class Reporter(Protocol):
    """Takes what is to be shown."""

    def say(self, line: str) -> None:
        """Show one line."""

    def track(self, items: Iterable[Item], total: int, doing: str) -> Iterator[Item]:
        """Go through items and show how many of them are done."""


class LineReporter:
    """Plain lines, for logs: some ten for a long stretch of work."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write

    def say(self, line: str) -> None:
        """Write one line."""
        self._write(line)

    def track(self, items: Iterable[Item], total: int, doing: str) -> Iterator[Item]:
        """Go through items; a line each time another tenth of them is done."""
        step = max(1, -(-total // PLAIN_LINES_PER_TRACK))
        for done, item in enumerate(items, start=1):
            yield item
            if done % step == 0 or done == total:
                self._write(f"{doing}: {done} of {total}")


class TerminalReporter:
    """Lines and progress bars, for a person who watches."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        """Write one line above any bar."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def track(self, items: Iterable[Item], total: int, doing: str) -> Iterator[Item]:
        """Go through items beside a bar."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._console) as progress:
            task = progress.add_task(doing, total=total)
            for item in items:
                yield item
                progress.advance(task)


def reporter() -> Reporter:
    """For the standard output as it is: bars where it is a terminal, lines where it is not."""
    if sys.stdout.isatty():
        return TerminalReporter(Console())
    return LineReporter(_print_line)


def _print_line(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
