"""The sheet over time: a row a bucket, the compared period beside it, and a chart of the first KPI."""

from __future__ import annotations

from datetime import date

from openpyxl.utils import get_column_letter

from kpi.answer import Answer
from kpi.buckets import Pair, compared_words, paired_buckets
from kpi.periods import bucket_start, buckets
from kpi.report.grid import Grid
from kpi.report.kinds import DASH
from kpi.report.naming import reference
from kpi.report.report import Report
from kpi.report.sheet import Cell, Chart, Kind, Line, Row, Sheet
from kpi.report.table import FIRST, HEADER, Column, table_head, table_rows, table_widths


def time_sheet(report: Report) -> Sheet:
    """The sheet of the plan's grain."""
    table = report.time
    w, name = report.words, report.sheet_names["time"]
    frame = table.answer.frame
    days = [stamp.date() for stamp in frame["date"]] if "date" in frame.columns else []
    keys = _key_columns(report, days, table.answer)
    grid = Grid(report, table, tuple(range(len(days))), keys=len(keys))
    has_table = bool(table.kpis and days)
    notes = report.notes_of(table) + (grid.notes() if has_table else [])
    if not has_table:
        rows = [*report.head(name), Row(), Row((Cell(w.t("There is nothing to show here."), look="note"),))]
        rows += [*report.notes(notes), *report.refusals(table.answer.refused)]
        return Sheet(name, tuple(rows), (24.0,), HEADER, (FIRST, FIRST - 1), is_frozen=False)
    columns = [*keys, *grid.columns()]
    lines = _chart_columns(report, grid, columns, days, table.answer.incomplete)
    below = [*report.notes(notes, at=len(keys) + 1), *report.refusals(table.answer.refused, at=len(keys) + 1)]
    anchor = grid.total_row + len(below) + 2
    chart = _chart(report, grid, columns, lines, days, anchor)
    to_chart = Cell(
        w.t("The chart stands below the table."),
        look="link",
        target=reference(name, f"{get_column_letter(len(keys) + 1)}{anchor}"),
    )
    return Sheet(
        name=name,
        rows=(
            *table_head(report, name, grid.keys, grid.columns_in_view, to_chart if chart else None),
            *table_rows([*columns, *lines], grid.total_row),
            *below,
        ),
        widths=table_widths(report, name, [*columns, *lines]),
        header=HEADER,
        body=(FIRST, grid.last),
        still=len(keys),
        folded=(grid.columns_in_view + 2, len(columns) + len(lines)),
        chart=chart,
    )


def _key_columns(report: Report, days: list[date], answer: Answer) -> list[Column]:
    """The bucket, the bucket that it is compared with, and what keeps a bucket from being whole."""
    w, grain, compared = report.words, report.plan.grain, answer.compared_period
    kind = Kind(grain)
    titles = {
        "day": w.t("Day"),
        "week": w.t("Week beginning"),
        "month": w.t("Month"),
        "quarter": w.t("Quarter beginning"),
        "year": w.t("Year"),
    }
    found = [Column(titles[grain], [Cell(day, kind, "key") for day in days], Cell(w.t("Total"), look="total"), False)]
    if compared:
        others: list[date | None] = [*buckets(compared, grain), *[None] * len(days)]
        cells = [Cell(other or DASH, kind, "quiet") for other, _ in zip(others, days, strict=False)]
        found.append(Column(w.t("Compared with"), cells, Cell("", look="total"), False))
    pairs = {pair.ours.start: pair for pair in paired_buckets(answer)}
    marks = {day: mark for day in days if (mark := _marks(report, pairs[day], answer.incomplete))}
    if marks:
        cells = [Cell(marks.get(day, ""), look="quiet") for day in days]
        found.append(Column(w.t("Mark"), cells, Cell("", look="total"), False))
    return found


def _marks(report: Report, pair: Pair, incomplete: date | None) -> str:
    """Why a bucket is not whole, and where the one beside it holds other than as many days."""
    uneven = "" if pair.is_even else report.words.t("compared with {days}", days=compared_words(report.words, pair))
    return " · ".join(mark for mark in (_mark(report, pair.ours.start, incomplete), uneven) if mark)


def _mark(report: Report, day: date, incomplete: date | None) -> str:
    """Why a bucket is not whole, in words; empty where it is."""
    start = report.summary.answer.period[0] if report.summary.answer.period else day
    if day == incomplete:
        return report.words.t("incomplete")
    if incomplete and day > incomplete:
        return report.words.t("no data yet")
    is_cut = day < start and bucket_start(start, report.plan.grain) == day
    return report.words.t("only from {day}", day=start) if is_cut else ""


def _chart_columns(
    report: Report, grid: Grid, columns: list[Column], days: list[date], incomplete: date | None
) -> list[Column]:
    """The first KPI once more for the chart, where a bucket that is undefined or not over is missing, not zero."""
    kpi = grid.table.kpis[0]
    found = []
    for place in range(grid.keys, grid.keys + 1 + grid.has_compared):
        letter, source = get_column_letter(place + 1), columns[place]
        cells: list[Cell] = []
        for row, (cell, day) in enumerate(zip(source.cells, days, strict=True), FIRST):
            assert cell is not None
            is_open = incomplete is not None and day >= incomplete and place == grid.keys
            value = cell.value if isinstance(cell.value, float) and not is_open else None
            formula = "=NA()" if is_open else f"=IF(ISNUMBER({letter}{row}),{letter}{row},NA())"
            cells.append(Cell(value, cell.kind, "faint", formula))
        title = report.words.t("{kpi}: for the chart", kpi=source.title if place > grid.keys else report.kpi_name(kpi))
        found.append(Column(title, cells))
    return found


def _chart(
    report: Report, grid: Grid, columns: list[Column], lines: list[Column], days: list[date], anchor: int
) -> Chart | None:
    """The chart's lines; none where fewer than two buckets are whole."""
    kpi, first = grid.table.kpis[0], len(columns) + 1
    drawn = []
    for place, line in enumerate(lines):
        values = tuple(cell.value if cell and isinstance(cell.value, float) else None for cell in line.cells)
        period = grid.table.answer.compared_period if place else grid.table.answer.period
        drawn.append(Line(first + place, report.words.period(*period) if period else "", values, bool(place)))
    if sum(value is not None for value in drawn[0].values) < 2:
        return None
    drawn = [line for line in drawn if any(value is not None for value in line.values)]
    kind = lines[0].cells[0].kind if lines[0].cells[0] else Kind("number")
    return Chart(
        report.kpi_name(kpi), kind, Kind(report.plan.grain), tuple(days), FIRST, grid.last, tuple(drawn), anchor
    )
