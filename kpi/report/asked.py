"""The questions of one sheet, asked, and which of their numbers can stand beside each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from kpi.answer import Answer
from kpi.model import Catalogue, Kpi, Measure
from kpi.query import Query
from kpi.wording.message import Message, message

Ask = Callable[[Query], Answer]


@dataclass(frozen=True)
class Asked:
    """An answer and, where there is a comparison, that of the compared period with its own measures."""

    catalogue: Catalogue
    answer: Answer
    other: Answer | None

    @cached_property
    def kpis(self) -> tuple[Kpi, ...]:
        """The KPIs that could be computed, in the order asked for."""
        answer = self.answer
        return tuple(
            self.catalogue.kpis[id] for id in answer.query.kpis if id in answer.totals and id not in answer.refused
        )

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """What the formulas of these KPIs use, in order of first use."""
        names = dict.fromkeys(name for kpi in self.kpis for name in kpi.formula.names)
        return tuple(self.catalogue.measures[name] for name in names)

    def column(self, name: str) -> list[float | None]:
        """A KPI's values, row by row."""
        return _numbers(self.answer.frame, name)

    def measure(self, name: str) -> list[float | None]:
        """A measure's values, row by row."""
        return _numbers(self.answer.measures, f"m_{name}")

    def compared_measure(self, name: str) -> list[float | None]:
        """A measure's values in the compared period; the buckets of two periods align by their position."""
        rows = len(self.answer.measures)
        found = _numbers(self.other.measures, f"m_{name}") if self.other else []
        return [*found, *[None] * rows][:rows]

    def currency(self, measure: Measure, *, compared: bool = False) -> str | None:
        """The one currency of a measure of money."""
        answer = self.other if compared and self.other else self.answer
        users = (id for id in answer.currencies if measure.id in self.catalogue.kpis[id].formula.names)
        return next((answer.currencies[id] for id in users), None) if measure.unit == "money" else None

    def not_compared(self, kpi: Kpi) -> Message | None:
        """Why a KPI of this answer has no number in the compared period; None where it has."""
        if self.other is None:
            return message("There is no comparison.")
        if kpi.id in self.other.refused or kpi.id not in self.other.totals:
            return self.other.refused.get(kpi.id, message("The compared period has no rows."))
        ours, theirs = self.answer.currencies.get(kpi.id), self.other.currencies.get(kpi.id)
        if kpi.unit == "money" and ours and theirs and ours != theirs:
            return message("The compared period is in {currency}, and currencies are never compared.", currency=theirs)
        return None


def asked(ask: Ask, catalogue: Catalogue, query: Query) -> Asked:
    """The answer, and the same question about the compared period."""
    answer = ask(query)
    if answer.compared_period is None:
        return Asked(catalogue, answer, None)
    start, end = answer.compared_period
    return Asked(catalogue, answer, ask(query.but(start=start, end=end, compare=None)))


def _numbers(frame: pd.DataFrame, name: str) -> list[float | None]:
    """A column as plain numbers, None where undefined; of a column that is not there, nothing."""
    if name not in frame.columns:
        return [None] * len(frame)
    return [None if value != value else value for value in frame[name].tolist()]
