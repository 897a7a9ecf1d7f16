"""The embedded engine: asks DuckDB and hands back an Answer. Knows no Streamlit and keeps no state but its caches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from kpi.answer import Answer, Receipt
from kpi.engine.comparison import aligned, incomparable, joined
from kpi.engine.compiler import Compiled, compile_query, where_sql
from kpi.engine.holdings import Holdings, holdings
from kpi.engine.notes import first_clipped_bucket, last_incomplete_bucket, notes
from kpi.engine.receipts import receipt
from kpi.engine.scope import Scope, scope
from kpi.model import Catalogue
from kpi.periods import Period, compared_period
from kpi.query import Query
from kpi.wording.message import Message, message

Rows = Callable[..., list[tuple[Any, ...]]]


class Engine:
    """Answers queries over one workspace's facts.

    `rows(sql, parameters)` runs a statement on a cursor of its own and fetches all; `version()` is the data version.
    """

    def __init__(self, model: Catalogue, rows: Rows, version: Callable[[], int]) -> None:
        self._model, self._rows, self._version = model, rows, version
        self._held: Holdings | None = None

    def holdings(self) -> Holdings:
        """What is there now; read again only when the data version has changed."""
        version = self._version()
        if self._held is None or self._held.version != version:
            reports = tuple(table.id for table in self._model.tables.values() if table.is_report)
            self._held = holdings(self._rows, version, reports)
        return self._held

    def ask(self, query: Query) -> Answer:
        """Raises: UnknownKpi: a KPI or dimension that the catalogue does not have."""
        held = self.holdings()
        found = self.scope(query, held)
        compiled, frame = self._run(query, found)
        totals = self._totals(query, found, frame)
        compared, frame, totals_compared = self._compare(query, found, held, frame)
        refused = dict(found.refused)
        _refuse_empty(found, frame, refused, self._model)
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
            data_version=held.version,
            sql=compiled.sql if compiled else "",
            parameters=compiled.parameters if compiled else (),
            measures=frame[measures] if compiled else frame,
            explain=partial(self._receipt, query, found, frame, compiled, held),
        )

    def scope(self, query: Query, held: Holdings | None = None) -> Scope:
        """What of the query can be computed, without computing it."""
        held = held or self.holdings()
        found = scope(query, self._model, held, self._currencies_in)
        found.notes += notes(query, self._model, held, found)
        return found

    def _run(self, query: Query, found: Scope) -> tuple[Compiled | None, pd.DataFrame]:
        if found.period is None or not found.kpis:
            return None, pd.DataFrame()
        compiled = compile_query(query, found, self._model)
        columns = [*compiled.keys, *(f"m_{name}" for name in compiled.measures), *compiled.kpis]
        return compiled, _frame(self._rows(compiled.sql, compiled.parameters), columns, len(compiled.keys))

    def _totals(self, query: Query, found: Scope, frame: pd.DataFrame) -> dict[str, float | None]:
        if not found.kpis:
            return {}
        if query.by or query.grain:
            _, frame = self._run(query.but(by=(), grain=None), found)
        mixed = {
            kpi
            for kpi in found.kpis
            if "currency" in query.by and self._model.is_money(kpi) and kpi not in found.currencies
        }
        return {kpi: None if kpi in mixed else _number(frame[kpi].iloc[0]) for kpi in found.kpis}

    def _compare(
        self, query: Query, found: Scope, held: Holdings, frame: pd.DataFrame
    ) -> tuple[Period | None, pd.DataFrame, dict[str, float | None]]:
        """The same question about the compared period, joined to the frame; buckets align by position."""
        if query.compare is None or found.period is None or not found.kpis:
            return None, frame, {}
        period = compared_period(found.period, query.compare)
        assert period is not None
        other = query.but(start=period[0], end=period[1], compare=None)
        other_scope = self.scope(other, held)
        left_out = incomparable(found, other_scope, self._model)
        found.notes += left_out.values()
        _, other_frame = self._run(other, other_scope)
        totals = self._totals(other, other_scope, other_frame)
        other_frame = aligned(other_frame, query, found.period, period)
        kept = {kpi: value for kpi, value in totals.items() if kpi not in left_out}
        return period, joined(query, found.kpis, frame, other_frame, left_out), kept

    def _currencies_in(self, table: str, query: Query, period: Period) -> frozenset[str]:
        column = "day" if not self._model.tables[table].is_report else "period_start"
        parameters: list[Any] = list(period)
        sql = f"SELECT DISTINCT currency FROM facts.{table} WHERE {column} BETWEEN ? AND ?{where_sql(query.where, parameters)} AND currency IS NOT NULL"
        return frozenset(name for (name,) in self._rows(sql, parameters))

    def _receipt(
        self,
        query: Query,
        found: Scope,
        frame: pd.DataFrame,
        compiled: Compiled | None,
        held: Holdings,
        kpi: str,
        keys: Mapping[str, Any],
    ) -> Receipt:
        return receipt(self._model, self._rows, query, found, frame, compiled, kpi, keys)


def _frame(rows: list[tuple[Any, ...]], columns: list[str], key_count: int) -> pd.DataFrame:
    """Keys as they are (dates as timestamps, missing values as None), all else as floats."""
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    data: dict[str, Any] = {}
    for place, (name, column) in enumerate(zip(columns, values, strict=True)):
        if name == "date" and place < key_count:
            data[name] = pd.to_datetime(pd.Series(column, dtype="object"))
        elif place < key_count:
            data[name] = pd.Series(column, dtype="object")
        else:
            data[name] = pd.Series(column, dtype="float64")
    return pd.DataFrame(data)


def _visible(query: Query, frame: pd.DataFrame, is_compared: bool) -> pd.DataFrame:
    if frame.empty and not len(frame.columns):
        return frame
    keys = (["date"] if query.grain else []) + list(query.by)
    kpis = [kpi for kpi in query.kpis if kpi in frame.columns]
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
