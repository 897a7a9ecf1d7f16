"""Answer: the numbers of one query, and a receipt for every one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from kpi.errors import UnknownKpi
from kpi.model import Kpi
from kpi.periods import Period
from kpi.query import Query
from kpi.wording.message import Message, Text, message


@dataclass(frozen=True)
class LeftOut:
    """Rows that a number leaves out: why, and how many."""

    reason: Text
    count: int
    detail: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """An import that a number came from."""

    import_id: int
    name: str
    rows: int


@dataclass(frozen=True)
class Receipt:
    """How one number came about.

    `measures` has every measure of the formula with its value; `numerator` and `denominator` are the two sides of a
    ratio, None for a plain sum. `n` counts the rows behind it (orders, lines, report rows) by table.
    """

    kpi: Kpi
    value: float | None
    measures: Mapping[str, float | None]
    numerator: float | None
    denominator: float | None
    n: Mapping[str, int]
    left_out: tuple[LeftOut, ...]
    imports: tuple[Source, ...]
    sql: str
    parameters: tuple[Any, ...]
    period: Period | None
    currency: str | None
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Answer:
    """The numbers of one query.

    `frame`: the keys (`date` where there is a grain, then a column a dimension, None where unknown), then a column a
        KPI named by its id (float, NaN where undefined), with a comparison also `<id>_compared`.
    `totals`: KPI → value over all rows, never summed from the frame. `totals_compared` likewise.
    `refused`: KPI → why it cannot be computed. `currencies`: money KPI → the one currency it is in.
    `incomplete`: the first day of a last bucket that is not over, or None; `clipped` likewise of a first bucket that
        begins before the period or the data. `covered`, `compared_covered`: the days of either period that the rows
        behind the numbers reach. `tax`: whether amounts of orders are without VAT or with it, where known.
    """

    query: Query
    frame: pd.DataFrame
    totals: Mapping[str, float | None]
    totals_compared: Mapping[str, float | None]
    refused: Mapping[str, Message]
    notes: tuple[Message, ...]
    coverage: Mapping[str, tuple[Period, ...]]
    currencies: Mapping[str, str]
    period: Period | None
    compared_period: Period | None
    incomplete: date | None
    clipped: date | None
    covered: Period | None
    compared_covered: Period | None
    data_version: int
    sql: str
    parameters: tuple[Any, ...]
    tax: Literal["net", "gross"] | None
    measures: pd.DataFrame = field(repr=False)
    explain: Callable[[Answer, str, Mapping[str, Any]], Receipt] = field(repr=False, compare=False)

    @property
    def currency(self) -> str | None:
        """The one currency of all money in this answer; None where there is no money or more than one."""
        found = set(self.currencies.values())
        return found.pop() if len(found) == 1 else None

    def receipt(self, kpi: str, **keys: Any) -> Receipt:
        """How the number of `kpi` came about, in the group that `keys` names (all of it without keys).

        Raises: UnknownKpi: the answer has no such KPI or dimension. DataChanged: the data is no longer the answer's.
        """
        known = (*self.query.by, "date") if self.query.grain else self.query.by
        unknown = [name for name in keys if name not in known]
        if kpi not in self.query.kpis or unknown:
            raise UnknownKpi(
                message("There is no such number in this answer"),
                message("Asked for: {name}.", name=unknown[0] if unknown else kpi),
                message("Use a KPI and the dimensions of the query."),
            )
        return self.explain(self, kpi, MappingProxyType(dict(keys)))


def with_frame(answer: Answer, frame: pd.DataFrame) -> Answer:
    """The same answer with some rows of its frame, or in another order."""
    return replace(answer, frame=frame)
