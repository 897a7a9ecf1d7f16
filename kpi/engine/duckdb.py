"""The embedded engine: asks DuckDB and hands back an Answer. Knows no Streamlit and keeps nothing but what is held.

One answer is read in one transaction: frame, totals and compared values stand on the same data, whatever is being
imported meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pandas as pd

from kpi.answer import Answer, Receipt
from kpi.engine.comparison import aligned, incomparable, joined
from kpi.engine.compiler import Compiled, compile_query, where_sql
from kpi.engine.holdings import Holdings, holdings
from kpi.engine.notes import covered_days, first_clipped_bucket, last_incomplete_bucket, notes
from kpi.engine.receipts import receipt
from kpi.engine.scope import Scope, scope, total_query
from kpi.engine.totals import totals_of_groups
from kpi.errors import DataChanged
from kpi.model import Catalogue
from kpi.periods import Period, compared_period
from kpi.query import Query
from kpi.wording.message import Message, message

Rows = Callable[..., list[tuple[Any, ...]]]
_KEPT_TOTALS = 20_000
_UNASKED = "unasked"
_VERSION = "select value::varchar from settings where name = 'data_version'"


class Engine:
    """Answers queries over one workspace's facts.

    `reading()` opens a snapshot and gives `rows(sql, parameters)`, which fetches all rows of a statement in it.
    """

    def __init__(self, model: Catalogue, reading: Callable[[], AbstractContextManager[Rows]]) -> None:
        self._model, self._reading = model, reading
        self._held: Holdings | None = None
        self._totals: dict[tuple[Any, ...], Any] = {}

    def holdings(self) -> Holdings:
        """What is there now."""
        with self._reading() as rows:
            return self._held_in(rows)

    def scope(self, query: Query) -> Scope:
        """What of the query can be computed, without computing it."""
        with self._reading() as rows:
            return self._asking(rows).scope(query)

    def ask(self, query: Query) -> Answer:
        """Raises: UnknownKpi: a KPI or dimension that the catalogue does not have."""
        with self._reading() as rows:
            asking = self._asking(rows)
            return asking.answer(query, partial(self._explained, query))

    def _explained(self, query: Query, answered: Answer, kpi: str, keys: Mapping[str, Any]) -> Receipt:
        with self._reading() as rows:
            held = self._held_in(rows)
            if held.version != answered.data_version:
                raise DataChanged(
                    message("The data has changed since"),
                    message("This number was computed before the last import or undo."),
                    message("Open the view again."),
                )
            asking = _Asking(self._model, rows, held, self._totals)
            # of all KPIs of the answer only this one is asked about, over the same days
            start, end = answered.period or (query.start, query.end)
            alone = query.but(kpis=(kpi,), start=start, end=end)
            found = asking.scope(alone)
            whole = None if keys else total_query(alone, found)
            return receipt(self._model, rows, asking.scope(whole) if whole else found, answered, alone, keys)

    def _asking(self, rows: Rows) -> _Asking:
        return _Asking(self._model, rows, self._held_in(rows), self._totals)

    def _held_in(self, rows: Rows) -> Holdings:
        """What this snapshot holds; read again only when the data version has changed."""
        found = rows(_VERSION)
        version = int(found[0][0]) if found else 0
        held = self._held
        if held is None or held.version != version:
            held = self._held = holdings(rows, version, self._model)
            self._totals.clear()
        return held


@dataclass(frozen=True)
class _Asking:
    """One question to one snapshot. `kept`: totals asked before, for breakdowns of one view have them in common."""

    model: Catalogue
    rows: Rows
    held: Holdings
    kept: dict[tuple[Any, ...], Any]

    def answer(self, query: Query, explain: Callable[[Answer, str, Mapping[str, Any]], Receipt]) -> Answer:
        found = self.scope(query)
        compiled, frame = self._run(query, found)
        totals = self._totals(query, found, frame)
        compared, compared_covered, frame, totals_compared = self._compare(query, found, frame)
        refused = dict(found.refused)
        _refuse_empty(found, frame, refused, self.model)
        measures = list(compiled.keys) + [f"m_{name}" for name in compiled.measures] if compiled else []
        return Answer(
            query=query,
            frame=_visible(query, frame, bool(compared)),
            totals=totals,
            totals_compared=totals_compared,
            refused=refused,
            notes=tuple(dict.fromkeys(found.notes)),
            coverage=found.coverage,
            currencies=found.currencies,
            period=found.period,
            compared_period=compared,
            incomplete=last_incomplete_bucket(query, found),
            clipped=first_clipped_bucket(query, found),
            covered=covered_days(found),
            compared_covered=compared_covered,
            data_version=self.held.version,
            sql=compiled.sql if compiled else "",
            parameters=compiled.parameters if compiled else (),
            tax=self.held.tax,
            measures=frame.iloc[:, : len(measures)] if compiled else frame,
            explain=explain,
        )

    def scope(self, query: Query) -> Scope:
        found = scope(query, self.model, self.held, self._currencies_in)
        found.notes += notes(query, self.model, self.held, found)
        return found

    def _run(self, query: Query, found: Scope) -> tuple[Compiled | None, pd.DataFrame]:
        if found.period is None or not found.kpis:
            return None, pd.DataFrame()
        compiled = compile_query(query, found, self.model)
        columns = [*compiled.keys, *(f"m_{name}" for name in compiled.measures), *compiled.kpis]
        return compiled, _frame(self.rows(compiled.sql, compiled.parameters), columns, len(compiled.keys))

    def _totals(self, query: Query, found: Scope, frame: pd.DataFrame) -> dict[str, float | None]:
        if not found.kpis:
            return {}
        if whole := total_query(query, found):
            totals = self._totals(whole, whole_scope := self.scope(whole), self._run(whole, whole_scope)[1])
            return {kpi: totals.get(kpi) for kpi in found.kpis}
        names = self._total_names(query, found)
        kept = [self.kept.get(name, _UNASKED) for name in names]
        if not query.by and not query.grain:
            kept = frame.to_numpy()[0, -len(found.kpis) :].tolist()
        elif _UNASKED in kept:
            known = totals_of_groups(found, frame, self.model)
            if rest := tuple(kpi for kpi in found.kpis if kpi not in known):
                compiled = compile_query(query.but(by=(), grain=None), found.of(rest, self.model), self.model)
                known |= zip(rest, self.rows(compiled.sql, compiled.parameters)[0][-len(rest) :], strict=True)
            kept = [known[kpi] for kpi in found.kpis]
        if len(self.kept) > _KEPT_TOTALS:
            self.kept.clear()
        self.kept.update(zip(names, kept, strict=True))
        pairs = zip(found.kpis, kept, strict=True)
        return {kpi: None if kpi in found.mixed else _number(value) for kpi, value in pairs}

    def _total_names(self, query: Query, found: Scope) -> list[tuple[Any, ...]]:
        """What decides the total of each KPI: the data, the days, the filters, and the rows that serve its measures."""
        view = (self.held.version, found.period, tuple(sorted(query.where.items())))
        formulas = (self.model.kpis[kpi].formula for kpi in found.kpis)
        return [
            (kpi, *view, *(found.served[name] for name in formula.names))
            for kpi, formula in zip(found.kpis, formulas, strict=True)
        ]

    def _compare(
        self, query: Query, found: Scope, frame: pd.DataFrame
    ) -> tuple[Period | None, Period | None, pd.DataFrame, dict[str, float | None]]:
        """The same question about the compared period, joined to the frame; buckets align by position."""
        if query.compare is None or found.period is None or not found.kpis:
            return None, None, frame, {}
        period = compared_period(found.period, query.compare)
        assert period is not None
        other = query.but(start=period[0], end=period[1], compare=None)
        other_scope = self.scope(other)
        left_out = incomparable(found, other_scope, self.model)
        found.notes += left_out.values()
        _, other_frame = self._run(other, other_scope)
        totals = self._totals(other, other_scope, other_frame)
        other_frame = aligned(other_frame, query, found.period, period)
        kept = {kpi: value for kpi, value in totals.items() if kpi not in left_out}
        whole = joined(query, found, self.model, frame, other_frame, kept)
        return period, covered_days(other_scope), whole, kept

    def _currencies_in(self, table: str, query: Query, period: Period) -> frozenset[str]:
        column = "period_start" if self.model.tables[table].is_report else "day"
        parameters: list[Any] = list(period)
        filters = where_sql(query.where, parameters)
        sql = f"SELECT DISTINCT currency FROM facts.{table} WHERE {column} BETWEEN ? AND ?{filters} AND currency IS NOT NULL"
        return frozenset(name for (name,) in self.rows(sql, parameters))


def _frame(rows: list[tuple[Any, ...]], columns: list[str], key_count: int) -> pd.DataFrame:
    """Keys as they are (dates as timestamps, missing values as None), all else as floats."""
    numbers = np.array([row[key_count:] for row in rows], dtype="float64").reshape(len(rows), len(columns) - key_count)
    frame = pd.DataFrame(numbers, columns=_index(tuple(columns[key_count:])))
    for place, name in enumerate(columns[:key_count]):
        values = pd.Series([row[place] for row in rows], dtype="object")
        frame.insert(place, name, pd.to_datetime(values) if name == "date" else values)
    return frame


@lru_cache(maxsize=256)
def _index(names: tuple[str, ...]) -> pd.Index:
    """The names as pandas wants them; to make it anew costs as much as a small statement."""
    return pd.Index(list(names))


def _visible(query: Query, frame: pd.DataFrame, is_compared: bool) -> pd.DataFrame:
    if frame.empty and not len(frame.columns):
        return frame
    keys = (["date"] if query.grain else []) + list(query.by)
    kpis = [kpi for kpi in query.kpis if kpi in frame.columns]
    if not keys and not is_compared:
        # the KPIs stand last, in this order; a slice costs a tenth of a choice of columns
        return frame.iloc[:, len(frame.columns) - len(kpis) :]
    compared = [f"{kpi}_compared" for kpi in kpis] if is_compared else []
    return frame[[*keys, *kpis, *compared]]


def _refuse_empty(found: Scope, frame: pd.DataFrame, refused: dict[str, Message], model: Catalogue) -> None:
    """Unique users that no group holds exactly once have no value anywhere: say so instead of showing nothing."""
    for kpi in found.kpis:
        if any(measure.sole for measure in model.measures_of(kpi)) and frame[kpi].isna().all():
            refused[kpi] = message(
                "Unique users cannot be added up; they are known only in the breakdown of the report."
            )


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)
