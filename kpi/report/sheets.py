"""All sheets of a report in order, and their preview."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kpi.model import Catalogue
from kpi.report.asked import Ask
from kpi.report.breakdown import breakdown_sheet
from kpi.report.kinds import shown
from kpi.report.measures import measures_sheet
from kpi.report.overtime import time_sheet
from kpi.report.plan import ReportPlan
from kpi.report.report import Report
from kpi.report.sheet import Sheet
from kpi.report.summary import summary_sheet
from kpi.report.workings import Workings


@dataclass(frozen=True)
class SheetPreview:
    """What a sheet will hold: its name, its column titles, its first rows as text, and how many rows it has in all.
    `numbers`: the places of the columns of numbers."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_count: int
    numbers: frozenset[int]


def all_sheets(report: Report, receipts: int | None = None) -> tuple[Sheet, ...]:
    """Every sheet in order. `receipts`: of how many KPIs the workings are told, all where None."""
    plan, names, workings = report.plan, report.sheet_names, Workings(report, receipts)
    answers = [(names["summary"], report.summary.answer)]
    answers += [(names[f"by {id}"], table.answer) for id, table in report.breakdowns.items()]
    answers.append((names["time"], report.time.answer))
    return (
        summary_sheet(report, workings.sources, workings.places),
        measures_sheet(report),
        *(breakdown_sheet(report, id) for id in plan.breakdowns),
        time_sheet(report),
        workings.sheet(answers),
    )


def sheets_preview(
    ask: Ask, catalogue: Catalogue, plan: ReportPlan, *, made_at: datetime, rows: int = 6
) -> tuple[SheetPreview, ...]:
    """The first `rows` rows of every sheet's table, as the workbook will show them.

    Of the workings only the first KPI is told, so that a preview costs no more than its questions.
    Raises: UnknownKpi: the plan names a KPI or dimension that the catalogue does not have.
    """
    report = Report(ask, catalogue, plan, made_at)
    *tables, workings = (_preview(sheet, report, rows) for sheet in all_sheets(report, receipts=1))
    # how long the workings will be is known only once all of them are told
    return (*tables, replace(workings, row_count=len(workings.rows)))


def _preview(sheet: Sheet, report: Report, count: int) -> SheetPreview:
    header, *rows = sheet.table(count)
    texts = [tuple(shown(cell, report.words) for cell in cells) for cells in (header, *rows)]
    numbers = frozenset(place for place, cell in enumerate(header) if cell and cell.look == "header_number")
    first, last = sheet.body
    return SheetPreview(sheet.name, texts[0], tuple(texts[1:]), max(last - first + 1, 0), numbers)
