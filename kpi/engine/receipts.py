"""How a number came about: its measures, the rows behind it, those left out, and the imports it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from kpi.answer import Answer, LeftOut, Receipt, Source
from kpi.engine.compiler import compile_query, rows_sql
from kpi.engine.scope import Scope, Served
from kpi.formula import Formula
from kpi.model import Catalogue
from kpi.periods import Period, bucket_end, overlap
from kpi.query import Query
from kpi.wording.message import Text

Rows = Callable[..., list[tuple[Any, ...]]]


def receipt(
    model: Catalogue, rows: Rows, found: Scope, answered: Answer, query: Query, keys: Mapping[str, Any]
) -> Receipt:
    """The receipt of the query's one KPI in the group that `keys` names; with no keys, of the total."""
    (kpi,) = query.kpis
    entry = model.kpis[kpi]
    compiled = compile_query(query, found, model) if kpi in found.kpis and found.period else None
    asked, period = _narrowed(query, found, keys)
    values = _measures(model, rows, found, answered, kpi, keys)
    numerator, denominator = _sides(entry.formula, values)
    served = [found.served[name] for name in entry.formula.names] if kpi in found.kpis else []
    by_rows = {(one.measure.table, one.measure.span, one.plan): one for one in served}
    counted = [_counted(model, rows, one, asked, period) for one in by_rows.values()] if period else []
    n: dict[str, int] = {}
    for one, (count, refunds, _, _) in zip(by_rows.values(), counted, strict=True):
        n[one.measure.table] = max(count, n.get(one.measure.table, 0))
        if refunds:
            n["refunds"] = max(refunds, n.get("refunds", 0))
    return Receipt(
        kpi=entry,
        value=entry.formula.value(values) if values else None,
        measures=values,
        numerator=numerator,
        denominator=denominator,
        n=n,
        left_out=_without_repeats(left for _, _, lefts, _ in counted for left in lefts),
        imports=_sources(rows, [origin for _, _, _, origins in counted for origin in origins]),
        sql=compiled.sql if compiled else "",
        parameters=compiled.parameters if compiled else (),
        period=period,
        currency=found.currencies.get(kpi) or (keys.get("currency") if entry.unit == "money" else None),
        notes=tuple(dict.fromkeys(found.notes)),
    )


# Rows that no dimension tells apart stand as one in the facts of traffic; a lead and a parcel stand there once a step.
_ROW_COUNTS = {
    "traffic": "sum(row_count)",
    "leads": "count(DISTINCT (account, lead_id))",
    "shipments": "count(DISTINCT (account, order_id, parcel))",
}


def _narrowed(query: Query, found: Scope, keys: Mapping[str, Any]) -> tuple[Query, Period | None]:
    """The query's rows for one group: the keys as filters, a bucket as the period."""
    period = found.period
    if "date" in keys and query.grain and period:
        start = pd.Timestamp(keys["date"]).date()
        period = overlap(period, (start, bucket_end(start, query.grain)))
    asked = {name: (None if value != value else value,) for name, value in keys.items() if name != "date"}
    where = dict(query.where) | asked
    return query.but(where=where, by=(), grain=None), period


def _measures(
    model: Catalogue, rows: Rows, found: Scope, answered: Answer, kpi: str, keys: Mapping[str, Any]
) -> dict[str, float | None]:
    """The measures' values: of the group from the answer's frame, of the total by asking again."""
    query, names = answered.query, model.kpis[kpi].formula.names
    if kpi not in found.kpis:
        return {}
    if not keys and kpi in found.mixed:
        return dict.fromkeys(names)
    if not keys and (query.by or query.grain):
        compiled = compile_query(query.but(by=(), grain=None), found, model)
        row = rows(compiled.sql, compiled.parameters)[0]
        return {name: row[compiled.measures.index(name)] for name in names}
    chosen = answered.measures
    for name, value in keys.items():
        wanted = pd.Timestamp(value) if name == "date" else value
        chosen = chosen[chosen[name].isna()] if wanted is None or wanted != wanted else chosen[chosen[name] == wanted]
    if len(chosen) != 1:
        return dict.fromkeys(names)
    return {
        name: None if pd.isna(chosen[f"m_{name}"].iloc[0]) else float(chosen[f"m_{name}"].iloc[0]) for name in names
    }


def _sides(formula: Formula, values: Mapping[str, float | None]) -> tuple[float | None, float | None]:
    if formula.sides is None or not values:
        return None, None
    above, below = formula.sides
    return Formula(above).value(values), Formula(below).value(values)


def _counted(
    model: Catalogue, rows: Rows, served: Served, query: Query, period: Period
) -> tuple[int, int, list[LeftOut], list[tuple[int, int]]]:
    """Rows that count, dated refunds beside the orders, rows left out by reason, and rows by import, of the rows that
    serve one measure."""
    parameters: list[Any] = []
    source = rows_sql(served, query, period, parameters)
    reasons = [
        model.reasons[name] for name in served.measure.left_out if served.measure.table in model.reasons[name].tables
    ]
    excluded = " OR ".join(f"({reason.sql})" for reason in reasons) or "false"
    count = _ROW_COUNTS.get(served.measure.table, "count(*)")
    found = rows(
        f"SELECT import_id, coalesce({count} FILTER (WHERE NOT ({excluded})), 0)::BIGINT{source} GROUP BY 1", parameters
    )
    lefts = []
    for reason in reasons:
        split = reason.split or "NULL"
        parts = rows(f"SELECT {split}, count(*){source} AND ({reason.sql}) GROUP BY 1 ORDER BY 1", parameters)
        if parts:
            detail = {name: count for name, count in parts if name is not None}
            lefts.append(LeftOut(reason.name, sum(count for _, count in parts), detail))
    whole = sum(count for _, count in found)
    refunds = 0
    if served.measure.table == "orders":
        refunds = rows(f"SELECT count(*){source} AND is_refund AND NOT ({excluded})", parameters)[0][0]
    return whole - refunds, refunds, lefts, [(id, count) for id, count in found if count]


def _without_repeats(lefts: Any) -> tuple[LeftOut, ...]:
    """One line a reason: the same rows may be left out of several measures."""
    found: dict[Text, LeftOut] = {}
    for left in lefts:
        if left.reason not in found or found[left.reason].count < left.count:
            found[left.reason] = left
    return tuple(found.values())


def _sources(rows: Rows, origins: list[tuple[int, int]]) -> tuple[Source, ...]:
    counts: dict[int, int] = {}
    for import_id, count in origins:
        counts[import_id] = max(count, counts.get(import_id, 0))
    names: dict[int, str] = dict(rows("select import_id, name from imports"))
    return tuple(Source(id, names.get(id, "?"), count) for id, count in sorted(counts.items()))
