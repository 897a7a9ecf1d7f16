"""The total of a breakdown from its groups, where they add up to it; what they do not is left to a question of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpi.engine.scope import Scope, Served, is_covered
from kpi.model import Catalogue


def totals_of_groups(found: Scope, frame: pd.DataFrame, model: Catalogue) -> dict[str, float | None]:
    """The totals of the KPIs all of whose measures add up over the groups. `frame`: a row a group, with `m_<measure>`."""
    sums = {name: _sum(served, found, frame) for name, served in found.served.items() if _adds_up(served)}
    formulas = {kpi: model.kpis[kpi].formula for kpi in found.kpis}
    return {kpi: formula.value(sums) for kpi, formula in formulas.items() if set(formula.names) <= sums.keys()}


def _adds_up(served: Served) -> bool:
    measure = served.measure
    return measure.additive and not (measure.sole or measure.complete or measure.window)


def _sum(served: Served, found: Scope, frame: pd.DataFrame) -> float | None:
    values = frame[f"m_{served.measure.id}"].to_numpy()
    known = values[~np.isnan(values)]
    if known.size:
        return float(known.sum())
    assert found.period is not None
    return 0.0 if served.measure.empty != "none" and is_covered(served.coverage, found.period) else None
