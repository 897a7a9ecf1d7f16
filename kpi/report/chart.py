"""The native line chart of the sheet over time."""

from __future__ import annotations

from dataclasses import replace

from openpyxl.chart import LineChart, Reference, Series
from openpyxl.chart.axis import DateAxis
from openpyxl.chart.data_source import NumData, NumVal
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.chart.title import Title, title_maker
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from kpi.report.kinds import number_format
from kpi.report.looks import ACCENT, FONT, LINES, TEXT, UNDECIDED
from kpi.report.sheet import Chart, Line
from kpi.wording import Words

_WIDTH_CM, _HEIGHT_CM = 26.0, 9.5
_UNITS = {"day": "days", "week": "days", "month": "months", "quarter": "months", "year": "years"}
_MOST_TICKS = 12


def line_chart(sheet: Worksheet, chart: Chart, words: Words) -> LineChart:
    """The chart, with the values that it has now, so that it shows before anything is computed anew."""
    drawn = LineChart()
    drawn.width, drawn.height = _WIDTH_CM, _HEIGHT_CM
    drawn.title = _title(chart.title)
    drawn.legend.position = "b"
    drawn.legend.txPr = _text(9)
    if len(chart.lines) == 1:
        drawn.legend = None
    drawn.visible_cells_only = False
    drawn.display_blanks = "span"  # LibreOffice draws a gap of #N/A as zero
    days = Reference(sheet, min_col=1, min_row=chart.first, max_row=chart.last)
    for line in chart.lines:
        drawn.series.append(_series(sheet, chart, line))
    drawn.set_categories(days)
    _draw_axes(drawn, chart, words)
    return drawn


def _series(sheet: Worksheet, chart: Chart, line: Line) -> Series:
    values = Reference(sheet, min_col=line.column, min_row=chart.first, max_row=chart.last)
    series = Series(values, title=line.name)
    points = [NumVal(idx=place, v=repr(value)) for place, value in enumerate(line.values) if value is not None]
    series.val.numRef.numCache = NumData(formatCode="General", ptCount=len(line.values), pt=points)
    series.smooth = False
    series.marker.symbol = "none"
    colour, dash = (UNDECIDED, "dash") if line.is_compared else (ACCENT, "solid")
    width = 19050 if line.is_compared else 28575
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=colour, prstDash=dash, w=width))
    return series


def _draw_axes(drawn: LineChart, chart: Chart, words: Words) -> None:
    """Days below, values on the left. Money and counts begin at zero; a rate begins where its data is."""
    days = DateAxis(crossAx=100)
    days.axPos = "b"
    days.number_format = number_format(chart.days_kind, words)
    days.majorTimeUnit, days.majorUnit = _UNITS[chart.days_kind.written], _tick_step(chart)
    days.tickLblPos, days.txPr, days.delete = "low", _text(9), False
    days.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=LINES))
    drawn.x_axis = days
    values = drawn.y_axis
    values.crossAx, values.delete, values.txPr = 500, False, _text(9)
    known = [value for line in chart.lines for value in line.values if value is not None]
    has_decimals = chart.kind.written not in ("money", "count") or max(known) < 10
    values.number_format = number_format(chart.kind if has_decimals else replace(chart.kind, digits=0), words)
    values.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINES, w=6350))
    values.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    if chart.kind.written in ("money", "count") and min(known) >= 0:
        values.scaling.min = 0


def _tick_step(chart: Chart) -> int:
    """Units between two ticks, so that the labels do not touch."""
    per_bucket = {"week": 7, "quarter": 3}.get(chart.days_kind.written, 1)
    return per_bucket * -(-len(chart.days) // _MOST_TICKS)


def _title(text: str) -> Title:
    """The title in the house's letters, at the left."""
    title = title_maker(text)
    for paragraph in title.tx.rich.paragraphs:
        paragraph.pPr = ParagraphProperties(defRPr=_letters(12, bold=True))
        for run in paragraph.r or []:
            run.rPr = _letters(12, bold=True)
    title.overlay = False
    title.layout = Layout(manualLayout=ManualLayout(xMode="edge", yMode="edge", x=0.012, y=0.02))
    return title


def _text(size: int) -> RichText:
    return RichText(
        p=[Paragraph(r=[], pPr=ParagraphProperties(defRPr=_letters(size)), endParaRPr=CharacterProperties())]
    )


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size * 100, b=bold, solidFill=TEXT, latin=Font(typeface=FONT))
