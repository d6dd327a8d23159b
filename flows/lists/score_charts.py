"""The charts of the score workbook: bars whose numbers stand in the cells of the sheet that they are on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.chart import Chart

from flows.lists.form_sheet import FormSheet
from flows.lists.print_layout import FONT, HIGHEST_ROW, PrintedBook, put_chart

_COLOURS = ("#2F5597", "#5B9BD5", "#A5A5A5", "#70AD47", "#FFC000", "#C55A11")
_TEXT = {"name": FONT, "size": 9}
_TITLE = {"name": FONT, "size": 11, "bold": True}
_HEAD_AND_LEGEND, _BAR_HEIGHT = 80, 16
MOST_BARS = 30
"""More bars than these can't be told apart in a chart as high as a row can be."""


@dataclass(frozen=True)
class CellRange:
    """Cells of a sheet below each other, counted from 0."""

    sheet_name: str
    first_row: int
    last_row: int
    column: int

    def reference(self) -> list[str | int]:
        """As a chart names its cells."""
        return [self.sheet_name, self.first_row, self.column, self.last_row, self.column]


@dataclass(frozen=True)
class Bars:
    """One series: its name in the legend, and the cells with its numbers."""

    name: str
    cells: CellRange


class ChartedForm(FormSheet):
    """A form that can have charts between its tables."""

    @property
    def next_row(self) -> int:
        """The row that is written next, counted from 0."""
        return self._row

    def add_chart(self, chart: Chart, height: float) -> None:
        """A chart across the page, `height` points high."""
        put_chart(self._sheet, chart, self._row, self._widths, height)
        self._height += height
        self._row += 1


def chart_height(bars: int) -> float:
    """The height in points of a chart with that many bars."""
    return min(_HEAD_AND_LEGEND + _BAR_HEIGHT * bars, HIGHEST_ROW)


def stacked_bars(book: PrintedBook, title: str, names: CellRange, series: Sequence[Bars]) -> Chart:
    """A bar per name, made up of all series, the first name on top."""
    chart = book.new_chart(is_stacked=True)
    _fill(chart, title, names, series)
    return chart


def bars_beside(book: PrintedBook, title: str, names: CellRange, series: Sequence[Bars]) -> Chart:
    """For each name a bar of each series with its value."""
    chart = book.new_chart()
    _fill(chart, title, names, series, labelled=True)
    return chart


def _fill(
    chart: Chart, title: str, names: CellRange, series: Sequence[Bars], *, labelled: bool = False
) -> None:
    label = {"data_labels": {"value": True, "num_format": "0.##", "font": _TEXT}} if labelled else {}
    for bars, colour in zip(series, _COLOURS, strict=False):
        fill = {"fill": {"color": colour}, "border": {"color": "#FFFFFF", "width": 0.5}, "gap": 45}
        chart.add_series(
            {
                "name": bars.name,
                "categories": names.reference(),
                "values": bars.cells.reference(),
                **fill,
                **label,
            }
        )
    chart.set_title({"name": title, "name_font": _TITLE, "overlay": False})
    # names rise from the bottom unless reversed, and the numbers would then stand on top
    chart.set_y_axis({"reverse": True, "num_font": _TEXT, "major_tick_mark": "none"})
    chart.set_x_axis(
        {
            "min": 0,
            "num_font": _TEXT,
            "num_format": "0",
            "label_position": "high",
            "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9", "width": 0.5}},
        }
    )
    chart.set_legend({"position": "bottom", "font": _TEXT})
