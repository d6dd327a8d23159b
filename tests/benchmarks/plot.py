"""A small plot as SVG: both axes logarithmic, a line with its points for each series, its name at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from math import ceil, floor, log10

Points = Sequence[tuple[float, float]]
_WIDTH, _HEIGHT = 640, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 150, 30, 45
_COLOURS = ("#1f5fa8", "#b5502a", "#3d7d3a", "#7a4b9a", "#6b6b6b")
_SMALL = 1e-9


def svg(title: str, across: str, up: str, series: Mapping[str, Points]) -> str:
    """The plot; `across` and `up` say what the axes are, with units."""
    points = [point for line in series.values() for point in line]
    horizontal = _Axis([x for x, _ in points], _LEFT, _WIDTH - _RIGHT)
    vertical = _Axis([y for _, y in points], _HEIGHT - _BOTTOM, _TOP)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
            f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="11">'
        ),
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        _text(_LEFT, _TOP - 12, title, 'font-size="13"'),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, across, 'text-anchor="middle"'),
        f'<g transform="translate(14 {(_TOP + _HEIGHT - _BOTTOM) / 2:.0f}) rotate(-90)">',
        _text(0, 0, up, 'text-anchor="middle"'),
        "</g>",
        *_grid(horizontal, vertical),
        *_lines(horizontal, vertical, series),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class _Axis:
    """Powers of ten between two places of the picture."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        logs = [log10(max(value, _SMALL)) for value in values]
        self.least = floor(min(logs))
        self.most = max(ceil(max(logs)), self.least + 1)
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        """Where a value stands."""
        share = (log10(max(value, _SMALL)) - self.least) / (self.most - self.least)
        return self._start + share * (self._end - self._start)

    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self.least, self.most + 1)]


def _grid(horizontal: _Axis, vertical: _Axis) -> Iterator[str]:
    bottom, top = _HEIGHT - _BOTTOM, _TOP
    left, right = _LEFT, _WIDTH - _RIGHT
    for tick in horizontal.ticks():
        x = horizontal.place(tick)
        yield _stroke(x, bottom, x, top)
        yield _text(x, bottom + 15, _shown(tick), 'text-anchor="middle"')
    for tick in vertical.ticks():
        y = vertical.place(tick)
        yield _stroke(left, y, right, y)
        yield _text(left - 6, y + 4, _shown(tick), 'text-anchor="end"')


def _lines(horizontal: _Axis, vertical: _Axis, series: Mapping[str, Points]) -> Iterator[str]:
    taken: list[float] = []
    for number, (name, points) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        places = [(horizontal.place(x), vertical.place(y)) for x, y in sorted(points)]
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        for x, y in places:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        x, y = places[-1]
        # names of lines that end close together stand below each other
        while any(abs(y - other) < 13 for other in taken):
            y += 13
        taken.append(y)
        yield _text(x + 8, y + 4, name, f'fill="{colour}"')


def _stroke(x: float, y: float, to_x: float, to_y: float) -> str:
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="#dddddd"/>'


def _text(x: float, y: float, text: str, attributes: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" {attributes}>{escape(text)}</text>'


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"
