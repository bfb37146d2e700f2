"""Native charts: built from cells, readable without colour, axes always named.

A series differs from its neighbour in dash or in the shape of its points as well as in colour.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.chart import AreaChart, BarChart, LineChart, Reference, ScatterChart, Series
from openpyxl.chart._chart import ChartBase
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import NumDataSource, NumRef, StrRef
from openpyxl.chart.error_bar import ErrorBars
from openpyxl.chart.legend import Legend, LegendEntry
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series as DataSeries
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)

from workbook.styles import FONT, INK, NAVY, ORANGE, RULE, SOFT, TEAL

WIDE, HIGH = 24, 10  # cm
BAND = "C7D7EA"
Dash = Literal["dash", "sysDash", "lgDash"]
_Framed = AreaChart | BarChart | LineChart | ScatterChart


def round_ends(values: Collection[float]) -> tuple[float, float]:
    """Round ends of an axis that holds all of these; 0 has a tick where it lies between them."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    step = 10.0 ** math.floor(math.log10(max(high - low, abs(high) / 10.0, 1e-300))) / 2.0
    if low < 0.0 < high and high - low > 4.0 * step:
        step *= 2.0
    return math.floor(low / step) * step, math.ceil(high / step) * step


@dataclass(frozen=True)
class Axes:
    """Titles and number formats of the two axes, and where they end; None: as the host likes."""

    x: str
    y: str
    x_format: str = "General"
    y_format: str = "#,##0"
    x_ends: tuple[float, float] | None = None
    y_ends: tuple[float, float] | None = None


def fan(
    title: str,
    axes: Axes,
    weeks: Reference,
    low: Reference,
    band: Reference,
    expected: Reference,
    current: Reference | None = None,
    floor: float | None = None,
    named: str = "",
) -> ChartBase:
    """A forecast with its range as a band, the recommended plan solid, the current one dashed.

    named  the cell that says what is drawn; "": what is expected
    """
    area = AreaChart()
    area.grouping = "stacked"
    for cells, name, colour in ((low, "", None), (band, "Range", BAND)):
        series = Series(cells, title=name or "below the range")
        series.graphicalProperties = GraphicalProperties(noFill=colour is None, solidFill=colour)
        series.graphicalProperties.line = LineProperties(noFill=True)
        area.series.append(series)
    area.set_categories(weeks)
    lines = LineChart()
    lines.series.append(_line(expected, "Expected", NAVY, 28_000))
    if named:
        lines.series[0].tx = SeriesLabel(strRef=StrRef(f=named))
    if current is not None:
        lines.series.append(_line(current, "Under the current plan", ORANGE, 19_000, "dash"))
    lines.set_categories(weeks)
    _frame(area, title, axes)
    area.y_axis.scaling.min = floor
    area += lines
    _leave_out(area, 0)
    return area


def lines(
    title: str, axes: Axes, weeks: Reference, series: Sequence[tuple[Reference, str]]
) -> ChartBase:
    """Lines over weeks: the first solid, the others dashed, each in its own way."""
    chart = LineChart()
    dashes: tuple[Dash | None, ...] = (None, "sysDash", "sysDash", "dash", "lgDash")
    colours = (NAVY, SOFT, SOFT, ORANGE, TEAL)
    for (cells, name), dash, colour in zip(series, dashes, colours, strict=False):
        chart.series.append(_line(cells, name, colour, 28_000 if dash is None else 15_000, dash))
    chart.set_categories(weeks)
    _frame(chart, title, axes)
    return chart


def curve(
    title: str,
    axes: Axes,
    x: Reference,
    y: Reference,
    bounds: Sequence[tuple[Reference, str]] = (),
    points: Sequence[tuple[Reference, Reference, str]] = (),
    name: str = "Expected",
) -> ChartBase:
    """A curve with its bounds; points are (x, y, name), each of another shape."""
    chart = ScatterChart()
    chart.style = 13
    chart.scatterStyle = "lineMarker"
    for index, (cells, series_name) in enumerate(((y, name), *bounds)):
        series = Series(cells, x, title=series_name)
        series.marker.symbol = "none"
        series.smooth = False
        series.graphicalProperties = (
            _stroke(SOFT, 12_000, "sysDash") if index else _stroke(NAVY, 28_000, None)
        )
        chart.series.append(series)
    shapes = (("circle", ORANGE), ("diamond", TEAL), ("triangle", INK))
    for (at, height, point), (symbol, colour) in zip(points, shapes, strict=False):
        series = Series(height, at, title=point)
        series.marker.symbol, series.marker.size = symbol, 10
        series.marker.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.marker.graphicalProperties.line = LineProperties(solidFill="FFFFFF")
        series.graphicalProperties = GraphicalProperties()
        series.graphicalProperties.line = LineProperties(noFill=True)
        chart.series.append(series)
    _frame(chart, title, axes)
    return chart


def columns(
    title: str, axes: Axes, names: Reference, series: Sequence[tuple[Reference, str]]
) -> ChartBase:
    """Columns side by side of amounts that are never below 0, so that they stand on 0."""
    chart = _columns(title, axes, names, series)
    chart.y_axis.scaling.min = 0.0
    return chart


