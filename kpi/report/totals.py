"""The totals of a table's measures, such that every KPI's total is the ratio of the totals and equals the answer's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kpi.formula import Formula
from kpi.model import Kpi, Measure
from kpi.report.asked import Asked
from kpi.report.live import agrees

Values = Mapping[str, float | None]


@dataclass(frozen=True)
class Totals:
    """Measure → its total. `summed`: those whose total is the sum of the table's rows."""

    measures: Values
    summed: frozenset[str]


def table_totals(table: Asked, summary: Values) -> Totals:
    """The totals of a table by a dimension or over time; `summary` has the measures of the same rows without either.

    A sum serves only where it gives the totals of the answer. Values that cannot be added are counted over all rows.
    """
    mixed = {measure.id for measure in table.measures if _is_mixed_money(table, measure)}
    summed = {one.id: _sum(table.measure(one.id)) for one in table.measures if one.additive and one.id not in mixed}
    whole = {one.id: _whole(table, one, summary) for one in table.measures if not one.additive}
    found: dict[str, float | None] = {**summed, **whole, **dict.fromkeys(mixed)}
    for kpi in table.kpis:
        total = table.answer.totals[kpi.id]
        is_whole = total is not None and agrees(kpi.formula.value(found), total)
        if not is_whole and not mixed & set(kpi.formula.names):
            # where the groups are there and their total is not, no measure has one either
            found |= table.answer.receipt(kpi.id).measures or dict.fromkeys(kpi.formula.names)
    kept = {name for name, value in summed.items() if agrees(value, found[name]) and value is not None}
    return Totals(found, frozenset(kept))


def is_shared_out(kpi: Kpi, measures: Sequence[Measure]) -> bool:
    """Whether the groups of a KPI are parts of its total: a sum or difference of measures that can be added."""
    own = [measure for measure in measures if measure.id in kpi.formula.names]
    return kpi.unit in ("money", "count", "number") and all(one.additive for one in own) and _is_linear(kpi.formula)


def _is_mixed_money(table: Asked, measure: Measure) -> bool:
    """Money of several currencies, which is never added."""
    return measure.unit == "money" and "currency" in table.answer.query.by and table.currency(measure) is None


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def _whole(table: Asked, measure: Measure, summary: Values) -> float | None:
    """A value that cannot be added, over all rows: the total of the KPI that is this measure, or the summary's."""
    alone = next((kpi.id for kpi in table.kpis if kpi.formula.text == measure.id), None)
    return table.answer.totals[alone] if alone else summary.get(measure.id)


def _is_linear(formula: Formula) -> bool:
    """Only names, plus and minus: no constant, no product and no division."""
    return not set(formula.text) & set("*/") and formula.value(dict.fromkeys(formula.names, 0.0)) == 0
