"""What a report shall hold: one frozen plan, and the questions that it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kpi.periods import Period
from kpi.query import Compare, Grain, Query
from kpi.wording import Language


@dataclass(frozen=True)
class ReportPlan:
    """One workbook. `period` None means all data; `grain` is that of the sheet over time; `link` opens the view."""

    title: str
    period: Period | None
    compare: Compare
    where: Mapping[str, Any]
    kpis: tuple[str, ...]
    breakdowns: tuple[str, ...] = ()
    grain: Grain = "month"
    language: Language = "en"
    link: str | None = None
    shop: str = field(default="", kw_only=True)

    @property
    def query(self) -> Query:
        """The question of the summary; the other sheets ask the same by a dimension or over time."""
        start, end = self.period or (None, None)
        return Query(kpis=self.kpis, where=self.where, start=start, end=end, compare=self.compare)
