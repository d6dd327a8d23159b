"""What is shown while a night runs."""

from __future__ import annotations

import io

from rich.console import Console

from flows.console import LineReporter, TerminalReporter


def test_elsewhere_than_on_a_terminal_long_work_writes_some_ten_lines() -> None:
    lines: list[str] = []
    assert list(LineReporter(lines.append).track(range(95), 95, "reading")) == list(range(95))
    assert lines[0] == "reading: 10 of 95"
    assert lines[-1] == "reading: 95 of 95"
    assert len(lines) == 10


def test_work_on_nothing_writes_nothing() -> None:
    lines: list[str] = []
    assert list(LineReporter(lines.append).track([], 0, "reading")) == []
    assert lines == []


def test_a_terminal_shows_bars_and_takes_lines_as_they_are() -> None:
    shown = io.StringIO()
    reporter = TerminalReporter(Console(file=shown, force_terminal=True, width=80))
    reporter.say("[bold]not markup[/bold]")
    assert list(reporter.track([1, 2], 2, "reading")) == [1, 2]
    assert "[bold]not markup[/bold]" in shown.getvalue()
    assert "2/2" in shown.getvalue()
