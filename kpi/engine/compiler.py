"""A scoped query as SQL text and bound parameters.

Shape: each branch (one table, one set of rows) is aggregated once by the keys, UNION ALL BY NAME leaves NULL where a
branch lacks another's measures (written out, these took half of the planning), an outer GROUP BY with MAX, then the
formulas with a guard under every division. Names come only from the catalogue; what a person typed is only ever a
parameter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpi.engine.plan import Piece
from kpi.engine.scope import Scope, Served, is_covered
from kpi.engine.windows import windows
from kpi.model import Catalogue, Measure
from kpi.periods import Period, overlap
from kpi.query import Query

COMPLETE = 0.98
"""The share of rows that must have a value where a sum is no sum without them."""

# A set of bits a group counts different customers ten times as fast as the database's own way, while all sets together
# stay small. Dimensions of few values have about 30 at most; the others (promo codes, campaigns) may have any number.
_FEW_VALUES = frozenset(
    (
        "sales_channel",
        "channel",
        "device",
        "country",
        "age_group",
        "gender",
        "customer_type",
        "payment_method",
        "currency",
    )
)
_VALUES = 30
_BITS_BYTES = 256_000_000
_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365}
_STEPS = {"day": "1 day", "week": "7 day", "month": "1 month", "quarter": "3 month", "year": "1 year"}


@dataclass(frozen=True)
class Compiled:
    """SQL with its parameters; `keys`, `measures` and `kpis` name the columns of the result in order."""

    sql: str
    parameters: tuple[Any, ...]
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    kpis: tuple[str, ...]


@dataclass(frozen=True)
class _Branch:
    """Measures that read the same rows of one table."""

    table: str
    span: str
    pieces: tuple[Piece, ...] | None

    @staticmethod
    def of(served: Served) -> _Branch:
        table = f"{served.measure.table}_converted" if served.is_converted else served.measure.table
        return _Branch(table, served.measure.span, served.plan.pieces if served.plan else None)


def compile_query(query: Query, found: Scope, model: Catalogue) -> Compiled:
    """The SQL for the computable KPIs of a scope; `found.period` must be known."""
    assert found.period is not None
    keys = (("date",) if query.grain else ()) + query.by
    branches: dict[_Branch, list[Served]] = {}
    for served in found.served.values():
        branches.setdefault(_Branch.of(served), []).append(served)
    names = tuple(found.served)
    parameters: list[Any] = []
    selects = [_branch_sql(branch, own, query, found, parameters) for branch, own in branches.items()]
    united = "\nUNION ALL BY NAME\n".join(selects)
    with_parts = [f"u AS (\n{united}\n)"]
    source = "u"
    if query.by:
        # a group none of whose rows counts, such as a product of cancelled orders only, is no group
        some = " OR ".join(_counts(found.served[name].measure) for name in names)
        with_parts.append(f"counted AS (SELECT * FROM u WHERE {some})")
        source = "counted"
    if query.grain:
        with_parts.append(_spine_sql(query, found.period, source))
        source = f"(SELECT * FROM {source} UNION ALL BY NAME SELECT * FROM spine)"
    grouped = ", ".join(
        [f'"{key}"' for key in keys] + [_filled(found.served[name], query, found.period) for name in names]
    )
    with_parts.append(f"g AS (SELECT {grouped} FROM {source}{_group_by(keys)})")
    formulas = [f'{model.kpis[kpi].formula.sql(_column)} AS "{kpi}"' for kpi in found.kpis]
    columns = ", ".join([f'"{key}"' for key in keys] + [_column(name) for name in names] + formulas)
    order = " ORDER BY " + ", ".join(f'"{key}" NULLS LAST' for key in keys) if keys else ""
    sql = "WITH " + ",\n".join(with_parts) + f"\nSELECT {columns} FROM g{order}"
    return Compiled(sql, tuple(parameters), keys, names, found.kpis)


def where_sql(where: Mapping[str, tuple[str | None, ...]], parameters: list[Any]) -> str:
    """The filters as conditions that begin with AND; None among the values finds the rows without one."""
    text = ""
    for dimension, values in where.items():
        named = [value for value in values if value is not None]
        parameters.extend(named)
        marks = ", ".join("?" for _ in named)
        parts = ([f'"{dimension}" IN ({marks})'] if named else []) + (
            [f'"{dimension}" IS NULL'] if None in values else []
        )
        text += f" AND ({' OR '.join(parts)})"
    return text


def rows_sql(served: Served, query: Query, period: Period, parameters: list[Any]) -> str:
    """FROM and WHERE of the rows that serve a measure in a period, without a grain."""
    branch = _Branch.of(served)
    return _rows_sql(branch, served, query, period, parameters)


def _counts(measure: Measure) -> str:
    """Whether a group has something of a measure: a sum that is not zero, or a median at all."""
    return f"{_column(measure.id)} IS NOT NULL" if measure.empty == "none" else f"{_column(measure.id)} <> 0"


def _column(name: str) -> str:
    return f"m_{name}"


def _group_by(keys: tuple[str, ...]) -> str:
    return f" GROUP BY {', '.join(chr(34) + key + chr(34) for key in keys)}" if keys else ""


def _branch_sql(branch: _Branch, own: list[Served], query: Query, found: Scope, parameters: list[Any]) -> str:
    assert found.period is not None
    keys = ([f"{_bucket(branch, query)} AS date"] if query.grain else []) + [f'"{name}"' for name in query.by]
    bits = found.last_customer_no if _are_few(query, found) else None
    values = [f"{_aggregate(one.measure, bits)}::DOUBLE AS {_column(one.measure.id)}" for one in own]
    rows = _rows_sql(branch, own[0], query, found.period, parameters)
    group = " GROUP BY ALL" if keys else ""
    return f"SELECT {', '.join(keys + values)}{rows}{group}"


def _are_few(query: Query, found: Scope) -> bool:
    """Whether a bit a customer for every group of the answer fits into memory."""
    assert found.period is not None
    if not set(query.by) <= _FEW_VALUES:
        return False
    days = (found.period[1] - found.period[0]).days + 1
    buckets = days / _DAYS[query.grain] + 2 if query.grain else 1
    return buckets * _VALUES ** len(query.by) * found.last_customer_no / 8 < _BITS_BYTES


def _aggregate(measure: Measure, bits: int | None) -> str:
    if measure.dense_sql and bits is not None:
        return measure.dense_sql.format(count=bits)
    if measure.sole:
        # a row without a value counts too: where one of several is not known, neither is all of them
        return f"(CASE WHEN count(*) = 1 THEN {measure.sql} END)"
    if measure.complete:
        known, all_rows = (f"count({what}) FILTER (WHERE {measure.complete})" for what in (measure.uses[0], "*"))
        return f"(CASE WHEN {known} >= {COMPLETE} * {all_rows} THEN {measure.sql} END)"
    return measure.sql


def _bucket(branch: _Branch, query: Query) -> str:
    return "bucket" if branch.span != "period" else f"date_trunc('{query.grain}', day)::DATE"


def _rows_sql(branch: _Branch, served: Served, query: Query, period: Period, parameters: list[Any]) -> str:
    if served.measure.window:
        return _window_sql(branch, served, query, period, parameters)
    if branch.pieces is None:
        parameters.extend(period)
        return f" FROM facts.{branch.table} WHERE day BETWEEN ? AND ?{where_sql(query.where, parameters)}"
    conditions = []
    for piece in branch.pieces:
        inside = overlap(piece.period, period)
        if inside is None:
            continue
        if piece.is_daily:
            days = f"day BETWEEN ? AND ?{' AND period_start = period_end' if piece.is_mixed else ''}"
        else:
            days = "period_start = ? AND period_end = ?"
        conditions.append(f"series_id = {piece.series_id} AND {days}" if piece.is_among_others else days)
        parameters.extend(inside)
    chosen = " OR ".join(f"({condition})" for condition in conditions) or "false"
    return f" FROM facts.{branch.table} WHERE ({chosen}){where_sql(query.where, parameters)}"


def _window_sql(branch: _Branch, served: Served, query: Query, period: Period, parameters: list[Any]) -> str:
    """Rows of the days that each bucket, or the period where there is no grain, looks at."""
    found = windows(served.measure, period, query.grain, served.coverage)
    if query.grain is None:
        parameters.extend(found[0][1] if found else (None, None))
        return (
            f" FROM facts.{branch.table}, (SELECT ?::DATE AS window_start, ?::DATE AS window_end)"
            f" WHERE day BETWEEN window_start AND window_end{where_sql(query.where, parameters)}"
        )
    rows = [f"(DATE '{bucket}', DATE '{start}', DATE '{end}')" for bucket, (start, end) in found]
    listed = ", ".join(rows) or "(NULL::DATE, NULL::DATE, NULL::DATE)"
    return (
        f" FROM facts.{branch.table} JOIN (VALUES {listed}) AS w(bucket, window_start, window_end)"
        f" ON day BETWEEN window_start AND window_end WHERE true{where_sql(query.where, parameters)}"
    )


def _spine_sql(query: Query, period: Period, source: str) -> str:
    """Every bucket of the period for every group, so that a bucket without rows is there too."""
    step = _STEPS[query.grain or "day"]
    first, last = period
    groups = ", ".join(f'"{name}"' for name in query.by)
    cross = f" CROSS JOIN (SELECT DISTINCT {groups} FROM {source})" if groups else ""
    columns = f"date, {groups}" if groups else "date"
    return (
        f"spine AS (SELECT {columns} FROM (SELECT unnest(generate_series(date_trunc('{query.grain}', DATE '{first}'), "
        f"DATE '{last}', INTERVAL {step}))::DATE AS date){cross})"
    )


def _filled(served: Served, query: Query, period: Period) -> str:
    """The measure per group: without rows 0 inside the table's coverage, no value outside."""
    measure, column = served.measure, _column(served.measure.id)
    value = f"max({column})"
    if measure.empty == "none":
        return f"{value} AS {column}"
    if measure.window:
        return f"coalesce({value}, 0) AS {column}"
    if query.grain is None:
        return f"coalesce({value}, 0) AS {column}" if is_covered(served.coverage, period) else f"{value} AS {column}"
    step = _STEPS[query.grain]
    inside = " OR ".join(
        f"(date <= DATE '{last}' AND date + INTERVAL {step} > DATE '{first}')" for first, last in served.coverage
    )
    return f"CASE WHEN {inside or 'false'} THEN coalesce({value}, 0) END AS {column}"