def _columns(
    title: str, axes: Axes, names: Reference, series: Sequence[tuple[Reference, str]]
) -> BarChart:
    """Columns side by side; the second kind is hatched by an outline as well as by colour."""
    chart = BarChart()
    chart.type, chart.grouping, chart.gapWidth = "col", "clustered", 60
    for (cells, name), colour in zip(series, (RULE, NAVY, TEAL), strict=False):
        bar = Series(cells, title=name)
        bar.graphicalProperties = GraphicalProperties(solidFill=colour)
        bar.graphicalProperties.line = LineProperties(solidFill=INK, w=6_000)
        chart.series.append(bar)
    chart.set_categories(names)
    _frame(chart, title, axes)
    if len(series) == 1:
        chart.legend = None
    return chart


def differences(
    title: str,
    axes: Axes,
    names: Reference,
    values: Reference,
    up: Reference,
    down: Reference,
    ends: Sequence[Reference] = (),
) -> ChartBase:
    """Columns with their ranges: up and down are how far each reaches beyond its value.

    ends  of the ranges, where the axis is the host's to find: not every host looks at ranges
    """
    chart = _columns(title, axes, names, [(values, "Expected, with its range")])
    plus, minus = (NumDataSource(numRef=NumRef(f=str(cells))) for cells in (up, down))
    bars = ErrorBars(errDir="y", errBarType="both", errValType="cust", plus=plus, minus=minus)
    bars.spPr = GraphicalProperties(ln=LineProperties(solidFill=INK, w=12_000))
    chart.series[0].errBars = bars
    if ends:
        unseen = LineChart()
        for cells in ends:
            series = _line(cells, "End of the range", INK, 0)
            series.graphicalProperties.line = LineProperties(noFill=True)
            unseen.series.append(series)
        unseen.set_categories(names)
        chart += unseen
    return chart


def waterfall(
    title: str, axes: Axes, names: Reference, base: Reference, up: Reference, down: Reference
) -> ChartBase:
    """Steps from nothing to the total: an unseen base carries what goes up and what goes down.

    What takes away is hatched, so that colour alone does not tell the two apart.
    """
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "col", "stacked", 100, 40
    for cells, name, fill, edge in (
        (base, "base", GraphicalProperties(noFill=True), None),
        (up, "Adds", GraphicalProperties(solidFill=TEAL), TEAL),
        (down, "Takes away", _hatched(ORANGE), ORANGE),
    ):
        bar = Series(cells, title=name)
        bar.invertIfNegative = False
        bar.graphicalProperties = fill
        bar.graphicalProperties.line = LineProperties(noFill=edge is None, solidFill=edge, w=9_000)
        chart.series.append(bar)
    chart.set_categories(names)
    _frame(chart, title, axes)
    _leave_out(chart, 0)
    return chart


def _hatched(colour: str) -> GraphicalProperties:
    """Stripes of a colour on white."""
    stripes, paper = (GraphicalProperties(solidFill=each).solidFill for each in (colour, "FFFFFF"))
    return GraphicalProperties(
        pattFill=PatternFillProperties(prst="wdUpDiag", fgClr=stripes, bgClr=paper)
    )


def _leave_out(chart: ChartBase, index: int) -> None:
    """A series that only carries others has no place in the legend."""
    chart.legend = Legend(legendPos="b", legendEntry=[LegendEntry(idx=index, delete=True)])


def _line(
    cells: Reference, name: str, colour: str, width: int, dash: Dash | None = None
) -> DataSeries:
    series: DataSeries = Series(cells, title=name)
    series.graphicalProperties = _stroke(colour, width, dash)
    series.marker = Marker(symbol="none")
    series.smooth = False
    return series


def _stroke(colour: str, width: int, dash: Dash | None) -> GraphicalProperties:
    look = GraphicalProperties()
    look.line = LineProperties(solidFill=colour, w=width, prstDash=dash)
    return look


def _frame(chart: _Framed, title: str, axes: Axes) -> None:
    """Title, named axes that LibreOffice also shows, legend below, light grid."""
    chart.width, chart.height = WIDE, HIGH
    chart.title = _title(title, 1200, bold=True)
    chart.legend = Legend(legendPos="b")
    chart.x_axis.title, chart.y_axis.title = _title(axes.x, 900), _title(axes.y, 900)
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.txPr = RichText(p=[Paragraph(pPr=_letters(800), endParaRPr=CharacterProperties())])
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=SOFT, w=6_000))
    grid = GraphicalProperties(ln=LineProperties(solidFill="E5E7EB"))
    chart.y_axis.majorGridlines = ChartLines(spPr=grid)
    chart.x_axis.majorGridlines = None
    chart.y_axis.number_format = axes.y_format
    chart.x_axis.number_format = axes.x_format
    if not isinstance(chart, ScatterChart):
        chart.x_axis.tickLblPos = "low"
    elif axes.x_ends:
        chart.x_axis.scaling.min, chart.x_axis.scaling.max = axes.x_ends
    if axes.y_ends:
        chart.y_axis.scaling.min, chart.y_axis.scaling.max = axes.y_ends


def _title(text: str, size: int, bold: bool = False) -> Title:
    run = RegularTextRun(rPr=_characters(size, bold), t=text)
    paragraph = Paragraph(pPr=_letters(size, bold), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)


def _letters(size: int, bold: bool = False) -> ParagraphProperties:
    return ParagraphProperties(defRPr=_characters(size, bold))


def _characters(size: int, bold: bool) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, solidFill=INK, latin=Font(typeface=FONT))


__all__ = ["Axes", "columns", "curve", "differences", "fan", "lines", "round_ends", "waterfall"]
