"""The measures sheet: everything that the summary's formulas use, each value typed in once."""

from __future__ import annotations

from kpi.model import Measure
from kpi.report.kinds import kind_of
from kpi.report.live import typed_cell
from kpi.report.naming import reference
from kpi.report.report import Report
from kpi.report.sheet import Cell, Row, Sheet

HEADER = 4
FIRST = HEADER + 1


def measure_cells(report: Report, *, compared: bool = False) -> dict[str, str]:
    """Measure → the cell of the measures sheet that holds its value, as other sheets name it."""
    sheet, letter = report.sheet_names["measures"], "C" if compared else "B"
    return {one.id: reference(sheet, f"${letter}${row}") for row, one in enumerate(report.summary.measures, FIRST)}


def measures_sheet(report: Report) -> Sheet:
    """A row a measure: value, compared value, table, what it counts, and its definition."""
    w, summary = report.words, report.summary
    has_compared = summary.other is not None
    titles = [Cell(w.t("Measure"), look="header"), Cell(w.t("Value"), look="header_number")]
    titles += [Cell(w.t("Compared"), look="header_number")] if has_compared else []
    titles.append(Cell(w.t("Table"), look="header_line"))
    titles += [Cell(text, look="header") for text in (w.t("What it counts"), w.t("Definition in SQL"))]
    hint = Cell(
        w.t("The only typed-in values: change one, and every KPI of the summary that uses it follows."), look="note"
    )
    rows = [*report.head(report.sheet_names["measures"]), Row((hint,)), Row(tuple(titles), height=24)]
    rows += [_row(report, measure, has_compared) for measure in summary.measures]
    if not summary.measures:
        rows.append(Row((Cell(w.t("There is nothing to show here."), look="note"),)))
    widths = (40.0, 18.0, *([18.0] if has_compared else []), 18.0, 62.0, 70.0)
    return Sheet(report.sheet_names["measures"], tuple(rows), widths, HEADER, (FIRST, HEADER + len(summary.measures)))


def _row(report: Report, measure: Measure, has_compared: bool) -> Row:
    summary, w = report.summary, report.words
    value, other = report.measures[measure.id], report.compared_measures[measure.id]
    kind = kind_of(measure.unit, summary.currency(measure), [value, other])
    cells = [Cell(report.measure_name(measure), look="key"), typed_cell(value, kind)]
    if has_compared:
        compared_kind = kind_of(measure.unit, summary.currency(measure, compared=True), [value, other])
        cells.append(typed_cell(other, compared_kind))
    table = w.say(report.catalogue.tables[measure.table].name)
    return Row(
        (
            *cells,
            Cell(table, look="line"),
            Cell(_scope(report, measure), look="prose"),
            Cell(measure.sql, look="definition"),
        )
    )


def _scope(report: Report, measure: Measure) -> str:
    """Which rows count, in a sentence or two."""
    w, reasons = report.words, report.catalogue.reasons
    found = {
        "period": w.t("The days of the period."),
        "closing": w.t("The last counted day of the period."),
        "days_30_to_end": w.t("The 30 days that end with the period."),
        "year_to_end": w.t("The 12 months that end with the period."),
        "year_to_start": w.t("The 12 months before the period."),
    }[measure.span]
    left = tuple(reasons[name].name for name in measure.left_out if measure.table in reasons[name].tables)
    if left:
        found += " " + w.t("Left out: {reasons}.", reasons=left)
    return found if measure.additive else found + " " + w.t("Cannot be added up over groups.")
