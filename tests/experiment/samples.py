"""Small samples for the tests of experiments: moments of values, and tables in DuckDB."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np

from kpi.experiment import Metric, Moments

CONVERSION = Metric.proportion("conversion", "converted", empty="zero")
REVENUE = Metric.mean("revenue", "revenue", empty="zero", currency="PLN")
AOV = Metric.ratio("aov", "revenue", "orders", empty="zero", currency="PLN")


def moments_of(y: Any, d: Any = None, x: Any = None) -> Moments:
    """By numpy, independently of the statement that makes them in DuckDB."""
    more: dict[str, float] = {}
    for name, other in (("denominator", d), ("covariate", x)):
        if other is not None:
            covariance = np.cov(y, other)
            more |= {f"{name}_mean": float(np.mean(other)), f"{name}_var": float(covariance[1, 1])}
            more |= {f"{name}_covar": float(covariance[0, 1])}
    nonzero = int(np.count_nonzero(y if d is None else d))
    return Moments(len(y), float(np.mean(y)), float(np.var(y, ddof=1)), nonzero, **more)


def table(sql: str) -> Any:
    """A connection with the table `visitors` made by the SELECT."""
    con = duckdb.connect()
    con.execute("set threads = 1")
    con.execute(f"create table visitors as {sql}")
    return con
