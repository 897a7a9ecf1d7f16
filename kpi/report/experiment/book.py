"""All sheets of an experiment's workbook, in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kpi.experiment import Comparison, Observed, Plan, Verdict
from kpi.report.book import book_bytes
from kpi.report.experiment.days import days_sheet
from kpi.report.experiment.result import result_sheet
from kpi.report.experiment.tested import Tested
from kpi.report.experiment.workings import workings
from kpi.wording import Language, words


def experiment_workbook(
    observed: Observed,
    plan: Plan,
    verdict: Verdict,
    secondary: tuple[Comparison, ...] = (),
    beside: Mapping[str, tuple[Comparison, ...]] | None = None,
    *,
    language: Language,
    made_at: datetime,
    title: str = "",
    link: str | None = None,
) -> bytes:
    """The workbook of one experiment as .xlsx, in the reader's language.

    verdict, secondary, beside: what `kpi.experiment` said of the same `observed` and `plan`, the latter of the primary
    metric · made_at: the time that stands in it, on the reader's clock · link: opens the view.
    """
    tested = Tested(observed, plan, verdict, secondary, beside or {}, words(language), made_at, title, link)
    metrics = [workings(tested, block) for block in tested.blocks]
    first = result_sheet(tested, dict(enumerate(metrics)))
    days = days_sheet(tested)
    sheets = [first, *([days] if days else []), *(one.sheet for one in metrics)]
    return book_bytes(sheets, tested.words, title or tested.words.t("A/B test"), made_at)
