"""Who buys: the customers, revenue and average order of each group of people."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from kpi.answer import Answer
from kpi.query import Query

DIMENSIONS = ("age_group", "gender", "country", "region", "customer_type")
_KPIS = ("customers", "revenue", "orders", "aov")


def demographic_table(ask: Callable[[Query], Answer], query: Query, dimension: str) -> pd.DataFrame:
    """The groups of a dimension with their weight and their worth.

    Returns: one row a group, the unknown one (None) last: `group` · `customers` · `customer_share` and `revenue_share`
        (fractions of the sum over the groups, NaN where that is zero) · `revenue`, `aov` in the answer's currency ·
        `orders`. A KPI that cannot be computed is NaN throughout. A customer who changes groups within the period
        (a birthday) is in both.
    """
    answer = ask(query.but(kpis=_KPIS, by=(dimension,), grain=None, compare=None))
    found = pd.DataFrame({"group": answer.frame.get(dimension, pd.Series(dtype="object"))})
    for name in _KPIS:
        found[name] = answer.frame[name].astype(float) if name in answer.frame else float("nan")
    for name in ("customers", "revenue"):
        whole = found[name].sum()
        found[f"{name.removesuffix('s')}_share"] = found[name] / whole if whole else float("nan")
    found = found[found["orders"].fillna(0) > 0]
    columns = ["group", "customers", "customer_share", "revenue", "revenue_share", "orders", "aov"]
    return found.sort_values("group", na_position="last", kind="stable")[columns].reset_index(drop=True)
