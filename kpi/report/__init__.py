"""Answer + Query → a clean Excel workbook whose numbers are live formulas.

    plan = ReportPlan("March", (start, end), "previous", {}, ("net_sales", "aov"), breakdowns=("channel",))
    workbook_bytes(shop.ask, shop.catalogue, plan, made_at=now)

A sheet is made as values first (`sheet`), one module a sheet (`summary`, `measures`, `breakdown`, `overtime`,
`workings`); `book` writes them, `sheets_preview` shows their first rows. Only measures are typed in: every KPI, change
and total is a formula over them, and stands beside the value that it had when the workbook was made. An A/B test has a
workbook of its own in the same way: `experiment_workbook` of `kpi.report.experiment`.
"""

from kpi.report.book import workbook_bytes
from kpi.report.experiment import experiment_workbook
from kpi.report.plan import ReportPlan
from kpi.report.sheets import SheetPreview, sheets_preview

__all__ = ["ReportPlan", "SheetPreview", "experiment_workbook", "sheets_preview", "workbook_bytes"]
