"""Small samples for the tests of experiments: moments of values, and tables in DuckDB."""

from __future__ import annotations

import math
from typing import Any

import duckdb
import numpy as np

from kpi.experiment import Metric, Moments

CONVERSION = Metric.proportion("conversion", "converted", empty="zero")
REVENUE = Metric.mean("revenue", "revenue", empty="zero", currency="PLN")
AOV = Metric.ratio("aov", "revenue", "orders", empty="zero", currency="PLN")


def moments_of(y: Any, d: Any = None, x: Any = None, z: Any = None) -> Moments:
    """By numpy, independently of the statement that makes them in DuckDB."""
    more: dict[str, Any] = {}
    pairs = [(d, x), (d, z), (x, z)]
    crossed = tuple(
        math.nan if one is None or other is None else float(np.cov(one, other)[0, 1]) for one, other in pairs
    )
    for name, other in (("denominator", d), ("covariate", x), ("covariate_denominator", z)):
        if other is not None:
            covariance = np.cov(y, other)
            more |= {f"{name}_mean": float(np.mean(other)), f"{name}_var": float(covariance[1, 1])}
            more |= {f"{name}_covar": float(covariance[0, 1])}
    nonzero = int(np.count_nonzero(y if d is None else d))
    return Moments(len(y), float(np.mean(y)), float(np.var(y, ddof=1)), nonzero, crossed=crossed, **more)


def table(sql: str) -> Any:
    """A connection with the table `visitors` made by the SELECT."""
    con = duckdb.connect()
    con.execute("set threads = 1")
    con.execute(f"create table visitors as {sql}")
    return con
